"""The wheel of this checkout, built outside it and without the network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
_SECONDS = 120


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder that is all it knows; it has to end well."""
    done = subprocess.run(  # noqa: S603 (our own program)
        arguments,
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "HOME": str(cwd), "TMPDIR": str(cwd), "RECADO_LANGUAGE": "en"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def build_wheel(sources: Path, out: Path) -> Path:
    """Build it from copies of the files that git knows."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("this is no clone")
    for name in run("git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z", cwd=out).stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (sources / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, sources / name)
    # Not from the sources' own folder: the build script there hides the builder's name.
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(sources), cwd=out)
    (made,) = out.glob("*.whl")
    return made
