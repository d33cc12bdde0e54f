"""Where an invoice stands. Apart from what it says: pages ask it of clients who have none, too."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from recado.model.invoice import Invoice


class Standing(StrEnum):
    """Where an issued invoice stands."""

    PAID = "paid"
    OPEN = "open"
    PART_PAID = "part-paid"
    OVERDUE = "overdue"
    CREDIT = "credit"


def standing(invoice: Invoice, today: date) -> Standing:
    """Tell where an invoice stands on a day; late goes before part paid, for it is what the client must know."""
    if invoice.kind == "credit-note" or invoice.totals.payable < 0:
        return Standing.CREDIT
    if not invoice.outstanding.amount:
        return Standing.PAID
    if invoice.due is not None and invoice.due < today:
        return Standing.OVERDUE
    return Standing.PART_PAID if invoice.paid.amount else Standing.OPEN
