"""The brief: what I need from you, what I am doing and when the first of it reaches you, what you owe, in one breath."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.model.status import Turn
from recado.portal.pages.invoice_asks import due_invoices, owed
from recado.portal.pages.links import invoice_url
from recado.portal.pages.sentence import Piece, Sentence, joined, opening, sentence

if TYPE_CHECKING:
    from recado.portal.pages.view import View


def brief(view: View) -> Sentence:
    """Answer a client's four questions in their order. Who reads only this has read enough."""
    if not view.threads and not view.work.invoices:
        return _first_day(view)
    return joined(_need(view), _doing(view), _owe(view))


def _first_day(view: View) -> Sentence:
    gettext = view.reader.gettext
    address = view.record.request_address
    return sentence(
        gettext("Nothing is here yet. To ask for something, write to {address} or use {ask}."),
        address=Piece(address, view.mail()),
        ask=Piece(gettext("Ask"), "new.html"),
    )


def _need(view: View) -> Sentence:
    reader = view.reader
    tasks, bills = len(view.turn(Turn.CLIENT)), len(due_invoices(view))
    if tasks:
        things = reader.ngettext("one thing from you", "{number} things from you", tasks + bills)
        return sentence(reader.gettext("I need {things}."), things=Piece(things, "#turn"))
    return () if bills else sentence(reader.gettext("I need nothing from you."))


def _doing(view: View) -> Sentence:
    reader = view.reader
    doing = view.turn(Turn.PRACTICE)
    if not doing:
        later = len(view.turn(Turn.LATER))
        if not later:
            return ()
        text = reader.ngettext("One request comes next", "{number} requests come next", later)
        return sentence("{later}.", later=Piece(opening(text), "#next"))
    things = Piece(reader.ngettext("one request", "{number} requests", len(doing)), "#doing")
    late = sum(thread.task.due is not None and reader.is_past(thread.task.due) for thread in doing)
    if late and len(doing) == 1:
        return sentence(reader.gettext("I am working on {things}, which is late."), things=things)
    if late:
        some = Piece(reader.ngettext("one is late", "{number} are late", late), is_strong=True)
        return sentence(reader.gettext("I am working on {things}, of which {some}."), things=things, some=some)
    first = next((thread.task.due for thread in doing if thread.task.due), None)
    if first is None:
        return sentence(reader.gettext("I am working on {things}."), things=things)
    when = Piece(reader.on(first).text, is_strong=True)
    if len(doing) == 1:
        return sentence(reader.gettext("I am working on {things}, which reaches you {when}."), things=things, when=when)
    words = reader.gettext("I am working on {things}, and the first reaches you {when}.")
    return sentence(words, things=things, when=when)


def _owe(view: View) -> Sentence:
    reader = view.reader
    bills = due_invoices(view)
    if not bills:
        quiet = not view.turn(Turn.CLIENT) and bool(view.work.invoices)
        return sentence(reader.gettext("You owe nothing.")) if quiet else ()
    href = invoice_url(bills[0]) if len(bills) == 1 else "invoices/index.html"
    sums = reader.listing([reader.money(money) for money in owed(view)])
    amount = Piece(sums, href, is_strong=True, is_figure=True)
    due = bills[0].due
    if due is None:
        return sentence(reader.gettext("You owe {amount}."), amount=amount)
    if reader.is_past(due):
        late = Piece(reader.late(due).text, is_strong=True)
        if len(bills) == 1:
            return sentence(reader.gettext("You owe {amount}, which {late}."), amount=amount, late=late)
        return sentence(reader.gettext("You owe {amount}, and the first of it {late}."), amount=amount, late=late)
    day = reader.plain_date(due)
    if len(bills) == 1:
        return sentence(reader.gettext("You owe {amount}, due {day}."), amount=amount, day=day)
    return sentence(reader.gettext("You owe {amount}, the first of it due {day}."), amount=amount, day=day)
