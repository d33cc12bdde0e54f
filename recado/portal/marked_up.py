"""Texts with Markdown in them, as HTML that can only be read: what the library wrote, cleaned by the allow-list of `body`."""

from __future__ import annotations

import html
import re
import threading
from typing import TYPE_CHECKING

import nh3

from recado.portal.addresses import SCHEMES
from recado.portal.body import ATTRIBUTES, LINK_REL, TAGS
from recado.portal.kept_picture import KEPT
from recado.portal.mail_markdown import MailMarkdown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recado.portal.kept_picture import KeptPicture
    from recado.speech import Catalogue


def marked_up_html(text: str, words: Catalogue, top: int, pictures: Mapping[str, KeptPicture]) -> str:
    """Give the HTML of a text, clean; the parameters are those of `body`.

    Raises RecursionError where quotations stand in one another too deep.
    """
    markdown = _markdown()
    written = markdown.html(text, words, top, pictures)
    if not markdown.kept.shown:
        return _CLEANER.clean(written)
    return _placed(_PICTURE_CLEANER.clean(written), markdown.kept.shown)


def _placed(cleaned: str, shown: Sequence[KeptPicture]) -> str:
    """Put the addresses of our own files in place of their numbers, which no text can write: `<` is escaped in every one."""
    return _NUMBERED.sub(lambda found: f'{found["tag"]}"{html.escape(shown[int(found["number"])].url)}"', cleaned)


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=set(),
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    url_schemes=set(SCHEMES),
    url_relative="deny",
    link_rel=LINK_REL,
)
_PICTURE_CLEANER = nh3.Cleaner(
    tags=set(TAGS | {"img"}),
    clean_content_tags=set(),
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()} | {"img": {"src", "alt", "loading", "width", "height"}},
    url_schemes={*SCHEMES, KEPT},
    url_relative="deny",
    link_rel=LINK_REL,
)
_NUMBERED = re.compile(rf'(?P<tag><(?:img|a) (?:[a-z]+="[^"]*" )*(?:src|href)=)"{KEPT}:(?P<number>\d+)"')


class _PerThread(threading.local):
    """A Markdown writer keeps state while it converts: one for each thread, made once."""

    markdown: MailMarkdown | None = None


_OWN = _PerThread()


def _markdown() -> MailMarkdown:
    if _OWN.markdown is None:
        _OWN.markdown = MailMarkdown()
    return _OWN.markdown
