"""What waits for the client: the question or the approval, with the mail that settles it. Payments: `invoice_asks`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recado.model.status import Status, Turn
from recado.portal.pages.gist import gist
from recado.portal.pages.mailto import Button, subject_of
from recado.portal.pages.status_words import status_meaning

if TYPE_CHECKING:
    from recado.portal.pages.view import ShownThread, View
    from recado.portal.reader import When

_HOME_GIST = 220


class Ask(NamedTuple):
    """One thing the client has to do. `amount` stands before `text` where it is about money.

    `url` and a button that is no mail are from the portal's root.
    """

    url: str
    title: str
    text: str
    when: When | None
    button: Button
    amount: str = ""
    is_mail: bool = True


def task_asks(view: View) -> tuple[Ask, ...]:
    """Give the tasks that wait for the client, the soonest due first."""
    return tuple(_task_ask(thread, view) for thread in view.turn(Turn.CLIENT))


def _task_ask(thread: ShownThread, view: View) -> Ask:
    """Say what a task needs from its client, and give the one button that does it."""
    task = thread.task
    return Ask(
        url=thread.url,
        title=task.title,
        text=question(thread, view, _HOME_GIST),
        when=view.reader.by(task.due) if task.due else None,
        button=buttons(thread, view)[0],
    )


def question(thread: ShownThread, view: View, limit: int) -> str:
    """Give what the practice asked last, in at most `limit` characters; what the status means where it wrote nothing."""
    said = gist(thread.last_outgoing.text, limit) if thread.last_outgoing else ""
    return said or status_meaning(thread.task.status, view.reader)


def buttons(thread: ShownThread, view: View) -> tuple[Button, ...]:
    """Give what a client can do about a task that waits for them, the plainest answer first. Three at most."""
    reader, title = view.reader, thread.task.title
    gettext, pgettext = reader.gettext, reader.pgettext
    if thread.task.status is Status.APPROVAL:
        approve = gettext("I approve “{title}”.").format(title=title)
        changes = gettext("I would like these changes:") + "\n- "
        return (
            _button(thread, view, gettext("Approve"), pgettext("subject", "Approved"), approve),
            _button(thread, view, gettext("Ask for changes"), pgettext("subject", "Changes"), changes),
            _button(thread, view, gettext("Ask a question"), pgettext("subject", "Question"), gettext("My question:") + "\n"),
        )
    return (
        _button(thread, view, gettext("Answer"), pgettext("subject", "Answer"), gettext("My answer:") + "\n"),
        _button(thread, view, gettext("Decide for me"), pgettext("subject", "Answer"), gettext("Decide for me.")),
    )


def _button(thread: ShownThread, view: View, label: str, subject: str, body: str) -> Button:
    full = subject_of(thread.task.ref, subject)
    return Button(label, view.mail(full, body), full)
