"""What a watch does next: a mailbox and a worker made up for it, a chance that is no chance, and the signal that ends it."""

from __future__ import annotations

import os
import signal
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Self, TypeVar

import pytest
import schedule

from ingest.connection import LoginRefusedError, MailboxError, MailRefusedError
from ingest.in_force import InForce
from ingest.intake import Outcome
from ingest.watch import Pace, Watching, watch
from recado.errors import FileError, Problem, RecadoError, WorkError
from recado.store.stopping import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ingest.idle import Wait
    from ingest.mailbox import Mailbox
    from recado.model.practice import Practice
    from recado.store.workspace import Workspace

_T = TypeVar("_T")


def an_outcome(became: str = "request") -> Outcome:
    return Outcome(became, "", "", "", "")


def stop() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


class Scene:
    """A mailbox, a worker, and all that was said and done, in order. What a test sets here happens; the last thing stops it."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.done: list[str] = []
        self.notes: list[str] = []
        self.can_idle = True
        self.connects: list[Exception | None] = []
        self.looks: list[list[Outcome] | Exception] = []
        self.idles: list[bool | Exception] = []
        self.refused: list[MailRefusedError | None] = []

    def go(self, *, pace: Pace | None = None, chance: float = 0.0, was_told: bool = False) -> None:
        watch(
            Watching(
                InForce(self.workspace, self.notes.append),
                mailbox=self._mailbox,
                worker=lambda practice: nullcontext(_Worker(self, practice)),
                say=lambda outcome: self.done.append(f"said {outcome.became}"),
                note=self.notes.append,
                pace=pace or Pace(),
                chance=lambda: chance,
            ),
            was_told=lambda: was_told,
        )

    def _mailbox(self, practice: Practice) -> Mailbox:
        mailbox: Any = _Mailbox(self, practice)
        return mailbox  # type: ignore[no-any-return]  # it has what the watch asks of one


class _Mailbox:
    def __init__(self, scene: Scene, practice: Practice) -> None:
        self._scene = scene
        self._practice = practice

    def __enter__(self) -> Self:
        self._scene.done.append(f"connected to {self._practice.mailbox.host}")
        error = next_of(self._scene.connects)
        if error is not None:
            raise error
        return self

    def __exit__(self, *_error: object) -> None:
        self._scene.done.append("hung up")

    @property
    def can_idle(self) -> bool:
        return self._scene.can_idle

    def idle(self, seconds: float, wait: Wait) -> bool:
        del wait
        self._scene.done.append(f"idle {seconds:.1f}")
        came = next_of(self._scene.idles)
        if came is None:
            stop()
            return False
        if isinstance(came, Exception):
            raise came
        return came

    def raise_refused(self) -> None:
        refused = next_of(self._scene.refused)
        if refused is not None:
            raise refused


class _Worker:
    def __init__(self, scene: Scene, practice: Practice) -> None:
        self._scene = scene
        scene.done.append(f"worker for {practice.business.name}")

    def look(self, _mailbox: Mailbox, is_told: Callable[[], bool]) -> Iterator[Outcome]:
        self._scene.done.append("look")
        outcomes = next_of(self._scene.looks) or []
        if isinstance(outcomes, Exception):
            raise outcomes
        for outcome in outcomes:
            if is_told():
                return
            yield outcome

    def look_into_sent(self, _mailbox: Mailbox) -> Iterator[Outcome]:
        self._scene.done.append("look into sent")
        yield an_outcome("outgoing")


def next_of(things: list[_T]) -> _T | None:
    return things.pop(0) if things else None


@pytest.fixture
def scene(workspace: Workspace) -> Scene:
    return Scene(workspace)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let waiting take no time; give what was waited for."""
    waited: list[float] = []

    def wait(self: Stop, seconds: float | None = None) -> bool:
        waited.append(round(seconds or 0.0, 1))
        return self.is_told

    monkeypatch.setattr(Stop, "wait", wait)
    return waited


def rewrite(workspace: Workspace, old: str, new: str) -> None:
    text = workspace.practice_file.read_text(encoding="utf-8")
    assert old in text
    workspace.practice_file.write_text(text.replace(old, new), encoding="utf-8")


def test_one_connection_serves_many_passes_and_each_word_of_the_server_is_followed_at_once(scene: Scene) -> None:
    scene.looks = [[an_outcome("request")], [an_outcome("reply")]]
    scene.idles = [False, True, False]
    scene.go()
    assert [did for did in scene.done if not did.startswith("idle")] == [
        "worker for Marta Ruiz",
        "connected to 127.0.0.1",
        "look",
        "said request",
        "look",
        "said reply",
        "hung up",
    ]
    assert scene.notes == ["Watching requests@marta.example at 127.0.0.1: mail is filed as it comes. Ctrl-C ends it."]


