"""Decision → files, exactly once: whatever dies between any two steps, and whatever comes again."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.filed import Filed
from ingest.intake import Arrived, Intake
from ingest.mail import Mail
from ingest.parse import parse_mail
from ingest.rescan import rescan
from recado.model.address import Person
from recado.model.ref import Ref
from recado.store.client_work import load_client_work
from recado.store.history import read_history
from recado.store.merging import merge_tasks
from recado.store.messages import message_files
from recado.store.quarantine import quarantined_mails
from recado.store.tasks import task_files
from recado.store.turn import filing_turn
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recado.model.client_work import ClientWork
    from recado.model.practice import Practice

NOW = datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)
PASS = "Authentication-Results: mx.marta.example; dmarc=pass header.from=acme.example\r\n"
FAIL = "Authentication-Results: mx.marta.example; dmarc=fail header.from=acme.example\r\n"
# os functions that change what is on the disk: each call of one is a step that a kill may come before or after.
STEPS = ("open", "fsync", "link", "rename", "replace", "mkdir", "unlink", "write", "rmdir", "ftruncate")


def a_mail(
    number: int = 1,
    *,
    sender: str = "Jane Doe <jane@acme.example>",
    subject: str = "December posts",
    top: str = PASS,
    extra: str = "",
    files: tuple[tuple[str, str], ...] = (),
    text: str = "Please write three posts.",
) -> Arrived:
    head = (
        f"{top}From: {sender}\r\nTo: requests@marta.example\r\nSubject: {subject}\r\nMessage-ID: <{number}@acme.example>\r\n"
        f"Date: Tue, 24 Nov 2026 09:12:03 +0100\r\n{extra}MIME-Version: 1.0\r\n"
    )
    parts = "".join(
        f'--b\r\nContent-Type: application/pdf; name="{name}"\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n'
        f"{content}\r\n"
        for name, content in files
    )
    body = (
        f"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n{parts}--b--\r\n"
        if files
        else f"Content-Type: text/plain\r\n\r\n{text}\r\n"
    )
    return Arrived((head + body).encode(), NOW)


def work_of(workspace: Workspace, practice: Practice, key: str = "acme") -> ClientWork:
    return load_client_work(workspace.client(key), practice.record(key))


def everything_in(workspace: Workspace) -> dict[str, bytes]:
    return {path.relative_to(workspace.root).as_posix(): path.read_bytes() for path in files_in(workspace)}


def files_in(workspace: Workspace) -> list[Any]:
    return sorted(path for path in workspace.sources.rglob("*") if path.is_file())


# ---- What a mail becomes ----


def test_a_request_becomes_a_task_with_its_message_its_files_and_its_first_row(
    workspace: Workspace, practice: Practice
) -> None:
    outcome = Intake(workspace, practice).take(a_mail(files=(("brief.pdf", "%PDF-1"), ("empty.pdf", ""))))
    assert (outcome.became, outcome.where, outcome.client, outcome.is_withheld) == ("request", "ACME-1", "acme", False)
    (thread,) = work_of(workspace, practice).threads
    (message,) = thread.messages
    assert thread.task.name == "0001-december-posts"
    assert (thread.task.title, thread.task.status, thread.task.received) == ("December posts", "new", NOW)
    assert str(thread.task.requester) == "Jane Doe <jane@acme.example>"
    assert (message.kind, message.verified, message.text) == ("request", "pass", "Please write three posts.")
    assert message.name.startswith("20261124T081209Z-")
    assert message.attachments == (f"{message.id}-brief.pdf", f"{message.id}-empty.pdf")
    folder = workspace.client("acme").thread(thread.task.name)
    assert [(folder / "files" / name).read_bytes().strip() for name in message.attachments] == [b"%PDF-1", b""]
    (row,) = read_history(workspace.client("acme"))
    assert (row.at, str(row.ref), row.by, row.before, row.after) == (NOW, "ACME-1", "ingest", None, "new")
    assert not list(workspace.sources.rglob(".task"))
    assert not list(workspace.sources.rglob("*.part"))


def test_an_answer_becomes_a_message_and_no_row(workspace: Workspace, practice: Practice) -> None:
    intake = Intake(workspace, practice)
    intake.take(a_mail())
    outcome = intake.take(a_mail(2, subject="Re: December posts", extra="In-Reply-To: <1@acme.example>\r\n"))
    assert (outcome.became, outcome.where) == ("reply", "ACME-1")
    (thread,) = work_of(workspace, practice).threads
    assert [message.kind for message in thread.messages] == ["request", "reply"]
    assert len(read_history(workspace.client("acme"))) == 1


def test_an_answer_to_a_task_made_by_hand_makes_its_folder(workspace: Workspace, practice: Practice) -> None:
    tasks = workspace.client("acme").tasks
    tasks.mkdir(parents=True)
    (tasks / "0005-by-hand.md").write_text("---\ntitle: By hand\n---\n", encoding="utf-8")
    outcome = Intake(workspace, practice).take(a_mail(subject="[ACME-5] By hand", files=(("a.pdf", "x"),)))
    assert (outcome.became, outcome.where) == ("reply", "ACME-5")
    (thread,) = work_of(workspace, practice).threads
    assert len(thread.messages) == len(thread.files) == 1


def test_mail_that_fails_the_servers_check_is_filed_and_withheld(workspace: Workspace, practice: Practice) -> None:
    outcome = Intake(workspace, practice).take(a_mail(top=FAIL))
    assert (outcome.became, outcome.is_withheld) == ("request", True)
    assert work_of(workspace, practice).threads[0].messages[0].is_withheld


def test_a_strangers_mail_is_kept_as_it_came_with_a_page_that_says_why(workspace: Workspace, practice: Practice) -> None:
    arrived = a_mail(sender="A Stranger <who@elsewhere.example>")
    outcome = Intake(workspace, practice).take(arrived)
    assert (outcome.became, outcome.is_quarantined) == ("quarantine", True)
    (kept,) = quarantined_mails(workspace)
    assert kept.name == outcome.where
    assert kept.eml.read_bytes() == arrived.raw
    assert kept.reason == "unknown-sender"
    assert kept.sender == "A Stranger <who@elsewhere.example>"
    assert not workspace.client("acme").root.exists()


def test_of_a_mail_too_large_to_fetch_the_page_says_who_sent_it(workspace: Workspace, practice: Practice) -> None:
    header = a_mail(subject="Thirty megabytes").raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    outcome = Intake(workspace, practice).take(Arrived(header, NOW, is_cut=True))
    assert outcome.became == "quarantine"
    assert outcome.why == "unreadable: too-large: more than 25 MB"
    (kept,) = quarantined_mails(workspace)
    assert (kept.reason, kept.subject) == ("unreadable", "Thirty megabytes")
    assert kept.sender == "Jane Doe <jane@acme.example>"


def test_a_large_mail_is_no_repeat_of_a_small_one_with_the_same_header(workspace: Workspace, practice: Practice) -> None:
    header = a_mail().raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    intake = Intake(workspace, practice)
    assert intake.take(Arrived(header, NOW)).became == "request"
    assert intake.take(Arrived(header, NOW, is_cut=True)).became == "quarantine"
    assert intake.take(Arrived(header, NOW, is_cut=True)).became == "repeat"
    assert Intake(workspace, practice).take(Arrived(header, NOW, is_cut=True)).became == "repeat"


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\xff garbage without a header", b"\r\n\r\nonly a body", b"From: a@x, b@y\r\n\r\nhi"]
)
def test_what_cannot_be_read_is_quarantined_once(workspace: Workspace, practice: Practice, raw: bytes) -> None:
    assert Intake(workspace, practice).take(Arrived(raw, NOW)).became == "quarantine"
    assert Intake(workspace, practice).take(Arrived(raw, NOW)).became == "repeat"
    assert len(quarantined_mails(workspace)) == 1


# ---- The same mail, and mail that looks like it ----


@pytest.mark.parametrize(
    "arrived",
    [
        a_mail(),
        a_mail(files=(("a.pdf", "x"),)),
        a_mail(sender="who@elsewhere.example"),
        a_mail(sender="who@elsewhere.example", top="Auto-Submitted: auto-replied\r\n"),
        Arrived(a_mail().raw.replace(b"Message-ID: <1@acme.example>\r\n", b""), NOW),
        Arrived(a_mail().raw.replace(b"<1@acme.example>", b"<we\"i:rd #'{}\xc3\xa9@acme.example>"), NOW),
    ],
    ids=["request", "with a file", "stranger", "automatic", "no id", "odd id"],
)
def test_the_same_mail_twice_is_filed_once_in_one_run_and_after_a_restart(
    workspace: Workspace, practice: Practice, arrived: Arrived
) -> None:
    intake = Intake(workspace, practice)
    first = intake.take(arrived)
    assert first.became != "repeat"
    before = everything_in(workspace)
    later = replace(arrived, received=arrived.received + timedelta(hours=1))
    assert intake.take(later).became == "repeat"
    again = Intake(workspace, practice).take(later)
    assert (again.became, again.where) == ("repeat", first.where)
    assert everything_in(workspace) == before


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(message_id=st.text(min_size=1, max_size=40), subject=st.text(max_size=60), text=st.text(max_size=80))
def test_whatever_a_mail_says_a_restart_knows_it_again(
    tmp_path_factory: pytest.TempPathFactory, practice: Practice, message_id: str, subject: str, text: str
) -> None:
    workspace = Workspace(tmp_path_factory.mktemp("workspace"))
    raw = f"From: jane@acme.example\r\nSubject: {subject}\r\nMessage-ID: <{message_id}>\r\n\r\n{text}"
    arrived = Arrived(raw.encode("utf-8", "surrogatepass"), NOW)
    first = Intake(workspace, practice).take(arrived)
    assert first.became in {"request", "quarantine"}
    again = Intake(workspace, practice).take(arrived)
    assert (again.became, again.where) == ("repeat", first.where)
    work_of(workspace, practice)  # what was written can be read


def test_another_content_under_the_same_id_is_kept_beside_it(workspace: Workspace, practice: Practice) -> None:
    intake = Intake(workspace, practice)
    assert intake.take(a_mail(text="Pay the old account.")).became == "request"
    other = intake.take(a_mail(text="Pay the new account."))
    assert (other.became, other.where) == ("request", "ACME-2")
    assert work_of(workspace, practice).threads[1].messages[0].flags == ("reused-message-id",)


@dataclass(frozen=True)
class Collided:
    """Two mails whose digests begin alike, as someone can compute them."""

    one: Mail
    other: Mail


@pytest.fixture
def digests(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], None]:
    """Let mails have the digests that a test wants, by their message ids."""

    def use(wanted: dict[str, str]) -> None:
        def parse(raw: bytes, *, max_bytes: int) -> Any:
            mail = parse_mail(raw, max_bytes=max_bytes)
            return replace(mail, digest=wanted.get(mail.message_id, mail.digest)) if isinstance(mail, Mail) else mail

        monkeypatch.setattr("ingest.parse.parse_mail", parse)

    return use


ALIKE = {"<2@acme.example>": "sha256:" + "7f3a91c2" + "a" * 56, "<3@acme.example>": "sha256:" + "7f3a91c2" + "b" * 56}


@pytest.mark.parametrize("apart", [timedelta(0), timedelta(seconds=1)])
def test_two_answers_whose_digests_begin_alike_are_both_kept_with_their_files(
    workspace: Workspace, practice: Practice, digests: Callable[[dict[str, str]], None], apart: timedelta
) -> None:
    digests(ALIKE)
    Intake(workspace, practice).take(a_mail())
    extra = "In-Reply-To: <1@acme.example>\r\n"
    one = a_mail(2, extra=extra, text="One.", files=(("brief.pdf", "of one"),))
    other = replace(a_mail(3, extra=extra, text="Other.", files=(("brief.pdf", "of other"),)), received=NOW + apart)
    for arrived in (one, other):
        assert Intake(workspace, practice).take(arrived).became == "reply"
    (thread,) = work_of(workspace, practice).threads
    folder = workspace.client("acme").thread(thread.task.name) / "files"
    said = {m.text: (folder / m.attachments[0]).read_bytes() for m in thread.messages if m.attachments}
    assert said == {"One.": b"of one", "Other.": b"of other"}
    assert len({message.id for message in thread.messages}) == 3
    for arrived in (one, other):
        assert Intake(workspace, practice).take(arrived).became == "repeat"


def test_a_mail_that_says_in_its_text_what_anothers_digest_is_does_not_stand_for_it(
    workspace: Workspace, practice: Practice, digests: Callable[[dict[str, str]], None]
) -> None:
    digests(ALIKE)
    Intake(workspace, practice).take(a_mail())
    extra = "In-Reply-To: <1@acme.example>\r\n"
    text = f"digest: {ALIKE['<3@acme.example>']}\r\n"
    Intake(workspace, practice).take(a_mail(2, extra=extra, text=text))
    assert Intake(workspace, practice).take(a_mail(3, extra=extra, text="Genuine.")).became == "reply"
    assert "Genuine." in [message.text for message in work_of(workspace, practice).threads[0].messages]


def test_two_quarantined_mails_whose_digests_begin_alike_are_both_kept(
    workspace: Workspace, practice: Practice, digests: Callable[[dict[str, str]], None]
) -> None:
    digests(ALIKE)
    mails = [a_mail(number, sender="who@elsewhere.example", text=f"Mail {number}") for number in (2, 3)]
    for arrived in mails:
        assert Intake(workspace, practice).take(arrived).became == "quarantine"
    kept = quarantined_mails(workspace)
    assert sorted(mail.eml.read_bytes() for mail in kept) == sorted(arrived.raw for arrived in mails)
    assert {mail.digest for mail in kept} == set(ALIKE.values())
    for arrived in mails:
        assert Intake(workspace, practice).take(arrived).became == "repeat"


def test_files_with_like_names_are_all_kept(workspace: Workspace, practice: Practice) -> None:
    names = ("Brief.pdf", "brief.pdf", "BRIEF.PDF", "brief.pdf", "7f3a91c2-brief.pdf", "../../brief.pdf", ".task", "private.md")
    contents = tuple(f"content {number}" for number, _name in enumerate(names))
    Intake(workspace, practice).take(a_mail(files=tuple(zip(names, contents, strict=True))))
    (thread,) = work_of(workspace, practice).threads
    (message,) = thread.messages
    folder = workspace.client("acme").thread(thread.task.name)
    assert len({name.casefold() for name in message.attachments}) == len(names)
    assert all(name.startswith(f"{message.id}-") for name in message.attachments)
    assert sorted((folder / "files" / name).read_text() for name in message.attachments) == sorted(contents)
    assert {path.name for path in folder.iterdir()} == {"files", f"{message.name}.md"}


def test_a_file_of_the_vas_that_has_the_very_name_stays_hers(workspace: Workspace, practice: Practice) -> None:
    Intake(workspace, practice).take(a_mail())
    answer = a_mail(2, extra="In-Reply-To: <1@acme.example>\r\n", files=(("brief.pdf", "theirs"),))
    Intake(workspace, practice).take(answer)
    client = workspace.client("acme")
    (thread,) = work_of(workspace, practice).threads
    message = next(each for each in thread.messages if each.attachments)
    folder = client.thread(thread.task.name)
    (folder / f"{message.name}.md").unlink()
    (folder / "files" / message.attachments[0]).write_text("hers")
    Intake(workspace, practice).take(answer)
    again = next(each for each in work_of(workspace, practice).threads[0].messages if each.attachments)
    assert (folder / "files" / message.attachments[0]).read_text() == "hers"
    assert (folder / "files" / again.attachments[0]).read_text() == "theirs"


# ---- What dies ----


class KilledError(BaseException):
    """A kill -9, as far as one process can play it: nothing that follows touches the disk."""


class Steps:
    """Counts the steps on the disk, and stops at one of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, stop_at: int = 0, after: bool = False, error: bool = False) -> None:
        self.count = 0
        self._stop_at, self._after, self._error = stop_at, after, error
        self._is_dead = False
        for name in STEPS:
            monkeypatch.setattr(os, name, self._counted(getattr(os, name)))

    def _counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **kwargs: Any) -> Any:
            if self._is_dead:
                raise KilledError
            self.count += 1
            if self.count != self._stop_at:
                return real(*args, **kwargs)
            if self._error:
                raise OSError(errno.ENOSPC, "No space left on device")
            self._is_dead = True
            if self._after:
                real(*args, **kwargs)
            raise KilledError

        return step


