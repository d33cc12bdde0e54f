"""No one sees another's (DESIGN, promise 2): every byte and name of every portal is searched, after every kind of build."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from marked_practice import CLIENTS, ENDED, PRIVATE, Marks, write_practice
from portal_builds import build, readable, site_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)
# What a client must find in their own portal: a search that finds nothing anywhere would show nothing.
SHOWN = {
    "client name", "contact name", "contact role", "link name", "link address", "logo", "font", "title of doing",
    "title of done",
    "body of doing", "check", "text of request", "text of outgoing", "text of reply", "text of note", "quoted in reply",
    "sender name", "attachment name", "attachment", "delivery name", "delivery", "drawing", "photo name", "archived",
    "line", "buyer", "reason", "own page slug", "own page title", "own page text", "welcome",
}  # fmt: skip


class Practice:
    """The marked practice of one test, and who may see whose words."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.marks: Marks = write_practice(root)

    def strange(self, owners: dict[str, str]) -> list[tuple[str, str, set[tuple[str, str]]]]:
        """Give what stands in a portal and is not its client's. `owners`: by portal, whose words it may hold."""
        site = self.root / "site"
        assert {path.name for path in site.iterdir()} == set(owners)
        return [
            (key, name, strangers)
            for key, owner in owners.items()
            for name, content in readable(site_of(site / key))
            if (strangers := {found for found in self.marks.found(content) if found[0] != owner})
        ]

    def fields(self, key: str) -> set[str]:
        """Give the fields whose words stand in a portal."""
        return {field for _, content in readable(site_of(self.root / "site" / key)) for _, field in self.marks.found(content)}


OWN = {key: key[0] for key in CLIENTS}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Practice:
    practice = Practice(tmp_path_factory.mktemp("apart") / "practice")
    assert not build(practice.root, NOW, jobs=2).errors
    return practice


@pytest.fixture
def practice(first: Practice, tmp_path: Path) -> Practice:
    """Give the practice, built, to change."""
    copy = Practice.__new__(Practice)
    copy.root, copy.marks = tmp_path / "practice", first.marks
    shutil.copytree(first.root, copy.root, symlinks=True)
    return copy


def test_a_portal_holds_all_that_is_its_clients_to_see_and_nothing_else(first: Practice) -> None:
    assert first.strange(OWN) == []
    for key in CLIENTS:
        assert SHOWN - first.fields(key) == set()


def test_the_program_keeps_what_it_knows_of_a_client_apart_too_and_out_of_the_site(first: Practice) -> None:
    assert {path.name for path in (first.root / "site").iterdir()} == set(CLIENTS)
    shells = [content for _, content in readable(site_of(first.root / ".recado" / "shells"))]
    assert shells
    assert [found for content in shells for found in first.marks.found(content)] == []


@pytest.mark.parametrize("copied", ["index.html", "requests/ana-1.html", "requests/index.html", "assets/brand.css"])
def test_a_control_a_file_of_anothers_that_was_copied_is_found(practice: Practice, copied: str) -> None:
    site = practice.root / "site"
    shutil.copy(site / "ana" / copied, site / "cat" / "other.html")
    found = practice.strange(OWN)
    if copied == "assets/brand.css":  # the one that holds no word of anyone's
        assert found == []
    else:
        assert {(key, name) for key, name, _ in found} == {("cat", "other.html")}


def _edit(practice: Practice) -> dict[str, str]:
    """Let every text of ana's say something new: none of the old words may stay."""
    for file in (practice.root / "portal_src" / "ana").rglob("*"):
        if file.is_file() and file.suffix in {".md", ".txt", ".yml", ".csv"}:
            file.write_bytes(re.sub(rb"zqa(\d{3})qz", rb"new\1", file.read_bytes()))
    return OWN


def _move_everything_private_elsewhere(practice: Practice) -> dict[str, str]:
    for client in CLIENTS:
        folder = practice.root / "portal_src" / client
        (folder / "private").rename(folder / "private-too")
        (folder / "sent").rename(folder / "sent-too")
        shutil.copytree(folder / "private-too", folder / "private")
    return OWN


def _take_one_away(practice: Practice) -> dict[str, str]:
    text = (practice.root / "clients.yml").read_text(encoding="utf-8")
    (practice.root / "clients.yml").write_text(re.sub(r"(?s)  bob:\n.*?(?=  cat:\n)", "", text), encoding="utf-8")
    return {"ana": "a", "cat": "c"}


