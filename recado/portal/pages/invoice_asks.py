"""The payments that wait for the client, and what they come to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from recado.model.invoice_standing import Standing, standing
from recado.portal.pages.asks import Ask
from recado.portal.pages.links import invoice_url
from recado.portal.pages.mailto import Button

if TYPE_CHECKING:
    from recado.model.invoice import Invoice
    from recado.model.money import Money
    from recado.portal.pages.view import View

DUE = frozenset({Standing.OPEN, Standing.PART_PAID, Standing.OVERDUE})


def invoice_asks(view: View) -> tuple[Ask, ...]:
    """Give the invoices that wait for a payment, the oldest due first."""
    return tuple(_invoice_ask(invoice, view) for invoice in due_invoices(view))


def standing_of(invoice: Invoice, view: View) -> Standing:
    """Tell where an invoice stands for the reader: what is paid or taken back stands so on any day."""
    stands = standing(invoice, date.min)
    is_late = stands in DUE and invoice.due is not None and view.reader.is_past(invoice.due)
    return Standing.OVERDUE if is_late else stands


def due_invoices(view: View) -> tuple[Invoice, ...]:
    """Give the invoices that wait for a payment, the oldest due first."""
    due = [invoice for invoice in view.work.invoices if standing_of(invoice, view) in DUE]
    return tuple(sorted(due, key=lambda invoice: (invoice.due or view.reader.today, invoice.number or "")))


def _invoice_ask(invoice: Invoice, view: View) -> Ask:
    reader = view.reader
    amount = reader.money(invoice.outstanding)
    text = reader.gettext("is left to pay.") if invoice.paid.amount else reader.gettext("to pay.")
    return Ask(
        url=invoice_url(invoice),
        title=reader.gettext("Invoice {number}").format(number=invoice.number),
        text=text,
        when=reader.due(invoice.due) if invoice.due else None,
        button=Button(reader.gettext("See and pay"), invoice_url(invoice)),
        amount=amount,
        is_mail=False,
    )


def owed(view: View) -> tuple[Money, ...]:
    """Add up what is to be paid, one sum a currency."""
    sums: dict[str, Money] = {}
    for invoice in due_invoices(view):
        left = invoice.outstanding
        sums[left.currency] = sums[left.currency] + left if left.currency in sums else left
    return tuple(sums.values())
