"""What a client can have and what it costs: their retainer, the services, the packages, in their currency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recado.model.money import Money
from recado.portal.pages.terms import carry_over, overage

if TYPE_CHECKING:
    from decimal import Decimal

    from recado.model.practice import Package, Retainer, Service
    from recado.portal.pages.view import View


@dataclass(frozen=True, slots=True)
class Price:
    """One line of the price list. `per` says what the price is of (`an hour`); both are '' where no price was agreed."""

    name: str
    detail: str
    price: str
    per: str = ""


def prices(view: View) -> tuple[Price, ...]:
    """Give the retainer first, then the services, then the packages that are priced in the client's currency."""
    record = view.record
    retainer = record.client.retainer
    services = tuple(_service(service, view) for service in record.services.values())
    packages = tuple(_package(package, view) for package in record.packages.values() if record.currency in package.price)
    return (*(_retainer(retainer, view) if retainer else ()), *services, *packages)


def _retainer(retainer: Retainer, view: View) -> tuple[Price, ...]:
    reader = view.reader
    names = {
        "monthly": ("{number} hour a month", "{number} hours a month"),
        "weekly": ("{number} hour a week", "{number} hours a week"),
        "when_used": ("A block of {number} hour", "A block of {number} hours"),
    }
    name = reader.ngettext(*names[retainer.renews], retainer.hours)
    rows = [Price(name[:1].upper() + name[1:], carry_over(retainer, view), _money(retainer.price, view))]
    if beyond := overage(retainer, view):
        rows.append(Price(reader.gettext("Hours beyond them"), "", beyond, reader.gettext("an hour")))
    return tuple(rows)


def _service(service: Service, view: View) -> Price:
    rate = view.record.client.rate if view.record.client.rate is not None else service.rate.get(view.record.currency)
    per = view.reader.gettext("an hour") if rate is not None else ""
    return Price(view.text_of(service.name), _detail(service, view), _money(rate, view), per)


def _detail(service: Service, view: View) -> str:
    description = view.text_of(service.description)
    if not service.deliverables:
        return description
    given = service.deliverables.in_language(view.record.language, view.business.language)
    listed = view.reader.gettext("You get: {things}.").format(things=view.reader.listing(given))
    return f"{description.rstrip('.')}. {listed}" if description else listed


def _package(package: Package, view: View) -> Price:
    detail = view.text_of(package.includes) or view.text_of(package.description)
    return Price(view.text_of(package.name), detail, _money(package.price[view.record.currency], view))


def _money(amount: Decimal | None, view: View) -> str:
    return view.reader.money(Money(amount, view.record.currency)) if amount is not None else ""
