"""A folder on a server, by rsync over SSH: releases side by side, and a link to the one that visitors see.

A release begins as a copy of the last one (hard links, so that it costs little), is brought up to date by rsync, which sends
what differs and writes no file in place, and is shown by replacing the link. Whatever ends a deploy before that leaves what was
there.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from recado import clock
from recado.deploy.places import far_releases
from recado.deploy.places.far_folder import FarFolder, far_folder
from recado.deploy.places.release_names import Releases, copy_name
from recado.deploy.places.rsync_items import FORMAT, Items, items_of
from recado.deploy.places.sent_list import Look, SentList, keep_list, looks_at, read_list
from recado.deploy.tree import Sent
from recado.errors import WorkError
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from recado.deploy.tree import Tree

# Folders, files, their times and who may read them; no links, no owners. Times of folders say nothing.
_OPTIONS = ("-rtpO", "--chmod=D755,F644", "--delete", FORMAT)
_BESIDE = ("-rpc", "--chmod=D755,F644", "--delete", FORMAT)


class _Difference(NamedTuple):
    """How the tree differs from what visitors see there."""

    items: Items
    mistaken: tuple[str, ...]  # changed, though rsync takes them for what they were
    altered: tuple[str, ...]

    @property
    def changed(self) -> tuple[str, ...]:
        return tuple(sorted({*self.items.changed, *self.mistaken}))


@dataclass(frozen=True, slots=True)
class RsyncPlace:
    """A folder that is written as `me@host:/srv/portal`."""

    to: str

    def publish(self, tree: Tree) -> Sent:
        """Send what differs into a release of its own, and show it."""
        with far_folder(self.to) as far:
            return _Work(far, tree).publish()

    def compare(self, tree: Tree) -> Sent:
        """Tell what would be sent."""
        with far_folder(self.to) as far:
            return _Work(far, tree).compare()

    def roll_back(self, withdrawn: frozenset[str]) -> str:
        """Show the release before the current one again, as a release of its own."""
        with far_folder(self.to) as far:
            there = far_releases.look(far)
            source = there.before_current()
            if source is None:
                raise WorkError(_("{place} holds no release before the one that visitors see.").format(place=far.name))
            name = copy_name(there.next_name(clock.now()), source)
            far_releases.clear_away(far, there.unfinished)
            far_releases.begin(far, name, source)
            far_releases.leave_out(far, name, withdrawn)
            far_releases.show(far, name, there._replace(unfinished=()).surplus(name))
            return name


class _Work:
    """One deploy, or the look before it."""

    def __init__(self, far: FarFolder, tree: Tree) -> None:
        self.far, self.tree = far, tree
        self.files: Mapping[str, Look] = looks_at(tree.root)
        self.there: Releases = far_releases.look(far)
        self.sent_file, self.sending_file = tree.scratch / "sent.json", tree.scratch / "sending.json"
        self.begun = read_list(self.sending_file)
        kept = (read_list(self.sent_file), self.begun)  # where we were cut off while it was shown, the second
        self.known = next((each for each in kept if each is not None and each.release == self.there.current), None)
        # Without a list nobody knows what a size and a time stand for there: contents are compared.
        is_known = self.known is not None or self.there.current is None
        self.options = _OPTIONS if is_known else (*_OPTIONS, "--checksum")

    def compare(self) -> Sent:
        difference = self._difference()
        return self._told(difference, self._beside(is_tried=True))

    def publish(self) -> Sent:
        difference = self._difference()
        items = difference.items
        current = self.there.current
        if current is not None and not (items.added or difference.changed or items.removed):
            beside = self._beside()
            if items.retimed:
                self.far.rsync(*self.options, source=self.tree.root, below=f"releases/{current}")
            if self.there.surplus():
                far_releases.clear_away(self.far, self.there.surplus())
            if self.known is None or self.known.files != self.files:
                keep_list(self.sent_file, SentList(current, self.files))
            return self._told(difference, beside)
        name, mistaken = self._begin()
        beside = self._beside()
        release = f"releases/.{name}"
        self.far.rsync(*self.options, source=self.tree.root, below=release)
        if again := sorted({*difference.mistaken, *mistaken}):
            self._by_content(again, release)
        far_releases.show(self.far, name, self.there._replace(unfinished=()).surplus(name))
        keep_list(self.sent_file, SentList(name, self.files))
        self.sending_file.unlink(missing_ok=True)
        return self._told(difference, beside)

    def _difference(self) -> _Difference:
        """Ask rsync what differs from what visitors see, and tell what of it is not our doing."""
        if self.there.current is None:
            return _Difference(Items(added=tuple(sorted(self.files))), (), ())
        told = self.far.rsync("--dry-run", *self.options, source=self.tree.root, below=f"releases/{self.there.current}")
        items = items_of(told)
        if self.known is None:
            return _Difference(items, (), ())
        sent = self.known.files
        differing = {*items.added, *items.changed}
        altered = [path for path in differing if path not in self.files or sent.get(path) == self.files[path]]
        altered += [path for path in items.removed if path not in sent]
        mistaken = [path for path in self._mistaken(self.known) if path not in differing]
        if mistaken:
            mistaken = [*items_of(self._by_content(mistaken, f"releases/{self.there.current}", "--dry-run")).changed]
        return _Difference(items, tuple(mistaken), tuple(sorted(altered)))

    def _mistaken(self, known: SentList) -> list[str]:
        files = self.files
        return [path for path, look in known.files.items() if path in files and look.is_mistaken_for(files[path])]

    def _begin(self) -> tuple[str, list[str]]:
        """Begin a release, with what had been sent when we were cut off; give also what of that rsync would mistake."""
        name, source, mistaken = self.there.next_name(clock.now()), self.there.current, list[str]()
        if self.begun is not None and (half := f".{self.begun.release}") in self.there.unfinished:
            source, mistaken = half, self._mistaken(self.begun)
        keep_list(self.sending_file, SentList(name, self.files))
        far_releases.begin(self.far, name, source)
        if self.there.unfinished:
            far_releases.clear_away(self.far, self.there.unfinished)
        return name, mistaken

    def _by_content(self, paths: list[str], release: str, *options: str) -> bytes:
        """Send those of these files that have another content there, whatever their times say."""
        given = b"".join(path.encode("utf-8", "surrogateescape") + b"\0" for path in paths)
        whole = (*options, "-tpc", "--chmod=F644", FORMAT, "--from0", "--files-from=-")
        return self.far.rsync(*whole, source=self.tree.root, below=release, given=given)

    def _beside(self, *, is_tried: bool = False) -> Items:
        """Send what stands beside, or try to; a folder that it names holds nothing else."""
        if not self.tree.beside:
            return Items()
        root = self.tree.scratch / "beside"
        shutil.rmtree(root, ignore_errors=True)
        try:
            root.mkdir(mode=0o700, parents=True)
            for path, content in self.tree.beside.items():
                _write(root / path, content)
            folders = sorted({path.split("/")[0] for path in self.tree.beside})
            found = [self._beside_folder(root, folder, is_tried=is_tried) for folder in folders]
        finally:
            shutil.rmtree(root, ignore_errors=True)
        return Items(*(tuple(path for each in found for path in each[part]) for part in range(4)))

    def _beside_folder(self, root: Path, folder: str, *, is_tried: bool) -> Items:
        if is_tried and self.there.current is None:
            return Items(added=tuple(f"{folder}/{path}" for path in sorted(looks_at(root / folder))))
        tried = ("--dry-run",) if is_tried else ()
        items = items_of(self.far.rsync(*tried, *_BESIDE, source=root / folder, below=folder))
        return Items(*(tuple(f"{folder}/{path}" for path in part) for part in items))

    def _told(self, difference: _Difference, beside: Items) -> Sent:
        items, changed = difference.items, difference.changed
        sizes = [self.files[path].size for path in (*items.added, *changed) if path in self.files]
        sizes += [len(self.tree.beside[path]) for path in (*beside.added, *beside.changed) if path in self.tree.beside]
        return Sent(
            (*items.added, *beside.added),
            (*changed, *beside.changed),
            (*items.removed, *beside.removed),
            difference.altered,
            sum(sizes),
        )


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
