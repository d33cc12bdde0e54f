"""Pages that seldom become others, and from what each is made. What makes its model is loaded once it has to be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.portal.page import Later, Page
from recado.portal.pages.links import invoice_url
from recado.portal.pages.writers import writers
from recado.portal.program import digest_of

if TYPE_CHECKING:
    from recado.model.invoice import Invoice
    from recado.portal.pages.view import View

LATELY = 5  # requests that the page on which a client asks reminds of


def ask_pages(view: View) -> tuple[Page, ...]:
    """Give the page on which a client asks."""

    def model() -> object:
        from recado.portal.pages.ask import ask_form  # noqa: PLC0415 (late, as all of them here)

        return ask_form(view)

    title = view.reader.gettext("Ask for something")
    return (Page("ask", "new.html", title, title, Later(model), _lately(view, LATELY)),)


def guide_pages(view: View) -> tuple[Page, ...]:
    """Give the guide."""

    def model() -> object:
        from recado.portal.pages.guide import guide  # noqa: PLC0415

        return guide(view)

    title = view.reader.gettext("Guide")
    own = repr([(page.slug, page.title) for page in view.work.pages])
    inputs = digest_of(view.work.welcome, own, repr(writers(view)), _lately(view, 1))
    return (Page("guide", "welcome.html", title, title, Later(model), inputs),)


def invoices_pages(view: View) -> tuple[Page, ...]:
    """Give the page of all invoices."""

    def model() -> object:
        from recado.portal.pages.invoices import invoices  # noqa: PLC0415

        return invoices(view)

    title = view.reader.gettext("Invoices")
    sources = [_source(invoice, view) for invoice in view.work.invoices]
    inputs = digest_of(*(source.hex() for source in sources)) if all(sources) else ""
    return (Page("invoices", "invoices/index.html", title, title, Later(model), inputs),)


def invoice_pages(view: View) -> tuple[Page, ...]:
    """Give a page for each issued invoice."""
    return tuple(_invoice_page(invoice, view) for invoice in view.work.invoices)


def missing_pages(view: View) -> tuple[Page, ...]:
    """Give the page that a server shows for an address where there is nothing."""

    def model() -> object:
        from recado.portal.pages.missing import Missing  # noqa: PLC0415

        return Missing()

    title = view.reader.gettext("Nothing here")
    return (Page("missing", "404.html", title, title, Later(model), digest_of(title)),)


def _invoice_page(invoice: Invoice, view: View) -> Page:
    def model() -> object:
        from recado.portal.pages.invoice import invoice_model  # noqa: PLC0415

        return invoice_model(invoice, view)

    title = invoice_title(invoice, view)
    return Page("invoice", invoice_url(invoice), title, title, Later(model), _invoice_inputs(invoice, view))


def invoice_title(invoice: Invoice, view: View) -> str:
    """Say what an invoice is, and its number."""
    gettext = view.reader.gettext
    words = {
        "invoice": gettext("Invoice {number}"),
        "deposit": gettext("Deposit invoice {number}"),
        "credit-note": gettext("Credit note {number}"),
    }[invoice.kind]
    return words.format(number=invoice.number)


def _invoice_inputs(invoice: Invoice, view: View) -> str:
    """Tell what an invoice's page is made from: its file, and which of the pages that it names there are."""
    source = _source(invoice, view)
    if not source:
        return ""
    named = [task for line in invoice.lines for task in line.tasks]
    there = {str(ref) for ref in view.urls}
    is_there = any(other.number == invoice.credits for other in view.work.invoices)
    return digest_of(source.hex(), str(is_there), *(task for task in named if task.strip().upper() in there))


def _source(invoice: Invoice, view: View) -> bytes:
    return view.work.invoice_sources.get(invoice.number or "", b"")


def _lately(view: View, most: int) -> str:
    return digest_of(*(text for thread in view.asked_last(most) for text in (thread.url, thread.task.title)))
