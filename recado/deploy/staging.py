"""Staging: what a place should hold, made ready in a folder that no build touches. Only what changed is made ready again.

It stands in `.recado/places`, which may be deleted at any time: then all of it is made ready again, and the same comes of it.
Nobody looks into it while it changes: the caller holds the place's lock.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from recado.deploy.walk import Stamp, differences, files_in, flat_files, folders_in
from recado.portal.folder import stream_digest
from recado.portal.kept_json import read_json, write_json
from recado.portal.place import MARKER, locked_place, marked_site
from recado.portal.program import digest_of
from recado.store.exchange import remove_whole

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from recado.deploy.form import Form
    from recado.store.workspace import Workspace


class AlteredError(Exception):
    """A portal is not what its build made: some of its files were changed or taken away by hand. `paths` tells which."""

    def __init__(self, key: str, paths: tuple[str, ...]) -> None:
        """Take the portal's key, and the paths, where they are known."""
        self.key = key
        self.paths = paths
        super().__init__(key)


class Staged(NamedTuple):
    """One portal, made ready: its folder's name, and a digest of all that stands in it. `identity` is that of its form."""

    folder: str
    version: str
    identity: str


class _Record(NamedTuple):
    """What is kept of a portal that was made ready.

    `site` is the digest that its build gave it; `sources` are the built files, each with its stamp and the digest of its
    content; `ready` are the stamps of what was made of them.
    """

    folder: str = ""
    identity: str = ""
    site: str = ""
    sources: Mapping[str, tuple[Stamp, str]] = {}
    ready: Mapping[str, Stamp] = {}
    beside: str = ""


class Staging:
    """What one place should hold. `root` is what visitors may see; `scratch` is for the place itself to keep things in."""

    def __init__(self, workspace: Workspace, place: str) -> None:
        """Take the place's name."""
        self._workspace = workspace
        self._home = workspace.state / "places" / place
        self.root = self._home / "tree"
        self.scratch = self._home / "kept"
        self._records: dict[str, _Record] = {}

    def clear_links(self) -> None:
        """Take away links where folders of ours should be: nothing here makes any, and what they lead to is not ours."""
        folders = (self._home.parent, self._home, self._home / "portals", self.root, self.scratch)
        for folder in (*folders, *self.root.glob("*"), *self.scratch.glob("*")):
            if folder.is_symlink():
                folder.unlink()

    def folders(self) -> dict[str, str]:
        """Give the folder of each portal that was made ready before, by its key."""
        keys = (file.stem for file in self._home.glob("portals/*.json"))
        return {key: record.folder for key in sorted(keys) if (record := self._record(key)).folder}

    def paths(self, key: str) -> tuple[str, ...]:
        """Give the paths of a portal that was made ready, as they are in the portal."""
        return tuple(self._record(key).sources)

    def identities(self) -> dict[str, str]:
        """Give the identity of the form in which each portal was made ready before, by its key."""
        return {key: self._record(key).identity for key in self.folders()}

    def owe(self, what: str) -> None:
        """Note something that is to be done once the place holds what it should, however often that fails before."""
        self._home.mkdir(parents=True, exist_ok=True)
        (self._home / f"owed-{what}").touch()

    def owes(self, what: str) -> bool:
        """Tell whether something is still to be done."""
        return (self._home / f"owed-{what}").exists()

    def owed(self, beginning: str) -> tuple[str, ...]:
        """Give what is still to be done, of all whose name begins so: the rest of each name."""
        found = sorted(file.name.removeprefix("owed-") for file in self._home.glob("owed-*"))
        return tuple(name.removeprefix(beginning) for name in found if name.startswith(beginning))

    def paid(self, what: str) -> None:
        """Note that it was done."""
        (self._home / f"owed-{what}").unlink(missing_ok=True)

    def note_keyed(self, kind: str, keys: Collection[str]) -> None:
        """Note which portals are published behind keys of this kind."""
        if self.keyed(kind) != set(keys):
            write_json(self._home / "keyed.json", {kind: sorted(keys)})

    def keyed(self, kind: str) -> set[str]:
        """Give the portals that were published behind keys of this kind."""
        return set(read_json(self._home / "keyed.json").get(kind, ()))

    def note_published(self, now: datetime) -> None:
        """Note that the place holds what it should."""
        write_json(self._home / "published.json", {"at": now.isoformat()})

    @property
    def published(self) -> datetime | None:
        """When the place was last published to; None where that is not known."""
        try:
            return datetime.fromisoformat(read_json(self._home / "published.json").get("at", ""))
        except (TypeError, ValueError):
            return None

    def stage(self, key: str, form: Form) -> Staged:
        """Make a built portal ready. Raises AlteredError where it is not what its build made, OSError."""
        place = self._workspace.site / key
        with locked_place(self._workspace, key):
            return self._staged(key, place, form)

    def as_before(self, key: str) -> Staged | None:
        """Give a portal as it was made ready before, for one that is not there to be looked at; None where it never was."""
        record = self._record(key)
        is_there = bool(record.folder) and files_in(self.root / record.folder) == dict(record.ready)
        return Staged(record.folder, _version(record), record.identity) if is_there else None

    def put_root(self, files: Mapping[str, bytes]) -> None:
        """Put the files that stand beside the portals, and no others. Raises OSError."""
        there = {path: (self.root / path).read_bytes() for path in flat_files(self.root)}
        added, changed, removed = differences(there, files)
        for path in (*changed, *removed):
            (self.root / path).unlink()
        self.root.mkdir(parents=True, exist_ok=True)
        for path in (*added, *changed):
            (self.root / path).write_bytes(files[path])

    def leave_only(self, staged: Mapping[str, Staged]) -> None:
        """Take away what was made ready of any other portal than these, which are known by their keys."""
        wanted = {each.folder for each in staged.values()}
        for name in folders_in(self.root):
            if name not in wanted:
                remove_whole(self.root / name)
        for file in self._home.glob("portals/*.json"):
            if file.stem not in staged:
                file.unlink()
                self._records.pop(file.stem, None)

    def _record(self, key: str) -> _Record:
        if key not in self._records:
            self._records[key] = self._read(key)
        return self._records[key]

    def _keep(self, key: str, record: _Record) -> None:
        self._records[key] = record
        write_json(self._home / "portals" / f"{key}.json", record._asdict())

    def _read(self, key: str) -> _Record:
        kept = read_json(self._home / "portals" / f"{key}.json")
        try:
            sources = {path: (Stamp(*stamp), digest) for path, (stamp, digest) in kept["sources"].items()}
            ready = {path: Stamp(*stamp) for path, stamp in kept["ready"].items()}
            return _Record(**(kept | {"sources": sources, "ready": ready}))
        except (KeyError, TypeError, ValueError):
            return _Record()

    def _staged(self, key: str, place: Path, form: Form) -> Staged:
        before, there, site = self._record(key), files_in(place), marked_site(place)
        there.pop(MARKER, None)
        sources = _digests(place, there, before.sources)
        if site and digest_of(*(f"{path} {sources[path][1]}" for path in sorted(sources))) != site:
            raise AlteredError(key, _altered(before, site, sources))
        is_same_form = (before.folder, before.identity) == (form.folder, form.identity)
        record = before if is_same_form else _Record()
        besides = form.besides(sorted(sources))
        ready = self._made_ready(place, form, record, sources, besides)
        beside = digest_of(*(f"{path} {hashlib.sha256(besides[path]).hexdigest()}" for path in sorted(besides)))
        made = _Record(form.folder, form.identity, site, sources, ready, beside)
        if made != before:
            self._keep(key, made)
        return Staged(form.folder, _version(made), form.identity)

    def _made_ready(
        self,
        place: Path,
        form: Form,
        record: _Record,
        sources: Mapping[str, tuple[Stamp, str]],
        besides: Mapping[str, bytes],
    ) -> dict[str, Stamp]:
        """Make the folder hold what it should; gives the stamps of all that stands in it then."""
        folder = self.root / form.folder
        there = files_in(folder)
        names = {form.name(path): path for path in sources}
        stays = {
            name
            for name, path in names.items()
            if name in there
            and there[name] == record.ready.get(name)
            and record.sources.get(path, (None, ""))[1] == sources[path][1]
        }
        stays |= {name for name, content in besides.items() if name in there and _holds(folder / name, content)}
        for name in there.keys() - stays:
            (folder / name).unlink()
        _clear_empty(folder, names.keys() | besides.keys())
        for name in (names.keys() | besides.keys()) - stays:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if name in besides:
                target.write_bytes(besides[name])
            else:
                form.put(place / names[name], names[name], target)
        return files_in(folder)


