"""A listing and what its files said, packed to be kept: few large values take a third of the time of many."""

from __future__ import annotations

from array import array
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from recado.store.kept_files import KeptFile, KeptFiles
from recado.store.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recado.store.listing import Stamp

_NUMBERS = 4  # in the stamp of a plain file
_DIGEST = 16  # bytes
_NOT_READ = bytes(_DIGEST)
_BETWEEN = "\0"  # in no path

Values = tuple[object, ...]


class PackedFiles(NamedTuple):
    """Plain files in `paths`, with the numbers of their stamps and the digests of their contents; what they said is kept apart.

    One that was not read has a digest of zeros. `others` are links and whatever else stands where a file should, `read` what
    they said.
    """

    code: str
    digest: str
    unsettled: frozenset[str]
    paths: str
    stamps: bytes
    digests: bytes
    folders: str
    stamps_of_folders: bytes
    others: dict[str, Stamp]
    read: dict[str, KeptFile]


def pack_files(listing: Listing, kept: KeptFiles) -> tuple[PackedFiles, dict[str, Values]]:
    """Pack a listing and the files that were read by it; gives also what those said, in groups by what they belong to."""
    plain = [path for path, stamp in listing.files.items() if len(stamp) == _NUMBERS and not _is_large(stamp)]
    others = {path: listing.files[path] for path in set(listing.files).difference(plain)}
    digests, groups = [], defaultdict[str, list[object]](list)
    for path in plain:
        file = kept.files.get(path)
        digests.append(file.digest if file else _NOT_READ)
        if file:
            groups[_group(path)].append(file.value)
    folders = {} if any(map(_is_large, listing.folders.values())) else listing.folders
    packed = PackedFiles(
        kept.code,
        listing.digest,
        listing.unsettled,
        _BETWEEN.join(plain),
        array("q", [number for path in plain for number in listing.files[path]]).tobytes(),
        b"".join(digests),
        _BETWEEN.join(folders),
        array("q", [number for stamp in folders.values() for number in stamp]).tobytes(),
        others,
        {path: kept.files[path] for path in others if path in kept.files},
    )
    return packed, {group: tuple(values) for group, values in groups.items()}


def unpack_files(packed: PackedFiles, groups: Mapping[str, Values]) -> tuple[Listing, KeptFiles]:
    """Give the listing and the files again. Raises ValueError, KeyError, StopIteration where they do not fit together."""
    files = _stamped(packed.paths, packed.stamps) | packed.others
    said = {group: iter(values) for group, values in groups.items()}
    read = dict(packed.read)
    for place, path in enumerate(packed.paths.split(_BETWEEN) if packed.paths else ()):
        digest = packed.digests[place * _DIGEST : (place + 1) * _DIGEST]
        if digest != _NOT_READ:
            read[path] = KeptFile(None if path in packed.unsettled else files[path], digest, next(said[_group(path)]))
    folders = _stamped(packed.folders, packed.stamps_of_folders) if packed.stamps_of_folders else {}
    return Listing(files, packed.digest, packed.unsettled, folders), KeptFiles(packed.code, read)


def _group(path: str) -> str:
    """Tell to which group a file belongs: that of a hundred tasks, or of all else."""
    return path[6 : path.find("-", 6) - 2] if path.startswith("tasks/") else "…"


def _stamped(paths: str, stamps: bytes) -> dict[str, Stamp]:
    numbers = iter(array("q", stamps))
    return dict(zip(paths.split(_BETWEEN), zip(*[numbers] * _NUMBERS, strict=True), strict=True)) if stamps else {}


def _is_large(stamp: Stamp) -> bool:
    """Tell whether a number of a stamp needs more than 63 bits, as inodes do on some disks."""
    return max(stamp) >= 1 << 63 or min(stamp) < -(1 << 63)
