"""The page for an address where there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recado.portal.page import Page

if TYPE_CHECKING:
    from recado.portal.pages.view import View


class Missing(NamedTuple):
    """What the page says: its words are all in its shell."""


def missing_pages(view: View) -> tuple[Page, ...]:
    """Give the page that a server shows for an address where there is nothing."""
    title = view.reader.gettext("Nothing here")
    return (Page("missing", "404.html", title, title, Missing()),)
