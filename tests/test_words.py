"""Every sentence of the program, the terminal's too, stands in every language's catalogue; none is there for nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parents[1] / "tools" / "words.py"


def test_every_catalogue_says_what_the_program_says_and_no_more() -> None:
    done = subprocess.run([sys.executable, TOOL, "--check"], capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stderr) == (0, "")
