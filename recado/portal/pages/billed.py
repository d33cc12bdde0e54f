"""What an invoice bills, line by line, and what it comes to: net, taxes, what is withheld, what was paid and is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recado.model.invoice_standing import Standing
from recado.model.money import Money
from recado.model.ref import Ref, parse_ref
from recado.portal.amounts import NO_BREAK
from recado.portal.pages.invoice_asks import standing_of
from recado.portal.pages.payment import pay_name
from recado.portal.pages.sentence import opening

if TYPE_CHECKING:
    from decimal import Decimal

    from recado.model.invoice import Invoice, InvoiceLine, Tax
    from recado.portal.pages.view import View


class TaskLink(NamedTuple):
    """A request that a line bills. `url` is '' where its page is not shown."""

    url: str
    ref: str


class BilledLine(NamedTuple):
    """One line. `price` is the price of one of its units, '' where the quantity is one."""

    description: str
    price: str
    tasks: tuple[TaskLink, ...]
    quantity: str
    amount: str


class TotalRow(NamedTuple):
    """One line under the lines. `is_total` is the sum that counts."""

    name: str
    reason: str
    amount: str
    is_total: bool = False


def billed_lines(invoice: Invoice, view: View) -> tuple[BilledLine, ...]:
    """Give the lines of an invoice, with links to the requests that they name and that may be shown."""
    return tuple(_line(line, invoice, view) for line in invoice.lines)


def total_rows(invoice: Invoice, view: View) -> tuple[TotalRow, ...]:
    """Give net, taxes and what is withheld, where there are any; the total; what was paid and is left, where something was."""
    reader, totals = view.reader, invoice.totals
    gettext = reader.gettext

    def row(name: str, amount: Decimal, reason: str = "", *, is_total: bool = False) -> TotalRow:
        return TotalRow(name, reason, reader.money(Money(amount, invoice.currency)), is_total=is_total)

    rows: list[TotalRow] = []
    if invoice.taxes or invoice.withholdings:
        rows.append(row(gettext("Before tax"), totals.net))
    rows.extend(row(_tax_name(tax, view), tax.amount, view.text_of(tax.reason)) for tax in invoice.taxes)
    for held in invoice.withholdings:
        name = gettext("{name} withheld, {rate}").format(name=_shown(held.name), rate=reader.percent(held.rate))
        rows.append(row(name, -held.amount))
    rows.append(row(gettext("Total"), totals.payable, is_total=True))
    if invoice.payments and standing_of(invoice, view) is not Standing.CREDIT:
        rows.extend(row(_payment_name(p.by, reader.plain_date(p.date), view), -p.amount) for p in invoice.payments)
        rows.append(row(gettext("Left to pay"), invoice.outstanding.amount, is_total=True))
    return tuple(rows)


def _line(line: InvoiceLine, invoice: Invoice, view: View) -> BilledLine:
    reader = view.reader
    price = ""
    if line.quantity != 1:
        amount = reader.money(Money(line.price, invoice.currency))
        unit = _one(line.unit, view)
        price = reader.gettext("{amount} {per_unit}").format(amount=amount, per_unit=unit) if unit else amount
    return BilledLine(
        description=line.description,
        price=price,
        tasks=tuple(TaskLink(view.urls.get(ref, "") if ref else "", text) for text, ref in ((t, _ref(t)) for t in line.tasks)),
        quantity=_quantity(line, view),
        amount=reader.money(Money(line.net, invoice.currency)),
    )


def _ref(text: str) -> Ref | None:
    try:
        return parse_ref(text)
    except ValueError:
        return None


def _one(unit: str | None, view: View) -> str:
    """Say "each" of a unit: `an hour`, `a month`."""
    gettext = view.reader.gettext
    return {
        "hour": gettext("an hour"),
        "day": gettext("a day"),
        "week": gettext("a week"),
        "month": gettext("a month"),
        "piece": gettext("each"),
    }.get(_unit(unit), gettext("each"))


def _quantity(line: InvoiceLine, view: View) -> str:
    reader, number = view.reader, view.reader.number(line.quantity)
    unit = _unit(line.unit)
    if unit == "hour":
        return f"{number}{NO_BREAK}h"
    plural = 1 if line.quantity == 1 else 2
    known = {
        "day": reader.words.ngettext("{number} day", "{number} days", plural),
        "week": reader.words.ngettext("{number} week", "{number} weeks", plural),
        "month": reader.words.ngettext("{number} month", "{number} months", plural),
        "piece": "{number}",
        "": "{number}",
    }
    if unit in known:
        return known[unit].format(number=number).replace(" ", NO_BREAK)
    return f"{number}{NO_BREAK}{line.unit}"


_UNITS = {
    "h": "hour", "hour": "hour", "hours": "hour", "hora": "hour", "horas": "hour",
    "day": "day", "days": "day", "día": "day", "días": "day",
    "week": "week", "weeks": "week", "semana": "week", "semanas": "week",
    "month": "month", "months": "month", "mes": "month", "meses": "month",
    "piece": "piece", "pieces": "piece", "each": "piece", "unit": "piece", "unidad": "piece", "unidades": "piece",
}  # fmt: skip


def _unit(unit: str | None) -> str:
    """Give the unit we know by a word that people write for it; the word itself where we know none."""
    word = (unit or "").strip().lower()
    return _UNITS.get(word, word)


def _payment_name(way: str | None, date: str, view: View) -> str:
    gettext = view.reader.gettext
    if way:
        return gettext("Paid on {date} by {way}").format(date=date, way=pay_name(way))
    return gettext("Paid on {date}").format(date=date)


def _tax_name(tax: Tax, view: View) -> str:
    """Name a tax as it is written, with its rate where the name does not say it."""
    name = _shown(tax.name)
    return name if any(char.isdigit() for char in name) else f"{name}, {view.reader.percent(tax.rate)}"


def _shown(name: str) -> str:
    """Write a tax's name as on paper: letters that are an abbreviation in capitals, else a capital first."""
    return name.upper() if name.lower() in _ABBREVIATED else opening(name)


_ABBREVIATED = frozenset(("gst", "hst", "igic", "ipsi", "irpf", "iva", "pst", "qst", "vat"))
