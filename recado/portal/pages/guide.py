"""The guide (the welcome pack): how we work, by which channel, when, at what price, with whom, and the days away."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from recado.portal.body import body
from recado.portal.pages.channels import ShownChannel, channels
from recado.portal.pages.days_away import DayAway, days_away, three_months_from
from recado.portal.pages.desk_hours import DeskHours, desk_hours
from recado.portal.pages.links import PageLink
from recado.portal.pages.prices import OfferedService, Price, prices, services
from recado.portal.pages.promise import promised
from recado.portal.pages.sentence import Piece, Sentence, sentence
from recado.portal.pages.terms import terms
from recado.portal.pages.writers import writers

if TYPE_CHECKING:
    from markupsafe import Markup

    from recado.model.practice import Link
    from recado.portal.pages.view import View


class Someone(NamedTuple):
    """A person and what they do."""

    name: str
    role: str


class Guide(NamedTuple):
    """What the guide says. What clients.yml and welcome.md do not say is empty here and absent from the page.

    `more_services` names those of which the file gives nothing but the name.
    """

    title: str
    welcome: Markup | None
    steps: tuple[Sentence, ...]
    channels: tuple[ShownChannel, ...]
    hours: DeskHours | None
    services: tuple[OfferedService, ...]
    more_services: str
    prices: tuple[Price, ...]
    terms: tuple[str, ...]
    people: tuple[Someone, ...]
    writers: tuple[Someone, ...]
    away_heading: str
    away: tuple[DayAway, ...]
    links: tuple[Link, ...]
    pages: tuple[PageLink, ...]


def guide(view: View) -> Guide:
    """Say what the guide says."""
    reader, work = view.reader, view.work
    offered = services(view)
    until = three_months_from(reader.today)
    return Guide(
        title=reader.gettext("Welcome, {name}").format(name=view.reader_name),
        welcome=body(work.welcome, reader.words, top=2) if work.welcome.strip() else None,
        steps=_steps(view),
        channels=channels(view),
        hours=desk_hours(view),
        services=tuple(service for service in offered if service.detail),
        more_services=reader.listing([service.name for service in offered if not service.detail]),
        prices=prices(view),
        terms=terms(view),
        people=_people(view),
        writers=tuple(Someone(name, role) for name, role in writers(view)),
        away_heading=reader.gettext("Days without {name}").format(name=view.me),
        away=days_away(view, until),
        links=view.record.client.links,
        pages=tuple(PageLink(f"pages/{quote(page.slug)}.html", page.title) for page in work.pages),
    )


def _steps(view: View) -> tuple[Sentence, ...]:
    gettext, promise = view.reader.gettext, promised(view)
    example = next(iter(view.asked_last(1)), None)
    return (
        sentence(
            gettext("{you_ask} By mail or from {page}. One request, one mail."),
            you_ask=Piece(gettext("You ask."), is_strong=True),
            page=Piece(gettext("Ask"), "new.html"),
        ),
        sentence(
            gettext("{i_say} and when it will be ready, {promise}.")
            if promise
            else gettext("{i_say} and when it will be ready."),
            i_say=Piece(gettext("I say what I understood"), is_strong=True),
            promise=promise,
        ),
        sentence(
            gettext("{i_do} You see it move here, as {example} does now.")
            if example
            else gettext("{i_do} You see it move here."),
            i_do=Piece(gettext("I do it and check it."), is_strong=True),
            example=Piece(example.task.title, example.url) if example else "",
        ),
        sentence(
            gettext("{you_approve} or say what to change. Then it is done."),
            you_approve=Piece(gettext("You approve,"), is_strong=True),
        ),
    )


def _people(view: View) -> tuple[Someone, ...]:
    business = view.business
    if not business.people:
        return ()
    owner = Someone(business.owner, view.reader.gettext("Your assistant"))
    return (owner, *(Someone(person.name, view.text_of(person.role)) for person in business.people.values()))
