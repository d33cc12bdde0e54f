"""Every operation on the files below a folder, written down in order; and the states that a power cut may leave after each.

A cut leaves of a file what was synced of it, and of what was written since: nothing, a part, all, or its length alone (zeros).
Of the entries of a folder it leaves those of the last sync of that folder, and of the changes since any selection: a new name,
a rename (within one folder whole or not at all; to another folder also half, in both), a removal.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

_ROOT = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in a folder now leads to a node; None: to nothing. `deed` is the operation it is a part of.

    `after`: the deed this removal may not come before (a rename to another folder writes there first).
    """

    folder: int
    name: str
    node: int | None
    deed: int
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A file now holds these bytes."""

    node: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Synced:
    """A file, or a folder's entries, are on the disk."""

    node: int


@dataclass(frozen=True, slots=True)
class Moment:
    """Something else happened that a cut may come before or after: the mailbox changed, say."""


Operation = Entry | Content | Synced | Moment


Seen = TypeVar("Seen")


@dataclass(slots=True)
class Journal(Generic[Seen]):
    """Writes down what this process does below `root`, while it is entered.

    `looking` is called at each operation, for what else shall be known of that moment (`seen`). `no_fsync`: syncing does
    nothing, as on a bad disk.
    """

    root: Path
    looking: Callable[[], Seen]
    no_fsync: bool = False
    operations: list[Operation] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    _kinds: dict[int, bool] = field(default_factory=dict)  # whether a node is a folder
    _entries: dict[int, dict[str, int]] = field(default_factory=dict)
    _places: dict[int, tuple[int, str]] = field(default_factory=dict)
    _contents: dict[int, bytes] = field(default_factory=dict)
    _real: dict[str, Any] = field(default_factory=dict)
    _deed: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)
    begun: Tree = field(init=False)

    def __enter__(self) -> Self:
        """Learn what is there: all of that is on the disk."""
        self._kinds[_ROOT], self._entries[_ROOT] = True, {}
        self._learn(_ROOT, self.root)
        self.begun = Tree({n: dict(e) for n, e in self._entries.items()}, dict(self._contents), dict(self._kinds))
        for name in ("open", "fsync", "mkdir", "rename", "replace", "link", "unlink", "remove", "rmdir"):
            self._real[name] = getattr(os, name)
            setattr(os, name, self._one_by_one(getattr(self, f"_{name}")))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Let the system's own functions be again."""
        self._poll()
        for name, real in self._real.items():
            setattr(os, name, real)

    def moment(self) -> None:
        """Write down that a cut may come here too."""
        self._poll()
        self._note(Moment())

    # ---- What stands in the place of the system's functions ----

    def _one_by_one(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Let threads that sync side by side wait for one another: what they do is written down in some order."""

        def alone(*arguments: Any, **more: Any) -> Any:
            with self._lock:
                return function(*arguments, **more)

        return alone

    def _open(self, path: Any, flags: int, *more: Any, **others: Any) -> int:
        place = self._place_of(path, others.get("dir_fd"))
        is_new = place is not None and bool(flags & os.O_CREAT) and place[1] not in self._entries[place[0]]
        self._poll()
        descriptor: int = self._real["open"](path, flags, *more, **others)
        if is_new and place is not None:
            node = self._made(is_folder=False)
            self._contents[node] = b""
            self._put(*place, node)
        return descriptor

    def _fsync(self, descriptor: int) -> None:
        if self.no_fsync:
            return
        self._real["fsync"](descriptor)
        self._poll()
        node = self._node_of(Path(f"/proc/self/fd/{descriptor}").readlink())
        if node is not None:
            self._note(Synced(node))

    def _mkdir(self, path: Any, *more: Any, **others: Any) -> None:
        self._poll()
        self._real["mkdir"](path, *more, **others)
        if place := self._place_of(path, others.get("dir_fd")):
            node = self._made(is_folder=True)
            self._entries[node] = {}
            self._put(*place, node)

    def _rename(self, source: Any, target: Any, **others: Any) -> None:
        self._poll()
        self._real["rename"](source, target, **others)
        old, new = self._place_of(source), self._place_of(target)
        if old is None or new is None:
            return
        node = self._entries[old[0]].pop(old[1])
        if (replaced := self._entries[new[0]].get(new[1])) is not None:
            self._places[replaced] = (-1, "")
        self._put(*new, node)
        put = self._deed
        if old[0] != new[0]:
            self._deed += 1
        self._note(Entry(old[0], old[1], None, self._deed, after=put if old[0] != new[0] else None))

    def _replace(self, source: Any, target: Any, **others: Any) -> None:
        self._rename(source, target, **others)

    def _link(self, source: Any, target: Any, **others: Any) -> None:
        self._poll()
        self._real["link"](source, target, **others)
        old, new = self._place_of(source), self._place_of(target)
        if old is not None and new is not None:
            self._put(*new, self._entries[old[0]][old[1]])

    def _unlink(self, path: Any, **others: Any) -> None:
        self._poll()
        self._real["unlink"](path, **others)
        self._gone(self._place_of(path, others.get("dir_fd")))

    def _remove(self, path: Any, **others: Any) -> None:
        self._unlink(path, **others)

    def _rmdir(self, path: Any, **others: Any) -> None:
        self._poll()
        self._real["rmdir"](path, **others)
        self._gone(self._place_of(path, others.get("dir_fd")))

    # ---- Below: what is known of the tree ----

    def _learn(self, node: int, folder: Path) -> None:
        for path in sorted(folder.iterdir()):
            child = self._made(is_folder=path.is_dir())
            self._entries[node][path.name] = child
            self._places[child] = (node, path.name)
            if path.is_dir():
                self._entries[child] = {}
                self._learn(child, path)
            else:
                self._contents[child] = path.read_bytes()

    def _made(self, *, is_folder: bool) -> int:
        node = len(self._kinds)
        self._kinds[node] = is_folder
        return node

    def _place_of(self, path: Any, folder: int | None = None) -> tuple[int, str] | None:
        """Give the folder's node and the name; None: it is not below the root."""
        whole = Path(os.fsdecode(path))
        if folder is not None and not whole.is_absolute():
            whole = Path(f"/proc/self/fd/{folder}").readlink() / whole
        parent = self._node_of(whole.parent)
        return None if parent is None or parent not in self._entries else (parent, whole.name)

    def _node_of(self, path: Path) -> int | None:
        if not path.is_relative_to(self.root):
            return None
        node: int | None = _ROOT
        for part in path.relative_to(self.root).parts:
            node = self._entries.get(node, {}).get(part) if node is not None else None
        return node

    def _put(self, folder: int, name: str, node: int) -> None:
        self._entries[folder][name] = node
        self._places[node] = (folder, name)
        self._deed += 1
        self._note(Entry(folder, name, node, self._deed))

    def _gone(self, place: tuple[int, str] | None) -> None:
        if place is not None and place[1] in self._entries[place[0]]:
            node = self._entries[place[0]].pop(place[1])
            if self._places[node] == place:
                others = ((f, n) for f, names in self._entries.items() for n, each in names.items() if each == node)
                self._places[node] = next(others, (-1, ""))
            self._deed += 1
            self._note(Entry(*place, None, self._deed))

    def _note(self, operation: Operation) -> None:
        self.operations.append(operation)
        self.seen.append(self.looking())

    def _poll(self) -> None:
        """Note what was written to files since the last operation: streams write past the functions of `os`."""
        for node, known in tuple(self._contents.items()):
            path = self._path_of(node)
            if path is None or not path.is_file():
                continue
            content = path.read_bytes()
            if content != known:
                self._contents[node] = content
                self._note(Content(node, content))

    def _path_of(self, node: int) -> Path | None:
        names: list[str] = []
        while node != _ROOT:
            node, name = self._places.get(node, (-1, ""))
            if node < 0:
                return None
            names.append(name)
        return self.root.joinpath(*reversed(names))


@dataclass(slots=True)
class Tree:
    """What is on a disk: the entries of folders, the contents of files, and which nodes are folders."""

    entries: dict[int, dict[str, int]]
    contents: dict[int, bytes]
    kinds: dict[int, bool]

    def files(self) -> dict[str, bytes | None]:
        """Give every file that can be reached, by its path; a folder is None."""
        found: dict[str, bytes | None] = {}

        def walk(node: int, path: str) -> None:
            for name, child in self.entries.get(node, {}).items():
                below = f"{path}{name}"
                if self.kinds[child]:
                    found[below] = None
                    walk(child, f"{below}/")
                else:
                    found[below] = self.contents.get(child, b"")

        walk(_ROOT, "")
        return found


@dataclass(frozen=True, slots=True)
class Cut:
    """A power cut before the operation of this number: what was synced, and what was not."""

    synced: Tree
    pending: tuple[Entry, ...]
    written: dict[int, bytes]

    @property
    def deeds(self) -> tuple[int, ...]:
        """The changes of folders that may be lost, each by itself."""
        return tuple(dict.fromkeys(entry.deed for entry in self.pending))

    def left(self, kept: Iterable[int], data: Callable[[bytes, bytes], bytes]) -> Tree:
        """Give a state: these deeds are on the disk, and of each unsynced file what `data` makes of its old and new content."""
        kept = set(kept)
        entries = {node: dict(names) for node, names in self.synced.entries.items()}
        for entry in self.pending:
            if entry.deed not in kept or (entry.after is not None and entry.after not in kept):
                continue
            names = entries.setdefault(entry.folder, {})
            if entry.node is None:
                names.pop(entry.name, None)
            else:
                names[entry.name] = entry.node
        contents = dict(self.synced.contents)
        for node, content in self.written.items():
            contents[node] = data(contents.get(node, b""), content)
        return Tree(entries, contents, self.synced.kinds)


def cut_before(journal: Journal[Seen], number: int) -> Cut:
    """Say what a power cut before the operation of this number finds."""
    tree = Tree(
        {node: dict(names) for node, names in journal.begun.entries.items()},
        dict(journal.begun.contents),
        dict(journal._kinds),  # noqa: SLF001 (the same module's)
    )
    pending: list[Entry] = []
    written: dict[int, bytes] = {}
    for operation in journal.operations[:number]:
        match operation:
            case Entry():
                pending.append(operation)
            case Content(node, content):
                written[node] = content
            case Synced(node) if tree.kinds[node]:
                for entry in (each for each in pending if each.folder == node):
                    names = tree.entries.setdefault(node, {})
                    if entry.node is None:
                        names.pop(entry.name, None)
                    else:
                        names[entry.name] = entry.node
                pending = [entry for entry in pending if entry.folder != node]
            case Synced(node):
                if node in written:
                    tree.contents[node] = written.pop(node)
                else:
                    tree.contents.setdefault(node, b"")
            case Moment():
                pass
    # The other half of a rename that is on the disk already is free to come.
    deeds = {entry.deed for entry in pending}
    pending = [entry if entry.after in deeds else Entry(entry.folder, entry.name, entry.node, entry.deed) for entry in pending]
    return Cut(tree, tuple(pending), written)


def old(before: bytes, _after: bytes) -> bytes:
    """Nothing of what was written since the last sync."""
    return before


def new(_before: bytes, after: bytes) -> bytes:
    """All of it."""
    return after


def half(before: bytes, after: bytes) -> bytes:
    """A part of it."""
    return after[: (len(before) + len(after)) // 2] if after.startswith(before) else after[: len(after) // 2]


def zeros(before: bytes, after: bytes) -> bytes:
    """Its length alone."""
    same = len(before) if after.startswith(before) else 0
    return after[:same] + b"\0" * (len(after) - same)


def put_in_place(tree: Tree, root: Path) -> None:
    """Write a state to a folder that is not there yet."""
    root.mkdir(parents=True)
    for path, content in tree.files().items():
        if content is None:
            (root / path).mkdir()
        else:
            (root / path).write_bytes(content)
