from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingest.mail import Mail, Unreadable
from ingest.parse import parse_mail
from ingest.reader import Reader
from recado.errors import WorkError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST = 25_000_000
ROOT = Path(__file__).parents[2]

# Children that do to a mail what no mail of ours does: each acts on the words of the mail it is given.
ACTING = """
import sys
sys.path[:] = sys.argv[2:]
import os, signal, time
import ingest.parse, ingest.reader_child as child
from ingest.mail import Unreadable
plain = ingest.parse.parse_mail
once = "@ONCE@"
def parse_mail(raw, max_bytes=25_000_000):
    if b"loop" in raw:
        while True:
            pass
    if b"hoard" in raw:
        held = [bytes(1_000_000) for _ in range(10_000)]
    if b"sleep" in raw:
        time.sleep(3600)
    if b"die always" in raw:
        os.kill(os.getpid(), signal.SIGKILL)
    if b"abort" in raw:
        os.abort()
    if b"die once" in raw and not os.path.exists(once):
        os.mkdir(once)
        os.kill(os.getpid(), signal.SIGKILL)
    if b"panic" in raw:
        raise BaseException("panic")
    if b"write" in raw:
        print("not for the pipe", flush=True)
        with open(once, "wb") as file:
            file.write(b"x")
    return plain(raw, max_bytes=max_bytes)
ingest.parse.parse_mail = parse_mail
child.MOST_SECONDS = 0.3
child.main(int(sys.argv[1]))
"""


def mail_of(text: str, subject: str = "s") -> bytes:
    return f"From: Jane <jane@acme.example>\r\nSubject: {subject}\r\n\r\n{text}\r\n".encode()


@pytest.fixture
def reader() -> Iterator[Reader]:
    with Reader(MOST) as made:
        yield made


@pytest.fixture
def acting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Reader]:
    """Give a reader whose child's program does what the mail's words say."""
    folder = tmp_path / "open to it"
    folder.mkdir()
    monkeypatch.setattr("ingest.reader._START", ACTING.replace("@ONCE@", str(folder / "once")))
    with Reader(MOST) as made:
        yield made


def subjects(reader: Reader, count: int) -> list[str]:
    """Take so many answers; a mail is its subject, another its reason."""
    answers = [reader.answer() for _ in range(count)]
    return [answer.subject if isinstance(answer, Mail) else answer.reason for answer in answers]


def answer_to(reader: Reader, raw: bytes) -> Mail | Unreadable:
    """Ask and take the answer."""
    reader.ask(raw)
    return reader.answer()


def is_alive(pid: int | None) -> bool:
    """Tell whether a process lives (one that no one has waited for does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(is_so: Callable[[], bool], seconds: float = 20) -> None:
    """Ask again and again; fails when it is not so in time."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        os.sched_yield()


def test_the_child_says_what_the_parser_says(reader: Reader) -> None:
    mails = [mail_of("hello"), b"", b"\x00\xff no mail", mail_of("ñ" * 1000), mail_of("> quoted\r\n\r\nhi")]
    for raw in mails:
        reader.ask(raw)
    assert [reader.answer() for _ in mails] == [parse_mail(raw) for raw in mails]