def _let_one_end(practice: Practice) -> dict[str, str]:
    text = (practice.root / "clients.yml").read_text(encoding="utf-8")
    ended = text.replace("    code: CAT\n", "    code: CAT\n    ended: 2026-11-24\n")
    (practice.root / "clients.yml").write_text(ended, encoding="utf-8")
    return {"ana": "a", "bob": "b"}


def _rename_one(practice: Practice) -> dict[str, str]:
    text = (practice.root / "clients.yml").read_text(encoding="utf-8")
    (practice.root / "clients.yml").write_text(text.replace("  cat:\n", "  eve:\n"), encoding="utf-8")
    (practice.root / "portal_src" / "cat").rename(practice.root / "portal_src" / "eve")
    return {"ana": "a", "bob": "b", "eve": "c"}


def _swap_two(practice: Practice) -> dict[str, str]:
    """Let ana be called cat, and cat ana: each name's files, and all that is kept of them, were the other's."""
    sources, file = practice.root / "portal_src", practice.root / "clients.yml"
    text = file.read_text(encoding="utf-8").replace("  ana:\n", "  XXX:\n").replace("  cat:\n", "  ana:\n")
    file.write_text(text.replace("  XXX:\n", "  cat:\n"), encoding="utf-8")
    (sources / "ana").rename(sources / "away")
    (sources / "cat").rename(sources / "ana")
    (sources / "away").rename(sources / "cat")
    return {"ana": "c", "bob": "b", "cat": "a"}


def _give_a_name_to_someone_new(practice: Practice) -> dict[str, str]:
    """Let bob's key, code and folder's name be those of another client, who has no files yet."""
    file = practice.root / "clients.yml"
    text = file.read_text(encoding="utf-8")
    new = "  bob:\n    code: BOB\n    name: Someone new\n    contacts: [{name: New, email: new@new.example}]\n"
    file.write_text(re.sub(r"(?s)  bob:\n.*?(?=  cat:\n)", new, text), encoding="utf-8")
    folder = practice.root / "portal_src" / "bob"
    folder.rename(practice.root / "away")
    (folder / "tasks").mkdir(parents=True)
    (folder / "tasks" / "0001-first.md").write_text("---\ntitle: First\n---\nText.\n", encoding="utf-8")
    return {"ana": "a", "bob": "-", "cat": "c"}


@pytest.mark.parametrize(
    "change",
    [
        _edit,
        _move_everything_private_elsewhere,
        _take_one_away,
        _let_one_end,
        _rename_one,
        _swap_two,
        _give_a_name_to_someone_new,
    ],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_nor_after_a_build_that_uses_what_was_kept(
    practice: Practice, change: Callable[[Practice], dict[str, str]], jobs: int
) -> None:
    owners = change(practice)
    result = build(practice.root, NOW + timedelta(minutes=5), jobs=jobs)
    assert not result.errors
    assert practice.strange(owners) == []
    for key, owner in owners.items():
        was = {"a": "ana", "b": "bob", "c": "cat"}.get(owner)
        if was and (change is not _edit or key != "ana"):
            assert SHOWN - practice.fields(key) == set()


def test_nothing_stays_of_what_is_said_no_more(practice: Practice) -> None:
    _edit(practice)
    build(practice.root, NOW)
    records = {"client name", "contact name", "second contact", "contact address", "contact role", "link name", "link address"}
    records |= {"logo", "font", "late fee", "client street", "client tax id"}  # clients.yml says them still
    # Names of files are as they were; what an archive or a picture holds was not edited either.
    names = {name for _, name in practice.marks.fields.items() if name.endswith(("name", "slug"))}
    assert practice.fields("ana") - records - names - {"archived", "photo comment", "drawing"} == set()


def test_what_is_accepted_is_shown_and_what_is_rejected_later_is_gone_again(practice: Practice) -> None:
    (reply,) = (practice.root / "portal_src" / "ana" / "tasks").glob("0001-*/*-00000007.md")
    text = reply.read_text(encoding="utf-8")
    for verified, shows in (("accepted", True), ("rejected", False), ("pass", True), ("fail", False)):
        reply.write_text(text.replace("verified: fail", f"verified: {verified}"), encoding="utf-8")
        build(practice.root, NOW)
        fields = practice.fields("ana")
        shown = {field for field in fields if "withheld" in field or field == "text of reply of ana"}
        assert (shown == {"withheld file name of ana", "withheld file of ana", "text of reply of ana"}) is shows, verified
        assert bool(shown) is shows


def test_what_has_ended_has_no_portal(first: Practice) -> None:
    assert not (first.root / "site" / ENDED).exists()
    assert PRIVATE not in OWN.values()
