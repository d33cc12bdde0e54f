"""A listing and what its files said, packed to be kept: few large values take a third of the time of many."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

from recado.store.kept_files import KeptFile, KeptFiles
from recado.store.listing import Listing

if TYPE_CHECKING:
    from recado.store.listing import Stamp

_NUMBERS = 4  # in the stamp of a plain file
_DIGEST = 16  # bytes
_BETWEEN = "\0"  # in no path


class PackedFiles(NamedTuple):
    """Plain files in `paths`, with the numbers of their stamps, the digests of their contents and what each said.

    One that was not read says None. `others` are links and whatever else stands where a file should, `read` what they said.
    """

    code: str
    digest: str
    unsettled: frozenset[str]
    paths: str
    stamps: bytes
    digests: bytes
    values: list[object]
    others: dict[str, Stamp]
    read: dict[str, KeptFile]


def pack_files(listing: Listing, kept: KeptFiles) -> PackedFiles:
    """Pack a listing and the files that were read by it. Folders are not among it."""
    plain = [path for path, stamp in listing.files.items() if len(stamp) == _NUMBERS and not _is_large(stamp)]
    others = {path: listing.files[path] for path in set(listing.files).difference(plain)}
    nothing = KeptFile(None, bytes(_DIGEST), None)
    read = [kept.files.get(path, nothing) for path in plain]
    return PackedFiles(
        kept.code,
        listing.digest,
        listing.unsettled,
        _BETWEEN.join(plain),
        array("q", [number for path in plain for number in listing.files[path]]).tobytes(),
        b"".join([file.digest for file in read]),
        [file.value for file in read],
        others,
        {path: kept.files[path] for path in others if path in kept.files},
    )


def unpack_files(packed: PackedFiles) -> tuple[Listing, KeptFiles]:
    """Give the listing and the files again. Raises ValueError where they do not fit together."""
    numbers = iter(array("q", packed.stamps))
    stamps = list(zip(*[numbers] * _NUMBERS, strict=True))
    paths = packed.paths.split(_BETWEEN) if packed.paths else []
    files = dict(zip(paths, stamps, strict=True)) | packed.others
    read = {
        path: KeptFile(None if path in packed.unsettled else stamp, packed.digests[place : place + _DIGEST], value)
        for path, stamp, place, value in zip(paths, stamps, range(0, len(packed.digests), _DIGEST), packed.values, strict=True)
        if value is not None
    }
    return Listing(files, packed.digest, packed.unsettled), KeptFiles(packed.code, read | packed.read)


def _is_large(stamp: Stamp) -> bool:
    """Tell whether a number of a stamp needs more than 63 bits, as inodes do on some disks."""
    return max(stamp) >= 1 << 63 or min(stamp) < -(1 << 63)
