"""What is said of the keys to portals: which kinds of access a portal has, where it opens, and what is to be done first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recado.deploy.kept import Kind
from recado.deploy.keys import DESK
from recado.errors import UsageError
from recado.speech import _, pgettext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from recado.deploy.kept import Kept
    from recado.model.practice import Business, Practice
    from recado.model.servers import Place


class Access(NamedTuple):
    """One kind of access to a portal, and the places that ask for it."""

    kind: Kind
    places: tuple[str, ...]


def kind_in_words(kind: Kind) -> str:
    """Say a kind of access to the VA."""
    return {Kind.ENCRYPTED: pgettext("access", "encrypted"), Kind.PASSWORD: pgettext("access", "password")}[kind]


def kind_of(place: Place) -> Kind | None:
    """Give what stands in front of the portals of a place; None where nothing does."""
    if place.access is None:
        return None
    return Kind.ENCRYPTED if place.access == "encrypted" else Kind.PASSWORD


def accesses(practice: Practice, portal: str) -> tuple[Access, ...]:
    """List the kinds of access that a portal has at the practice's places; the desk goes to private ones only."""
    found: dict[Kind, list[str]] = {}
    for name, place in practice.places.items():
        kind = kind_of(place)
        if kind is not None and (portal != DESK or place.private):
            found.setdefault(kind, []).append(name)
    return tuple(Access(kind, tuple(names)) for kind, names in found.items())


def expect_accesses(practice: Practice, portal: str, place: str | None) -> tuple[Access, ...]:
    """Give the kinds of access of a portal, at one place where one is named. Raises UsageError, with what to write where."""
    if place is not None:
        return (_at_place(practice, portal, place),)
    found = accesses(practice, portal)
    if found:
        return found
    if not practice.places:
        raise UsageError(
            _(
                "There is no place yet where portals are published. Name one in clients.yml, under `places:`, such as "
                "web: {kind: directory, path: /srv/portal, access: nginx}."
            )
        )
    if portal == DESK and any(kind_of(each) for each in practice.places.values()):
        raise UsageError(
            _(
                "Your desk is published nowhere: none of your places has `private: true`. Write it in clients.yml at the one "
                "that may hold it."
            )
        )
    raise UsageError(_without_access(next(iter(practice.places))))


def _at_place(practice: Practice, portal: str, place: str) -> Access:
    if place not in practice.places:
        known = ", ".join(practice.places) or "-"
        raise UsageError(_("There is no place {place!r} in clients.yml; there are: {known}.").format(place=place, known=known))
    kind = kind_of(practice.places[place])
    if kind is None:
        raise UsageError(_without_access(place))
    if portal == DESK and not practice.places[place].private:
        raise UsageError(_("Your desk does not go to {place}, which has no `private: true`.").format(place=place))
    return Access(kind, (place,))


def _without_access(place: str) -> str:
    return _(
        "Nothing stands in front of the portals at {place}: anyone could open them, and `recado deploy` refuses it. Give the "
        "place an `access` in clients.yml: nginx or caddy, which ask for a password, or encrypted, for any other host."
    ).format(place=place)


def expect_current(practice: Practice, portal: str, today: date) -> None:
    """See that a client's portal is not withdrawn. Raises UsageError."""
    if portal == DESK or not practice.record(portal).has_ended(today):
        return
    raise UsageError(
        _(
            "{client} has ended on {day}: the portal is withdrawn, and needs no key. To publish it again, take `ended` out of "
            "clients.yml."
        ).format(client=portal, day=practice.clients[portal].ended)
    )


def address_of(business: Business, kept: Kept) -> str | None:
    """Give where a portal opens; None where clients.yml does not say where portals are."""
    if business.portal_url is None:
        return None
    return f"{business.portal_url.rstrip('/')}/{kept.key.folder if kept.key else kept.portal}/"


def no_address() -> str:
    """Say what is missing where an address is not known."""
    return _(
        "clients.yml does not say where your portals are on the web. Write it under `practice:`, as portal_url: https://…."
    )


def joined(names: Sequence[str]) -> str:
    """List some places."""
    return ", ".join(names)
