"""The page of one request: what is needed, what was asked, what was understood, its files and its conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recado.model.status import Status, Turn
from recado.portal.body import body
from recado.portal.page import Later, Page
from recado.portal.pages.asks import buttons, question
from recado.portal.pages.conversation import Entry, author, conversation
from recado.portal.pages.file_rows import FileRow, file_rows
from recado.portal.pages.mailto import Button, subject_of
from recado.portal.pages.pictures import pictures
from recado.portal.pages.sentence import Piece, Sentence, sentence
from recado.portal.pages.stages import Stage, position, stages
from recado.portal.pages.status_words import meaning_of
from recado.portal.pages.understood import Understood, understood
from recado.portal.search import entry_of

if TYPE_CHECKING:
    from markupsafe import Markup

    from recado.model.task import Task
    from recado.portal.pages.view import ShownThread, View
    from recado.portal.reader import When

_NOTE_GIST = 500


class Need(NamedTuple):
    """The note of a request that waits for its client.

    `files` names the deliveries there are to look at, '' for none; `by_hand` says how to answer if no mail program opens.
    """

    heading: str
    text: str
    files: str
    when: When | None
    buttons: tuple[Button, ...]
    by_hand: Sentence


class Fact(NamedTuple):
    """One line of the list beside the page."""

    name: str
    value: str


class Request(NamedTuple):
    """What the page of a request says: `need`, if it is the client's turn, else `lead`, one sentence on who moves.

    One that was merged into another has no `stages`, and its `position` is ''.
    """

    title: str
    about: str
    position: str
    stages: tuple[Stage, ...]
    need: Need | None
    lead: Sentence
    asked_heading: str
    asked: Markup | None
    asked_quote: Markup | None
    understood: Understood | None
    files: tuple[FileRow, ...]
    conversation: tuple[Entry, ...]
    facts: tuple[Fact, ...]
    question: str
    cancel: str


def request_pages(view: View) -> tuple[Page, ...]:
    """Give a page for each request that may be shown; one that was merged into another only says where it goes on."""
    return (*(_page(thread, view) for thread in view.threads), *(_merged_page(thread, view) for thread in view.merged))


def _page(thread: ShownThread, view: View) -> Page:
    task = thread.task
    return Page(
        "request",
        thread.url,
        task.title,
        f"[{task.ref}] {task.title}",
        Later(lambda: _model(thread, view)),
        thread.inputs,
        lambda: thread.updated,
        lambda: entry_of(thread, view),
    )


def _model(thread: ShownThread, view: View) -> Request:
    task = thread.task
    steps = stages(thread, view)
    need = _need(thread, view) if thread.turn is Turn.CLIENT else None
    asked, asked_quote = _opening(thread, view)
    return Request(
        title=task.title,
        about=_about(thread, view),
        position=position(steps, view),
        stages=steps,
        need=need,
        lead=() if need else meaning_of(thread, view.reader),
        asked_heading=_asked_heading(thread, view),
        asked=asked,
        asked_quote=asked_quote,
        understood=understood(thread, view),
        files=file_rows(thread, view),
        conversation=conversation(thread, view),
        facts=_facts(thread, view),
        question=_question(task, view),
        cancel=_cancel(thread, view),
    )


def _merged_page(thread: ShownThread, view: View) -> Page:
    """Make the page old links lead to. What has not moved yet still shows: of a merge that was cut short, say."""
    into = view.goes_on_in(thread)
    goes_on = into.task if into else thread.task
    asked, asked_quote = _opening(thread, view)
    model = Request(
        title=thread.task.title,
        about=_about(thread, view),
        position="",
        stages=(),
        need=None,
        lead=_goes_on(into, view),
        asked_heading=_asked_heading(thread, view),
        asked=asked,
        asked_quote=asked_quote,
        understood=None,
        files=file_rows(thread, view),
        conversation=conversation(thread, view),
        facts=(),
        question=_question(goes_on, view),
        cancel="",
    )
    subject = f"[{goes_on.ref}] {goes_on.title}"
    return Page("request", thread.url, thread.task.title, subject, model, updated=lambda: thread.updated)


def _goes_on(into: ShownThread | None, view: View) -> Sentence:
    gettext = view.reader.gettext
    if into is None:
        return sentence(gettext("I joined it to another request, and it goes on there."))
    place = Piece(f"{into.task.title} ({into.task.ref})", f"../{into.url}")
    return sentence(gettext("I joined it to {request}, and it goes on there."), request=place)


def _opening(thread: ShownThread, view: View) -> tuple[Markup | None, Markup | None]:
    """Give the text of the message that began it, and what it quotes."""
    message, words, kept = thread.opening, view.reader.words, pictures(thread)
    if message is None:
        return None, None
    may_quote = not any(each.is_withheld for each in thread.messages)
    return (
        body(message.text, words, pictures=kept) if message.text.strip() else None,
        body(message.quoted, words, pictures=kept) if message.quoted.strip() and may_quote else None,
    )


def _question(task: Task, view: View) -> str:
    reader = view.reader
    return view.mail(subject_of(task.ref, reader.pgettext("subject", "Question")), reader.gettext("My question:") + "\n")


def _asked_heading(thread: ShownThread, view: View) -> str:
    """Say whose request it was: the reader is the first contact, others at the client may have asked, or the practice wrote."""
    if thread.begun_with:
        return view.reader.gettext("What {name} wrote").format(name=author(thread.begun_with, view))
    name = author(thread.request, view) if thread.request else view.reader_name
    gettext = view.reader.gettext
    return gettext("What you asked") if name == view.reader_name else gettext("What {name} asked").format(name=name)


def _about(thread: ShownThread, view: View) -> str:
    """Give the line under the title: ref, service, who asked and when."""
    reader, request = view.reader, thread.request
    name = author(request, view) if request else thread.task.requester.first_name if thread.task.requester else ""
    asked = ""
    if thread.began:
        when = reader.plain_date(reader.local(thread.began).date())
        words = reader.gettext("asked by {name} on {date}") if name else reader.gettext("since {date}")
        asked = words.format(name=name, date=when)
    return " · ".join(filter(None, (str(thread.task.ref), view.service_name(thread.task.service), asked)))


def _need(thread: ShownThread, view: View) -> Need:
    gettext, task = view.reader.gettext, thread.task
    is_approval = task.status is Status.APPROVAL
    choices = buttons(thread, view)
    subjects = list(dict.fromkeys(button.subject for button in choices))[:2]
    by_hand = gettext("Write to {address} with the subject {subject} and, below it, what you want to tell me.")
    return Need(
        heading=gettext("It waits for your approval") if is_approval else gettext("I need an answer from you"),
        text=question(thread, view, _NOTE_GIST),
        files=_deliveries(thread, view),
        when=view.reader.by(task.due) if task.due else None,
        buttons=choices,
        by_hand=sentence(
            by_hand,
            address=Piece(view.record.request_address, is_strong=True),
            subject=Piece(view.reader.listing(subjects, one_of=True), is_strong=True),
        ),
    )


def _deliveries(thread: ShownThread, view: View) -> str:
    number = sum(file.message is None for file in thread.files)
    return view.reader.ngettext("Look at the file", "Look at the {number} files", number) if number else ""


def _facts(thread: ShownThread, view: View) -> tuple[Fact, ...]:
    task, reader = thread.task, view.reader
    facts = []
    if task.due:
        facts.append(Fact(reader.pgettext("fact", "For"), reader.listed(task.due).text))
    if task.estimate:
        facts.append(Fact(reader.pgettext("fact", "Estimate"), reader.duration(task.estimate)))
    if spent := view.minutes.get(task.ref, 0):
        facts.append(Fact(reader.pgettext("fact", "So far"), reader.duration(spent)))
    if checks := task.checklist:
        done = sum(check.is_done for check in checks)
        words = reader.gettext("{done} of {total}").format(done=done, total=len(checks))
        facts.append(Fact(reader.pgettext("fact", "Checklist"), words))
    if task.assignee and task.assignee != view.business.owner_key:
        facts.append(Fact(reader.pgettext("fact", "With"), view.business.name_of(task.assignee)))
    return tuple(facts)


def _cancel(thread: ShownThread, view: View) -> str:
    if not thread.task.is_open:
        return ""
    reader = view.reader
    return view.mail(
        subject_of(thread.task.ref, reader.pgettext("subject", "Cancel")), reader.gettext("It is no longer needed.")
    )
