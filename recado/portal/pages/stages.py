"""The stages of a request, drawn as a line: what is behind it and when, where it stands, what is still to come."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from recado.model.status import Status
from recado.portal.reader import When

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from recado.portal.pages.view import ShownThread, View
    from recado.speech import Catalogue

# Waiting is a pause of the work, not a stage of its own.
_WAY = (Status.NEW, Status.ACCEPTED, Status.DOING, Status.REVIEW, Status.APPROVAL, Status.DONE)


class Stage(NamedTuple):
    """One stage. `state` is `past`, `now` or ''; `when` its date, `note` what stands in its place."""

    name: str
    state: str
    when: When | None = None
    note: str = ""


def stages(thread: ShownThread, view: View) -> tuple[Stage, ...]:
    """Give the stages of a request. Of one that has ended, only those it went through."""
    status = thread.task.status
    if status in {Status.DONE, Status.CANCELLED}:
        way = _WAY[1:-1] if thread.begun_with else _WAY[:-1]
        passed = [step for step in way if _reached(step, thread)]
        return (
            *(Stage(_name(step, view, is_past=True), "past", _date(_behind(step, thread), view)) for step in passed),
            Stage(_name(status, view, is_past=True), "past" if status is Status.DONE else "now", _date(thread.ended, view)),
        )
    here = _WAY.index(Status.DOING if status is Status.WAITING else status)
    first = 1 if thread.begun_with and here else 0  # what the practice began itself was never received
    return tuple(_stage(number, here, thread, view) for number in range(first, len(_WAY)))


def position(steps: tuple[Stage, ...], view: View) -> str:
    """Say for those who do not see the line where on it the request stands."""
    here = max((number for number, step in enumerate(steps, 1) if step.state), default=1)
    return view.reader.gettext("Stages: step {number} of {total}").format(number=here, total=len(steps))


def _stage(number: int, here: int, thread: ShownThread, view: View) -> Stage:
    step = _WAY[number]
    if number > here:
        return Stage(_name(step, view, is_past=False), "")
    if number < here:
        return Stage(_name(step, view, is_past=True), "past", _date(_behind(step, thread), view))
    note = view.reader.gettext("waits for your answer") if thread.task.status is Status.WAITING and not thread.answer else ""
    # What is open again was received when it was asked for.
    since = thread.began if step is Status.NEW else thread.last.get(step)
    return Stage(_name(step, view, is_past=False), "now", None if note else _date(since, view), note)


def _reached(step: Status, thread: ShownThread) -> datetime | None:
    return thread.began if step is Status.NEW else thread.first.get(step)


def _behind(step: Status, thread: ShownThread) -> datetime | None:
    """Tell the date of a stage that is behind: of a check or an approval when it was given, of the others when they began."""
    if step is Status.REVIEW and step in thread.first:
        return thread.last.get(Status.APPROVAL, thread.ended or thread.last[step])
    if step is Status.APPROVAL and step in thread.first:
        return thread.ended or thread.last[step]
    return _reached(step, thread)


def _date(moment: datetime | None, view: View) -> When | None:
    if moment is None:
        return None
    day = view.reader.local(moment).date()
    return When(view.reader.plain_date(day, short=True), day.isoformat())


def _name(step: Status, view: View, *, is_past: bool) -> str:
    names = _names(view.reader.words)
    return names.past[step] if is_past else names.to_come[step]


class _Names(NamedTuple):
    """What the stages are called that are behind, and those that are not."""

    past: Mapping[Status, str]
    to_come: Mapping[Status, str]


@lru_cache(maxsize=16)  # for every stage of every page
def _names(words: Catalogue) -> _Names:
    pgettext = words.pgettext
    past = {
        Status.NEW: pgettext("stage", "Received"),
        Status.ACCEPTED: pgettext("stage", "Accepted"),
        Status.DOING: pgettext("stage", "Under way"),
        Status.REVIEW: pgettext("stage", "Checked"),
        Status.APPROVAL: pgettext("stage", "Approved"),
        Status.DONE: pgettext("stage", "Done"),
        Status.CANCELLED: pgettext("stage", "Cancelled"),
    }
    return _Names(past, past | {Status.APPROVAL: pgettext("stage", "Your approval")})