def test_idle_is_renewed_by_a_search_every_two_minutes_and_on_this_machine_the_server_is_asked_all_the_time(
    scene: Scene,
) -> None:
    scene.go()
    assert "idle 0.2" in scene.done
    rewrite(scene.workspace, "host: 127.0.0.1", "host: imap.marta.example")
    rewrite(scene.workspace, "security: none", "security: tls")
    scene.go()
    (asked,) = (float(did.split()[1]) for did in scene.done[-3:] if did.startswith("idle"))
    assert 115 < asked <= 120
    assert Pace().search < 29 * 60


def test_a_server_without_idle_is_asked_every_minute(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    def wait(_self: Stop, seconds: float | None = None) -> bool:
        waited.append(seconds or 0.0)
        stop()
        return True

    monkeypatch.setattr(Stop, "wait", wait)
    scene.can_idle = False
    scene.go()
    assert not any(did.startswith("idle") for did in scene.done)
    assert 55 < waited[0] <= 60
    assert "this server has to be asked: every minute" in scene.notes[0]


def test_what_is_due_is_done_also_where_the_clock_was_set_back_by_an_hour(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    until_due = [3700.0, 60.0]
    monkeypatch.setattr(schedule.Scheduler, "idle_seconds", property(lambda _self: next_of(until_due) or 60.0))
    scene.go()
    assert scene.done.count("look") == 2


def test_a_server_that_always_says_that_something_came_is_not_asked_without_end(scene: Scene, waits: list[float]) -> None:
    scene.idles = [True] * 5
    scene.go()
    assert scene.done.count("look") == 6
    assert waits == [3, 4, 5]


def test_the_sent_folder_is_looked_into_where_clients_yml_names_one(scene: Scene) -> None:
    scene.go()
    assert "look into sent" not in scene.done
    rewrite(scene.workspace, "  user: requests", "  sent: Sent\n  user: requests")
    scene.go()
    assert scene.done[-5:-1] == ["look", "look into sent", "said outgoing", "idle 0.2"]


@pytest.mark.parametrize(
    "error",
    [
        MailboxError("no answer."),
        OSError(28, "No space left on device"),
        FileError([Problem("portal_src/acme/history.csv", 2, "broken")]),
        WorkError("The environment variable X is not set."),
    ],
)
@pytest.mark.parametrize("where", ["connects", "looks", "idles"])
def test_what_fails_is_said_on_a_line_with_the_next_try_and_tried_again(scene: Scene, error: Exception, where: str) -> None:
    getattr(scene, where).append(error)
    scene.go(chance=0.2)  # of two seconds
    first, again = ("Watching", "Watching") if where != "idles" else ("Watching", "The mailbox at 127.0.0.1 answers again.")
    failed = f"{error} Trying again in 1 second."
    assert failed in scene.notes
    assert scene.notes[0].startswith(first if where == "idles" else failed)
    assert scene.notes[-1].startswith(again)
    assert scene.done.count("connected to 127.0.0.1") == 2
    assert scene.done.count("worker for Marta Ruiz") == 1


def seconds_said(scene: Scene) -> list[int]:
    return [int(note.partition("Trying again in ")[2].split()[0]) for note in scene.notes if "Trying again" in note]


@pytest.mark.usefixtures("waits")
def test_pauses_double_up_to_five_minutes_with_one_line_a_try(scene: Scene) -> None:
    scene.connects = [OSError("away")] * 10
    scene.go(chance=1.0)
    assert seconds_said(scene) == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert len(scene.notes) == 11  # and one that tells that it goes well
    assert scene.notes[0].startswith("away Trying again in 2 seconds.")
    assert all(note.startswith("It is still so. Trying again in") for note in scene.notes[1:10])


@pytest.mark.usefixtures("waits")
def test_another_trouble_and_one_that_comes_back_are_said_at_length_again(scene: Scene) -> None:
    scene.connects = [OSError("away"), OSError("away"), OSError("full"), OSError("away")]
    scene.go(chance=1.0)
    assert [note.partition(" Trying")[0] for note in scene.notes[:4]] == ["away", "It is still so.", "full", "away"]


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize(("lasted", "expected"), [(59.0, [2, 4, 8, 16]), (61.0, [2, 4, 2, 2])])
def test_pauses_begin_anew_after_a_connection_that_lasted_and_not_for_a_server_that_hangs_up_again_and_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, lasted: float, expected: list[int]
) -> None:
    clock = 0.0
    idle = _Mailbox.idle

    def idle_for_long(self: _Mailbox, seconds: float, wait: Wait) -> bool:
        nonlocal clock
        clock += lasted
        return idle(self, seconds, wait)

    monkeypatch.setattr(_Mailbox, "idle", idle_for_long)
    monkeypatch.setattr("ingest.watch.time.monotonic", lambda: clock)
    scene.connects = [OSError("away"), OSError("away"), None, None]
    scene.idles = [OSError("gone"), OSError("gone")]
    scene.go(chance=1.0)
    assert seconds_said(scene) == expected


def test_a_password_that_is_refused_is_not_tried_again_soon(scene: Scene, waits: list[float]) -> None:
    scene.connects = [LoginRefusedError("refused.")] * 6
    scene.go(chance=1.0)
    assert seconds_said(scene) == [120, 240, 480, 960, 1800, 1800]
    assert max(waits) == 2  # clients.yml is looked at all the while


def test_a_change_of_clients_yml_ends_the_wait_for_a_server_that_is_away(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    waited = 0

    def wait(_self: Stop, _seconds: float | None = None) -> bool:
        nonlocal waited
        waited += 1
        if waited == 3:
            rewrite(scene.workspace, "host: 127.0.0.1", "host: localhost")
        return False

    monkeypatch.setattr(Stop, "wait", wait)
    scene.connects = [LoginRefusedError("refused.")]
    scene.go(chance=1.0)
    assert waited == 3
    assert [did for did in scene.done if did.startswith("connected")] == ["connected to 127.0.0.1", "connected to localhost"]


def test_clients_yml_is_read_again_before_the_next_pass(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    idle = _Mailbox.idle

    def edit_and_idle(self: _Mailbox, seconds: float, wait: Wait) -> bool:
        if "worker for Ana" not in scene.done:
            rewrite(scene.workspace, "name: Marta Ruiz", "name: Ana")
            return True
        return idle(self, seconds, wait)

    monkeypatch.setattr(_Mailbox, "idle", edit_and_idle)
    scene.go()
    assert "worker for Ana" in scene.done
    assert scene.done.count("connected to 127.0.0.1") == 2


def test_a_clients_yml_that_is_broken_is_said_once_and_the_one_before_is_used(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle = _Mailbox.idle

    def edit_and_idle(self: _Mailbox, seconds: float, wait: Wait) -> bool:
        if not any(did.startswith("idle") for did in scene.done):
            rewrite(scene.workspace, "mailbox:", "mailbox: [")
        return idle(self, seconds, wait)

    monkeypatch.setattr(_Mailbox, "idle", edit_and_idle)
    scene.idles = [True, False, True]
    scene.looks = [[], [an_outcome()]]
    scene.go()
    assert scene.done.count("connected to 127.0.0.1") == 1
    assert "said request" in scene.done
    (said,) = scene.notes[1:]
    assert said.startswith("clients.yml:")
    assert said.endswith("Until that is put right, clients.yml is used as it was before.")


def test_a_remark_in_clients_yml_changes_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    idle = _Mailbox.idle

    def edit_and_idle(self: _Mailbox, seconds: float, wait: Wait) -> bool:
        rewrite(scene.workspace, "mailbox:", "# a remark\nmailbox:")
        return idle(self, seconds, wait)

    monkeypatch.setattr(_Mailbox, "idle", edit_and_idle)
    scene.idles = [False, False]
    scene.go()
    assert scene.done.count("connected to 127.0.0.1") == 1
    assert len(scene.notes) == 1


def test_a_mail_that_the_server_refuses_is_said_once_and_breaks_no_connection(scene: Scene) -> None:
    scene.idles = [True, True]
    scene.refused = [MailRefusedError("not this one."), MailRefusedError("not this one."), MailRefusedError("another.")]
    scene.looks = [[an_outcome()]] * 3
    scene.go()
    assert [note for note in scene.notes if not note.startswith("Watching")] == ["not this one.", "another."]
    assert scene.done.count("connected to 127.0.0.1") == 1


def test_told_to_stop_it_finishes_the_mail_in_hand_and_begins_no_other(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    look = _Worker.look

    def stop_and_look(self: _Worker, mailbox: Mailbox, is_told: Callable[[], bool]) -> Iterator[Outcome]:
        for outcome in look(self, mailbox, is_told):
            yield outcome
            stop()

    monkeypatch.setattr(_Worker, "look", stop_and_look)
    scene.looks = [[an_outcome("the one in hand"), an_outcome("another")]]
    before = signal.getsignal(signal.SIGTERM)
    scene.go()
    assert [did for did in scene.done if did.startswith("said")] == ["said the one in hand"]
    assert signal.getsignal(signal.SIGTERM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_bug_is_not_swallowed(scene: Scene) -> None:
    scene.looks = [ZeroDivisionError()]
    with pytest.raises(ZeroDivisionError):
        scene.go()


def test_a_practice_that_cannot_be_read_at_the_start_is_an_error_at_once(scene: Scene) -> None:
    rewrite(scene.workspace, "mailbox:", "mailbox: [")
    with pytest.raises(RecadoError):
        scene.go()


def test_a_signal_that_came_just_before_it_listened_is_not_lost(scene: Scene) -> None:
    scene.go(was_told=True)
    assert scene.done == []
