"""The promised first answer, in words: hours of working days (*24 horas hábiles*) or hours at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recado.portal.pages.view import View


def promised(view: View) -> str:
    """Say the promised time to a first answer: `within 24 hours on working days`; '' where clients.yml promises none."""
    response, reader = view.business.response, view.reader
    if response is None:
        return ""
    if response.of_desk:
        return reader.ngettext("within {number} working hour", "within {number} working hours", response.hours)
    return reader.ngettext("within {number} hour on working days", "within {number} hours on working days", response.hours)
