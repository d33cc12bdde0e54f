"""The page on which a client asks: a form that becomes a mail, the same mail to write by hand, and what happens then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recado.portal.page import Page
from recado.portal.pages.links import PageLink
from recado.portal.pages.mailto import mailto
from recado.portal.pages.prices import services
from recado.portal.pages.promise import promised
from recado.portal.pages.sentence import Piece, Sentence, sentence

if TYPE_CHECKING:
    from recado.portal.pages.view import View


_LATELY = 5


@dataclass(frozen=True, slots=True)
class AskForm:
    """What the page says. `action` is where the form's mail goes; `by_hand` leads to a mail with the same questions.

    `lately` are the open requests asked for last: what belongs to one of them is better written there.
    """

    address: str
    action: str
    services: tuple[str, ...]
    usual: str
    copied: str
    by_hand: Sentence
    then: str
    lately: tuple[PageLink, ...]


def ask_pages(view: View) -> tuple[Page, ...]:
    """Give the page on which a client asks."""
    reader, address = view.reader, view.record.request_address
    gettext = reader.gettext
    promise = promised(view)
    # The questions of the form, in its order, for those who write the mail themselves.
    fields = (reader.pgettext("field", "By"), reader.pgettext("field", "Importance"), reader.pgettext("field", "Service"))
    blank = "\n".join(f"{field}: " for field in (*fields, "\n" + reader.pgettext("field", "Details")))
    model = AskForm(
        address=address,
        action=mailto(address),
        services=tuple(service.name for service in services(view)),
        usual=gettext("You hear from me {promise}.").format(promise=promise),
        copied=gettext("Copied. Paste it into a mail to {address}.").format(address=address),
        by_hand=sentence(
            gettext("Open {mail}, or write to {address}: what you need in the subject; below it, by when and the details."),
            mail=Piece(gettext("a mail with the questions in it"), mailto(address, body=blank)),
            address=address,
        ),
        lately=_lately(view),
        then=gettext("You hear from me {promise}: what I understood and when it will be ready.").format(promise=promise),
    )
    title = gettext("Ask for something")
    return (Page("ask", "new.html", title, title, model),)


def _lately(view: View) -> tuple[PageLink, ...]:
    still_open = sorted((thread for thread in view.threads if thread.task.is_open), key=lambda thread: thread.task.ref)
    return tuple(PageLink(thread.url, thread.task.title) for thread in reversed(still_open[-_LATELY:]))
