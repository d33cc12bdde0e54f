"""What was read is not read again: files by their stamps, what they say by their content, and nothing else is trusted."""

from __future__ import annotations

import os
import pickle
from types import SimpleNamespace
from typing import TYPE_CHECKING, Self

import pytest

from recado.store import kept_files
from recado.store.client_work import ReadWork, load_client_work, read_client_work
from recado.store.listing import list_client
from recado.store.practice_file import parse_practice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recado.store.kept_files import KeptFiles
    from recado.store.workspace import ClientFolder

PRACTICE = """\
practice:
  name: Clara Vidal
  owner: Clara Vidal
  email: clara@vidal.example
  language: es
  timezone: Europe/Madrid
  country: ES
mailbox: {address: pedidos@vidal.example, host: imap.vidal.example, user: pedidos, password: {env: VIDAL_IMAP}}
clients:
  acme: {code: CODE, name: Acme, senders: ["@acme.example"]}
"""
RECORD = parse_practice(PRACTICE.replace("CODE", "ACME")).record("acme")
MESSAGE = "---\nfrom: jane@acme.example\nreceived: 2026-11-24T08:12:09Z\nkind: request\n---\nHello\n"
INVOICE = """\
number: {number}
issued: 2026-11-24
due: 2026-12-09
currency: EUR
language: es
seller: {{name: Clara Vidal, country: ES}}
buyer: {{name: North Ltd, country: GB}}
lines: [{{description: Setup, quantity: "1", price: "100.00", net: "100.00"}}]
totals: {{net: "100.00", tax: "0.00", gross: "100.00", withheld: "0.00", payable: "100.00"}}
"""


