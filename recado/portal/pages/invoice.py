"""The page of one invoice: how to pay it, what it covers and comes to, from whom and to whom. It prints on one sheet."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from recado.model.invoice_standing import Standing
from recado.portal.pages.billed import BilledLine, TotalRow, billed_lines, total_rows
from recado.portal.pages.invoice_asks import standing_of
from recado.portal.pages.links import invoice_url
from recado.portal.pages.payment import PayNote, pay_note
from recado.portal.pages.seldom import invoice_title

if TYPE_CHECKING:
    from recado.model.invoice import Invoice, Party, Period
    from recado.portal.pages.view import View


class InvoiceModel(NamedTuple):
    """What the page of an invoice says: either `pay`, or `lead`, one sentence on where it stands."""

    title: str
    issued: str
    pay: PayNote | None
    lead: str
    credits_url: str
    lines: tuple[BilledLine, ...]
    totals: tuple[TotalRow, ...]
    seller: tuple[str, ...]
    buyer: tuple[str, ...]


def invoice_model(invoice: Invoice, view: View) -> InvoiceModel:
    """Say what the page of an invoice says."""
    numbers = {other.number: other for other in view.work.invoices}
    credited = numbers.get(invoice.credits) if invoice.credits else None
    return InvoiceModel(
        title=invoice_title(invoice, view),
        issued=_issued(invoice, view),
        pay=pay_note(invoice, view),
        lead=_lead(invoice, view),
        credits_url=invoice_url(credited) if credited else "",
        lines=billed_lines(invoice, view),
        totals=total_rows(invoice, view),
        seller=_party(invoice.seller, view),
        buyer=_party(invoice.buyer, view),
    )


def _issued(invoice: Invoice, view: View) -> str:
    reader = view.reader
    parts = []
    if invoice.issued:
        parts.append(reader.gettext("Issued {date}").format(date=reader.plain_date(invoice.issued, year=True)))
    if invoice.period:
        parts.append(_period(invoice.period, view))
    return " · ".join(parts)


def _period(period: Period, view: View) -> str:
    """Say which days are billed: `for November 2026`, where they are a whole month."""
    reader, first, last = view.reader, period.first, period.last
    is_month = first.day == 1 and (last + timedelta(days=1)).day == 1 and (first.year, first.month) == (last.year, last.month)
    if is_month:
        return reader.pgettext("period", "for {month}").format(month=reader.month(first, year=True))
    words = reader.pgettext("period", "for {first} to {last}")
    begins = reader.plain_date(first, year=first.year != last.year)
    return words.format(first=begins, last=reader.plain_date(last, year=True))


def _lead(invoice: Invoice, view: View) -> str:
    reader, stand = view.reader, standing_of(invoice, view)
    if stand is Standing.PAID:
        paid = max((payment.date for payment in invoice.payments), default=None)
        if paid is None:
            return reader.gettext("There is nothing to pay.")
        return reader.gettext("Paid on {date}. Thank you.").format(date=reader.plain_date(paid, year=True))
    if stand is Standing.CREDIT:
        if invoice.credits:
            return reader.gettext("It takes back invoice {number}.").format(number=invoice.credits)
        return reader.gettext("It takes back what was billed. There is nothing to pay.")
    return ""


def _party(party: Party, view: View) -> tuple[str, ...]:
    """Give a party's lines as printed; the country only where it is not the reader's."""
    country = ""
    if party.country and party.country != view.record.country:
        country = view.reader.locale.territories.get(party.country, party.country)
    return tuple(filter(None, (party.name, party.tax_id or "", *party.address, country)))
