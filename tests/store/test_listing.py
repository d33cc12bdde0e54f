"""The listing of a client's files: what is in it, what is not, and that listing again what is told gives the same."""

from __future__ import annotations

import shutil
import stat
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from recado.store.list_again import list_again
from recado.store.listing import is_file, list_client, nothing_listed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from recado.store.workspace import ClientFolder


def put(client: ClientFolder, name: str, text: str = "x") -> Path:
    path = client.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def filled(client: ClientFolder) -> ClientFolder:
    """A folder with one of each."""
    for name in (
        "history.csv", "welcome.md", "time/2026-11.csv", "invoices/1.yml", "pages/a.md", "tasks/0042-x.md",
        "tasks/0042-x/20261124T081209Z-7f3a91c2.md", "tasks/0042-x/files/a.pdf",
    ):  # fmt: skip
        put(client, name)
    return client


def test_only_what_a_portal_is_built_from_is_listed(filled: ClientFolder) -> None:
    listed = list_client(filled)
    for name in ("private/a.md", "sent/a.md", "tasks/0042-x/private.md", "tasks/.highest", "tasks/0042-x/files/.b", "other.md"):
        put(filled, name)
    assert set(list_client(filled).files) == set(listed.files)
    assert len(listed.files) == 8
    assert all(is_file(stamp) for stamp in listed.files.values())


def add_a_file(client: ClientFolder) -> Path:
    return put(client, "tasks/0042-x/files/b.pdf")


def change_a_task(client: ClientFolder) -> Path:
    return put(client, "tasks/0042-x.md", "longer")


def make_a_thread(client: ClientFolder) -> Path:
    put(client, "tasks/0043-y/files/a.pdf")
    return put(client, "tasks/0043-y/20261124T081209Z-00000001.md")


def make_a_folder_among_the_files(client: ClientFolder) -> Path:
    return put(client, "tasks/0042-x/files/sub/deep/a.pdf")


def remove_a_thread(client: ClientFolder) -> Path:
    shutil.rmtree(client.root / "tasks/0042-x")
    return client.root / "tasks/0042-x"


def remove_a_task(client: ClientFolder) -> Path:
    (client.root / "tasks/0042-x.md").unlink()
    return client.root / "tasks/0042-x.md"


def put_a_folder_in_place_of_a_page(client: ClientFolder) -> Path:
    (client.root / "pages/a.md").unlink()
    return put(client, "pages/a.md/b.txt")


def link_a_folder_out(client: ClientFolder) -> Path:
    folder = client.root / "tasks/0042-x/files"
    shutil.move(folder, client.root.with_name("elsewhere"))
    folder.symlink_to(client.root.with_name("elsewhere"))
    return folder / "a.pdf"


def write_what_is_not_listed(client: ClientFolder) -> Path:
    return put(client, "private/a.md")


CHANGES = [
    add_a_file, change_a_task, make_a_thread, make_a_folder_among_the_files, remove_a_thread, remove_a_task,
    put_a_folder_in_place_of_a_page, link_a_folder_out, write_what_is_not_listed,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_listing_again_what_is_told_gives_what_listing_all_gives(
    filled: ClientFolder, change: Callable[[ClientFolder], Path]
) -> None:
    before = list_client(filled)
    told = change(filled)
    again, whole = list_again(filled, before, [told]), list_client(filled)
    assert again.files == whole.files
    assert again.digest == whole.digest
    assert (again.digest == before.digest) is (change is write_what_is_not_listed)


@pytest.mark.parametrize(("age", "part", "is_settled"), [(10**9, 0, False), (3 * 10**9, 0, True), (10**9, 4 * 10**6, True)])
def test_where_stamps_are_whole_seconds_what_was_changed_in_the_last_two_is_unsettled(
    client: ClientFolder, monkeypatch: pytest.MonkeyPatch, age: int, part: int, *, is_settled: bool
) -> None:
    changed = 1_795_000_000 * 10**9 + part
    stamped = SimpleNamespace(st_mode=stat.S_IFREG, st_size=8, st_mtime_ns=changed, st_ctime_ns=changed, st_ino=7)
    monkeypatch.setattr("recado.store.listing.os.lstat", lambda _path: stamped)
    monkeypatch.setattr("recado.store.listing.time.time_ns", lambda: changed + age)
    listing = list_client(client)
    assert "welcome.md" in listing.files
    assert ("welcome.md" not in listing.unsettled) is is_settled
    assert bool(listing.folders) is is_settled


def test_what_a_link_leads_to_is_part_of_its_stamp(filled: ClientFolder) -> None:
    there = put(filled, "private/there.md")
    (filled.root / "tasks/0043-y.md").symlink_to(there)
    before = list_client(filled)
    there.write_text("longer")
    assert not is_file(before.files["tasks/0043-y.md"])
    assert list_client(filled).digest != before.digest


def test_nothing_listed_stands_for_its_listing_and_is_never_settled(filled: ClientFolder) -> None:
    listing = list_client(filled)
    nothing = nothing_listed(listing)
    assert (nothing.files, nothing.digest) == ({}, listing.digest)
    assert nothing.unsettled
