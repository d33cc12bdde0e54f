"""A folder on a server, by rsync over SSH: releases side by side, and a link to the one that visitors see.

A release begins as a copy of the last one (hard links, so that it costs little), is brought up to date by rsync, which sends
what differs and writes no file in place, and is shown by replacing the link. Whatever ends a deploy before that leaves what was
there.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from recado import clock
from recado.deploy.places import far_releases
from recado.deploy.places.far_beside import send_beside
from recado.deploy.places.far_folder import FarFolder, far_folder
from recado.deploy.places.release_names import copy_name
from recado.deploy.places.rsync_items import FORMAT, Items, items_of
from recado.deploy.places.sent_list import SentList, is_mistaken, keep_list, read_list
from recado.deploy.tree import BESIDE, Sent
from recado.deploy.walk import files_in
from recado.errors import WorkError
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recado.deploy.places.far_releases import There
    from recado.deploy.tree import Tree

# Folders, files, their times and who may read them; no links, no owners. Times of folders say nothing.
_OPTIONS = ("-rtpO", "--no-inc-recursive", "--chmod=D755,F644", "--delete", FORMAT)


class _Difference(NamedTuple):
    """How the tree differs from what visitors see there; `altered` is what of it is not our doing."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    retimed: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        return not (self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class RsyncPlace:
    """A folder that is written as `me@host:/srv/portal`."""

    to: str
    mark: str = ""

    @contextmanager
    def opened(self) -> Iterator[Opened]:
        """Reach for the server, and look at what is there, while the tree is made ready here."""
        with far_folder(self.to) as far, ThreadPoolExecutor(1) as meanwhile:
            # In the language that is spoken here: what it refuses, it says.
            look = copy_context().run
            yield Opened(far, meanwhile.submit(look, far_releases.look, far, self.mark, (BESIDE,)), self.mark)

    def publish(self, tree: Tree) -> Sent:
        """Send what differs into a release of its own, and show it."""
        with self.opened() as place:
            return place.publish(tree)

    def compare(self, tree: Tree) -> Sent:
        """Tell what would be sent."""
        with self.opened() as place:
            return place.compare(tree)

    def roll_back(self) -> str:
        """Show the release before the current one again, as a release of its own."""
        with far_folder(self.to) as far:
            there = far_releases.look(far, self.mark).releases
            source = there.before_current()
            if source is None:
                raise WorkError(_("{place} holds no release before the one that visitors see.").format(place=far.name))
            name = copy_name(there.next_name(clock.now()), source)
            far_releases.clear_away(far, there.unfinished)
            far_releases.begin(far, name, source, self.mark)
            far_releases.show(far, name, there._replace(unfinished=()).surplus(name))
            return name


class Opened(NamedTuple):
    """The folder, while its connection is open. `looking` is the look at it, which may not have ended yet."""

    far: FarFolder
    looking: Future[There]
    mark: str

    def publish(self, tree: Tree) -> Sent:
        """Send what differs into a release of its own, and show it."""
        return _Work(self, tree).publish()

    def compare(self, tree: Tree) -> Sent:
        """Tell what would be sent."""
        return _Work(self, tree).compare()


