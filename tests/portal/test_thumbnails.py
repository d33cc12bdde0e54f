"""The thumbnails of a task's pictures: made once for each content, and never of what its client may not see."""

from __future__ import annotations

import io
import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from recado.errors import WorkError
from recado.model.address import Person
from recado.model.client_work import File, Thread
from recado.model.message import Kind, Message, Verified
from recado.model.ref import Ref
from recado.model.task import Task
from recado.portal import thumbnails
from recado.portal.files import published_name, thumbnail_path, thumbnail_url
from recado.portal.small_picture import LIGHT
from recado.portal.thumbnails import thumbnail_bytes, thumbnails_to_publish, with_thumbnails
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from recado.store.workspace import ClientFolder

TASK = Task(Ref("ACME", 42), "0042-photos", "Photos")


def photo(seed: int = 1) -> bytes:
    made = io.BytesIO()
    pixels = random.Random(seed).randbytes(900 * 600 * 3)  # noqa: S311 (a picture)
    Image.frombytes("RGB", (900, 600), pixels).save(made, "JPEG")
    return made.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> ClientFolder:
    folder = Workspace(tmp_path).client("acme")
    (folder.thread(TASK.name) / "files").mkdir(parents=True)
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / ".recado" / "thumbnails"


def put(folder: ClientFolder, files: dict[str, bytes], message: str | None = None) -> Thread:
    for name, content in files.items():
        (folder.thread(TASK.name) / "files" / name).write_bytes(content)
    return Thread(TASK, files=tuple(File(name, len(content), message) for name, content in files.items()))


def test_a_photo_has_a_thumbnail_that_stands_beside_it(folder: ClientFolder, cache: Path) -> None:
    thread = with_thumbnails(folder, put(folder, {"maceta.jpg": photo()}), cache)
    (file,) = thread.files
    assert file.thumbnail is not None
    assert (file.thumbnail.width, file.thumbnail.height) == (640, 427)
    assert thumbnail_path(TASK.ref, file) == f"requests/acme-42/{file.thumbnail.name}"
    assert thumbnail_url(TASK.ref, file).endswith(".webp")
    with Image.open(io.BytesIO(thumbnail_bytes(folder, thread, file, cache))) as picture:
        assert picture.size == (640, 427)


def test_no_file_can_be_published_under_the_name_of_a_thumbnail(folder: ClientFolder, cache: Path) -> None:
    (file,) = with_thumbnails(folder, put(folder, {"maceta.jpg": photo()}), cache).files
    assert file.thumbnail is not None
    assert published_name(File(file.thumbnail.name, 1, None)) != file.thumbnail.name


def test_a_light_picture_is_shown_itself(folder: ClientFolder, cache: Path) -> None:
    made = io.BytesIO()
    Image.new("RGB", (320, 200), "teal").save(made, "PNG")
    assert len(made.getvalue()) < LIGHT
    (file,) = with_thumbnails(folder, put(folder, {"mark.png": made.getvalue()}), cache).files
    assert file.thumbnail is not None
    assert (file.thumbnail.name, file.thumbnail.width) == ("", 320)
    assert thumbnail_path(TASK.ref, file) == "requests/acme-42/mark.png"
    assert thumbnails_to_publish([file]) == ()


