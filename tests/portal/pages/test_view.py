"""What a client may see of their own work, and whose turn it is."""

from __future__ import annotations

import pytest
from made_up_work import answered, asked, at, changed, message, record, said, task, thread, view

from recado.model.client_work import ClientWork, File
from recado.model.message import Kind, Verified
from recado.model.status import Status, Turn

WAITING = task(34, "Ficha", Status.WAITING)
SINCE = changed(WAITING, (Status.NEW, at(18)), (Status.WAITING, at(20)))


@pytest.mark.parametrize(
    ("messages", "turn"),
    [
        ([asked(), said("¿Con IVA?", at(20))], Turn.CLIENT),
        ([asked(), said("¿Con IVA?", at(20)), answered("Sí", at(21))], Turn.PRACTICE),
        ([asked(), answered("Una cosa más", at(19)), said("¿Con IVA?", at(20))], Turn.CLIENT),
        ([asked(), said("¿Con IVA?", at(20)), answered("Sí", at(21)), said("¿Y el envío?", at(22))], Turn.CLIENT),
        ([asked(), said("¿Con IVA?", at(20)), answered("Sí", at(21), verified=Verified.FAIL)], Turn.CLIENT),
        ([asked(), said("¿Con IVA?", at(20)), message(Kind.NOTE, "Estoy fuera", at(21))], Turn.CLIENT),
    ],
    ids=["asked", "answered", "wrote before", "asked again", "answer withheld", "automatic answer"],
)
def test_once_a_client_has_answered_it_is_the_practices_turn(messages: list, turn: Turn) -> None:  # type: ignore[type-arg]
    work = ClientWork(record(), (thread(WAITING, *messages),), SINCE)
    assert [shown.task.ref for shown in view(work).turn(turn)] == [WAITING.ref]


def test_an_answer_before_the_status_was_set_does_not_count() -> None:
    late = changed(WAITING, (Status.NEW, at(18)), (Status.WAITING, at(22)))
    work = ClientWork(record(), (thread(WAITING, asked(), answered("Sí", at(21))),), late)
    assert view(work).threads[0].turn is Turn.CLIENT


def test_where_nobody_knows_when_it_was_asked_nothing_is_an_answer() -> None:
    first_sight = changed(WAITING, (Status.WAITING, at(18)))
    work = ClientWork(record(), (thread(WAITING, asked(), answered("Sí", at(21))),), first_sight)
    assert view(work).threads[0].turn is Turn.CLIENT


def test_a_withheld_request_is_only_counted() -> None:
    work = ClientWork(record(), (thread(task(1, "Secreto"), asked(verified=Verified.FAIL)), thread(task(2, "Otra"), asked())))
    assert [shown.task.title for shown in view(work).threads] == ["Otra"]
    assert view(work).withheld == 1


def test_a_request_that_the_practice_accepted_is_shown_whatever_the_server_said() -> None:
    work = ClientWork(record(), (thread(task(1, "Suya"), asked(verified=Verified.ACCEPTED)),))
    assert view(work).threads


def test_an_unverified_sender_is_shown() -> None:
    work = ClientWork(record(), (thread(task(1, "Suya"), asked(verified=Verified.NONE)),))
    assert view(work).withheld == 0


def test_files_of_a_withheld_message_are_not_shown() -> None:
    bad = answered("Mira", at(21), verified=Verified.FAIL, id="bad00bad")
    files = (File("bad00bad-nomina.pdf", 10, "bad00bad"), File("entrega.pdf", 10, None))
    work = ClientWork(record(), (thread(task(1, "Posts"), asked(), bad, files=files),))
    assert [file.name for file in view(work).threads[0].files] == ["entrega.pdf"]


def test_work_is_sorted_by_due_date_and_what_is_done_by_when() -> None:
    soon, later, never = task(3, "b", due=at(26).date()), task(1, "a", due=at(27, "10:00")), task(2, "c")
    old, new = task(4, "d", Status.DONE), task(5, "e", Status.DONE)
    history = changed(new, (Status.DONE, at(20))) + changed(old, (Status.DONE, at(19)))
    work = ClientWork(record(), tuple(thread(each) for each in (later, never, soon, old, new)), history)
    assert [shown.task.title for shown in view(work).turn(Turn.PRACTICE)] == ["b", "a", "c"]
    assert [shown.task.title for shown in view(work).turn(Turn.NOBODY)] == ["e", "d"]
