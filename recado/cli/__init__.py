"""The `recado` command. Each noun is one module, loaded only when it is asked for."""

from __future__ import annotations

from recado.cli.frame import run
from recado.cli.root import recado

__all__ = ["main"]


def main() -> None:
    """Run the command line this process was started with."""
    run(recado)