class _Work:
    """One deploy, or the look before it."""

    def __init__(self, place: Opened, tree: Tree) -> None:
        self.far, self.tree, self.mark = place.far, tree, place.mark
        self.files = files_in(tree.root)
        self.there, self.beside_there = place.looking.result()
        self.sent_file, self.sending_file = tree.scratch / "sent.json", tree.scratch / "sending.json"
        self.begun = read_list(self.sending_file)
        self.sent = read_list(self.sent_file)
        kept = (self.sent, self.begun)  # where we were cut off while it was shown, the second
        self.known = next((each for each in kept if each is not None and each.release == self.there.current), None)
        self.half = f".{self.begun.release}" if self.begun and f".{self.begun.release}" in self.there.unfinished else None
        # Without a list nobody knows what a size and a time stand for there: contents are compared.
        is_known = self.known is not None or self.there.current is None
        self.options = _OPTIONS if is_known else (*_OPTIONS, "--checksum")

    def compare(self) -> Sent:
        """Tell what would be sent."""
        return self._told(self._tried(), self._beside(is_tried=True))

    def publish(self) -> Sent:
        """Send what differs, and show it. Where something does for sure, nothing is tried before it is done."""
        is_sure = self.known is not None and self.known.files != self.files and self.half is None
        difference = None if is_sure else self._tried()
        if difference is not None and difference.is_nothing and self.there.current is not None:
            return self._nothing_new(difference)
        name, mistaken = self._begin()
        release = f"releases/.{name}"
        told = self.far.rsync(*self.options, source=self.tree.root, below=release)
        if again := sorted({*mistaken, *self._mistaken(self.known)}):
            told += self._by_content(again, release)
        if difference is None and (difference := self._difference(told)).is_nothing:
            far_releases.clear_away(self.far, (f".{name}",))
            return self._nothing_new(difference)
        # First what says who may see what, then what there is to see.
        beside = self._beside()
        far_releases.show(self.far, name, self._surplus(name))
        with suppress(OSError):  # what cannot be kept costs time
            self.sending_file.replace(self.sent_file)
        return self._told(difference, beside)

    def _nothing_new(self, difference: _Difference) -> Sent:
        """Leave what visitors see as it is."""
        beside, current = self._beside(), self.there.current or ""
        if difference.retimed:
            self.far.rsync(*self.options, source=self.tree.root, below=f"releases/{current}")
        if surplus := (*self.there.unfinished, *self._surplus(None)):
            far_releases.clear_away(self.far, surplus)
        if self.sent != (kept := SentList(current, self.files)):
            keep_list(self.sent_file, kept)
        self.sending_file.unlink(missing_ok=True)
        return self._told(difference, beside)

    def _surplus(self, coming: str | None) -> tuple[str, ...]:
        """List the releases that are not kept: old ones, and those with a portal that is withdrawn."""
        wanted = frozenset(path.partition("/")[0] for path in self.files if "/" in path)
        return self.there._replace(unfinished=()).surplus(coming, wanted=wanted, is_last=self.tree.is_last)

    def _tried(self) -> _Difference:
        """Ask rsync what differs from what visitors see."""
        current = self.there.current
        if current is None:
            return _Difference(added=tuple(sorted(self.files)))
        release = f"releases/{current}"
        told = self.far.rsync("--dry-run", *self.options, source=self.tree.root, below=release)
        if mistaken := self._mistaken(self.known):
            told += self._by_content(mistaken, release, "--dry-run")
        return self._difference(told)

    def _difference(self, told: bytes) -> _Difference:
        """Read what rsync told of how the tree differs from what visitors see."""
        items = items_of(told)
        altered: set[str] = set()
        if self.known is not None:
            sent = self.known.files
            differing = (*items.added, *items.changed)
            altered = {path for path in differing if path not in self.files or sent.get(path) == self.files[path]}
            altered |= {path for path in items.removed if path not in sent}
            # A file that gave way to a folder, or a folder to a file, is nothing that rsync tells.
            items = items._replace(removed=tuple(sorted({*items.removed, *(sent.keys() - self.files.keys())})))
        return _Difference(*items, tuple(sorted(altered)))

    def _mistaken(self, known: SentList | None) -> list[str]:
        """List what rsync would take for what is known to be there, and may be wrong."""
        if known is None:
            return []
        return [path for path, stamp in known.files.items() if path in self.files and is_mistaken(stamp, self.files[path])]

    def _begin(self) -> tuple[str, list[str]]:
        """Begin a release, with what had been sent when we were cut off; give also what of that rsync would mistake."""
        name = self.there.next_name(clock.now())
        keep_list(self.sending_file, SentList(name, self.files))
        far_releases.begin(self.far, name, self.half or self.there.current, self.mark)
        if self.there.unfinished:
            far_releases.clear_away(self.far, self.there.unfinished)
        return name, self._mistaken(self.begun) if self.half else []

    def _by_content(self, paths: list[str], release: str, *options: str) -> bytes:
        """Send those of these files that have another content there, whatever their times say."""
        given = b"".join(path.encode("utf-8", "surrogateescape") + b"\0" for path in paths)
        whole = (*options, "-tpc", "--chmod=F644", FORMAT, "--from0", "--files-from=-")
        return self.far.rsync(*whole, source=self.tree.root, below=release, given=given)

    def _beside(self, *, is_tried: bool = False) -> Items:
        beside, there = self.tree.beside, self.beside_there
        is_new = self.there.current is None
        return send_beside(self.far, beside, there, self.tree.scratch, is_tried=is_tried, is_new=is_new) if beside else Items()

    def _told(self, difference: _Difference, beside: Items) -> Sent:
        sent = (*difference.added, *difference.changed)
        size = sum(self.files[path].size for path in sent if path in self.files)
        around = tuple(sorted({*beside.added, *beside.changed, *beside.removed}))
        return Sent(difference.added, difference.changed, difference.removed, difference.altered, size, around)
