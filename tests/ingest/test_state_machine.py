"""Mail arrives in whatever way, the VA works in her files and her mailbox, the worker dies anywhere: each mail is filed once.

Hypothesis finds the order of events. What is checked after each clean pass is the verdict of the tests of faults.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from imap_twin import SENT, Break, ImapTwin
from mail_kinds import PASSWORD, a_mail, new_workspace, received
from reader_twin import ReaderTwin
from verdict import Delivered, half_written, lost, verdict

from ingest.connection import MailboxError
from ingest.filed import Filed
from ingest.worker import one_pass, only_worker
from recado.errors import WorkError
from recado.model.secret import Revealed
from recado.model.status import Status
from recado.store.client_work import load_client_work
from recado.store.messages import message_files
from recado.store.practice_file import load_practice
from recado.store.status import notice_hand_edits
from recado.store.steps import Step, observed
from recado.store.tasks import task_files
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verdict import Key

IS_NIGHTLY = bool(os.environ.get("RECADO_NIGHTLY"))
# What Hypothesis found it makes shorter, for up to five minutes: the answer is worth them.
pytestmark = pytest.mark.timeout(7200 if IS_NIGHTLY else 600)
DONE = "Recado/Done"
HERSELF = "Marta Ruiz <marta@marta.example>"
SENDERS = {"acme": "Jane Doe <jane@acme.example>", "beta": "Bob <bob@beta.example>"}
FILES = (("brief.pdf", b"%PDF-1.7 the brief"), ("photo.pdf", b"%PDF-1.7 the photo"))


SETTINGS = settings(
    max_examples=1000 if IS_NIGHTLY else 60,
    stateful_step_count=60 if IS_NIGHTLY else 25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    deadline=None,
)


class CrashedError(BaseException):
    """The worker dies. No Exception: nothing that recovers from errors may keep it."""


class Business(RuleBasedStateMachine):
    """A workspace, its mailbox, and all that happens to them."""

    mails = Bundle("mails")
    twin: ImapTwin
    root: Path

    def __init__(self) -> None:
        super().__init__()
        self.twin.clear()
        self.folder = TemporaryDirectory(dir=self.root)
        self.workspace = new_workspace(Path(self.folder.name) / "0", self.twin.port)
        self.practice = load_practice(self.workspace)
        self.delivered: dict[bytes, Delivered] = {}
        self.taken: set[Key] = set()
        self.deleted_numbers: set[tuple[str, int]] = set()
        self.words: dict[tuple[str, int], str] = {}
        self.yesterday = Path(self.folder.name) / "yesterday"
        self.count = 0

    def teardown(self) -> None:
        self.folder.cleanup()

    # ---- Mail arrives ----

    def arrive(self, raw: bytes) -> bytes:
        self.count += 1
        self.twin.deliver(raw, received(self.count))
        self.delivered[raw] = mail = Delivered.of(raw)
        self.taken.discard(mail.key)
        return raw

    @initialize(target=mails)
    def a_first_request(self) -> bytes:
        return self.arrive(a_mail(self.count + 1, "December posts"))

    @rule(target=mails, client=st.sampled_from(sorted(SENDERS)), has_files=st.booleans(), has_id=st.booleans())
    def request(self, client: str, *, has_files: bool, has_id: bool) -> bytes:
        number = self.count + 1 if has_id else 0
        files = FILES if has_files else ()
        return self.arrive(a_mail(number, f"Request {self.count + 1}", sender=SENDERS[client], files=files))

    @rule(target=mails, first=mails, client=st.sampled_from(sorted(SENDERS)), has_files=st.booleans())
    def reply(self, first: bytes, client: str, *, has_files: bool) -> bytes:
        subject, extra = _subject_of(first), _answering(first)
        raw = a_mail(
            self.count + 1,
            f"Re: {subject}",
            sender=SENDERS[client],
            extra=extra,
            files=FILES if has_files else (),
            text=f"Answer {self.count + 1}: more of this, and by Friday.",
        )
        return self.arrive(raw)

    @rule(mail=mails)
    def the_same_again(self, mail: bytes) -> None:
        self.arrive(mail)

    @rule(target=mails, mail=mails)
    def another_under_the_same_id(self, mail: bytes) -> bytes:
        return self.arrive(mail.replace(b"Date: Tue, 24 Nov", f"X-Other: {self.count}\r\nDate: Wed, 25 Nov".encode()))

    @rule(target=mails)
    def a_stranger_writes(self) -> bytes:
        return self.arrive(a_mail(self.count + 1, "Cheap pens", sender="who@elsewhere.example"))

    @rule(target=mails, first=mails)
    def an_automatic_answer(self, first: bytes) -> bytes:
        extra = f"{_answering(first)}\r\nAuto-Submitted: auto-replied".strip()
        return self.arrive(a_mail(self.count + 1, "Out of office", extra=extra))

    # ---- The worker ----

    @rule()
    def a_pass(self) -> None:
        self.work()
        self.judge()

    @rule(step=st.sampled_from(Step), nth=st.integers(1, 3))
    def the_worker_dies(self, step: Step, nth: int) -> None:
        left = nth

        def dying(reached: Step) -> None:
            nonlocal left
            left -= reached is step
            if not left:
                raise CrashedError

        with suppress(CrashedError):
            self.work(dying)

    @rule(step=st.sampled_from(Step), how=st.sampled_from(Break))
    def the_mailbox_fails(self, step: Step, how: Break) -> None:
        with suppress(MailboxError):
            self.work(lambda reached: self.twin.fail(how) if reached is step else None)
        self.twin.heal()

    @rule(step=st.sampled_from(Step))
    def another_worker_comes_meanwhile(self, step: Step) -> None:
        def looking(reached: Step) -> None:
            if reached is step:
                with pytest.raises(WorkError), only_worker(self.workspace):
                    pass  # pragma: no cover

        self.work(looking)
        self.judge()

    @rule()
    def a_build_looks(self) -> None:
        for key in self.practice.clients:
            client = self.workspace.client(key)
            work = load_client_work(client, self.practice.record(key))
            notice_hand_edits(client, [thread.task for thread in work.threads], received(self.count))

    # ---- The VA, in her files ----

    @rule(place=st.integers(0, 9), status=st.sampled_from(Status))
    def she_edits_a_task(self, place: int, status: Status) -> None:
        for key, path in self.task(place):
            words = f"Words of hers {self.count}-{place}-{status.value}"
            text = re.sub(r"^status: .*$", f"status: {status.value}", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
            path.write_text(f"{text}\n{words}\n", encoding="utf-8")
            self.words[key, _number(path)] = words

    @rule(place=st.integers(0, 9))
    def she_names_a_task_anew(self, place: int) -> None:
        for _key, path in self.task(place):
            name = f"{path.name[:4]}-of-{self.count}"
            folder = path.with_suffix("")
            if folder.is_dir():
                folder.rename(path.with_name(name))
            path.rename(path.with_name(f"{name}.md"))

    @rule(client=st.sampled_from(sorted(SENDERS)))
    def she_deletes_the_newest_task(self, client: str) -> None:
        files = task_files(self.workspace.client(client))
        if not files:
            return
        path = files[-1]
        self.taken |= self.keys_in(client, path)
        path.unlink()
        shutil.rmtree(path.with_suffix(""), ignore_errors=True)
        self.deleted_numbers.add((client, _number(path)))
        self.words.pop((client, _number(path)), None)

    @rule(place=st.integers(0, 9))
    def she_deletes_an_answer(self, place: int) -> None:
        for key, path in self.task(place):
            client, name = self.workspace.client(key), path.name.removesuffix(".md")
            for file in message_files(client, name)[1:2]:
                before = self.keys_in(key, path)
                file.unlink()
                self.taken |= before - self.keys_in(key, path)

    @rule()
    def the_state_folder_is_deleted(self) -> None:
        shutil.rmtree(self.workspace.state, ignore_errors=True)

    @rule()
    def the_state_folder_is_copied(self) -> None:
        shutil.rmtree(self.yesterday, ignore_errors=True)
        if self.workspace.state.is_dir():
            shutil.copytree(self.workspace.state, self.yesterday)

    @rule()
    def the_state_folder_is_yesterdays(self) -> None:
        shutil.rmtree(self.workspace.state, ignore_errors=True)
        if self.yesterday.is_dir():
            shutil.copytree(self.yesterday, self.workspace.state)

    @rule(at=st.floats(0, 1, exclude_max=True))
    def the_index_is_spoilt(self, at: float) -> None:
        for file in self.workspace.state.glob("*.*"):
            content = bytearray(file.read_bytes())
            start = int(at * len(content))
            content[start : start + 64] = b"\xa5" * len(content[start : start + 64])
            file.write_bytes(content)

    @rule()
    def the_machine_is_restored_from_the_files_alone(self) -> None:
        old = self.workspace.root
        root = old.with_name(str(int(old.name) + 1))
        shutil.copytree(old, root, ignore=shutil.ignore_patterns(".recado"))
        shutil.rmtree(old)
        self.workspace = Workspace(root)

    # ---- The VA, in her mailbox ----

    @rule(first=mails)
    def she_answers_from_her_mail_program(self, first: bytes) -> None:
        self.count += 1
        raw = a_mail(self.count, "An answer", sender=HERSELF, to="jane@acme.example", extra=_answering(first))
        self.twin.deliver(raw, received(self.count), SENT)
        self.delivered[raw] = mail = Delivered.of(raw)
        self.taken.add(mail.key)  # what answers no thread is no one's to file

    @rule(mail=mails)
    def she_moves_a_mail_out_of_the_inbox(self, mail: bytes) -> None:
        if self.twin.shift(mail, "INBOX", "Elsewhere") and mail not in self.twin.waiting():
            self.taken.add(self.delivered[mail].key)

    @rule(mail=mails, folder=st.sampled_from(["Elsewhere", DONE, "Recado/Quarantine"]))
    def she_moves_a_mail_back(self, mail: bytes, folder: str) -> None:
        if self.twin.shift(mail, folder, "INBOX"):
            self.taken.discard(self.delivered[mail].key)

    @precondition(lambda self: bool(self.twin.waiting()))
    @rule()
    def the_server_numbers_the_inbox_anew(self) -> None:
        self.twin.renumber()

    # ---- What must hold ----

    @invariant()
    def nothing_is_lost_or_half_there(self) -> None:
        mails = list(self.delivered.values())
        assert list(half_written(self.workspace, self.practice, mails)) == []
        assert list(lost(self.workspace, self.practice, self.twin, mails, self.taken)) == []

    def judge(self) -> None:
        self.a_build_looks()
        mails = list(self.delivered.values())
        assert verdict(self.workspace, self.practice, self.twin, mails, taken=self.taken) == []
        everything = self.twin.everything()
        assert [raw for raw in self.delivered if raw not in everything] == []
        there = {(key, _number(path)): path for key in SENDERS for path in task_files(self.workspace.client(key))}
        assert self.deleted_numbers & set(there) == set(), "a number was given again"
        for task, words in self.words.items():
            assert words in there[task].read_text(encoding="utf-8"), "her words are gone"

    # ---- Below ----

    def work(self, observer: Callable[[Step], None] = lambda _step: None) -> None:
        self.twin.heal()
        with observed(observer), only_worker(self.workspace):
            list(one_pass(self.workspace, self.practice, lambda: Revealed(PASSWORD)))

    def task(self, place: int) -> list[tuple[str, Path]]:
        """Give one of the tasks that are there, or none."""
        paths = [(key, path) for key in SENDERS for path in task_files(self.workspace.client(key))]
        return [paths[place % len(paths)]] if paths else []

    def keys_in(self, client: str, path: Path) -> set[Key]:
        work = load_client_work(self.workspace.client(client), self.practice.record(client))
        name = path.name.removesuffix(".md")
        return {(m.message_id, m.digest) for thread in work.threads if thread.task.name == name for m in thread.messages}


def _number(path: Path) -> int:
    return int(path.name[:4])


def _subject_of(raw: bytes) -> str:
    found = re.search(rb"^Subject: (?:Re: )*(.*?)\r$", raw, re.MULTILINE)
    return found[1].decode() if found else "nothing"


def _answering(raw: bytes) -> str:
    found = re.search(rb"^Message-ID: (\S+)", raw, re.MULTILINE)
    return f"In-Reply-To: {found[1].decode()}" if found else ""


@pytest.fixture(params=[True, False], ids=["move", "no move"])
def business(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[type[Any]]:
    """Give the machine its mailbox, a reader in this process, and a folder in memory where the system has one."""
    monkeypatch.setattr("ingest.worker.Reader", ReaderTwin)
    memory = Path("/dev/shm")  # noqa: S108 (a folder of our own is made in it)
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else tmp_path, prefix="recado-") as folder:
        twin = ImapTwin(has_move=request.param)
        yield type("BusinessHere", (Business,), {"twin": twin, "root": Path(folder)})
        twin.close()


def test_whatever_happens_in_whatever_order_each_mail_is_filed_exactly_once(business: type[Any]) -> None:
    run_state_machine_as_test(business, settings=SETTINGS)


def test_a_worker_that_knows_no_repeats_is_found_out(business: type[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Filed, "where", lambda _filed, *_mail: None)
    with pytest.raises(AssertionError, match="doubled"):
        run_state_machine_as_test(business, settings=settings(SETTINGS, phases=[Phase.generate]))
