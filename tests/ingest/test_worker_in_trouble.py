"""A pass in which something fails: what is filed is moved and told, what is not stays in the inbox, nothing waits for it."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from disk_journal import Journal, cut_before, old
from reader_twin import ReaderTwin

from ingest.arrived import Arrived
from ingest.fetching import Envelope
from ingest.filed import Filed
from ingest.intake import Intake
from ingest.mailbox import MailboxError
from ingest.worker import Worker
from recado.store.atomic import write_aside
from recado.store.batch import Batch
from recado.store.turn import filing_turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ingest.intake import Outcome
    from recado.model.practice import Practice
    from recado.store.workspace import Workspace

NOW = datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)
ANSWER = {"subject": "Re: one", "head": "In-Reply-To: <1@acme.example>\r\n"}


def a_mail(
    number: int, text: str = "Please.", *, subject: str = "", sender: str = "jane@acme.example", head: str = "", file: str = ""
) -> Arrived:
    body = text
    if file:
        head += "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n"
        named = f'--cut\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="{file}"\r\n\r\n%PDF\r\n'
        body = f"--cut\r\n\r\n{text}\r\n{named}--cut--"
    top = f"From: {sender}\r\nSubject: {subject or f'number {number}'}\r\nMessage-ID: <{number}@acme.example>\r\n"
    return Arrived(f"{top}{head}\r\n{body}\r\n".encode(), NOW + timedelta(minutes=number))


class Box:
    """A mailbox in memory; from one mail on the line breaks, or in every move."""

    def __init__(self, mails: Sequence[Arrived], *, breaks_at: int = -1, no_move: bool = False) -> None:
        self.mails = dict(enumerate(mails))
        self.moved: list[int] = []
        self.breaks_at, self.no_move = breaks_at, no_move

    def waiting(self) -> tuple[Envelope, ...]:
        return tuple(Envelope(uid, len(mail.raw)) for uid, mail in self.mails.items())

    def fetch(self, envelopes: Sequence[Envelope], _most_bytes: int) -> Iterator[tuple[Envelope, Arrived]]:
        for envelope in envelopes:
            if envelope.uid == self.breaks_at:
                raise MailboxError("the line broke")
            yield envelope, self.mails[envelope.uid]

    def move_to_done(self, uids: Sequence[int]) -> None:
        if self.no_move:
            raise MailboxError("the line broke")
        self.moved += uids
        for uid in uids:
            del self.mails[uid]

    move_to_quarantine = move_to_done


@pytest.fixture(autouse=True)
def _read_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.worker.Reader", ReaderTwin)


@pytest.fixture
def look(workspace: Workspace, practice: Practice) -> Callable[[Any], list[Outcome]]:
    """Make one pass, by a worker of its own, and give what was told, also of one that fails."""

    def make(box: Any) -> list[Outcome]:
        told: list[Outcome] = []
        with suppress(OSError, MailboxError), Worker(workspace, practice) as worker:
            for outcome in worker.look(box):
                told.append(outcome)  # noqa: PERF402 (what was told before an error counts)
        return told

    return make


def messages_in(workspace: Workspace) -> list[Path]:
    return sorted(workspace.client("acme").tasks.rglob("2026*Z-*.md"))


def test_no_mail_is_moved_whose_files_were_dropped_with_a_failing_index(
    workspace: Workspace, look: Callable[[Any], list[Outcome]], monkeypatch: pytest.MonkeyPatch
) -> None:
    learn = Filed.add_thread

    def full_at_the_third(filed: Filed, thread: Any, **how: Any) -> None:
        if thread.number == 3 and not how.get("stamp"):
            raise sqlite3.OperationalError("database or disk is full")
        learn(filed, thread, **how)

    def full(_batch: Batch, tasks: Sequence[Any], answers: Sequence[Any]) -> None:
        if tasks or answers:
            raise OSError(errno.ENOSPC, "No space left on device")

    box = Box([a_mail(number) for number in (1, 2, 3)])
    with monkeypatch.context() as patch:
        patch.setattr(Filed, "add_thread", full_at_the_third)
        patch.setattr(Batch, "_place", full)
        look(box)
    assert box.moved == []
    assert [outcome.became for outcome in look(box)] == ["request"] * 3
    assert len(messages_in(workspace)) == 3


@pytest.mark.parametrize("how", ["answer", "request", "quarantined"])
def test_a_repeat_is_moved_only_when_what_it_repeats_is_lasting(
    workspace: Workspace, look: Callable[[Any], list[Outcome]], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """The worker dies between a name and its sync, the next one meets a repeat and moves it, and then the power goes."""
    look(Box([a_mail(1, subject="one")]))
    box = Box(
        [
            {
                "answer": a_mail(2, "precious", **ANSWER),
                "request": a_mail(2, "precious", subject="two"),
                "quarantined": a_mail(2, "precious", sender="who@else.example"),
            }[how]
        ]
    )

    class KilledError(BaseException):
        pass

    with Journal(workspace.root, lambda: None) as journal:
        is_named = False

        def naming(real: Callable[..., None]) -> Callable[..., None]:
            def call(source: Any, target: Any, **more: Any) -> None:
                nonlocal is_named
                real(source, target, **more)
                is_named = is_named or str(target).endswith((".md", ".eml", "0002-two"))

            return call

        sync = os.fsync

        def killed_after_the_name(descriptor: int) -> None:
            if is_named:
                raise KilledError
            sync(descriptor)

        with monkeypatch.context() as patch:
            patch.setattr(os, "link", naming(os.link))
            patch.setattr(os, "rename", naming(os.rename))
            patch.setattr(os, "fsync", killed_after_the_name)
            with pytest.raises(KilledError):
                look(box)
        assert box.moved == []
        look(box)
        assert box.moved == [0]
    left = cut_before(journal, len(journal.operations)).left((), old).files()
    assert [path for path, content in left.items() if content and b"precious" in content and not path.startswith(".recado")]


def test_a_line_that_breaks_at_one_mail_lets_those_before_it_through(
    workspace: Workspace, look: Callable[[Any], list[Outcome]]
) -> None:
    box = Box([a_mail(number) for number in range(30)], breaks_at=25)
    told = [outcome.became for _pass in range(3) for outcome in look(box)]
    assert len(messages_in(workspace)) == 25
    assert told.count("request") == 25


def test_what_is_filed_is_told_though_the_line_breaks_in_the_move(look: Callable[[Any], list[Outcome]]) -> None:
    box = Box([a_mail(number) for number in range(10)], no_move=True)
    assert [outcome.became for outcome in look(box)] == ["request"] * 10
    box.no_move = False
    assert [outcome.became for outcome in look(box)] == ["repeat"] * 10


@pytest.mark.parametrize("what", ["task", "history"])
def test_an_answer_to_what_is_done_and_spoilt_by_hand_is_filed_and_keeps_no_mail_waiting(
    workspace: Workspace, look: Callable[[Any], list[Outcome]], what: str
) -> None:
    look(Box([a_mail(1, subject="one")]))
    client = workspace.client("acme")
    (task,) = client.tasks.glob("0001*.md")
    spoilt = "status: done\ndue: someday" if what == "task" else "status: done"
    task.write_text(task.read_text().replace("status: new", spoilt))
    if what == "history":
        client.history.write_text("at,ref,by,from,to\nlast week,ACME-x,me,,done\n", encoding="utf-8")
    answer = a_mail(3, "One more thing: please do the third text again.", **ANSWER)
    told = look(Box([a_mail(2), answer, a_mail(4)]))
    assert [(outcome.became, outcome.is_reopened) for outcome in told] == [
        ("request", False),
        ("reply", False),
        ("request", False),
    ]
    assert any("not-reopened" in path.read_text() for path in messages_in(workspace))


def test_an_answer_that_fails_half_way_leaves_nothing_in_its_new_task(
    workspace: Workspace, look: Callable[[Any], list[Outcome]], monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Box([a_mail(1, subject="one"), a_mail(2, "the second", file="brief.pdf", **ANSWER)])
    with monkeypatch.context() as patch:

        def full_at_the_second(path: Path, content: bytes) -> None:
            if b"the second" in content and path.suffix == ".md":
                raise OSError(errno.ENOSPC, "No space left on device")
            write_aside(path, content)

        patch.setattr("recado.store.batch.write_aside", full_at_the_second)
        look(box)
    assert box.moved == [0]
    assert list(workspace.client("acme").tasks.glob("*/files/*")) == []
    look(box)
    assert len(list(workspace.client("acme").tasks.glob("*/files/*"))) == 1


def test_nobody_waits_for_the_turn_while_the_server_is_waited_for(workspace: Workspace, practice: Practice) -> None:
    had_it = threading.Event()

    class Slow(Box):
        def fetch(self, envelopes: Sequence[Envelope], most_bytes: int) -> Iterator[tuple[Envelope, Arrived]]:
            if any(envelope.uid >= 50 for envelope in envelopes):  # the second time that the server is asked

                def take_it() -> None:
                    with filing_turn(workspace):
                        had_it.set()

                someone = threading.Thread(target=take_it)
                someone.start()
                someone.join(20)
                assert had_it.is_set()
            yield from super().fetch(envelopes, most_bytes)

    with Worker(workspace, practice) as worker:
        list(worker.look(Slow([a_mail(number) for number in range(60)])))  # type: ignore[arg-type] # as far as a pass needs it
    assert had_it.is_set()


@pytest.mark.parametrize("spoil", ["a folder", "no permission"])
def test_an_index_that_cannot_be_opened_is_done_without(
    workspace: Workspace, look: Callable[[Any], list[Outcome]], spoil: str
) -> None:
    index = workspace.state / "filed.db"
    if spoil == "a folder":
        index.mkdir(parents=True)
    else:
        workspace.state.mkdir(exist_ok=True)
        index.touch(0)
    assert [outcome.became for outcome in look(Box([a_mail(1)]))] == ["request"]
    assert [outcome.became for outcome in look(Box([a_mail(1)]))] == ["repeat"]


def test_two_workers_that_do_not_know_of_each_other_file_a_mail_once(workspace: Workspace, practice: Practice) -> None:
    """`.recado` was deleted while one watched, and the lock with it."""
    one, other = Intake(workspace, practice), Intake(workspace, practice)
    assert one.take(a_mail(1)).became == "request"
    assert other.take(a_mail(1)).became == "repeat"
    assert other.take(a_mail(2)).became == "request"
    assert one.take(a_mail(2)).became == "repeat"


def test_what_a_crash_left_beside_its_place_is_cleared_away(workspace: Workspace, look: Callable[[Any], list[Outcome]]) -> None:
    look(Box([a_mail(1, subject="one")]))
    (thread,) = (path for path in workspace.client("acme").tasks.iterdir() if path.is_dir())
    part, hers = thread / ".20261124T081209Z-7f3a91c2.md.0123456789ab.part", thread / ".hers.part"
    part.write_text("half")
    hers.write_text("a download of her own")
    look(Box([a_mail(2)]))
    assert not part.exists()
    assert hers.exists()
