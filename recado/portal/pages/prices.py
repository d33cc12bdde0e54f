"""What a client can have and what it costs: their retainer, the services, the packages, in their currency."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recado.model.money import Money
from recado.portal.pages.sentence import opening
from recado.portal.pages.terms import carry_over, overage

if TYPE_CHECKING:
    from decimal import Decimal

    from recado.model.practice import Package, Retainer, Service
    from recado.portal.pages.view import View


class Price(NamedTuple):
    """One line of the price list. `per` says what the price is of (`an hour`); both are '' where no price was agreed."""

    name: str
    detail: str
    price: str
    per: str = ""


class OfferedService(NamedTuple):
    """A service the client can ask for, and what it gives them."""

    name: str
    detail: str


def offered(view: View) -> tuple[Service, ...]:
    """Give the services this client can ask for: one that is priced, but not in their currency, is not offered to them."""
    currency = view.record.currency
    return tuple(service for service in view.record.services.values() if not service.rate or currency in service.rate)


def services(view: View) -> tuple[OfferedService, ...]:
    """Give the services in words."""
    return tuple(OfferedService(view.text_of(service.name), _detail(service, view)) for service in offered(view))


def prices(view: View) -> tuple[Price, ...]:
    """Give the price list: the retainer, an hour (of each service, where they differ), packages in the client's currency."""
    record = view.record
    retainer = record.client.retainer
    packages = tuple(_package(package, view) for package in record.packages.values() if record.currency in package.price)
    return (*(_retainer(retainer, view) if retainer else ()), *_hourly(view), *packages)


def _hourly(view: View) -> tuple[Price, ...]:
    """Give the price of an hour: once, where it is the same for all; not again, where the retainer says it already."""
    client, per = view.record.client, view.reader.gettext("an hour")
    rates = {view.text_of(service.name): _rate(service, view) for service in offered(view)}
    known = {client.rate} if client.rate is not None else {rate for rate in rates.values() if rate is not None}
    if len(known) == 1:
        rate = next(iter(known))
        if client.retainer and client.retainer.overage == rate:
            return ()
        return (Price(view.reader.gettext("By the hour"), "", _money(rate, view), per),)
    return tuple(Price(name, "", _money(rate, view), per) for name, rate in rates.items() if rate is not None)


def _retainer(retainer: Retainer, view: View) -> tuple[Price, ...]:
    reader = view.reader
    if retainer.renews == "when_used" or not retainer.says_period:
        name = reader.ngettext("A block of {number} hour", "A block of {number} hours", retainer.hours)
    elif retainer.renews == "monthly":
        name = reader.ngettext("{number} hour a month", "{number} hours a month", retainer.hours)
    else:
        name = reader.ngettext("{number} hour a week", "{number} hours a week", retainer.hours)
    rows = [Price(opening(name), carry_over(retainer, view), _money(retainer.price, view))]
    if beyond := overage(retainer, view):
        rows.append(Price(reader.gettext("Hours beyond them"), "", beyond, reader.gettext("an hour")))
    return tuple(rows)


def _rate(service: Service, view: View) -> Decimal | None:
    """Give the price of an hour: the client's own, where one was agreed, before the catalogue's."""
    own = view.record.client.rate
    return own if own is not None else service.rate.get(view.record.currency)


def _detail(service: Service, view: View) -> str:
    description = view.text_of(service.description)
    if not service.deliverables:
        return description
    given = service.deliverables.in_language(view.record.language, view.business.language)
    listed = view.reader.gettext("You get: {things}.").format(things=", ".join(given))
    return f"{description.rstrip('.')}. {listed}" if description else listed


def _package(package: Package, view: View) -> Price:
    detail = view.text_of(package.includes) or view.text_of(package.description)
    return Price(view.text_of(package.name), detail, _money(package.price[view.record.currency], view))


def _money(amount: Decimal | None, view: View) -> str:
    return view.reader.money(Money(amount, view.record.currency)) if amount is not None else ""
