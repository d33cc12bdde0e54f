"""The files of a task on the portal: which ones, and under what name."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.errors import FileError
from recado.model.address import Person
from recado.model.client_work import File, Thread
from recado.model.message import Kind, Message, Verified
from recado.model.ref import Ref
from recado.model.task import Task
from recado.portal.files import RUNNABLE, published_bytes, published_files, published_name, published_path, published_url
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from recado.store.workspace import ClientFolder

REF = Ref("ACME", 42)
TASK = Task(REF, "0042-december-posts", "December posts")


def delivery(name: str) -> File:
    return File(name, 3, None)


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("report.pdf", "report.pdf"),
        ("7f3a91c2-brief.pdf", "7f3a91c2-brief.pdf"),
        ("catálogo-otoño.pdf", "catálogo-otoño.pdf"),
        ("報告.xlsx", "報告.xlsx"),
        ("page.html", "page.html.zip"),
        ("PAGE.HTM", "PAGE.HTM.zip"),
        ("drawing.svg", "drawing.svg.zip"),
        ("feed.xml", "feed.xml.zip"),
        ("tool.js", "tool.js.zip"),
        ("photos.zip", "photos.zip"),
    ],
)
def test_a_file_keeps_its_name_and_what_a_browser_runs_is_zipped(name: str, published: str) -> None:
    assert published_name(delivery(name)) == published


@pytest.mark.parametrize(
    "name", ["a b.pdf", "../x.pdf", "a/b", ".htaccess", "con.txt", "x\u202egnp.exe", "x.html.zip", "x.html.", "-", "x\n"]
)
def test_a_name_that_cannot_stay_carries_digits_of_the_old_one(name: str) -> None:
    published = published_name(delivery(name))
    assert published != name
    assert_is_safe(published)


def assert_is_safe(name: str) -> None:
    assert 0 < len(name.encode()) <= 120
    assert not name.startswith((".", "-"))
    assert not any(letter in name for letter in '/\\:*?"<>|%#& \n\t\0\u202e')


@given(st.text(min_size=1, max_size=300), st.text(min_size=1, max_size=300))
def test_names_are_safe_and_never_meet(one: str, other: str) -> None:
    names = {published_name(delivery(one)), published_name(delivery(other))}
    for name in names:
        assert_is_safe(name)
        assert not name.lower().endswith(tuple(RUNNABLE))
    if len(names) == 1:
        assert unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)


def test_a_file_stands_under_its_task_and_its_link_is_encoded() -> None:
    file = delivery("otoño.pdf")
    assert published_path(REF, file) == "requests/acme-42/otoño.pdf"
    assert published_url(REF, file) == "requests/acme-42/oto%C3%B1o.pdf"


def message(verified: Verified, kind: Kind = Kind.REPLY) -> Message:
    received = datetime(2026, 11, 24, tzinfo=UTC)
    return Message("20261124T000000Z-7f3a91c2", Person("", "a@b.example"), received, kind, verified)


@pytest.mark.parametrize(
    ("verified", "shown"),
    [(Verified.PASS, 2), (Verified.NONE, 2), (Verified.ACCEPTED, 2), (Verified.FAIL, 1), (Verified.REJECTED, 1)],
)
def test_the_files_of_a_withheld_message_are_withheld(verified: Verified, shown: int) -> None:
    files = (File("7f3a91c2-brief.pdf", 1, "7f3a91c2"), delivery("report.pdf"))
    assert len(published_files(Thread(TASK, (message(verified),), files))) == shown


def test_where_the_request_is_withheld_no_file_of_the_task_is_published() -> None:
    files = (File("7f3a91c2-brief.pdf", 1, "7f3a91c2"), delivery("report.pdf"))
    assert published_files(Thread(TASK, (message(Verified.FAIL, Kind.REQUEST),), files)) == ()


@pytest.fixture
def folder(tmp_path: Path) -> ClientFolder:
    folder = Workspace(tmp_path).client("acme")
    (folder.thread(TASK.name) / "files").mkdir(parents=True)
    (folder.thread(TASK.name) / "files" / "page.html").write_bytes(b"<script>")
    return folder


def test_a_zip_has_the_file_in_it_and_is_the_same_every_time(folder: ClientFolder) -> None:
    thread = Thread(TASK, files=(delivery("page.html"),))
    made = published_bytes(folder, thread, delivery("page.html"))
    assert made == published_bytes(folder, thread, delivery("page.html"))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.read("page.html") == b"<script>"


@pytest.mark.parametrize("target", ["portal_src/other/secret.txt", "portal_src/acme/private/notes.md", "clients.yml"])
def test_a_link_out_of_what_the_client_may_see_is_refused(folder: ClientFolder, tmp_path: Path, target: str) -> None:
    secret = tmp_path / target
    secret.parent.mkdir(parents=True, exist_ok=True)
    secret.write_text("secret")
    (folder.thread(TASK.name) / "files" / "link.txt").symlink_to(secret)
    with pytest.raises(FileError, match=r"link\.txt:1: it is a link to"):
        published_bytes(folder, Thread(TASK), delivery("link.txt"))


def test_a_folder_that_is_a_link_is_refused_too(folder: ClientFolder, tmp_path: Path) -> None:
    other = tmp_path / "portal_src" / "other"
    other.mkdir()
    (other / "x.txt").write_text("secret")
    elsewhere = Task(Ref("ACME", 43), "0043-x", "x")
    folder.thread(elsewhere.name).mkdir()
    (folder.thread(elsewhere.name) / "files").symlink_to(other)
    with pytest.raises(FileError):
        published_bytes(folder, Thread(elsewhere), delivery("x.txt"))
