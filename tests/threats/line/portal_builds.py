"""Builds as a person makes them, and every byte of what they gave: names too, and what stands inside archives."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from recado.portal.build import BuildOptions, build_practice
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from recado.portal.build import PracticeResult

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended, and what it said."""

    status: int
    out: str
    err: str


def recado(*arguments: str | Path, environment: Mapping[str, str], umask: int = 0o022) -> Ended:
    """Run `recado` in a process of its own, whose environment is this and nothing else."""
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-m", "recado", *map(str, arguments)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | dict(environment),
        cwd="/",
        umask=umask,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def build(root: Path, now: datetime, *, is_full: bool = False, keys: tuple[str, ...] = (), jobs: int = 1) -> PracticeResult:
    """Build the portals of a workspace in this process, and give what became of them."""
    workspace = Workspace(root)
    return build_practice(
        workspace, load_practice(workspace), BuildOptions(now, is_full=is_full), keys or None, jobs=jobs
    )  # SHIM


def site_of(root: Path) -> dict[str, bytes]:
    """Give every file of a folder by its path, and folders that hold nothing too."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file():
            found[name] = path.read_bytes()
        elif not any(path.iterdir()):
            found[f"{name}/"] = b""
    return found


def readable(site: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Go through names and contents as they can be searched: each file, and what is packed in it, however deep."""
    for name, content in site.items():
        yield name, name.encode(errors="surrogateescape")
        yield name, content
        yield from _unpacked(name, content)


def _unpacked(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    inside: dict[str, bytes] = {}
    if content.startswith(b"\x1f\x8b"):
        inside["gz"] = gzip.decompress(content)
    elif zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = {each: archive.read(each) for each in archive.namelist()}
    yield from readable({f"{name}!{each}": bytes_ for each, bytes_ in inside.items()})
