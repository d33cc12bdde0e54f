"""Links from one page of a portal to another, by their titles."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from recado.model.invoice import Invoice


class PageLink(NamedTuple):
    """A page of the same portal. `url` is from the portal's root."""

    url: str
    title: str


def invoice_url(invoice: Invoice) -> str:
    """Give the place of an invoice's page, from the portal's root: its number is read as one that can name a file."""
    return f"invoices/{invoice.number}.html"
