"""HTML so bare that it says no more than the plain form beside it: found without reading it, which takes most of the time.

It would not be chosen (`ingest.content.choice`), would name nobody whose mail is passed on, and cast no doubt on who that is.
What is not plain to see here has to be read.
"""

from __future__ import annotations

import html as stdlib_html
import re
from typing import TYPE_CHECKING, Final

from ingest.charset import clean_text
from ingest.content.forwarded import DASHES, FEWEST_LABELS
from ingest.content.phrases import FORWARD_WITHIN

if TYPE_CHECKING:
    from collections.abc import Sequence

WORD: Final = re.compile(r"\w+")
_LONGEST: Final = 100_000  # characters
# Elements that give words neither a look nor a structure. An attribute is taken in double quotes only.
_TAG: Final = re.compile(
    r"</?(?:html|head|body|meta|p|div|span|br|hr|font|center|blockquote|o:p)"
    r'((?:\s+[a-z:-]+(?:="[^"<>&]*")?)*)\s*/?>',
    re.IGNORECASE,
)
_LINK: Final = re.compile(r'<a((?:\s+[a-z:-]+="[^"<>]*")*)\s*>([^<]*)</a>', re.IGNORECASE)
_TARGET: Final = re.compile(r'\shref="([^"]*)"', re.IGNORECASE)
_WEB: Final = re.compile(r"https?://[\w./:?=+~-]+", re.ASCII)  # what stays as it is when it is written as Markdown
_MAIL: Final = re.compile(r"mailto:[\w.+@-]+", re.ASCII)
_LOOK: Final = re.compile(r"hidden|display|visibility|mso-|max-height|font-weight|font-style", re.IGNORECASE)
# What might be structure, emphasis or a link where words become Markdown.
_STRUCTURE: Final = re.compile(r"\||\*\*|\]\(|\d{10}\.")
_SIGN: Final = re.compile(r"[^\w\s]|_")
_DASHES: Final = re.compile(f"[{re.escape(DASHES)}]{{2}}")
_OPENING: Final = re.compile(r"[<\uff1c\[]")
_COLON: Final = re.compile(r"[:\uff1a]")


def most_words(html: Sequence[str], source: str, *, is_doubtful: bool) -> int | None:
    """Give a bound on the words of HTML parts that say no more than the plain form in a mail; None: they have to be read.

    `source` is the plain form as it stands in the mail, `is_doubtful` whether that leaves open whose mail is passed on. (The
    subject does not say that one is: then HTML has to be read.)
    """
    bounds = [_most_words(part, source, is_doubtful=is_doubtful) for part in html]
    known = [bound for bound in bounds if bound is not None]
    return sum(known) if len(known) == len(bounds) else None


def _most_words(html: str, source: str, *, is_doubtful: bool) -> int | None:
    if len(html) > _LONGEST or "data:" in html.lower():
        return None
    cleaned = clean_text(html)
    targets: list[str] = []
    attributes: list[str] = []

    def unlinked(link: re.Match[str]) -> str:
        attributes.append(link[1])
        target = _TARGET.search(link[1])
        targets.append(target[1] if target else "")
        return link[2]

    pieces = _TAG.split(_LINK.sub(unlinked, cleaned) if "<a" in cleaned else cleaned)
    looks = "".join((*pieces[1::2], *attributes))
    words = tuple(map(stdlib_html.unescape, pieces[::2]))
    text = "".join(words)
    if (
        any("<" in piece for piece in pieces[::2])
        or _LOOK.search(looks)
        or not all(_is_known(each, source) for each in targets)
    ):
        return None
    if _STRUCTURE.search(text) or ("://" in text and not text.isascii()) or not (is_doubtful or _names_nobody(text)):
        return None
    # Each tag may divide a word, and each sign that Markdown writes as an entity may add one.
    seen = " ".join((*words, *targets))
    return len(WORD.findall(seen)) + len(_SIGN.findall(seen))


def _is_known(target: str, source: str) -> bool:
    """Tell whether a link leads nowhere, to an address, or to where the plain form says."""
    return not target or bool(_MAIL.fullmatch(target)) or (target in source and bool(_WEB.fullmatch(target)))


def _names_nobody(text: str) -> bool:
    """Tell whether nothing in it could be taken for the head of a mail, in whatever lines (`forwarded.names_another`)."""
    if _DASHES.search(text) or ("@" in text and _OPENING.search(text)):
        return False
    colons = len(_COLON.findall(text))
    return colons < FEWEST_LABELS and not (colons and FORWARD_WITHIN.search(" ".join(text.split())))
