"""Every kind of page a portal has, one line a kind, and the pages of one client's portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recado.portal.pages.home import home_pages
from recado.portal.pages.request import request_pages
from recado.portal.pages.requests import month_pages, requests_pages
from recado.portal.pages.seldom import ask_pages, guide_pages, invoice_pages, invoices_pages, missing_pages
from recado.portal.pages.view import View

if TYPE_CHECKING:
    from collections.abc import Callable

    from recado.model.client_work import ClientWork
    from recado.portal.page import Page
    from recado.portal.reader import Reader


class Kind(NamedTuple):
    """A kind of page. Its templates are `shells/NAME.md.j2` and `parts/NAME.html.j2`; `url` is where such a page stands."""

    name: str
    url: str
    pages: Callable[[View], tuple[Page, ...]]


# A new kind of page is one line here, its module, its shell and its parts. The five places of the navigation come first.
KINDS = (
    Kind("home", "index.html", home_pages),
    Kind("requests", "requests/index.html", requests_pages),
    Kind("ask", "new.html", ask_pages),
    Kind("invoices", "invoices/index.html", invoices_pages),
    Kind("guide", "welcome.html", guide_pages),
    Kind("request", "requests/any.html", request_pages),
    Kind("month", "requests/month.html", month_pages),
    Kind("invoice", "invoices/any.html", invoice_pages),
    Kind("missing", "404.html", missing_pages),
)


def pages_of(work: ClientWork, reader: Reader) -> tuple[Page, ...]:
    """Give all pages of one client's portal, but for those the VA wrote herself (`work.pages`). Pure."""
    return pages_in(View.of(work, reader))


def pages_in(view: View) -> tuple[Page, ...]:
    """Give all pages of what a client may see, but for those the VA wrote herself. Pure."""
    return tuple(page for kind in KINDS for page in kind.pages(view))
