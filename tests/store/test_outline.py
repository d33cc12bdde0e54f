"""Looking at a client's files once more: whatever was done to them is seen, or a listing is asked for."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from recado.store.list_again import list_as_before
from recado.store.listing import Listing, list_client
from recado.store.outline import Outline, Seen, look_at_outline, outline_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from recado.store.workspace import ClientFolder

NAMES = (
    "history.csv", "welcome.md", "time/2026-11.csv", "invoices/1.yml", "pages/a.md", "tasks/0042-x.md", "tasks/.highest",
    "tasks/0042-x/20261124T081209Z-7f3a91c2.md", "tasks/0042-x/files/a.pdf", "tasks/0042-x/private.md", "private/a.md",
)  # fmt: skip


def put(root: Path, name: str, text: str = "x") -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def filled(client: ClientFolder, monkeypatch: pytest.MonkeyPatch) -> ClientFolder:
    """A folder with one of each, as it is looked at a minute later: nothing in it was changed just now."""
    for name in NAMES:
        put(client.root, name)
    now = client.root.stat().st_ctime_ns + 60_000_000_000
    monkeypatch.setattr("time.time_ns", lambda: now)
    return client


def renamed(root: Path) -> None:
    (root / "tasks/0042-x.md").rename(root / "tasks/0043-y.md")
    (root / "tasks/0042-x").rename(root / "tasks/0043-y")


def exchanged(root: Path) -> None:
    (root / "tasks/0042-x").rename(root / "aside")
    put(root, "tasks/0042-x/files/b.pdf")


def put_back(root: Path) -> None:
    found = (root / "welcome.md").stat()
    put(root, "welcome.md", "y")
    os.utime(root / "welcome.md", ns=(found.st_atime_ns, found.st_mtime_ns))


def in_place_of_a_file(root: Path) -> None:
    (root / "tasks/0042-x.md").unlink()
    put(root, "tasks/0042-x.md/a.md")


def replaced(root: Path) -> None:
    put(root, ".new", "y")
    (root / ".new").rename(root / "pages/a.md")


def other_pages(root: Path) -> None:
    shutil.rmtree(root / "pages")
    put(root, "pages/b.md")


def linked(root: Path) -> None:
    (root / "pages").rename(root / "elsewhere")
    (root / "pages").symlink_to("elsewhere")


def edited(root: Path) -> None:
    put(root, "tasks/.0042-x.md.swp")
    (root / "tasks/.0042-x.md.swp").unlink()


CHANGES: dict[str, Callable[[Path], object]] = {
    "words": lambda root: put(root, "tasks/0042-x.md", "other words"),
    "a size and a time that were put back": put_back,
    "an editor's way": replaced,
    "one more task": lambda root: put(root, "tasks/0043-y.md"),
    "one more folder": lambda root: put(root, "tasks/0043-y/files/deep/er.pdf"),
    "one more message": lambda root: put(root, "tasks/0042-x/20261124T081210Z-7f3a91c3.md"),
    "one more file": lambda root: put(root, "tasks/0042-x/files/b.pdf"),
    "other pages": other_pages,
    "a file gone": lambda root: (root / "tasks/0042-x/files/a.pdf").unlink(),
    "a folder gone": lambda root: shutil.rmtree(root / "tasks/0042-x"),
    "all gone": lambda root: shutil.rmtree(root / "tasks"),
    "another name": renamed,
    "another folder of the same name": exchanged,
    "a folder in place of a file": in_place_of_a_file,
    "a link": lambda root: (root / "pages/b.md").symlink_to("a.md"),
    "a link in place of a folder": linked,
}
OTHERS: dict[str, Callable[[Path], object]] = {
    "nothing": lambda root: root.exists(),
    "a note": lambda root: put(root, "tasks/0042-x/private.md", "y"),
    "a number": lambda root: put(root, "tasks/.highest", "y"),
}
BESIDE: dict[str, Callable[[Path], object]] = {
    "an editor's file": edited,
    "something private": lambda root: put(root, "sent/2026/a.eml"),
}


@pytest.mark.parametrize("name", [*CHANGES, *OTHERS, *BESIDE])
def test_listing_as_before_gives_what_listing_from_the_start_does(filled: ClientFolder, name: str) -> None:
    before = list_client(filled)
    (CHANGES | OTHERS | BESIDE)[name](filled.root)
    again, anew = list_as_before(filled, before), list_client(filled)
    assert again is not None
    assert (again.files, again.digest, again.unsettled) == (anew.files, anew.digest, anew.unsettled)
    assert again.folders == anew.folders


@pytest.mark.parametrize("name", CHANGES)
def test_what_changed_is_seen_by_the_outline_or_asks_for_a_listing(filled: ClientFolder, name: str) -> None:
    outline = outline_of(list_client(filled))
    CHANGES[name](filled.root)
    assert look_at_outline(filled, outline) is not Seen.SAME


@pytest.mark.parametrize("name", OTHERS)
def test_what_no_page_is_made_of_is_the_same_at_a_glance(filled: ClientFolder, name: str) -> None:
    outline = outline_of(list_client(filled))
    OTHERS[name](filled.root)
    assert look_at_outline(filled, outline) is Seen.SAME


def test_words_that_changed_need_no_listing(filled: ClientFolder) -> None:
    outline = outline_of(list_client(filled))
    put(filled.root, "tasks/0042-x.md", "other words")
    assert look_at_outline(filled, outline) is Seen.OTHER


def test_where_a_link_stands_or_something_may_change_unseen_there_is_no_outline(filled: ClientFolder) -> None:
    listing = list_client(filled)
    assert outline_of(listing) != Outline()
    assert outline_of(listing._replace(unsettled=frozenset({"welcome.md"}))) == Outline()
    assert outline_of(Listing(listing.files, listing.digest, listing.unsettled)) == Outline()
    (filled.root / "pages/b.md").symlink_to("a.md")
    assert outline_of(list_client(filled)) == Outline()
    assert look_at_outline(filled, Outline()) is Seen.UNKNOWN


def test_a_name_of_two_lines_is_in_no_outline(filled: ClientFolder) -> None:
    put(filled.root, "tasks/0042-x/files/two\nlines.pdf")
    listing = list_client(filled)
    assert "tasks/0042-x/files/two\nlines.pdf" in listing.files
    assert outline_of(listing) == Outline()


def test_a_folder_that_was_just_changed_is_in_no_listing_to_go_on_from(client: ClientFolder) -> None:
    put(client.root, "tasks/0042-x.md")
    assert list_client(client).folders == {}
    assert list_as_before(client, list_client(client)) is None
