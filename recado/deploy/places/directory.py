"""A folder of this machine, for a web server here: releases, and a link that is switched to the newest at one stroke.

BASE/current               a link to the release that visitors see
BASE/releases/NAME/        one release: a link for each portal, and the files beside them
BASE/portals/FOLDER/…/     what those links lead to; one of which nothing changed is shared by releases
BASE/server/…              what stands beside, such as a server's configuration; never served
BASE/whose.txt             for which practice all of it is
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from recado.clock import now
from recado.deploy import whose
from recado.deploy.tree import BESIDE, Sent
from recado.deploy.walk import contents_in, differences, files_in, flat_files, folders_in
from recado.errors import WorkError
from recado.portal.kept_json import read_json, write_json
from recado.reasons import reason_of
from recado.speech import _
from recado.store.atomic import sync_folder, write_whole
from recado.store.exchange import remove_whole
from recado.store.syncing import sync_file_system

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager

    from recado.deploy.tree import Tree

    Contents = Mapping[str, tuple[int, int]]

_KEPT_RELEASES = 5
_FOLDER, _FILE = 0o755, 0o644  # for the web server; who may enter at all, the folder that holds them says
_CURRENT, _RELEASES, _PORTALS = "current", "releases", "portals"
_RELEASE = re.compile(r"\d{8}T\d{6}Z-\d{4}", re.ASCII)


class DirectoryPlace:
    """A folder in which releases stand."""

    def __init__(self, base: Path, mark: str = "") -> None:
        """Take the folder, which is made where it is not there, and the mark of the practice (`whose.mark_of`)."""
        self._base = base
        self._mark = mark

    def opened(self) -> AbstractContextManager[DirectoryPlace]:
        """Give itself: it is always ready."""
        return nullcontext(self)

    def publish(self, tree: Tree) -> Sent:
        """Make a release of the tree and switch to it; where nothing changed, do nothing. Raises WorkError, OSError."""
        self._expect_ours()
        looked = _Look(self._base, tree)
        self._make_base()
        for path in looked.sent.beside:
            if path in tree.beside:
                _make_folders(self._base, path)
                write_whole(self._base / path, tree.beside[path])
                (self._base / path).chmod(_FILE)
        if not looked.sent.is_nothing:
            self._switch(self._release(looked, tree))
        for path in looked.sent.beside:
            if path not in tree.beside:
                (self._base / path).unlink(missing_ok=True)
        self._prune(1 if tree.is_last else _KEPT_RELEASES)
        self._remember(tree, looked)
        return looked.sent

    def compare(self, tree: Tree) -> Sent:
        """Tell what `publish` would do. Raises WorkError."""
        self._expect_ours()
        return _Look(self._base, tree).sent

    def roll_back(self) -> str:
        """Switch to the release before this one; gives its name. Raises WorkError where there is none, OSError."""
        self._expect_ours()
        current = _current(self._base)
        older = [name for name in self._releases() if current is not None and name < current.name]
        if not older:
            told = _(
                "There is no older release in {folder} to go back to. The last ones are kept, but none that holds a withdrawn "
                "client, or was opened with a key that was replaced. Put your files back to what they were, and deploy again."
            )
            raise WorkError(told.format(folder=self._base))
        self._switch(self._base / _RELEASES / older[-1])
        self._prune(_KEPT_RELEASES)
        return older[-1]

    def _expect_ours(self) -> None:
        """See that all that would be replaced or taken away there was made by this practice's deploys. Raises WorkError."""
        current = self._base / _CURRENT
        leads = current.readlink() if current.is_symlink() else None
        is_release = leads is not None and leads.parent == Path(_RELEASES) and _RELEASE.fullmatch(leads.name)
        mark = _content(self._base / whose.FILE)
        if mark is not None and whose.mark_in(mark.decode(errors="replace")) != self._mark:
            raise whose.anothers_folder(str(self._base), str(self._base / whose.FILE))
        if is_release:
            return
        for name in (_CURRENT,) if mark is not None else (_CURRENT, _RELEASES, _PORTALS, BESIDE):
            if os.path.lexists(self._base / name):
                told = _("{folder} is in the way: it was not made by `recado deploy`. Choose another path for this place.")
                raise WorkError(told.format(folder=self._base / name))

    def _releases(self) -> list[str]:
        return [name for name in folders_in(self._base / _RELEASES) if not name.startswith(".")]

    def _make_base(self) -> None:
        if self._base.is_dir() and not os.access(self._base, os.W_OK | os.X_OK):
            told = _("{folder} is not yours to write into. Give it to yourself: sudo chown $USER {folder}")
            raise WorkError(told.format(folder=self._base))
        try:
            self._base.mkdir(parents=True, exist_ok=True)
            if not (self._base / whose.FILE).is_file():
                write_whole(self._base / whose.FILE, whose.marked(self._mark).encode())
                (self._base / whose.FILE).chmod(_FILE)
            for name in (_RELEASES, _PORTALS):
                _make_folder(self._base / name)
        except OSError as error:
            told = _(
                "{folder} cannot be made: {reason}. Make it once, and give it to yourself: sudo install -d -o $USER {folder}"
            )
            raise WorkError(told.format(folder=self._base, reason=reason_of(error))) from error

    def _new_release(self) -> Path:
        stamp = now().strftime("%Y%m%dT%H%M%SZ")
        newest = max(self._releases(), default="")
        number = int(newest.rpartition("-")[2]) + 1 if newest.startswith(f"{stamp}-") else 1
        # Names in order of their making, also where the clock was set back.
        stamp = max(stamp, newest.rpartition("-")[0])
        while (made := self._base / _RELEASES / f"{stamp}-{number:04}").exists():
            number += 1
        _make_folder(made)
        return made

    def _release(self, looked: _Look, tree: Tree) -> Path:
        """Make a release: for each portal a link, to what is there where nothing changed in it."""
        made = self._new_release()
        for name in folders_in(tree.root):
            leads = looked.leads.get(name)
            if leads is None or looked.changed(name):
                leads = self._portal(name, tree.root / name, leads, looked)
            (made / name).symlink_to(Path("..", "..", _PORTALS, name, leads.name))
        for path in looked.wanted[""]:
            _copy(tree.root / path, made / path)
        return made

    def _portal(self, name: str, source: Path, old: Path | None, looked: _Look) -> Path:
        """Make a portal's folder: files that stayed are linked from the old one, others copied."""
        made = self._base / _PORTALS / name / f".new-{secrets.token_hex(4)}"
        _make_folder(made.parent)
        _make_folder(made)
        there, wanted = looked.there.get(name, {}), looked.wanted[name]
        for path in {path.rpartition("/")[0]: path for path in wanted}.values():
            _make_folders(made, path)
        for path, content in wanted.items():
            if old is not None and there.get(path) == content:
                os.link(old / path, made / path)
            else:
                _copy(source / path, made / path)
        finished = made.with_name(f"{now().strftime('%Y%m%dT%H%M%SZ')}-{secrets.token_hex(4)}")
        made.rename(finished)
        return finished

    def _switch(self, release: Path) -> None:
        """Make visitors see a release, at one stroke, after all of it is on the disk."""
        sync_file_system(self._base)
        beside = self._base / f".{_CURRENT}-{secrets.token_hex(4)}"
        beside.symlink_to(Path(_RELEASES, release.name))
        beside.replace(self._base / _CURRENT)
        sync_folder(self._base)

    def _prune(self, kept: int) -> None:
        """Take away what is not needed any more: old releases, those with a withdrawn portal, and what killed deploys left."""
        current = _current(self._base)
        names = self._releases()
        newer = {name for name in names if current is not None and name > current.name}  # a release that was never seen
        older = [name for name in names if name not in newer]
        shown = _portals_of(current) if current is not None else {}
        withdrawn = {name for name in older if _portals_of(self._base / _RELEASES / name).keys() - shown.keys()}
        for name in newer | withdrawn | set(older[:-kept]):
            remove_whole(self._base / _RELEASES / name)
        for left in self._base.glob(f".{_CURRENT}-*"):
            left.unlink()
        for left in (self._base / _RELEASES).glob(".*.gone-*"):
            shutil.rmtree(left, ignore_errors=True)
        needed = {link.resolve() for link in (self._base / _RELEASES).glob("*/*") if link.is_symlink()}
        for folder in (self._base / _PORTALS).iterdir():
            for version in folder.iterdir():
                if version.resolve() not in needed:
                    shutil.rmtree(version, ignore_errors=True)
            with suppress(OSError):
                folder.rmdir()  # of nobody's any more

    def _remember(self, tree: Tree, looked: _Look) -> None:
        """Keep what was sent, and as which release: what differs from it there later was changed by another hand."""
        release = _current(self._base)
        sent = {name: dict(contents) for name, contents in looked.wanted.items()}
        if release is not None and not looked.is_as_sent(release, sent):
            write_json(tree.scratch / "sent.json", {"release": release.name, "sent": sent})


