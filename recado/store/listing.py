"""The listing of a client's files: what stands there and when it was last changed, without reading any of it.

As git's index does it, a stamp (size, times in nanoseconds, inode) only saves reading a file: it is no truth of its own. The
time of change (ctime) cannot be set by hand, so that a file rewritten with its old size and its time put back is seen. What was
changed within the clock's last tick, or later, may be changed again without another stamp: it is `unsettled`, and read again
next time. A file system that stamps by whole seconds (ext3, HFS+, FAT) is known by its stamps: there a tick is that long.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from array import array
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Container

    from recado.store.workspace import ClientFolder

# What a portal is built from. All else in the folder (private/, sent/, the VA's own) is not looked at.
FILES = ("history.csv", "welcome.md")
FOLDERS = ("tasks", "time", "invoices", "pages")
PRIVATE = frozenset({"private.md", "private", "sent"})
_TEXTS = (".md", ".csv", ".yml")
_TICK = 20_000_000  # nanoseconds: more than the coarse clock that a file system stamps by (4 ms, at most 10)
_SECOND, _LONG_TICK = 1_000_000_000, 2_020_000_000  # the same, where that clock knows seconds only, or every other one

# What is known of a file without reading it: its size in bytes, when it was written and when it was changed (nanoseconds), its
# inode. A folder that stands where a file should has a size of -1; a link has -2, and three more of what it leads to; a folder
# that cannot be looked into has -3, and the number of the error.
Stamp = tuple[int, ...]
FOLDER, _LINK, _CLOSED = -1, -2, -3
_CHANGED, _SIZE_THERE = 2, 4
_NUMBERS = 4  # in the stamp of a plain file


class Listing(NamedTuple):
    """What stands in a client's folder, by its path from there.

    `digest` is over all of it. `unsettled` are those that may change again without another stamp. `folders` are those that were
    looked into, `''` the client's own; there are none where one of them may have changed since, or was not looked into.
    """

    files: dict[str, Stamp]
    digest: str
    unsettled: frozenset[str]
    folders: dict[str, Stamp] = {}  # noqa: RUF012 (a named tuple's default; nobody writes into a listing)


def is_file(stamp: Stamp) -> bool:
    """Tell whether a stamp is that of a plain file: no folder, and no link, which may lead out."""
    return stamp[0] >= 0


def is_link(stamp: Stamp) -> bool:
    """Tell whether a stamp is that of a link."""
    return stamp[0] == _LINK


def is_closed(stamp: Stamp) -> bool:
    """Tell whether a stamp is that of a folder that cannot be looked into; its second number says why (an `errno`)."""
    return stamp[0] == _CLOSED


def size_of(stamp: Stamp) -> int:
    """Give the size of a file, or of what a link leads to, in bytes."""
    return stamp[_SIZE_THERE] if len(stamp) > _SIZE_THERE else max(stamp[0], 0)


def nothing_listed(listing: Listing) -> Listing:
    """Give an empty listing that stands for this one: with its digest, and never settled, so that it is looked at again."""
    return Listing({}, listing.digest, frozenset({""}))


def list_client(folder: ClientFolder) -> Listing:
    """List what a client's portal is built from. Links are not followed into folders.

    A folder that cannot be looked into is among the files; the client's own as `''`.
    """
    begun, root = time.time_ns(), str(folder.root)
    files: dict[str, Stamp] = {}
    folders: dict[str, Stamp] = {}
    with suppress(OSError):  # a client without a folder
        folders[""] = stamp_from(os.lstat(f"{root}/"))
    for name in (*FILES, *FOLDERS):
        look(root, name, files, folders)
    return listed(files, begun, folders)


def look(root: str, name: str, files: dict[str, Stamp], folders: dict[str, Stamp], known: Container[str] = frozenset()) -> None:
    """Look at one name, and below it. Folders that are `known` are not looked into: who asks does it."""
    path = f"{root}/{name}"
    try:
        found = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        files[name.rpartition("/")[0]] = _of_closed(error)
        return
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):  # a link, or a pipe
        files[name] = stamp_of_link(found, path)
    elif not stat.S_ISDIR(found.st_mode):
        files[name] = stamp_from(found)
    else:
        _look_at_folder(path, name, found, files, folders, known=known)


def _look_at_folder(
    path: str,
    name: str,
    found: os.stat_result,
    files: dict[str, Stamp],
    folders: dict[str, Stamp],
    *,
    known: Container[str],
) -> None:
    if _is_in_place_of_a_file(name):
        files[name] = (FOLDER, 0, 0, found.st_ino)
    if name not in known:
        folders[name] = stamp_from(found)
        look_below(path, f"{name}/", files, folders)


def look_below(
    folder: str, within: str, files: dict[str, Stamp], folders: dict[str, Stamp], known: Container[str] = frozenset()
) -> None:
    """Look at all that a folder holds. Called for every folder of a build: no path object is made."""
    try:
        with os.scandir(folder) as found_there:
            entries = list(found_there)
    except (FileNotFoundError, NotADirectoryError):  # gone meanwhile
        return
    except OSError as error:  # not for us: who reads the files tells, and no page goes for it
        files[within[:-1]] = _of_closed(error)
        return
    for entry in entries:
        name = entry.name
        if name[0] == "." or name in PRIVATE:
            continue
        try:
            found = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue
        except OSError as error:  # it can be read, and not entered
            files[within[:-1]] = _of_closed(error)
            continue
        if stat.S_ISREG(found.st_mode):
            files[within + name] = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
        elif stat.S_ISDIR(found.st_mode):
            _look_at_folder(f"{folder}/{name}", within + name, found, files, folders, known=known)
        else:
            files[within + name] = stamp_of_link(found, f"{folder}/{name}")


def _of_closed(error: OSError) -> Stamp:
    return _CLOSED, error.errno or 0, 0, 0


def stamp_from(found: os.stat_result) -> Stamp:
    """Give the stamp of a plain file or a folder."""
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _is_in_place_of_a_file(path: str) -> bool:
    return path.endswith(_TEXTS) or path.rpartition("/")[0].endswith("/files")


def stamp_of_link(found: os.stat_result, path: str) -> Stamp:
    """Stamp a link, which changes with what it leads to as well."""
    own = (_LINK, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
    try:
        there = os.stat(path)  # noqa: PTH116 (in keeping with the rest: no path object is made)
    except OSError:
        return own
    changed = max(found.st_ctime_ns, there.st_ctime_ns)
    return (_LINK, found.st_mtime_ns, changed, found.st_ino, there.st_size, there.st_mtime_ns, there.st_ino)


def listed(files: dict[str, Stamp], begun: int, folders: dict[str, Stamp]) -> Listing:
    """Make a listing of what was found. `begun` is when looking began, in nanoseconds: before any of it."""
    unsettled = frozenset(path for path, stamp in files.items() if _is_unsettled(stamp, begun))
    paths = sorted(files)
    digest = (
        digest_of_stamps([files[path] for path in paths]) if all(len(stamp) == _NUMBERS for stamp in files.values()) else ""
    )
    known = "\0".join((*paths, digest or repr([files[path] for path in paths])))
    if any(_is_unsettled(stamp, begun) for stamp in folders.values()):
        folders = {}
    return Listing(files, _digest(known.encode(errors="surrogateescape")), unsettled, folders)


def _is_unsettled(stamp: Stamp, now: int) -> bool:
    """Tell whether what has this stamp may be changed again without another one. `now` is in nanoseconds."""
    changed = stamp[_CHANGED]
    return changed >= now - _TICK or (changed >= now - _LONG_TICK and changed % _SECOND == 0)


def digest_of_stamps(stamps: Collection[Stamp]) -> str:
    """Give a digest of stamps, in their order; '' where a number is larger than any that such files have."""
    try:
        content = array("q", chain.from_iterable(stamps)).tobytes()
    except OverflowError:
        return ""
    return _digest(content)


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()
