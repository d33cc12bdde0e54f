"""The page of all invoices: what is to be paid, then each of them with its state and amount."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from recado.model.invoice_standing import Standing
from recado.model.money import Money
from recado.portal.pages.invoice_asks import due_invoices, owed, standing_of
from recado.portal.pages.links import invoice_url
from recado.portal.pages.sentence import Piece, Sentence, opening, sentence
from recado.portal.pages.terms import terms

if TYPE_CHECKING:
    from recado.model.invoice import Invoice
    from recado.portal.pages.view import View
    from recado.portal.reader import When


class InvoiceRow(NamedTuple):
    """One invoice in the table. `is_due`: it waits for the client, so its state is bold. `url` is from the portal's root."""

    url: str
    number: str
    about: str
    state: str
    is_due: bool
    when: When | None
    amount: str


class Year(NamedTuple):
    """The invoices of one year, the newest first."""

    caption: str
    rows: tuple[InvoiceRow, ...]


class DueSum(NamedTuple):
    """The sum of all that waits for a payment, and where its one button leads."""

    amount: str
    text: Sentence
    url: str
    button: str


class Invoices(NamedTuple):
    """What the page of invoices says."""

    due: DueSum | None
    years: tuple[Year, ...]
    terms: tuple[str, ...]
    question: str


def invoices(view: View) -> Invoices:
    """Say what the page of all invoices says."""
    gettext = view.reader.gettext
    question = view.mail(gettext("Question about an invoice"), gettext("My question:") + "\n")
    return Invoices(_due(view), _years(view), terms(view), question)


def _due(view: View) -> DueSum | None:
    reader, bills = view.reader, due_invoices(view)
    if not bills:
        return None
    amount = reader.listing([reader.money(money) for money in owed(view)])
    count = reader.ngettext("One invoice", "{number} invoices", len(bills))
    due = bills[0].due
    if due is None:
        text = sentence("{count}.", count=opening(count))
    elif reader.is_past(due):
        words = reader.gettext("{count}, which {late}.") if len(bills) == 1 else reader.gettext("{count}; the first {late}.")
        text = sentence(words, count=opening(count), late=Piece(reader.late(due).text, is_strong=True))
    else:
        words = reader.gettext("{count}, due {day}.") if len(bills) == 1 else reader.gettext("{count}, the first due {day}.")
        text = sentence(words, count=opening(count), day=Piece(reader.day_with_month(due), is_strong=True))
    return DueSum(amount, text, invoice_url(bills[0]), reader.gettext("See and pay"))


def _years(view: View) -> tuple[Year, ...]:
    by_year = groupby(view.work.invoices, key=lambda invoice: invoice.issued.year if invoice.issued else 0)
    words = view.reader.gettext("All invoices of {year}")
    return tuple(Year(words.format(year=year), tuple(_row(invoice, view) for invoice in group)) for year, group in by_year)


def _row(invoice: Invoice, view: View) -> InvoiceRow:
    reader = view.reader
    stand = standing_of(invoice, view)
    state, when = _state(invoice, stand, view)
    return InvoiceRow(
        url=invoice_url(invoice),
        number=invoice.number or "",
        about=_about(invoice, view),
        state=state,
        is_due=stand in {Standing.OPEN, Standing.PART_PAID, Standing.OVERDUE},
        when=when,
        amount=reader.money(Money(invoice.totals.payable, invoice.currency)),
    )


def _about(invoice: Invoice, view: View) -> str:
    """Say in a few words what an invoice is for: its first line, and that there are more."""
    first, more = invoice.lines[0].description if invoice.lines else "", len(invoice.lines) - 1
    if more < 1:
        return first
    return view.reader.ngettext("{first} and {number} more", "{first} and {number} more", more, first=first)


def _state(invoice: Invoice, stand: Standing, view: View) -> tuple[str, When | None]:
    reader = view.reader
    pgettext = reader.pgettext
    if stand is Standing.PAID:
        paid = max((payment.date for payment in invoice.payments), default=None)
        return pgettext("invoice", "Paid"), reader.on_date(paid) if paid else None
    if stand is Standing.CREDIT:
        return pgettext("invoice", "Credited"), reader.on_date(invoice.issued) if invoice.issued else None
    label = pgettext("invoice", "Partly paid") if invoice.paid.amount else pgettext("invoice", "To pay")
    return label, reader.due(invoice.due, short=True) if invoice.due else None