class _Look:
    """A place beside a tree: what visitors see there now, what they should, and what is to be sent."""

    def __init__(self, base: Path, tree: Tree) -> None:
        release = _current(base)
        self.wanted = {name: contents_in(tree.root / name) for name in folders_in(tree.root)}
        self.wanted[""] = _flat(tree.root)
        self.leads = _portals_of(release) if release else {}
        self.there = {name: contents_in(folder) for name, folder in self.leads.items()}
        self.there[""] = _flat(release) if release else {}
        kept = read_json(tree.scratch / "sent.json")
        # One that was gone back to is not what was sent last, and nobody's doing but hers.
        self._sent = _plain(kept["sent"]) if release is not None and kept.get("release") == release.name else {}
        self._release = release
        self.sent = self._compared(base, tree)

    def changed(self, name: str) -> bool:
        """Tell whether anything of a portal is to be sent."""
        return self.there.get(name) != self.wanted.get(name)

    def is_as_sent(self, release: Path, sent: Mapping[str, Contents]) -> bool:
        """Tell whether this is what was sent last, as this release."""
        return self._release == release and self._sent == sent

    def _compared(self, base: Path, tree: Tree) -> Sent:
        added, changed, removed, altered, size = [], [], [], [], 0
        for name in sorted(self.wanted.keys() | self.there.keys()):
            wanted, there, was = self.wanted.get(name, {}), self.there.get(name, {}), self._sent.get(name, {})
            if wanted == there:
                continue
            within = f"{name}/" if name else ""
            new, other, gone = differences(there, wanted)
            if name in self.there:  # what we sent, and what is not as we sent it
                altered += [within + path for path in sorted(was) if was[path] != there.get(path)]
                altered += [within + path for path in gone if was and path not in was]
            added += [within + path for path in new]
            changed += [within + path for path in other]
            removed += [within + path for path in gone]
            size += sum(wanted[path][0] for path in (*new, *other))
        beside = [path for path, content in sorted(tree.beside.items()) if _content(base / path) != content]
        beside += _left_beside(base, tree.beside)
        return Sent(tuple(added), tuple(changed), tuple(removed), tuple(altered), size, tuple(beside))


