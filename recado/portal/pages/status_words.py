"""What each status is called, and the sentence that tells a client what it means and who moves next."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from recado.model.status import Status, Turn
from recado.portal.pages.sentence import Piece, Sentence, joined, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recado.portal.pages.view import ShownThread
    from recado.portal.reader import Reader
    from recado.speech import Catalogue


def status_label(status: Status, reader: Reader) -> str:
    """Name a status."""
    return _labels(reader.words)[status]


@lru_cache(maxsize=16)
def _labels(words: Catalogue) -> Mapping[Status, str]:
    pgettext = words.pgettext
    return {
        Status.NEW: pgettext("status", "Received"),
        Status.ACCEPTED: pgettext("status", "Accepted"),
        Status.DOING: pgettext("status", "Under way"),
        Status.WAITING: pgettext("status", "Waits for your answer"),
        Status.REVIEW: pgettext("status", "Being checked"),
        Status.APPROVAL: pgettext("status", "Waits for your approval"),
        Status.DONE: pgettext("status", "Done"),
        Status.CANCELLED: pgettext("status", "Cancelled"),
    }


def status_meaning(status: Status, reader: Reader) -> str:
    """Say what a status means for the client and who moves next."""
    return _meanings(reader.words)[status]


@lru_cache(maxsize=16)
def _meanings(words: Catalogue) -> Mapping[Status, str]:
    gettext = words.gettext
    return {
        Status.NEW: gettext("I have received it. I read it next and tell you when it will be ready."),
        Status.ACCEPTED: gettext("I have accepted it and it is in my plan. Nothing is needed from you."),
        Status.DOING: gettext("I am working on it. Nothing is needed from you."),
        Status.WAITING: gettext("I need an answer from you. I go on as soon as I have it."),
        Status.REVIEW: gettext("It is made, and I am checking it before you see it. Nothing is needed from you."),
        Status.APPROVAL: gettext("It is made and checked. Have a look and tell me whether it is right."),
        Status.DONE: gettext("It is done. Nothing is left to do."),
        Status.CANCELLED: gettext("It was cancelled. Nobody is working on it."),
    }


def label_of(thread: ShownThread, reader: Reader) -> str:
    """Name where a thread stands: its status, that the client's answer has arrived, or that it is open again."""
    if thread.is_reopened:
        return reader.pgettext("status", "Open again")
    return reader.gettext("Your answer is here") if thread.answer else status_label(thread.task.status, reader)


def meaning_of(thread: ShownThread, reader: Reader) -> Sentence:
    """Say what that means, who moves next, and when it comes or ended."""
    gettext, task = reader.gettext, thread.task
    if thread.ended:
        when = Piece(reader.on(thread.ended).text, is_strong=True)
        done, cancelled = (
            gettext("It was done {when}. Nothing is left to do."),
            gettext("It was cancelled {when}. Nobody is working on it."),
        )
        return sentence(done if task.status is Status.DONE else cancelled, when=when)
    if thread.answer:
        meaning = gettext("Your answer is here. I read it next; nothing more is needed from you.")
    elif thread.is_reopened:
        arrived = gettext("It is open again: your message has arrived. I read it next.")
        meaning = arrived if thread.is_answered_again else gettext("It is open again. I look at it next.")
    elif task.status is Status.ACCEPTED and thread.begun_with:
        meaning = gettext("I have written to you about it, and it is in my plan.")
    else:
        meaning = status_meaning(task.status, reader)
    said = (Piece(meaning),)
    if task.due is None or not task.is_open or task.status is Status.NEW:  # what is new has no promise yet, only a wish
        return said
    when = Piece(reader.by(task.due).text, is_strong=True)
    words = gettext("It {late}.") if reader.is_past(task.due) else gettext("It reaches you {when}.")
    return joined(said, sentence(words, late=when, when=when))


def turn_heading(turn: Turn, reader: Reader, name: str) -> str:
    """Head a group of work by who moves next; `name` is the VA's first name."""
    return {
        Turn.CLIENT: reader.gettext("Your turn"),
        Turn.PRACTICE: reader.gettext("{name}’s turn").format(name=name),
        Turn.LATER: reader.gettext("Next"),
        Turn.NOBODY: reader.gettext("Lately done"),
    }[turn]
