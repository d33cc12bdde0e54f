"""A picture made small: upright, without metadata, the same every time; and nothing at all of what is hostile or broken."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms

from recado.portal.small_picture import HIGHEST, LIGHT, WIDEST, SmallPicture, small_picture


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Draw what no format makes small: the same every time."""
    bands = len(Image.new(mode, (1, 1)).getbands())
    return Image.frombytes(mode, (width, height), random.Random(7).randbytes(width * height * bands))  # noqa: S311 (a picture)


def written(picture: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def small(content: bytes) -> SmallPicture | None:
    return small_picture(io.BytesIO(content))


def drawn(content: bytes) -> Image.Image:
    found = small(content)
    assert found is not None
    assert found.content is not None
    picture = Image.open(io.BytesIO(found.content))
    assert (picture.format, picture.mode, picture.size) == ("WEBP", "RGB", (found.width, found.height))
    return picture


@pytest.mark.parametrize(
    ("size", "fits"), [((1600, 1200), (640, 480)), ((900, 3000), (288, 960)), ((5000, 4), (640, 1)), ((3, 9000), (1, 960))]
)
def test_a_large_picture_fits_the_column_and_keeps_its_shape(size: tuple[int, int], fits: tuple[int, int]) -> None:
    found = small(written(noise(*size), "JPEG", quality=95))
    assert found is not None
    assert (found.width, found.height) == fits
    assert found.width <= WIDEST
    assert found.height <= HIGHEST


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_kind_of_png_is_drawn(mode: str) -> None:
    picture = noise(1600, 1200, "RGBA")
    drawn(written(picture.convert("RGB").quantize(256) if mode == "P" else picture.convert(mode)))


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_every_kind_of_jpeg_is_drawn(mode: str, *, progressive: bool) -> None:
    drawn(written(noise(1200, 900, mode), "JPEG", progressive=progressive))


@pytest.mark.parametrize("form", ["GIF", "WEBP"])
def test_a_still_gif_or_webp_is_drawn(form: str) -> None:
    drawn(written(noise(800, 600), form))


def test_a_picture_of_sixteen_bits_a_colour_has_none_rather_than_a_wrong_one() -> None:
    assert small(written(Image.frombytes("I;16", (800, 600), random.Random(7).randbytes(960_000)))) is None  # noqa: S311


def test_one_that_fits_and_is_light_is_shown_itself() -> None:
    content = written(Image.new("RGB", (640, 480), "teal"))
    assert len(content) < LIGHT
    assert small(content) == SmallPicture(640, 480, None)


def test_one_that_would_only_grow_is_shown_itself_at_the_size_that_fits() -> None:
    assert small(written(noise(700, 490).convert("1"))) == SmallPicture(640, 448, None)


def test_the_same_picture_gives_the_same_bytes() -> None:
    content = written(noise(1000, 700), "JPEG")
    assert small(content) == small(content)


# What each orientation of EXIF does with a picture whose top is red and whose left is dark.
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright(orientation: int) -> None:
    upright = Image.new("RGB", (1200, 900), "white")
    upright.paste("red", (0, 0, 1200, 300))
    upright.paste("blue", (0, 300, 300, 900))
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the turn that undoes each
    laid = upright.transpose(Image.Transpose(back[orientation])) if orientation in back else upright
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    picture = drawn(written(laid, "JPEG", exif=exif, quality=95, subsampling=0))
    assert picture.size == (640, 480)
    colours = [picture.getpixel(point) for point in ((320, 80), (80, 320), (400, 320))]
    for found, expected in zip(colours, [(254, 0, 0), (0, 0, 254), (255, 255, 255)], strict=True):
        assert isinstance(found, tuple)
        assert all(abs(one - other) < 24 for one, other in zip(found, expected, strict=True)), (found, expected)


def test_a_light_photo_on_its_side_is_shown_itself_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    assert small(written(Image.new("RGB", (400, 300)), "JPEG", exif=exif)) == SmallPicture(300, 400, None)


def test_nothing_is_left_of_what_a_camera_wrote_down() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SecretCam"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (39.0, 28.0, 11.0)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = written(noise(900, 900), "JPEG", exif=exif, icc_profile=srgb, comment=b"SecretPlace")
    found = small(content)
    assert b"SecretCam" in content
    assert b"SecretPlace" in content
    assert found is not None
    assert found.content is not None
    assert found.content[:4] + found.content[8:16] == b"RIFFWEBPVP8 "  # nothing but the picture: no EXIF, ICC or XMP chunk
    assert len(found.content) == 20 + struct.unpack("<I", found.content[16:20])[0]


def test_what_shines_through_stands_on_white() -> None:
    clear = noise(900, 600, "RGBA")
    clear.putalpha(0)
    picture = drawn(written(clear))
    assert picture.getextrema() == ((255, 255), (255, 255), (255, 255))


def test_the_colours_of_a_wider_space_are_brought_into_srgb() -> None:
    # A matrix profile whose red and blue are changed about: what is stored as red is meant as blue.
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    named = bytes(profile).replace(b"s\0R\0G\0B", b"o\0t\0h\0r")
    picture = Image.new("RGB", (700, 700), (250, 10, 10))
    picture.paste(noise(100, 700), (600, 0))
    found = drawn(written(picture, "PNG", icc_profile=named)).getpixel((100, 100))
    assert isinstance(found, tuple)
    assert found[2] > 200
    assert found[0] < 60


# ---- What is hostile or broken ----


def png(width: int, height: int, data: bytes) -> bytes:
    """Write a PNG of one bit a pixel that claims any size."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def gif_of_two() -> bytes:
    first, second = noise(700, 500), noise(700, 500).rotate(180)
    return written(first, "GIF", save_all=True, append_images=[second])


PHOTO = written(noise(1200, 900), "JPEG")
HOSTILE = {
    "empty": b"",
    "text": b"hello" * 40_000,
    "html": b"<script>alert(1)</script>" * 4_000,
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>" * 2_000,
    "tiff": written(noise(800, 600), "TIFF"),
    "bmp": written(noise(800, 600), "BMP"),
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n" + b"showpage\n" * 9_000,
    "pdf": b"%PDF-1.4\n" + b"x" * 90_000,
    "cut photo": PHOTO[: len(PHOTO) // 2],
    "head of a photo": PHOTO[:30] + b"\0" * 70_000,
    "cut png": written(noise(800, 600))[:-50_000],
    "bomb": png(60_000, 60_000, zlib.compress(bytes(1_000_000))),
    "tall bomb": png(100, 2_000_000, zlib.compress(bytes(1_000_000))),
    "no pixels": png(0, 0, zlib.compress(b"")),
    "more than can be": png(2**31 - 1, 2**31 - 1, b"x" * 70_000),
    "moving gif": gif_of_two(),
    "moving png": written(noise(700, 500), "PNG", save_all=True, append_images=[noise(700, 500).rotate(180)]),
    "moving webp": written(noise(700, 500), "WEBP", save_all=True, append_images=[noise(700, 500).rotate(180)]),
    "too heavy": PHOTO + bytes(33_000_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_of_what_is_no_still_picture_or_too_much_there_is_none(name: str) -> None:
    assert small(HOSTILE[name]) is None


def test_a_photo_in_thousands_of_scans_has_none() -> None:
    content = written(noise(800, 600), "JPEG", progressive=True)
    scan = content.rindex(b"\xff\xda")
    last = content[scan:-2]
    assert small(content) is not None
    assert small(content[:-2] + last * 100 + b"\xff\xd9") is None


@pytest.mark.parametrize(
    ("options", "is_drawn"), [({}, True), ({"progressive": True}, False)], ids=["row by row", "held whole in memory"]
)
def test_a_huge_photo_is_drawn_where_it_is_read_row_by_row(options: dict[str, bool], *, is_drawn: bool) -> None:
    found = small(written(Image.linear_gradient("L").resize((5000, 4000)), "JPEG", **options))
    assert (found is not None) is is_drawn


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_file_with_any_bytes_changed_raises_nothing(form: str, data: st.DataObject) -> None:
    content = bytearray(ROUGH[form])
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=12)):
        content[place] = data.draw(st.integers(0, 255))
    found = small(bytes(content[: data.draw(st.integers(0, len(content)))]))
    assert found is None or (0 < found.width <= WIDEST and 0 < found.height <= HIGHEST)


@given(
    st.binary(max_size=300), st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8X", b""])
)
@settings(max_examples=200, deadline=None)
def test_any_bytes_after_the_head_of_a_picture_raise_nothing(rest: bytes, head: bytes) -> None:
    small(head + rest)


ROUGH = {form: written(noise(660, 20), form) for form in ("JPEG", "PNG", "GIF", "WEBP")}
