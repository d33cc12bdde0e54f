"""`python -m ingest` is `recado ingest`."""

from __future__ import annotations

from recado.cli.frame import run
from recado.cli.root import load_command

if __name__ == "__main__":
    run(load_command("ingest"), name="python -m ingest")
