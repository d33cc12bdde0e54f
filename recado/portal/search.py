"""What the search on the page of requests looks through: an entry a request, in one file that is read when it is first needed.

It holds what its client may read on the pages anyway, and as it is written there: accents and capitals are the script's affair.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from recado.portal.pages.status_words import label_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recado.portal.pages.view import ShownThread, View

INDEX: Final = "search.json"  # among a portal's assets

_LONGEST = 12_000  # characters of one request: who looks for a word of last week finds it, and a phone can hold a thousand


def entry_of(thread: ShownThread, view: View) -> str:
    """Give one request as JSON: `ref`, `title`, `url` from the portal's root, `status`, `line`, `text`.

    `line` says of what kind it is, where it stands and when it ended, and nothing that another day would say otherwise: the
    same files give the same entry. What is withheld is not in it.
    """
    task = thread.task
    ended = view.reader.local(thread.ended).date() if thread.ended else None
    said = (
        label_of(thread, view.reader),
        view.service_name(task.service),
        view.reader.plain_date(ended, short=True, year=True) if ended else "",
    )
    entry = {
        "ref": str(task.ref),
        "title": unicodedata.normalize("NFC", task.title),
        "url": thread.url,
        "status": "doing" if thread.answer else str(task.status),
        "line": " · ".join(filter(None, said)),
        "text": unicodedata.normalize("NFC", _text(thread)),
    }
    # No page takes it in; still nothing in it can be read as a tag.
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def index_of(entries: Iterable[str]) -> bytes:
    """Give the file that is published, of entries in the order of their numbers; the script takes later ones for newer."""
    return ("[" + ",\n".join(entries) + "]\n").encode()


def entries_in(index: bytes) -> dict[str, str]:
    """Read a file that was published: the entries in it, by the address of their page."""
    entries = index.decode()[1:-2].split(",\n")  # no entry has a line end in it
    return {found[1]: entry for entry in entries if (found := _URL.search(entry))}


# A quotation mark inside a title is written with a backslash: this is found nowhere but where it stands.
_URL = re.compile(r'"url":"([^"\\]+)"')


def _text(thread: ShownThread) -> str:
    """Give what can be read on a request's page, the newest first, so that what is too long loses what is oldest."""
    found = ""
    for part in filter(None, dict.fromkeys(_parts(thread))):
        found = f"{found} · {part}" if found else part
        if len(found) > _LONGEST:
            return found[:_LONGEST]
    return found


def _parts(thread: ShownThread) -> Iterator[str]:
    yield " ".join(file.shown_name for file in thread.files)
    yield _plain(thread.task.body)
    for message in reversed(thread.shown_messages):
        yield _plain(message.text)


# An address behind a link is no word that anyone looks for.
_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\s]{0,2000}\)")
_MARKS = re.compile(r"^[ \t]*(?:[-*+>]|#{1,6}|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?|[*_`~|]{1,3}|\\(?=[^\w\s])", re.MULTILINE)


def _plain(markdown: str) -> str:
    """Take the Markdown marks out of a text and set it in one line. Its length is bounded, whatever it is."""
    text = markdown[:_LONGEST]
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    return " ".join(_MARKS.sub("", text).split())
