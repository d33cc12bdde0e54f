"""What a client may see of their own work, and whose turn it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from made_up_work import answered, asked, at, changed, day, message, record, said, task, thread, view

from recado.model.client_work import ClientWork, File
from recado.model.message import Kind, Verified
from recado.model.ref import Ref
from recado.model.status import Status, Turn

if TYPE_CHECKING:
    from recado.model.task import Task

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


@pytest.mark.parametrize(
    ("status", "verified"), [(Status.NEW, Verified.REJECTED), (Status.CANCELLED, Verified.FAIL), (Status.DONE, Verified.FAIL)]
)
def test_a_request_nobody_is_checking_any_more_is_not_counted(status: Status, verified: Verified) -> None:
    work = ClientWork(record(), (thread(task(1, "Falsa", status), asked(verified=verified)),))
    assert (view(work).threads, view(work).withheld) == ((), 0)


def merged_work(*tasks: Task) -> ClientWork:
    return ClientWork(record(), tuple(thread(each) for each in tasks))


def test_a_merged_request_is_nobodys_turn_and_still_has_its_page() -> None:
    work = merged_work(task(1, "A"), task(2, "B", Status.CANCELLED, merged_into=Ref("TOM", 1)))
    assert [shown.task.title for shown in view(work).threads] == ["A"]
    assert view(work).turn(Turn.NOBODY) == ()
    assert view(work).urls[Ref("TOM", 2)] == "requests/tom-2.html"


@pytest.mark.parametrize(
    ("merged", "goes_on"),
    [
        ({2: 1}, "A"),
        ({2: 3, 3: 1}, "A"),
        ({2: 9}, None),
        ({2: 3, 3: 2}, None),
        ({2: 2}, None),
    ],
    ids=["into one", "into one that was merged too", "into one that is not there", "round and round", "into itself"],
)
def test_a_merged_request_goes_on_where_the_last_merge_led(merged: dict[int, int], goes_on: str | None) -> None:
    into = {number: Ref("TOM", other) for number, other in merged.items()}
    of = view(merged_work(*(task(number, title, merged_into=into.get(number)) for number, title in enumerate("ABC", 1))))
    (second,) = (shown for shown in of.merged if shown.task.ref.number == 2)
    found = of.goes_on_in(second)
    assert (found.task.title if found else None) == goes_on


@pytest.mark.parametrize(
    ("before", "after", "is_reopened"),
    [
        (Status.DONE, Status.NEW, True),
        (Status.CANCELLED, Status.NEW, True),
        (Status.DONE, Status.DOING, False),
        (Status.DOING, Status.NEW, False),
    ],
)
def test_what_was_over_and_is_new_is_open_again(before: Status, after: Status, *, is_reopened: bool) -> None:
    of = task(1, "Ficha", after)
    shown = view(ClientWork(record(), (thread(of, asked()),), changed(of, (before, at(19)), (after, at(20))))).threads[0]
    assert shown.is_reopened is is_reopened


def test_what_is_open_again_is_not_late_for_the_day_it_was_done_for() -> None:
    of = task(1, "Ficha", Status.NEW, due=day(19))
    history = changed(of, (Status.DONE, at(19)), (Status.NEW, at(23)))
    assert view(ClientWork(record(), (thread(of, asked()),), history)).threads[0].task.due is None


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