def put(client: ClientFolder, name: str, text: str) -> Path:
    path = client.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def settle(client: ClientFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock that the listing asks stand an hour after all that was written: what is listed then is settled."""
    newest = max(os.lstat(path).st_ctime_ns for path in client.root.rglob("*"))
    monkeypatch.setattr("recado.store.listing.time.time_ns", lambda: newest + 3_600 * 10**9)


def threads(client: ClientFolder, number: int = 5) -> None:
    for n in range(1, number + 1):
        put(client, f"tasks/{n:04}-x.md", f"---\ntitle: Posts {n}\n---\n")
        put(client, f"tasks/{n:04}-x/20261124T081209Z-0000000{n}.md", MESSAGE)
        put(client, f"tasks/{n:04}-x/files/report.pdf", "x")


def read(client: ClientFolder, kept: KeptFiles | None = None) -> ReadWork:
    return read_client_work(client, RECORD, list_client(client), kept)


@pytest.fixture
def opened(client: ClientFolder, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Tell which files are opened, by their path from the client's folder."""
    names: list[str] = []
    content_of = kept_files._content_of  # noqa: SLF001 (what opens files: only there can it be told)

    def told(path: str, size: int) -> bytes | None:
        names.append(path.removeprefix(f"{client.root}/"))
        return content_of(path, size)

    monkeypatch.setattr(kept_files, "_content_of", told)
    return names


def test_what_is_settled_and_did_not_change_is_not_read_again(
    client: ClientFolder, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    threads(client)
    put(client, "history.csv", "at,ref,by,from,to\n2026-11-26T08:00:00Z,ACME-1,hand,,new\n")
    settle(client, monkeypatch)
    first = read(client)
    assert len(opened) == 11
    opened.clear()
    again = read(client, first.kept)
    assert opened == []
    assert again == first


def test_only_files_that_changed_are_read(client: ClientFolder, opened: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    threads(client)
    settle(client, monkeypatch)
    first = read(client)
    opened.clear()
    put(client, "tasks/0002-x.md", "---\ntitle: Other posts\n---\n")
    put(client, "tasks/0004-x/20261124T081209Z-00000004.md", MESSAGE.replace("Hello", "Goodbye"))
    (client.root / "tasks/0005-x/files/report.pdf").write_text("longer")
    settle(client, monkeypatch)
    again = read(client, first.kept)
    assert sorted(opened) == ["tasks/0002-x.md", "tasks/0004-x/20261124T081209Z-00000004.md"]
    assert again.work == read(client).work
    changed = [a.task.ref.number for a, b in zip(again.work.threads, first.work.threads, strict=True) if a.sources != b.sources]
    assert changed == [2, 4, 5]


def test_the_same_content_is_not_parsed_again(client: ClientFolder, opened: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    threads(client, 1)
    settle(client, monkeypatch)
    first = read(client)
    opened.clear()
    (client.root / "tasks/0001-x.md").touch()
    settle(client, monkeypatch)
    monkeypatch.setattr("recado.store.client_work.parse_task", None)  # whoever calls it fails
    assert read(client, first.kept).work == first.work
    assert opened == ["tasks/0001-x.md"]


def test_what_is_not_settled_is_read_again_even_with_the_same_stamp(client: ClientFolder, opened: list[str]) -> None:
    threads(client, 1)
    listing = list_client(client)
    assert "tasks/0001-x.md" in listing.unsettled
    kept = read_client_work(client, RECORD, listing).kept
    assert {file.stamp for file in kept.files.values()} == {None}
    opened.clear()
    read_client_work(client, RECORD, listing, kept)
    assert len(opened) == 2


def test_a_file_rewritten_with_its_size_and_its_time_is_read_again(
    client: ClientFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads(client, 1)
    path = client.root / "tasks/0001-x.md"
    settle(client, monkeypatch)
    first, before = read(client), path.stat()
    while path.stat().st_ctime_ns == before.st_ctime_ns:  # until the file system's clock has ticked
        path.write_text("---\ntitle: Pests 1\n---\n")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    settle(client, monkeypatch)
    assert [thread.task.title for thread in read(client, first.kept).work.threads] == ["Pests 1"]


def test_what_is_kept_comes_back_from_a_pickle(
    client: ClientFolder, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    threads(client)
    put(client, "invoices/1.yml", INVOICE.format(number="2026-0001"))
    settle(client, monkeypatch)
    first = read(client)
    opened.clear()
    assert read(client, pickle.loads(pickle.dumps(first.kept))).work == first.work  # noqa: S301 (our own)
    assert opened == []


def test_what_was_kept_under_another_code_counts_for_nothing(client: ClientFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    threads(client, 1)
    settle(client, monkeypatch)
    first = read(client)
    renamed = parse_practice(PRACTICE.replace("CODE", "NEW")).record("acme")
    work = read_client_work(client, renamed, list_client(client), first.kept).work
    assert [str(thread.task.ref) for thread in work.threads] == ["NEW-1"]


def test_what_has_a_mistake_is_left_out_and_told_each_time(client: ClientFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    threads(client, 2)
    put(client, "tasks/0002-x.md", "---\ntitle: x\nstatus: finished\n---\n")
    put(client, "tasks/0001-x/20261124T081209Z-00000001.md", "no front matter\n")
    settle(client, monkeypatch)
    first = read(client)
    again = read(client, first.kept)
    assert [(thread.task.ref.number, thread.messages) for thread in first.work.threads] == [(1, ())]
    assert len({problem.file for problem in first.problems}) == 2
    assert again == first
    assert not {"tasks/0002-x.md", "tasks/0001-x/20261124T081209Z-00000001.md"} & first.kept.files.keys()


def test_a_thread_is_another_once_its_broken_message_is_mended(client: ClientFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    threads(client, 1)
    put(client, "tasks/0001-x/20261124T081209Z-00000001.md", "no front matter\n")
    settle(client, monkeypatch)
    first = read(client)
    put(client, "tasks/0001-x/20261124T081209Z-00000001.md", MESSAGE)
    settle(client, monkeypatch)
    again = read(client, first.kept)
    assert again.problems == ()
    assert again.work.threads[0].sources != first.work.threads[0].sources


def test_what_is_gone_is_gone_from_what_is_kept(client: ClientFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    threads(client, 2)
    settle(client, monkeypatch)
    first = read(client)
    (client.root / "tasks/0002-x.md").unlink()
    again = read(client, first.kept)
    assert [thread.task.ref.number for thread in again.work.threads] == [1]
    assert set(again.kept.files) == {"tasks/0001-x.md", "tasks/0001-x/20261124T081209Z-00000001.md"}


def test_an_invoice_has_the_digest_of_its_file(client: ClientFolder) -> None:
    put(client, "invoices/1.yml", INVOICE.format(number="2026-0001"))
    put(client, "invoices/2.yml", INVOICE.format(number="2026-0002"))
    first = read(client).work.invoice_sources
    put(client, "invoices/2.yml", INVOICE.format(number="2026-0002") + "# looked at\n")
    again = read(client).work.invoice_sources
    assert set(first) == {"2026-0001", "2026-0002"}
    assert [number for number in first if first[number] != again[number]] == ["2026-0002"]


@pytest.mark.parametrize("name", ["tasks/0001-x.md", "tasks/0001-x/20261124T081209Z-00000001.md", "history.csv", "welcome.md"])
def test_a_link_that_came_since_the_listing_is_not_followed_out(client: ClientFolder, name: str) -> None:
    threads(client, 1)
    put(client, "history.csv", "at,ref,by,from,to\n")
    put(client, "welcome.md", "Welcome!\n")
    theirs = client.root.with_name("other.md")
    theirs.write_text("their secret\n")
    listing = list_client(client)
    (client.root / name).unlink()
    (client.root / name).symlink_to(theirs)
    found = read_client_work(client, RECORD, listing)
    assert [problem.file for problem in found.problems] == [f"portal_src/acme/{name}"]
    assert "their secret" not in repr(found.work)


def test_a_client_folder_that_is_a_link_brings_in_nothing(client: ClientFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    threads(client, 1)
    put(client, "welcome.md", "their secret\n")
    settle(client, monkeypatch)
    first = read(client)
    client.root.rename(client.root.with_name("other"))
    client.root.symlink_to("other")
    again = read(client, first.kept)
    assert [str(problem) for problem in again.problems] == [
        "portal_src/acme:1: this folder is a link; expected the folder itself, or its files copied here"
    ]
    assert (again.work.threads, again.work.welcome, again.kept.files) == ((), "", {})
    assert again.listing.unsettled


def test_a_folder_that_cannot_be_read_is_told_and_not_taken_for_an_empty_one(
    client: ClientFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads(client, 2)
    scandir = os.scandir

    def refusing(path: str) -> object:
        if path.endswith("0002-x"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr("recado.store.listing.os.scandir", refusing)
    assert [str(problem) for problem in read(client).problems] == [
        "portal_src/acme/tasks/0002-x:1: this folder cannot be read: Permission denied"
    ]


def test_a_client_without_mistakes_is_read_the_same_both_ways(client: ClientFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    threads(client)
    settle(client, monkeypatch)
    assert load_client_work(client, RECORD) == read(client).work


class Entries(list[SimpleNamespace]):
    """What a folder holds, as `os.scandir` gives it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        pass


def test_a_folder_that_cannot_be_entered_is_told_and_not_taken_for_an_empty_one(
    client: ClientFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads(client, 2)
    scandir = os.scandir

    def refuse(**_options: object) -> object:
        raise PermissionError(13, "Permission denied")

    def refusing(path: str) -> object:
        if not path.endswith("0002-x"):
            return scandir(path)
        return Entries(SimpleNamespace(name=name, stat=refuse) for name in os.listdir(path))  # noqa: PTH208 (as it does)

    monkeypatch.setattr("recado.store.listing.os.scandir", refusing)
    assert [str(problem) for problem in read(client).problems] == [
        "portal_src/acme/tasks/0002-x:1: this folder cannot be read: Permission denied"
    ]


def test_a_clients_folder_that_cannot_be_entered_is_told_and_not_taken_for_an_empty_one(
    client: ClientFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads(client, 2)
    lstat = os.lstat

    def refusing(path: str) -> object:
        if path.startswith(f"{client.root}/") and path != f"{client.root}/":
            raise PermissionError(13, "Permission denied")
        return lstat(path)

    monkeypatch.setattr("recado.store.listing.os.lstat", refusing)
    listing = list_client(client)
    monkeypatch.undo()
    assert [str(problem) for problem in read_client_work(client, RECORD, listing).problems] == [
        "portal_src/acme:1: this folder cannot be read: Permission denied"
    ]


def test_a_folder_that_cannot_be_read_to_its_end_is_told(client: ClientFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    threads(client, 2)
    scandir = os.scandir

    class Torn(Entries):
        def __iter__(self) -> Iterator[SimpleNamespace]:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr("recado.store.listing.os.scandir", lambda path: Torn() if path.endswith("0002-x") else scandir(path))
    assert [str(problem) for problem in read(client).problems] == [
        "portal_src/acme/tasks/0002-x:1: this folder cannot be read: Input/output error"
    ]
