"""How an invoice is paid: what is due and when, the account, the links, the code to scan."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recado.model.invoice_standing import Standing
from recado.portal.pages.invoice_asks import DUE, standing_of
from recado.portal.pages.mailto import Button
from recado.portal.pages.qr import QrCode, link_qr, transfer_qr
from recado.portal.pages.sentence import Piece, Sentence, opening, sentence

if TYPE_CHECKING:
    from recado.model.invoice import Invoice
    from recado.portal.pages.view import View

_NAMES = {
    "paypal": "PayPal",
    "wise": "Wise",
    "stripe": "Stripe",
    "revolut": "Revolut",
    "bizum": "Bizum",
    "gocardless": "GoCardless",
}
_SOON = 60  # days: further off, how many days are left says nothing


class Term(NamedTuple):
    """A line of how to pay: its name, its value, whether that is made of figures."""

    name: str
    value: str
    is_figure: bool = False


class PayNote(NamedTuple):
    """The note of an invoice that waits for its payment. `is_transfer`: the code is a transfer, else a link."""

    heading: str
    amount: str
    due: Sentence
    terms: tuple[Term, ...]
    buttons: tuple[Button, ...]
    qr: QrCode | None
    is_transfer: bool


def pay_note(invoice: Invoice, view: View) -> PayNote | None:
    """Say how to pay an invoice; None where nothing is due."""
    reader, stand = view.reader, standing_of(invoice, view)
    if stand not in DUE:
        return None
    links = dict(invoice.links or view.business.payment_links)
    # An IBAN takes euros; to anyone else it is offered only where there is no other way.
    bank = view.business.bank if invoice.currency == "EUR" or not links else None
    number = invoice.number or ""
    is_transfer = bank is not None and invoice.currency == "EUR"
    qr = None
    if bank is not None and is_transfer:
        qr = transfer_qr(bank, invoice.outstanding.amount, number)
    elif links:
        qr = link_qr(next(iter(links.values())))
    terms: tuple[Term, ...] = ()
    if bank is not None:
        terms = (
            Term(reader.pgettext("bank", "Name"), bank.holder),
            Term("IBAN", _in_fours(bank.iban), is_figure=True),
            *((Term("BIC", bank.bic, is_figure=True),) if bank.bic else ()),
            Term(reader.pgettext("bank", "Reference"), number, is_figure=True),
        )
    elif links:
        terms = (Term(reader.pgettext("bank", "Reference"), number, is_figure=True),)
    heading = reader.gettext("Left to pay") if invoice.paid.amount else reader.gettext("To pay")
    amount = reader.money(invoice.outstanding)
    return PayNote(heading, amount, _due(invoice, view), terms, _buttons(links, number, view), qr, is_transfer)


def pay_name(key: str) -> str:
    """Give the name people know a way to pay by."""
    return _NAMES.get(key.lower(), opening(key))


def _buttons(links: dict[str, str], number: str, view: View) -> tuple[Button, ...]:
    gettext = view.reader.gettext
    pay = [Button(gettext("Pay with {name}").format(name=pay_name(key)), url) for key, url in list(links.items())[:2]]
    subject = gettext("Invoice {number} paid").format(number=number)
    return (*pay, Button(gettext("I have paid it"), view.mail(subject, gettext("I paid this invoice today.")), subject))


def _due(invoice: Invoice, view: View) -> Sentence:
    reader = view.reader
    if invoice.due is None:
        return ()
    day = Piece(reader.full_day(invoice.due), is_strong=True)
    if standing_of(invoice, view) is Standing.OVERDUE:
        late = reader.late(invoice.due)
        return sentence(reader.gettext("It {late}, on {day}."), late=Piece(late.text, is_strong=True), day=day.text)
    days = reader.present.days_to(invoice.due, near=_SOON)
    if days == 0:
        return sentence(reader.gettext("Due {day}, today."), day=day)
    if days > _SOON:
        return sentence(reader.gettext("Due {day}."), day=day)
    away = reader.ngettext("in {number} day", "in {number} days", days)
    return sentence(reader.gettext("Due {day}, {away}."), day=day, away=away)


def _in_fours(iban: str) -> str:
    """Write an IBAN in groups of four, as on paper (ISO 13616)."""
    plain = "".join(iban.split())
    return " ".join(plain[place : place + 4] for place in range(0, len(plain), 4))
