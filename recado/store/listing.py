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
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from recado.store.workspace import ClientFolder

# What a portal is built from. All else in the folder (private/, sent/, the VA's own) is not looked at.
_FILES = ("history.csv", "welcome.md")
_FOLDERS = ("tasks", "time", "invoices", "pages")
_PRIVATE = frozenset({"private.md", "private", "sent"})
_TEXTS = (".md", ".csv", ".yml")
_TICK = 20_000_000  # nanoseconds: more than the coarse clock that a file system stamps by (4 ms, at most 10)
_SECOND, _LONG_TICK = 1_000_000_000, 2_020_000_000  # the same, where that clock knows seconds only, or every other one

# What is known of a file without reading it: its size in bytes, when it was written and when it was changed (nanoseconds), its
# inode. A folder that stands where a file should has a size of -1; a link has -2, and three more of what it leads to; a folder
# that cannot be looked into has -3, and the number of the error.
Stamp = tuple[int, ...]
_FOLDER, _LINK, _CLOSED = -1, -2, -3
_CHANGED, _SIZE_THERE = 2, 4


class Listing(NamedTuple):
    """What stands in a client's folder, by its path from there.

    `digest` is over all of it. `unsettled` are those that may change again without another stamp. `folders` are those that were
    looked into, `''` the client's own; there are none where one of them may have changed since, or was not looked into.
    """

    files: dict[str, Stamp]
    digest: str
    unsettled: frozenset[str]
    folders: dict[str, Stamp] = {}  # noqa: RUF012 (a named tuple's default; nobody writes into a listing)


class Outline(NamedTuple):
    """What is looked at to see whether a listing would still be the same: folders and files, one a line, and their digest.

    A folder in which a name came or went has another stamp. '' where only a listing tells.
    """

    paths: str = ""
    digest: str = ""


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
        folders[""] = _stamp(os.lstat(f"{root}/"))
    for name in (*_FILES, *_FOLDERS):
        _look(root, name, files, folders)
    return _listing(files, begun, folders)


def outline_of(listing: Listing) -> Outline:
    """Give the outline of a listing; none where it holds a link, which may lead to what changes elsewhere."""
    seen = listing.folders | listing.files
    if not listing.folders or listing.unsettled or any(stamp[0] < 0 for stamp in seen.values()):
        return Outline()
    paths = "\n".join(seen)
    digest = _digest_of_stamps([number for stamp in seen.values() for number in stamp])
    return Outline(paths, digest) if paths.count("\n") == len(seen) - 1 else Outline()


def is_as_outlined(folder: ClientFolder, outline: Outline) -> bool:
    """Tell whether a listing would be the same as that of the outline; False where that is not known. Called for every file."""
    if not outline.digest:
        return False
    root, look = f"{folder.root}/", os.lstat
    numbers: list[int] = []
    add = numbers.extend
    try:
        for path in outline.paths.split("\n"):
            found = look(root + path)
            add((found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino))
    except (OSError, ValueError):
        return False
    return _digest_of_stamps(numbers) == outline.digest


def _digest_of_stamps(numbers: list[int]) -> str:
    try:
        content = array("q", numbers).tobytes()
    except OverflowError:
        return ""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def list_again(folder: ClientFolder, before: Listing, told: Iterable[Path]) -> Listing:
    """List again, looking only at the files and folders that are said to have changed, come or gone."""
    begun, root, files = time.time_ns(), str(folder.root), dict(before.files)
    folders = {parent for path in files for parent in _parents(path)}
    for path in told:
        name = path.relative_to(folder.root).as_posix() if path.is_relative_to(folder.root) else ""
        parts = name.split("/")
        if parts[0] not in (*_FILES, *_FOLDERS) or any(part in _PRIVATE or part.startswith(".") for part in parts):
            continue
        name = next((parent for parent in _parents(name) if parent not in folders or os.path.islink(f"{root}/{parent}")), name)  # noqa: PTH114 (as below)
        inside = f"{name}/"
        for known in [known for known in files if known == name or known.startswith(inside)]:
            del files[known]
        _look(root, name, files, {})
    return _listing(files, begun, {})


def _parents(path: str) -> list[str]:
    """Give the folders on the way to a file, the outermost first."""
    parts = path.split("/")
    return ["/".join(parts[:number]) for number in range(1, len(parts))]


def _look(root: str, name: str, files: dict[str, Stamp], folders: dict[str, Stamp]) -> None:
    path = f"{root}/{name}"
    try:
        found = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        files[name.rpartition("/")[0]] = _of_closed(error)
        return
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):  # a link, or a pipe
        files[name] = _of_link(found, path)
    elif not stat.S_ISDIR(found.st_mode):
        files[name] = _stamp(found)
    else:
        if _is_in_place_of_a_file(name):
            files[name] = (_FOLDER, 0, 0, found.st_ino)
        folders[name] = _stamp(found)
        _look_below(path, f"{name}/", files, folders)


def _look_below(folder: str, within: str, files: dict[str, Stamp], folders: dict[str, Stamp]) -> None:
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
        if name[0] == "." or name in _PRIVATE:
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
            if _is_in_place_of_a_file(within + name):
                files[within + name] = (_FOLDER, 0, 0, found.st_ino)
            folders[within + name] = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
            _look_below(f"{folder}/{name}", f"{within}{name}/", files, folders)
        else:
            files[within + name] = _of_link(found, f"{folder}/{name}")


def _of_closed(error: OSError) -> Stamp:
    return _CLOSED, error.errno or 0, 0, 0


def _stamp(found: os.stat_result) -> Stamp:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _is_in_place_of_a_file(path: str) -> bool:
    return path.endswith(_TEXTS) or path.rpartition("/")[0].endswith("/files")


def _of_link(found: os.stat_result, path: str) -> Stamp:
    """Stamp a link, which changes with what it leads to as well."""
    own = (_LINK, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
    try:
        there = os.stat(path)  # noqa: PTH116 (in keeping with the rest: no path object is made)
    except OSError:
        return own
    changed = max(found.st_ctime_ns, there.st_ctime_ns)
    return (_LINK, found.st_mtime_ns, changed, found.st_ino, there.st_size, there.st_mtime_ns, there.st_ino)


def _listing(files: dict[str, Stamp], begun: int, folders: dict[str, Stamp]) -> Listing:
    unsettled = frozenset(path for path, stamp in files.items() if _is_unsettled(stamp, begun))
    digest = hashlib.blake2b(repr(sorted(files.items())).encode(errors="backslashreplace"), digest_size=16)
    if any(_is_unsettled(stamp, begun) for stamp in folders.values()):
        folders = {}
    return Listing(files, digest.hexdigest(), unsettled, folders)


def _is_unsettled(stamp: Stamp, now: int) -> bool:
    """Tell whether what has this stamp may be changed again without another one. `now` is in nanoseconds."""
    changed = stamp[_CHANGED]
    return changed >= now - _TICK or (changed >= now - _LONG_TICK and changed % _SECOND == 0)
