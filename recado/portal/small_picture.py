"""A picture made small enough for a page: upright, in sRGB, on white, and with nothing in it but what is seen.

What comes in may be hostile: whatever is wrong with it, there is no small picture then, and nothing else happens.
"""

from __future__ import annotations

import io
import os
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from PIL import Image as Pillow

# Known by their content, whatever a file is called. No other decoder is ever asked.
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
WIDEST, HIGHEST = 640, 960  # pixels: the widest column of words on a screen of any density that matters
LIGHT = 60_000  # bytes: one that fits and is no heavier is shown itself

_MOST_BYTES = 32_000_000
# Pixels of one that has to be held whole in memory, at up to 8 bytes each; the usual photo is read at an eighth of its size.
_MOST_PIXELS = 12_500_000
_MOST_PIXELS_IN_ONE_SCAN = 80_000_000
_MOST_SCANS = 64  # of a JPEG in several; a camera writes about ten, and each costs the time of the whole picture
_MODES = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr"})  # eight bits a colour: others lose their shades
_LONGEST_PROFILE = 4096  # bytes: those of cameras and phones have 500 to 3,200, and one of printing inks half a million


class SmallPicture(NamedTuple):
    """How a picture is shown: its size in pixels, upright, and the small one as WebP; None: it is small enough itself."""

    width: int
    height: int
    content: bytes | None


def small_picture(file: BinaryIO) -> SmallPicture | None:
    """Make a picture small. The same bytes in give the same bytes out, for one version of Pillow and its libraries.

    None for what is not a still JPEG, PNG, GIF or WebP, what cannot be read to its end, and what would take too much memory.
    Never raises for what the file holds.
    """
    from PIL import Image  # noqa: PLC0415 (late: 40 ms, and most builds have no new picture)

    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size > _MOST_BYTES:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a word about broken metadata is for no one
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=FORMATS) as picture:
                return _small(picture, file, size)
    except Exception:  # noqa: BLE001 (its decoders raise nearly anything on a file that was made to break them)
        return None


def _small(picture: Pillow.Image, file: BinaryIO, size: int) -> SmallPicture | None:
    is_jpeg = picture.format in {"JPEG", "MPO"}
    if picture.mode not in _MODES or not _is_bearable(picture, file, is_jpeg=is_jpeg):
        return None
    turn = _orientation(picture)
    is_on_its_side = turn in _ON_ITS_SIDE
    width, height = picture.size[::-1] if is_on_its_side else picture.size
    scale = min(1.0, WIDEST / width, HIGHEST / height)
    fitting = max(1, round(width * scale)), max(1, round(height * scale))
    if scale == 1.0 and size <= LIGHT:
        return SmallPicture(*fitting, None)
    if not is_jpeg and getattr(picture, "is_animated", False):
        return None  # a still of it would not say what it says
    content = _webp(picture, fitting[::-1] if is_on_its_side else fitting, turn)
    return SmallPicture(*fitting, content if len(content) < size else None)


def _webp(picture: Pillow.Image, fitting: tuple[int, int], turn: int) -> bytes:
    """Draw it in the size given, turn it upright, and write it with nothing else."""
    from PIL import Image  # noqa: PLC0415 (late: see above)

    picture.draft(None, fitting)  # no mode asked for: it keeps its own
    profile = picture.info.get("icc_profile")
    has_holes = picture.has_transparency_data
    if has_holes:
        drawn = picture.convert("RGBA")
    elif picture.mode in {"1", "P", "PA"}:
        drawn = picture.convert("RGB")
    else:
        drawn = picture
    drawn = drawn.resize(fitting, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if not has_holes:
        drawn = _in_srgb(drawn.convert("RGB"), profile)
    clean = Image.new("RGB", fitting, "white")
    clean.paste(drawn, mask=drawn.getchannel("A") if has_holes else None)
    if turn in _TURNS:
        clean = clean.transpose(Image.Transpose[_TURNS[turn]])
    made = io.BytesIO()
    clean.save(made, "WEBP", quality=80, method=2, exif=b"", icc_profile=b"", xmp=b"")
    return made.getvalue()


def _in_srgb(picture: Pillow.Image, profile: Any) -> Pillow.Image:
    """Bring the colours of a phone's wider space into the one that is meant where none is named."""
    if not isinstance(profile, bytes) or not profile or len(profile) > _LONGEST_PROFILE or b"sRGB" in profile:
        return picture
    from PIL import ImageCms  # noqa: PLC0415 (late: few pictures need it)

    with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, io.BytesIO(profile), srgb, outputMode="RGB") or picture
    return picture


# ---- Upright (EXIF 2.32, tag Orientation) ----

_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
_ON_ITS_SIDE = frozenset({5, 6, 7, 8})
_ORIENTATION = 0x0112


def _orientation(picture: Pillow.Image) -> int:
    try:
        found = picture.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 (metadata that cannot be read turns nothing, as in a browser)
        return 1
    return found if isinstance(found, int) else 1


# ---- What it would cost ----


def _is_bearable(picture: Pillow.Image, file: BinaryIO, *, is_jpeg: bool) -> bool:
    pixels = picture.width * picture.height
    if not is_jpeg:
        return 0 < pixels <= _MOST_PIXELS
    place = file.tell()
    try:
        if _is_in_one_scan(file):
            return 0 < pixels <= _MOST_PIXELS_IN_ONE_SCAN
        return 0 < pixels <= _MOST_PIXELS and _scans(file) <= _MOST_SCANS
    finally:
        file.seek(place)


def _is_in_one_scan(file: BinaryIO) -> bool:
    """Tell whether a JPEG's first scan has all there is of it: then it is read row by row (ITU-T T.81, B.2).

    What it cannot follow is not in one scan.
    """
    file.seek(2)
    parts = 0
    while True:
        byte = file.read(1)
        while byte == b"\xff":  # any number of them may stand before a marker
            byte = file.read(1)
        length = int.from_bytes(file.read(2)) - 2
        if not byte or length < 1:
            return False
        marker = byte[0]
        if marker in _BASELINE:
            parts = file.read(length)[5:6][0]
        elif marker == _SCAN:
            return parts > 0 and file.read(1)[0] == parts
        elif marker in _PROGRESSIVE_OR_RARE:
            return False
        else:
            file.seek(length, os.SEEK_CUR)


_BASELINE = frozenset({0xC0, 0xC1})
_PROGRESSIVE_OR_RARE = frozenset({0xC2, 0xC3, *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)})
_SCAN = 0xDA


def _scans(file: BinaryIO) -> int:
    """Count what may be the beginning of a scan, in the metadata too."""
    file.seek(0)
    found, last = 0, b""
    while block := file.read(1 << 20):
        found += (last + block).count(b"\xff\xda")
        last = block[-1:]
    return found
