"""Which form of a passage carries its text: the plain one, or the HTML one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ingest.charset import is_blank
from ingest.content.bare_html import WORD, most_words
from ingest.content.html_reply import read_html
from ingest.content.reply import read_plain
from ingest.content.written import Written
from recado.model.address import normalise_address
from recado.model.kept_picture import FILES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from ingest.parts import Passage

_MUCH_POORER: Final = 0.5
_STUB_LACKS: Final = 10  # words
_STRUCTURE: Final = re.compile(rf"^[^\S\n]*(?:- |\d+\. |\| |#+ )|\*\*|!\[[^\]]*\]\({FILES}", re.MULTILINE)
_LINK: Final = re.compile(r"\]\((https?://[^)\s]+)\)")


def read_passage(
    passage: Passage, names: Mapping[str, str], *, is_forward: bool = False, zone: tzinfo | None = None
) -> Written:
    """Read a passage as Markdown. `names` gives the files that `cid:` links mean; `is_forward`: the subject says so.

    `zone` is that of the date of a forwarded mail.

    The plain form, unless it is empty, has less than half the words, or lacks what the HTML form has: lists, tables,
    headings, emphasis, pictures in their place, links that the plain form does not spell out.
    """
    plain = Written.joined(
        [
            read_plain(part.text, is_forward=is_forward, is_flowed=part.is_flowed, deletes_space=part.deletes_space, zone=zone)
            for part in passage.plain
        ]
    )
    if not is_forward and _says_all(plain, passage):
        return plain
    html = Written.joined([read_html(part.text, names, is_forward=is_forward, zone=zone) for part in passage.html])
    chosen = _richer(plain, html, passage)
    named = [form.forwarded for form in (chosen, plain, html) if form.forwarded]
    is_doubtful = plain.is_doubtful or html.is_doubtful or len({normalise_address(found.sender.email) for found in named}) > 1
    return replace(chosen, forwarded=named[0] if named and not is_doubtful else None, is_doubtful=is_doubtful)


def _says_all(plain: Written, passage: Passage) -> bool:
    """Tell whether the plain form will be chosen whatever the HTML form says when it is read: nearly always, so it is not read.

    Only a plain form that passes nothing on: the HTML form could name the writer of that more fully.
    """
    if not passage.html or plain.is_forward or is_blank(plain.text):
        return False
    most = most_words([part.text for part in passage.html], _source(passage), is_doubtful=plain.is_doubtful)
    return most is not None and not _is_stub(_words(plain), most)


def _richer(plain: Written, html: Written, passage: Passage) -> Written:
    if is_blank(plain.text) or is_blank(html.text):
        return plain if is_blank(html.text) else html
    plain_words, html_words = _words(plain), _words(html)
    if html_words < plain_words * _MUCH_POORER:
        return plain
    if _is_stub(plain_words, html_words) or _has_more(html.text, _source(passage)):
        return html
    return plain


def _is_stub(plain_words: int, html_words: int) -> bool:
    return plain_words < html_words * _MUCH_POORER and html_words - plain_words >= _STUB_LACKS


def _source(passage: Passage) -> str:
    """Give the plain form as it stands in the mail."""
    return " ".join(part.text for part in passage.plain)


def _words(written: Written) -> int:
    return len(WORD.findall(written.text))


def _has_more(markdown: str, plain: str) -> bool:
    """Tell whether Markdown made of HTML says what the plain form cannot."""
    if _STRUCTURE.search(markdown):
        return True
    return any(link[1].replace("%28", "(").replace("%29", ")") not in plain for link in _LINK.finditer(markdown))
