"""A bare repository for a remote, and what became of it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from recado.deploy.tree import AwayError

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from published import Files

    from recado.deploy.places.git import GitPlace
    from recado.deploy.tree import Sent, Tree


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=Jane", "-c", "user.email=jane@acme.example", "-c", "commit.gpgSign=false")
    command = ["git", *who, "-C", str(folder), *words]
    done = subprocess.run(command, check=True, capture_output=True)  # noqa: S603 (git)
    return done.stdout.decode().strip()


def pushes(remote: Path) -> int:
    file = remote / "pushes"
    return len(file.read_text().splitlines()) if file.exists() else 0


def held(remote: Path, branch: str = "pages") -> Files:
    listed = git(remote, "ls-tree", "-r", "-z", "--full-tree", branch).split("\0")
    entries = [line.split("\t", 1) for line in listed if line]
    assert {entry.split()[0] for entry, _path in entries} <= {"100644"}
    return {path: _blob(remote, entry.split()[2]) for entry, path in entries}


def _blob(remote: Path, name: str) -> bytes:
    command = ["git", "-C", str(remote), "cat-file", "blob", name]
    return subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603 (git)


def newest_pack(remote: Path) -> int:
    """Count the objects of the last push."""
    packs = sorted((remote / "objects" / "pack").glob("*.pack"), key=lambda pack: pack.stat().st_mtime_ns)
    return int.from_bytes(packs[-1].read_bytes()[8:12], "big")


def until_it_works(place: GitPlace, staged: Tree) -> Sent:
    """Deploy; again where a program that was left behind pushed at the same moment."""
    while True:
        try:
            return place.publish(staged)
        except AwayError as error:
            assert "at the same moment" in str(error)  # noqa: PT017 (another reason is a fault)


def edited_by_hand(remote: Path, folder: Path, path: str, branch: str = "pages") -> None:
    git(folder, "clone", "-q", "-b", branch, str(remote), "clone")
    file = folder / "clone" / path
    file.write_text("by hand", encoding="utf-8")
    git(folder / "clone", "add", "--force", path)
    git(folder / "clone", "commit", "-q", "-m", "Edited on the web")
    git(folder / "clone", "push", "-q")


def new_remote(folder: Path) -> Path:
    """Make a bare repository that keeps each push as a pack, and writes down that it came."""
    git(folder.parent, "init", "-q", "--bare", str(folder))
    git(folder, "config", "receive.unpackLimit", "1")
    git(folder, "config", "receive.autogc", "false")
    hook = folder / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\necho push >>'{folder}/pushes'\n", encoding="utf-8")
    hook.chmod(0o755)
    return folder


def nobody(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a home in which nothing is set up."""
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / ".gitconfig"))
    return home
