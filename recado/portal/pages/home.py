"""The home page: the brief, what waits for the client, what is under way, next and done; beside it hours and days away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from recado.model.status import Status, Turn
from recado.portal.page import Page
from recado.portal.pages.asks import Ask, task_asks
from recado.portal.pages.brief import brief
from recado.portal.pages.days_away import DayAway, days_away
from recado.portal.pages.desk_hours import desk_hours
from recado.portal.pages.invoice_asks import invoice_asks
from recado.portal.pages.rows import Row, done_row, home_row
from recado.portal.pages.sentence import opening
from recado.portal.pages.status_words import turn_heading
from recado.portal.pages.used_hours import UsedHours, used_hours

if TYPE_CHECKING:
    from recado.model.practice import Link
    from recado.portal.pages.sentence import Sentence
    from recado.portal.pages.view import View

_LATELY = 3
_MOST_ASKS, _MOST_ROWS = 8, 7  # more than that nobody reads on a home page; the rest is one link away
_AHEAD = timedelta(days=30)


class Home(NamedTuple):
    """What the home page says. `is_first_day`: there is nothing yet; `is_quiet`: nothing waits for the client.

    `says_hours`: the guide tells when the VA is there.
    What is too much for one page is counted in `more_asks`, `more_doing` and `more_later`, '' where all of it is there.
    """

    greeting: str
    brief: Sentence
    is_first_day: bool
    says_hours: bool
    is_quiet: bool
    asks: tuple[Ask, ...]
    more_asks: str
    doing_heading: str
    doing: tuple[Row, ...]
    more_doing: str
    later: tuple[Row, ...]
    more_later: str
    done: tuple[Row, ...]
    hours: UsedHours | None
    away_heading: str
    away: tuple[DayAway, ...]
    links: tuple[Link, ...]


def home_pages(view: View) -> tuple[Page, ...]:
    """Give the home page."""
    reader = view.reader
    tasks, bills = task_asks(view), invoice_asks(view)
    doing, later = view.turn(Turn.PRACTICE), view.turn(Turn.LATER)
    done = [thread for thread in view.turn(Turn.NOBODY) if thread.task.status is Status.DONE]
    model = Home(
        greeting=reader.gettext("Hello, {name}").format(name=view.reader_name),
        brief=brief(view),
        is_first_day=not view.threads and not view.work.invoices,
        says_hours=desk_hours(view) is not None,
        is_quiet=not (tasks or bills),
        asks=(*tasks[:_MOST_ASKS], *bills),
        more_asks=_more(len(tasks) - _MOST_ASKS, view),
        doing_heading=turn_heading(Turn.PRACTICE, reader, view.me),
        doing=tuple(home_row(thread, view) for thread in doing[:_MOST_ROWS]),
        more_doing=_more(len(doing) - _MOST_ROWS, view),
        later=tuple(home_row(thread, view) for thread in later[:_MOST_ROWS]),
        more_later=_more(len(later) - _MOST_ROWS, view),
        done=tuple(done_row(thread, view) for thread in done[:_LATELY]),
        hours=used_hours(view),
        away_heading=reader.gettext("Days without {name}").format(name=view.me),
        away=days_away(view, reader.today + _AHEAD),
        links=view.record.client.links,
    )
    title = reader.gettext("Home")
    return (Page("home", "index.html", title, title, model, updated=lambda: view.work.updated),)


def _more(number: int, view: View) -> str:
    return opening(view.reader.ngettext("One more request", "{number} more requests", number)) if number > 0 else ""
