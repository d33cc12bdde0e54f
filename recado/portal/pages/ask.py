"""The page on which a client asks: a form that becomes a mail, the same mail to write by hand, and what happens then."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recado.portal.pages.links import PageLink
from recado.portal.pages.mailto import mailto
from recado.portal.pages.prices import services
from recado.portal.pages.promise import promised
from recado.portal.pages.seldom import LATELY
from recado.portal.pages.sentence import Piece, Sentence, sentence

if TYPE_CHECKING:
    from recado.portal.pages.view import View


class AskForm(NamedTuple):
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


def ask_form(view: View) -> AskForm:
    """Say what the page on which a client asks says."""
    reader, address = view.reader, view.record.request_address
    gettext = reader.gettext
    # The questions of the form, in its order, for those who write the mail themselves.
    fields = (reader.pgettext("field", "By"), reader.pgettext("field", "Importance"), reader.pgettext("field", "Service"))
    blank = "\n".join(f"{field}: " for field in (*fields, "\n" + reader.pgettext("field", "Details")))
    return AskForm(
        address=address,
        action=mailto(address),
        services=tuple(service.name for service in services(view)),
        usual=_usual(view),
        copied=gettext("Copied. Paste it into a mail to {address}.").format(address=address),
        by_hand=sentence(
            gettext("Open {mail}, or write to {address}: what you need in the subject; below it, by when and the details."),
            mail=Piece(gettext("a mail with the questions in it"), mailto(address, body=blank)),
            address=address,
        ),
        lately=tuple(PageLink(thread.url, thread.task.title) for thread in view.asked_last(LATELY)),
        then=_then(view),
    )


def _usual(view: View) -> str:
    """Say what a request without any hurry may count on: the promised answer, or, where none was promised, its turn."""
    promise, gettext = promised(view), view.reader.gettext
    return gettext("You hear from me {promise}.").format(promise=promise) if promise else gettext("It waits for its turn")


def _then(view: View) -> str:
    promise, gettext = promised(view), view.reader.gettext
    if not promise:
        return gettext("You hear from me what I understood and when it will be ready.")
    return gettext("You hear from me {promise}: what I understood and when it will be ready.").format(promise=promise)