def test_answers_come_in_the_order_of_the_mails_however_large(reader: Reader) -> None:
    sizes = [0, 3_000_000, 10, 70_000, 2_000_000, 100] * 3
    for number, size in enumerate(sizes):
        reader.ask(mail_of("word " * (size // 5), str(number)))
    assert subjects(reader, len(sizes)) == [str(number) for number in range(len(sizes))]


def test_a_mail_over_the_limit_is_not_even_handed_over() -> None:
    with Reader(1_000) as reader:
        reader.ask(mail_of("small"))
        reader.ask(mail_of("x" * 1_000))
        reader.ask(mail_of("small again"))
        assert subjects(reader, 3) == ["s", "too-large", "s"]


def test_no_answer_comes_without_a_question(reader: Reader) -> None:
    with pytest.raises(LookupError):
        reader.answer()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("loop", "too-slow"),
        ("hoard", "too-much-memory"),
        ("abort", "too-much-memory"),
        ("die always", "broken"),
        ("panic", "broken"),
    ],
)
def test_a_mail_that_ends_its_child_is_unreadable_and_no_other_is_lost(acting: Reader, words: str, reason: str) -> None:
    for raw in (mail_of("", "one"), mail_of(words), mail_of("", "two"), mail_of(words), mail_of("", "three")):
        acting.ask(raw)
    assert subjects(acting, 5) == ["one", reason, "two", reason, "three"]
    acting.ask(mail_of("", "four"))
    assert subjects(acting, 1) == ["four"]


def test_a_child_killed_from_outside_costs_no_mail(acting: Reader) -> None:
    for raw in (mail_of("", "one"), mail_of("die once", "two"), mail_of("", "three")):
        acting.ask(raw)
    assert subjects(acting, 3) == ["one", "two", "three"]


def test_a_child_killed_between_two_mails_is_followed_by_another(reader: Reader) -> None:
    reader.ask(mail_of("", "one"))
    reader.answer()
    child = reader.pid
    assert child is not None
    os.kill(child, signal.SIGKILL)
    wait_until(lambda: not is_alive(child))
    reader.ask(mail_of("", "two"))
    assert subjects(reader, 1) == ["two"]


def test_a_child_that_does_nothing_at_all_is_not_waited_for(acting: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    acting.ask(mail_of("", "one"))
    assert subjects(acting, 1) == ["one"]
    monkeypatch.setattr("ingest.reader._PATIENCE", 0.2)
    acting.ask(mail_of("sleep"))
    assert subjects(acting, 1) == ["too-slow"]


def test_what_a_library_prints_or_writes_is_no_answer_and_no_file(acting: Reader, tmp_path: Path) -> None:
    acting.ask(mail_of("", "one"))
    acting.ask(mail_of("write"))
    acting.ask(mail_of("", "two"))
    assert subjects(acting, 3) == ["one", "broken", "two"]
    assert not any(file.stat().st_size for file in (tmp_path / "open to it").iterdir())


def test_a_child_that_cannot_start_is_the_programs_fault_and_no_mails(monkeypatch: pytest.MonkeyPatch) -> None:
    without = ACTING.replace("import ingest.parse", "sys.modules['mailparser'] = None; import ingest.parse")
    monkeypatch.setattr("ingest.reader._START", without)
    with Reader(MOST) as reader:
        with pytest.raises(WorkError, match="does not start"):
            answer_to(reader, mail_of("hello"))
        monkeypatch.undo()
        assert subjects(reader, 1) == ["s"]


def test_an_installation_without_a_library_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    start = "import sys; sys.path[:] = sys.argv[2:]; sys.modules['mailparser'] = None"
    monkeypatch.setattr("ingest.reader._START", f"{start}; from ingest.reader_child import main; main(int(sys.argv[1]))")
    with Reader(MOST) as reader, pytest.raises(WorkError, match="mailparser"):
        answer_to(reader, mail_of("hello"))


def test_ctrl_c_and_a_polite_end_are_the_parents_affair(reader: Reader) -> None:
    reader.ask(mail_of("", "one"))
    assert subjects(reader, 1) == ["one"]
    child = reader.pid
    assert child is not None
    assert os.getpgid(child) != os.getpgid(0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(child, number)
    reader.ask(mail_of("", "two"))
    assert subjects(reader, 1) == ["two"]
    assert reader.pid == child


def test_the_child_ends_with_the_reader() -> None:
    with Reader(MOST) as reader:
        reader.start()
        reader.ask(mail_of("hello"))
        child = reader.pid
        assert is_alive(child)
    assert not is_alive(child)


def test_an_answer_can_be_looked_for_without_waiting(acting: Reader) -> None:
    acting.ask(mail_of("", "one"))
    assert subjects(acting, 1) == ["one"]
    acting.ask(mail_of("sleep"))
    began = time.monotonic()
    assert not acting.is_answered(0.05)
    assert time.monotonic() - began < 5


ORPHAN = """
import fcntl, os, sys
sys.path.insert(0, {root!r})
import ingest.reader
from ingest.reader import Reader
ingest.reader._START = {start!r}
lock = open({lock!r}, "w")
fcntl.flock(lock, fcntl.LOCK_EX)
with Reader(25_000_000) as reader:
    reader.ask({raw!r})
    {then}
    print(reader.pid, flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("raw", "then"), [(mail_of("hello"), "reader.answer()"), (mail_of("loop"), "reader.is_answered(0.1)")], ids=["idle", "busy"]
)
def test_a_lock_of_the_worker_dies_with_it_and_so_does_the_child(tmp_path: Path, raw: bytes, then: str) -> None:
    lock = tmp_path / "ingest.lock"
    program = ORPHAN.format(root=str(ROOT), lock=str(lock), raw=raw, then=then, start=ACTING)
    secret = {**os.environ, "MAILBOX_PASSWORD": "tr0ub4dor"}
    command = [sys.executable, "-c", program]
    with subprocess.Popen(  # noqa: S603 (a worker of the test's own)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=secret
    ) as worker:
        assert worker.stdout is not None
        child = int(worker.stdout.readline())
        if sys.platform == "linux":
            assert b"tr0ub4dor" not in Path(f"/proc/{child}/environ").read_bytes()
        with lock.open() as held, pytest.raises(BlockingIOError):
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        worker.kill()
        worker.wait()
        with lock.open() as free:
            fcntl.flock(free, fcntl.LOCK_EX | fcntl.LOCK_NB)
    wait_until(lambda: not is_alive(child))


def test_the_worker_need_not_know_the_parsers() -> None:
    program = (
        "import sys, ingest.reader, ingest.sender; print([m for m in ('mailparser', 'nh3', 'icalendar') if m in sys.modules])"
    )
    said = subprocess.run(  # noqa: S603 (the same)
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize("words", ["loop", "hoard", "abort", "die always", "panic"])
def test_a_mail_that_is_not_read_this_time_is_known_as_if_it_were(acting: Reader, words: str) -> None:
    """So that it is filed once, also where it was read before, or is read after."""
    raw = mail_of(words).replace(b"Subject", b"Message-ID: <one@acme.example>\r\nSubject")
    answer, mail = answer_to(acting, raw), parse_mail(raw)
    assert isinstance(answer, Unreadable)
    assert isinstance(mail, Mail)
    assert (answer.message_id, answer.digest) == (mail.message_id, mail.digest)


def test_an_unreadable_says_why_in_a_sentence(acting: Reader) -> None:
    assert answer_to(acting, mail_of("loop")) == Unreadable("too-slow", "reading it takes longer than a mail may take")