def _digests(place: Path, there: Mapping[str, Stamp], before: Mapping[str, tuple[Stamp, str]]) -> dict[str, tuple[Stamp, str]]:
    """Give the stamp and the digest of each built file; only what changed is read."""
    found = {}
    for path, stamp in there.items():
        known = before.get(path)
        if known and known[0] == stamp:
            found[path] = known
            continue
        with (place / path).open("rb") as stream:
            found[path] = stamp, stream_digest(stream)
    return found


def _altered(before: _Record, site: str, sources: Mapping[str, tuple[Stamp, str]]) -> tuple[str, ...]:
    """Name what was altered, where that is known: the portal that was made ready before is of the same build."""
    if before.site != site:
        return ()
    was = {path: digest for path, (_stamp, digest) in before.sources.items()}
    added, changed, removed = differences(was, {path: digest for path, (_stamp, digest) in sources.items()})
    return (*added, *changed, *removed)


def _version(record: _Record) -> str:
    contents = (f"{path} {digest}" for path, (_stamp, digest) in sorted(record.sources.items()))
    return digest_of(record.folder, record.identity, record.site, record.beside, *contents)


def _is_same(one: tuple[Stamp, str] | None, other: tuple[Stamp, str]) -> bool:
    return one is not None and one[1] == other[1]


def _holds(file: Path, content: bytes) -> bool:
    return file.stat().st_size == len(content) and file.read_bytes() == content


def _clear_empty(folder: Path, names: set[str]) -> None:
    """Take away the folders in which nothing is left."""
    wanted = {"/".join(name.split("/")[:depth]) for name in names for depth in range(1, name.count("/") + 1)}
    for path in sorted(_folders(folder, ""), reverse=True):
        if path not in wanted:
            (folder / path).rmdir()


def _folders(folder: Path, within: str) -> list[str]:
    found = []
    for name in folders_in(folder):
        found += [within + name, *_folders(folder / name, f"{within}{name}/")]
    return found