@dataclass(frozen=True)
class Case:
    """A mail to file, what came before it, and what it must become."""

    mail: Arrived
    became: str
    before: tuple[Arrived, ...] = ()


TWO_FILES = (("brief.pdf", "first file"), ("photo.pdf", "second file"))
CASES = {
    "request": Case(a_mail(files=TWO_FILES), "request"),
    "second request": Case(a_mail(2, subject="Another", files=TWO_FILES), "request", (a_mail(1),)),
    "answer": Case(a_mail(2, extra="In-Reply-To: <1@acme.example>\r\n", files=TWO_FILES), "reply", (a_mail(1),)),
    "quarantined": Case(a_mail(2, sender="who@elsewhere.example", files=TWO_FILES), "quarantine", (a_mail(1),)),
}


def steps_of(case: Case, workspace: Workspace, practice: Practice) -> int:
    for arrived in case.before:
        Intake(workspace, practice).take(arrived)
    with pytest.MonkeyPatch.context() as patch:
        steps = Steps(patch)
        Intake(workspace, practice).take(case.mail)
    return steps.count


def copies(factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    while True:
        yield Workspace(factory.mktemp("copy"))


@pytest.mark.parametrize("how", ["killed before", "killed after", "disk full"])
@pytest.mark.parametrize("name", CASES)
def test_whatever_dies_between_two_steps_a_restart_files_it_exactly_once(
    tmp_path_factory: pytest.TempPathFactory, practice: Practice, name: str, how: str
) -> None:
    case = CASES[name]
    fresh = copies(tmp_path_factory)
    total = steps_of(case, next(fresh), practice)
    assert total > 8
    for stop_at in range(1, total + 1):
        workspace = next(fresh)
        for arrived in case.before:
            Intake(workspace, practice).take(arrived)
        with pytest.MonkeyPatch.context() as patch:
            Steps(patch, stop_at=stop_at, after=how == "killed after", error=how == "disk full")
            try:
                Intake(workspace, practice).take(case.mail)
            except (KilledError, OSError):
                pass
            else:
                assert how == "disk full"  # a clean-up that failed is no failure
        nothing_half_written(workspace, practice, case)
        Intake(workspace, practice).take(case.mail)
        exactly_once(workspace, practice, case)
        # And once more in recovery itself.
        assert Intake(workspace, practice).take(case.mail).became == "repeat"
        later = Intake(workspace, practice).take(a_mail(99, subject="Later"))
        numbers = [thread.task.ref.number for thread in work_of(workspace, practice).threads]
        assert int(later.where.removeprefix("ACME-")) == max(numbers)
        assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("name", CASES)
def test_a_recovery_that_dies_too_is_recovered_from(
    tmp_path_factory: pytest.TempPathFactory, practice: Practice, name: str
) -> None:
    case = CASES[name]
    fresh = copies(tmp_path_factory)
    total = steps_of(case, next(fresh), practice)
    for stop_at in range(1, total + 1, 3):
        for second in (1, 2, 3, 5, 8, 13):
            workspace = next(fresh)
            for arrived in case.before:
                Intake(workspace, practice).take(arrived)
            for stop in (stop_at, second):
                with pytest.MonkeyPatch.context() as patch:
                    Steps(patch, stop_at=stop, after=True)
                    with suppress(KilledError):
                        Intake(workspace, practice).take(case.mail)
                nothing_half_written(workspace, practice, case)
            Intake(workspace, practice).take(case.mail)
            exactly_once(workspace, practice, case)


def nothing_half_written(workspace: Workspace, practice: Practice, case: Case) -> None:
    """What a build would read now is what was there before, or that and the whole mail."""
    work = work_of(workspace, practice)
    messages = [message for thread in work.threads for message in thread.messages]
    assert len(messages) - len(case.before) in {0, 1}
    assert all(thread.messages for thread in work.threads)
    for thread in work.threads:
        known = {name for message in thread.messages for name in message.attachments}
        assert {file.name for file in thread.files} == known
        files = workspace.client("acme").thread(thread.task.name) / "files"
        assert all((files / name).read_bytes().endswith(b" file") for name in known)
    for mail in quarantined_mails(workspace):
        assert mail.eml.read_bytes() == case.mail.raw
        assert mail.reason == "unknown-sender"


def exactly_once(workspace: Workspace, practice: Practice, case: Case) -> None:
    client = workspace.client("acme")
    work = work_of(workspace, practice)
    messages = [message for thread in work.threads for message in thread.messages]
    quarantined = quarantined_mails(workspace)
    assert len(messages) + len(quarantined) == len(case.before) + 1
    assert len(quarantined) == (case.became == "quarantine")
    assert len(work.threads) == len(case.before) + (case.became == "request")
    assert [change.ref for change in read_history(client)] == [thread.task.ref for thread in work.threads]
    for thread in work.threads:
        listed = {name for message in thread.messages for name in message.attachments}
        assert {file.name for file in thread.files} == listed
    if case.became != "quarantine":
        (with_files,) = [(thread, message) for thread in work.threads for message in thread.messages if message.attachments]
        folder = client.thread(with_files[0].task.name) / "files"
        assert [(folder / name).read_bytes() for name in with_files[1].attachments] == [b"first file", b"second file"]
    assert not list(workspace.sources.rglob(".task"))
    assert not [path for path in workspace.sources.rglob("*.part") if path.is_dir()]
    assert len(task_files(client)) == len([path for path in client.tasks.iterdir() if path.is_dir()])


# ---- What is already there ----


def test_a_row_that_cannot_be_read_keeps_no_mail_waiting(workspace: Workspace, practice: Practice) -> None:
    client = workspace.client("acme")
    client.root.mkdir(parents=True)
    client.history.write_text("at,ref,by,from,to\nlast week,ACME-x,me,,done\n", encoding="utf-8")
    assert Intake(workspace, practice).take(a_mail()).where == "ACME-1"
    assert client.history.read_text(encoding="utf-8").splitlines()[2:] == ["2026-11-24T08:12:09Z,ACME-1,ingest,,new"]
    assert [path.name for path in task_files(client)] == ["0001-december-posts.md"]


def test_a_broken_task_file_stops_no_filing_and_its_thread_is_found(workspace: Workspace, practice: Practice) -> None:
    Intake(workspace, practice).take(a_mail())
    (task,) = task_files(workspace.client("acme"))
    task.write_text("---\ntitle: [not closed\n---\n", encoding="utf-8")
    answer = a_mail(2, extra="In-Reply-To: <1@acme.example>\r\n")
    assert Intake(workspace, practice).take(answer).where == "ACME-1"
    assert Intake(workspace, practice).take(a_mail(3, subject="New")).where == "ACME-2"


def test_a_folder_whose_task_file_is_missing_is_known_to_no_one_and_its_number_never_given(
    workspace: Workspace, practice: Practice
) -> None:
    Intake(workspace, practice).take(a_mail())
    client = workspace.client("acme")
    task_files(client)[0].unlink()
    (client.tasks / ".highest").unlink()
    client.history.unlink()
    filed = Filed()
    rescan(workspace, practice, filed)
    assert filed.numbered("acme", 1) is None
    assert Intake(workspace, practice).take(a_mail(2)).where == "ACME-2"


def test_nothing_is_forgotten_when_the_state_folder_is_deleted(workspace: Workspace, practice: Practice) -> None:
    mails = [a_mail(), a_mail(2, sender="who@elsewhere.example")]
    for arrived in mails:
        Intake(workspace, practice).take(arrived)
    shutil.rmtree(workspace.state)
    for arrived in mails:
        assert Intake(workspace, practice).take(arrived).became == "repeat"


def test_a_message_file_is_never_written_again(workspace: Workspace, practice: Practice) -> None:
    Intake(workspace, practice).take(a_mail())
    client = workspace.client("acme")
    (task,) = task_files(client)
    (file,) = message_files(client, task.name.removesuffix(".md"))
    text = file.read_text(encoding="utf-8").replace("Please write", "Please do write")
    file.write_text(text, encoding="utf-8")
    Intake(workspace, practice).take(a_mail())
    assert file.read_text(encoding="utf-8") == text


def test_the_sender_of_every_filed_message_is_one_person(workspace: Workspace, practice: Practice) -> None:
    Intake(workspace, practice).take(a_mail(sender='"Doe, Jane: #1" <jane@acme.example>'))
    (thread,) = work_of(workspace, practice).threads
    assert thread.messages[0].sender == Person("Doe, Jane: #1", "jane@acme.example")


def test_what_a_command_moved_meanwhile_is_known_to_the_worker(workspace: Workspace, practice: Practice) -> None:
    intake = Intake(workspace, practice)
    intake.take(a_mail())
    intake.take(a_mail(2, subject="Another thing"))
    client = workspace.client("acme")
    one, other = (client.thread(task.name.removesuffix(".md")) for task in task_files(client))
    with filing_turn(workspace):  # as `recado task merge` does
        for file in one.iterdir():
            file.rename(other / file.name)
    answer = a_mail(3, extra="In-Reply-To: <1@acme.example>\r\n", subject="Re: December posts")
    assert intake.take(answer).where == "ACME-2"


def test_a_spoilt_index_is_made_again_and_stops_nothing(workspace: Workspace, practice: Practice) -> None:
    index = workspace.state / "filed.db"
    first = Intake(workspace, practice, index)
    first.take(a_mail())
    first.close()
    index.write_bytes(index.read_bytes()[:4096] + bytes(4096))
    again = Intake(workspace, practice, index)
    assert again.take(a_mail()).became == "repeat"
    assert again.take(a_mail(2, subject="New")).where == "ACME-2"


def test_the_index_alone_is_no_proof_that_a_mail_is_filed(workspace: Workspace, practice: Practice) -> None:
    index = workspace.state / "filed.db"
    first = Intake(workspace, practice, index)
    first.take(a_mail())
    first.close()
    client = workspace.client("acme")
    (task,) = task_files(client)
    shutil.rmtree(client.thread(task.name.removesuffix(".md")))
    task.unlink()
    assert Intake(workspace, practice, index).take(a_mail()).where == "ACME-2"


def test_an_answer_to_a_merged_task_goes_where_it_goes_on(workspace: Workspace, practice: Practice) -> None:
    intake = Intake(workspace, practice)
    intake.take(a_mail())
    intake.take(a_mail(2, subject="Another thing"))
    with filing_turn(workspace):
        merge_tasks(workspace.client("acme"), Ref("ACME", 2), Ref("ACME", 1), note="It goes on.", by="marta", now=NOW)
    by_id = a_mail(3, subject="Re: Another thing", extra="In-Reply-To: <2@acme.example>\r\n")
    assert intake.take(by_id).where == "ACME-1"
    assert intake.take(a_mail(4, subject="Re: [ACME-2] Another thing")).where == "ACME-1"
    assert Intake(workspace, practice).take(a_mail(5, subject="[ACME-2] more")).where == "ACME-1"
