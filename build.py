"""The build script: `python build.py` builds every client's portal. A thin face over recado.portal; so is `recado build`."""

from __future__ import annotations

from recado.cli.frame import run
from recado.cli.root import load_command

if __name__ == "__main__":
    run(load_command("build"), name="python build.py")
