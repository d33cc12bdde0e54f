"""Portals as a build leaves them, without a build: files, and the marker that says what they are."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recado.deploy.form import Plain
from recado.deploy.staging import Staging
from recado.deploy.tree import Tree
from recado.portal.place import MARKER, marker
from recado.portal.program import digest_of
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from recado.deploy.form import Form

Files = dict[str, str]


@dataclass(frozen=True, slots=True)
class Built:
    """A workspace in which portals are built by hand."""

    root: Path

    @property
    def workspace(self) -> Workspace:
        """The workspace."""
        return Workspace(self.root)

    def portal(self, key: str, files: Mapping[str, str]) -> Path:
        """Put a portal in its place as a build does: a folder made anew, in which files that stayed are links to the old."""
        place, made = self.root / "site" / key, self.root / "site" / f".{key}.new"
        for path, text in files.items():
            (made / path).parent.mkdir(parents=True, exist_ok=True)
            old = place / path
            if old.is_file() and old.read_text(encoding="utf-8") == text:
                os.link(old, made / path)
            else:
                (made / path).write_text(text, encoding="utf-8")
        digests = {path: hashlib.blake2b(text.encode(), digest_size=16).hexdigest() for path, text in files.items()}
        (made / MARKER).write_bytes(marker(digest_of(*(f"{path} {digests[path]}" for path in sorted(digests)))))
        shutil.rmtree(place, ignore_errors=True)
        made.rename(place)
        return place

    def staged(
        self, portals: Mapping[str, Mapping[str, str]], *, beside: Mapping[str, str] = {}, top: Iterable[str] = ()
    ) -> Tree:
        """Build these portals and make them ready for a place, as they are."""
        staging = Staging(self.workspace, "web")
        done = {}
        for key, files in portals.items():
            self.portal(key, files)
            done[key] = staging.stage(key, Plain(key))
        staging.put_root({name: name.encode() for name in top})
        staging.leave_only(done)
        version = digest_of(*(each.version for each in done.values()))
        return Tree(staging.root, version, staging.scratch, {path: text.encode() for path, text in beside.items()})


def texts_in(folder: Path) -> Files:
    """Give what stands in a folder, links followed, as visitors see it."""
    found = {}
    for here, _folders, names in os.walk(folder, followlinks=True):
        for name in names:
            file = os.path.join(here, name)  # noqa: PTH118 (as os.walk gives it)
            with open(file, encoding="utf-8", errors="surrogateescape", newline="") as stream:  # noqa: PTH123 (in keeping)
                found[os.path.relpath(file, folder)] = stream.read()
    return found


def at(portals: Mapping[str, Mapping[str, str]]) -> Files:
    """Give the same of portals that are meant to be there."""
    return {f"{key}/{path}": text for key, files in portals.items() for path, text in files.items()}


class Shouted:
    """A form in which every file has another name and other content, for tests of what a form may do."""

    def __init__(self, folder: str, identity: str = "!") -> None:
        self.folder = folder
        self.identity = identity
        self.made: list[str] = []

    def name(self, path: str) -> str:
        """Give a name that is not the path."""
        return "f/" + path.upper().replace("/", "+")

    def put(self, source: Path, path: str, target: Path) -> None:
        """Put what it says, in capitals."""
        self.made.append(path)
        target.write_text(source.read_text(encoding="utf-8", errors="replace").upper() + self.identity, encoding="utf-8")

    def besides(self, paths: Iterable[str]) -> Mapping[str, bytes]:
        """Give a list of all."""
        return {"list": "\n".join(paths).encode()}


def stage(built: Built, key: str, form: Form) -> Staging:
    """Make a portal ready in a form."""
    staging = Staging(built.workspace, "web")
    staging.stage(key, form)
    return staging