def _portals_of(release: Path) -> dict[str, Path]:
    """Give what the links of a release lead to."""
    return {each.name: each.resolve() for each in release.iterdir() if each.is_symlink() and each.is_dir()}


def _current(base: Path) -> Path | None:
    """Give the folder of the release that visitors see."""
    try:
        found = base / (base / _CURRENT).readlink()
    except OSError:
        return None
    return found if found.is_dir() else None


def _flat(folder: Path) -> dict[str, tuple[int, int]]:
    return {path: stamp.content for path, stamp in flat_files(folder).items()}


def _left_beside(base: Path, wanted: Iterable[str]) -> list[str]:
    """Give the files that stand beside and are not wanted any more."""
    return sorted({f"{BESIDE}/{path}" for path in files_in(base / BESIDE)}.difference(wanted))


def _plain(sent: Mapping[str, Mapping[str, Iterable[int]]]) -> dict[str, dict[str, tuple[int, ...]]]:
    return {name: {path: tuple(content) for path, content in contents.items()} for name, contents in sent.items()}


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _make_folders(base: Path, path: str) -> None:
    """Make the folders that a file below `base` needs."""
    for folder in reversed((base / path).relative_to(base).parents[:-1]):
        _make_folder(base / folder)


def _make_folder(folder: Path) -> None:
    """Make a folder that the web server can look into, whatever the umask here."""
    with suppress(FileExistsError):
        folder.mkdir()
        folder.chmod(_FOLDER)


def _copy(source: Path, target: Path) -> None:
    """Copy a file and when it was changed, readable by the web server whatever the umask here."""
    shutil.copyfile(source, target)
    state = source.stat()
    os.utime(target, ns=(state.st_atime_ns, state.st_mtime_ns))
    target.chmod(_FILE)