def test_one_content_is_made_small_once(folder: ClientFolder, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    thread = put(folder, {"one.jpg": photo(), "again.jpg": photo(), "broken.png": b"\x89PNG\r\n\x1a\n" + bytes(90_000)})
    first = with_thumbnails(folder, thread, cache)
    monkeypatch.setattr(thumbnails, "small_picture", lambda _source: pytest.fail("it is kept"))
    assert with_thumbnails(folder, thread, cache) == first
    assert [file.name for file in thumbnails_to_publish(first.files)] == ["one.jpg"]
    assert first.files[2].thumbnail is None
    assert thumbnail_bytes(folder, first, first.files[1], cache)


@pytest.mark.parametrize("left", [b"", b"small 640 427 999999\nRIFF", b"small x\n", b"huge 1 1 0\n", b"\xff\xfe\n"])
def test_what_is_kept_half_or_not_at_all_is_made_again(folder: ClientFolder, cache: Path, left: bytes) -> None:
    thread = with_thumbnails(folder, put(folder, {"maceta.jpg": photo()}), cache)
    content = thumbnail_bytes(folder, thread, thread.files[0], cache)
    (kept,) = cache.iterdir()
    kept.write_bytes(left)
    assert with_thumbnails(folder, thread, cache) == thread
    kept.unlink()
    assert thumbnail_bytes(folder, thread, thread.files[0], cache) == content


def test_what_was_altered_where_it_is_kept_is_made_again_when_nothing_kept_is_to_be_used(
    folder: ClientFolder, cache: Path
) -> None:
    thread = with_thumbnails(folder, put(folder, {"maceta.jpg": photo()}), cache)
    content = thumbnail_bytes(folder, thread, thread.files[0], cache)
    (kept,) = cache.iterdir()
    kept.write_bytes(kept.read_bytes().replace(content, bytes(len(content))))
    assert with_thumbnails(folder, thread, cache, is_full=True) == thread
    assert thumbnail_bytes(folder, thread, thread.files[0], cache) == content


def test_without_a_place_to_keep_them_they_are_the_same(folder: ClientFolder, cache: Path) -> None:
    thread = put(folder, {"maceta.jpg": photo()})
    cache.parent.mkdir()
    cache.write_bytes(b"a file is in the way")
    without = with_thumbnails(folder, thread, None)
    assert with_thumbnails(folder, thread, cache) == without
    assert thumbnail_bytes(folder, without, without.files[0], None) == thumbnail_bytes(folder, without, without.files[0], cache)


def test_a_picture_that_changed_meanwhile_is_told(folder: ClientFolder) -> None:
    thread = with_thumbnails(folder, put(folder, {"maceta.jpg": photo()}), None)
    put(folder, {"maceta.jpg": photo(2)})
    with pytest.raises(WorkError, match=r"maceta\.jpg"):
        thumbnail_bytes(folder, thread, thread.files[0], None)


@pytest.mark.parametrize("name", ["photo.svg", "photo.html", "photo.pdf", "photo"])
def test_what_no_browser_draws_under_its_name_has_none(folder: ClientFolder, cache: Path, name: str) -> None:
    (file,) = with_thumbnails(folder, put(folder, {name: photo()}), cache).files
    assert file.thumbnail is None


def test_a_png_that_is_called_jpg_is_a_picture(folder: ClientFolder, cache: Path) -> None:
    made = io.BytesIO()
    Image.open(io.BytesIO(photo())).save(made, "PNG")
    (file,) = with_thumbnails(folder, put(folder, {"photo.JPG": made.getvalue()}), cache).files
    assert file.thumbnail is not None


@pytest.mark.parametrize("kind", [Kind.REPLY, Kind.REQUEST])
def test_a_picture_of_a_withheld_message_is_not_even_looked_at(folder: ClientFolder, cache: Path, kind: Kind) -> None:
    received = datetime(2026, 11, 24, tzinfo=UTC)
    message = Message("20261124T000000Z-7f3a91c2", Person("", "a@b.example"), received, kind, Verified.FAIL)
    files = put(folder, {"7f3a91c2-photo.jpg": photo()}, "7f3a91c2").files
    thread = with_thumbnails(folder, Thread(TASK, (message,), files), cache)
    assert thread.files[0].thumbnail is None
    assert not cache.exists()


def test_a_link_to_another_clients_photo_has_none(folder: ClientFolder, cache: Path) -> None:
    other = folder.workspace / "portal_src" / "other"
    other.mkdir()
    (other / "photo.jpg").write_bytes(photo())
    (folder.thread(TASK.name) / "files" / "link.jpg").symlink_to(other / "photo.jpg")
    (file,) = with_thumbnails(folder, Thread(TASK, files=(File("link.jpg", 3, None),)), cache).files
    assert file.thumbnail is None


def test_a_file_that_is_gone_has_none(folder: ClientFolder, cache: Path) -> None:
    (file,) = with_thumbnails(folder, Thread(TASK, files=(File("gone.jpg", 3, None),)), cache).files
    assert file.thumbnail is None
