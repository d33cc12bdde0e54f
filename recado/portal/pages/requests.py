"""The page of all requests, grouped by whose turn it is, and a page for each earlier month with what was done in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recado.model.status import Turn
from recado.portal.page import Later, Page
from recado.portal.pages.rows import Row, list_rows
from recado.portal.pages.status_words import turn_heading
from recado.portal.program import digest_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from recado.portal.pages.view import ShownThread, View


class Group(NamedTuple):
    """The tasks of one turn. `key` is `turn`, `doing`, `next` or `done`; `chip` its name on the filter."""

    key: str
    heading: str
    chip: str
    rows: tuple[Row, ...]


class MonthLink(NamedTuple):
    """An earlier month: its page, from the portal's root, its name and how many requests ended in it."""

    url: str
    name: str
    number: int


class Requests(NamedTuple):
    """What the page of requests says. `total` counts what the groups show; `withheld` says what is being checked."""

    groups: tuple[Group, ...]
    total: int
    withheld: str
    months: tuple[MonthLink, ...]


class Month(NamedTuple):
    """What the page of an earlier month says."""

    title: str
    rows: tuple[Row, ...]
    months: tuple[MonthLink, ...]


def requests_pages(view: View) -> tuple[Page, ...]:
    """Give the page of all requests."""
    reader = view.reader
    this_month = _this_month(view)
    now_done = [thread for month, threads in view.ended_in.items() if month >= this_month for thread in threads]
    done = Group(Turn.NOBODY, _done_in(this_month, view), reader.pgettext("filter", "Done"), list_rows(now_done, view))
    groups = tuple(_group(turn, view) for turn in (Turn.CLIENT, Turn.PRACTICE, Turn.LATER))
    shown = tuple(group for group in (*groups, done) if group.rows)
    title = reader.gettext("Requests")
    model = Requests(shown, sum(len(group.rows) for group in shown), _withheld(view), _month_links(view))
    return (Page("requests", "requests/index.html", title, title, model, updated=lambda: view.work.updated),)


def month_pages(view: View) -> tuple[Page, ...]:
    """Give a page for each earlier month in which something ended."""
    this_month, links = _this_month(view), _month_links(view)
    earlier = ((month, threads) for month, threads in view.ended_in.items() if month < this_month)
    return tuple(_month_page(month, threads, links, view) for month, threads in earlier)


def _this_month(view: View) -> date:
    return view.reader.today.replace(day=1)


def _month_links(view: View) -> tuple[MonthLink, ...]:
    earlier = ((month, threads) for month, threads in view.ended_in.items() if month < _this_month(view))
    return tuple(MonthLink(_url(month), view.reader.month(month), len(threads)) for month, threads in earlier)


def _done_in(month: date, view: View) -> str:
    return view.reader.gettext("Done in {month}").format(month=view.reader.month(month))


def _group(turn: Turn, view: View) -> Group:
    chips = {
        Turn.CLIENT: view.reader.pgettext("filter", "Your turn"),
        Turn.PRACTICE: view.reader.pgettext("filter", "With {name}"),
        Turn.LATER: view.reader.pgettext("filter", "Next"),
    }
    heading = turn_heading(turn, view.reader, view.me)
    return Group(turn, heading, chips[turn].format(name=view.me), list_rows(view.turn(turn), view))


def _withheld(view: View) -> str:
    if not view.withheld:
        return ""
    return view.reader.ngettext("A request is being checked.", "{number} requests are being checked.", view.withheld)


def _month_page(month: date, threads: Sequence[ShownThread], links: tuple[MonthLink, ...], view: View) -> Page:
    title = _done_in(month, view)
    others = tuple(link for link in links if link.url != _url(month))
    inputs = [thread.inputs for thread in threads]
    told = digest_of(*inputs, repr(others)) if all(inputs) else ""
    return Page("month", _url(month), title, title, Later(lambda: Month(title, list_rows(threads, view), others)), told)


def _url(month: date) -> str:
    return f"requests/{month:%Y-%m}.html"
