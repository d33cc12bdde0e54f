"""The VA's word on a message: whether its sender is believed. The one key of a message's file that a command changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.errors import FileError
from recado.store.atomic import replace_if_unchanged
from recado.store.editing import edited
from recado.store.front_matter import edit_front_matter
from recado.store.messages import parse_message
from recado.store.source import read_content, shown, text_of

if TYPE_CHECKING:
    from recado.errors import Problem
    from recado.model.message import Message, Verified
    from recado.store.message_search import MessagePlace


def give_verdict(place: MessagePlace, verified: Verified) -> Message:
    """Set `verified` in a message's file, and give the message as it was before. Every other byte of it stays.

    If the file is saved by someone meanwhile, it is read again: their words stay. Raises FileError, WorkError, OSError.
    """
    file = shown(place.client, place.path)

    def edit() -> Message:
        problems: list[Problem] = []
        content = read_content(place.client, place.path, problems)
        text = None if content is None else text_of(content, file, problems)
        message = None if text is None else parse_message(place.name, text, file, problems)
        if message is None or content is None:
            raise FileError(problems)
        if message.verified is verified:
            return message
        changed = edit_front_matter(content.decode("utf-8"), {"verified": verified.value})
        replace_if_unchanged(place.path, content, changed.encode())
        return message

    return edited(file, edit)
