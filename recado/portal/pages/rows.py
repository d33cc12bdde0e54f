"""Rows: a task in one line of a list, its second line in words, its date at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recado.model.status import Status
from recado.portal.pages.status_words import label_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recado.portal.pages.view import ShownThread, View
    from recado.portal.reader import When


class Row(NamedTuple):
    """One task in a list. `url` is its page, from the portal's root; `status` draws the pie; `second` is the second line."""

    url: str
    title: str
    status: str
    second: str
    when: When | None


def home_row(thread: ShownThread, view: View) -> Row:
    """Give a task as the home page lists it: `Under way since Fri 20 · Social media`, `by Thursday 26`."""
    when = view.reader.by(thread.task.due) if thread.task.due else None
    return _row(thread, view, when, since=_since(thread, view))


def done_row(thread: ShownThread, view: View) -> Row:
    """Give a task that is done as the home page lists it: its title, `on Fri 20`."""
    when = view.reader.on(thread.ended, short=True) if thread.ended else None
    return Row(thread.url, thread.task.title, thread.task.status, "", when)


def list_row(thread: ShownThread, view: View) -> Row:
    """Give a task as the lists of requests do: `by Thu 26 Nov`, or when it was done."""
    reader = view.reader
    if thread.ended:
        return _row(thread, view, reader.listed(thread.ended))
    return _row(thread, view, reader.by(thread.task.due, short=True) if thread.task.due and thread.task.is_open else None)


def list_rows(threads: Iterable[ShownThread], view: View) -> tuple[Row, ...]:
    """Give tasks as the lists of requests do."""
    return tuple(list_row(thread, view) for thread in threads)


def _since(thread: ShownThread, view: View) -> str:
    """Say when a task came to where it stands: what happened once `on` a day, what goes on `since` it."""
    status = thread.task.status
    came = thread.began if status is Status.NEW and not thread.is_reopened else thread.since
    if came is None or thread.answer:
        return ""
    is_event = status in {Status.NEW, Status.ACCEPTED}
    return view.reader.on(came, short=True).text if is_event else view.reader.since(came)


def _row(thread: ShownThread, view: View, when: When | None, *, since: str = "") -> Row:
    label = " ".join(filter(None, (label_of(thread, view.reader), since)))
    words = (label, view.service_name(thread.task.service))
    status = Status.DOING if thread.answer else thread.task.status
    return Row(thread.url, thread.task.title, status, " · ".join(filter(None, words)), when)
