"""Markdown as people write it in mail: a short line ends where it ends, `#vela` is no heading, a list may follow a sentence.

Raw HTML, references and attributes are no part of it. What it gives is not yet safe to show: `body` cleans it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import HashHeaderProcessor
from markdown.extensions import Extension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import InlineProcessor, LinkInlineProcessor, SimpleTagInlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from recado.portal.addresses import host_of, may_open, without_escapes, without_tail
from recado.portal.mail_pictures import KeptPictures, MailPicture
from recado.portal.prose import ends_by_hand
from recado.speech import SOURCE_LANGUAGE, Catalogue, catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from recado.portal.mail_pictures import KeptPicture


class MailMarkdown(Markdown):
    """Python-Markdown, set up once and reused. One conversion at a time: it keeps state while it works.

    `kept` holds the pictures that the last text showed.
    """

    words: Catalogue
    top: int
    kept: KeptPictures

    def __init__(self) -> None:
        self.kept = KeptPictures()
        super().__init__(extensions=["sane_lists", "fenced_code", _AsInMail()], output_format="html")
        self.words = catalogue(SOURCE_LANGUAGE)
        self.top = 1

    def html(self, text: str, words: Catalogue, top: int, pictures: Mapping[str, KeptPicture]) -> str:
        """Give the HTML of a text in the reader's words, its highest heading at level `top`. Raises RecursionError."""
        self.reset()
        self.words = words
        self.top = top
        self.kept.begin(pictures)
        return self.convert(text)


class _AsInMail(Extension):
    """Markdown as it is meant in a mail; raw HTML, references and attributes are not part of it."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the library's name)
        """Take away what is not wanted, and add what is."""
        TableExtension(use_align_attribute=True).extendMarkdown(md)
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "<", "&", "~", "|"]
        md.preprocessors.deregister("html_block")
        md.preprocessors.register(_LinesAsMeant(md), "lines_as_meant", 20)
        for name in ("code", "setextheader", "reference"):
            md.parser.blockprocessors.deregister(name)
        md.parser.blockprocessors.register(_SpacedHeading(md.parser), "hashheader", 70)
        patterns = md.inlinePatterns
        for name in ("reference", "short_reference", "image_reference", "short_image_ref", "autolink", "automail", "html"):
            patterns.deregister(name)
        patterns.register(_Link(r"(?<!!)\[", md), "link", 160)
        label = "Picture on another server: {host}"
        picture = MailPicture(md, lambda: _owner(md).words.gettext(label), _owner(md).kept)
        patterns.register(picture, "image_link", 150)
        patterns.register(_BareUrl(_URL, md), "bare_url", 115)
        patterns.register(_BareAddress(_MAIL, md), "bare_address", 110)
        patterns.register(SimpleTagInlineProcessor(r"(~~)(?=\S)((?:(?!~~).){1,500})(?<=\S)~~", "del"), "deleted", 70)
        md.treeprocessors.register(_Lowered(md), "lowered", 5)


class _LinesAsMeant(Preprocessor):
    """Ends lines where their writer ended them, and reads as a list what was meant as one.

    A list may follow a sentence without a blank line between. A numbered one begins with 1: who answers "611. They counted
    twice" has not begun a list.
    """

    _BULLET = re.compile(r"[-*+][ \t]+\S")
    _NUMBER = re.compile(r" {0,3}(\d+)\.(?=[ \t]+\S)")
    _NO_TEXT = re.compile(r"\s*(?:$|[-*+][ \t]|>|\||#{1,6}[ \t])")

    def run(self, lines: list[str]) -> list[str]:
        """Work through the lines of one text."""
        return list(self._broken(list(self._numbered(lines))))

    def _numbered(self, lines: list[str]) -> Iterator[str]:
        """Escape numbers that begin no list and go on with none."""
        in_list = False
        for line in lines:
            found = self._NUMBER.match(line)
            if found:
                in_list = in_list or found[1] == "1"
            elif line.strip() and not line.startswith(" "):
                in_list = False
            yield line if in_list or not found else f"{line[: found.end(1)]}\\{line[found.end(1) :]}"

    def _broken(self, lines: list[str]) -> Iterator[str]:
        """Mark the ends of lines that were meant, and part a list from the sentence before it."""
        in_list = False
        for line, following in zip(lines, [*lines[1:], ""], strict=True):
            if not line.strip():
                in_list = False
                yield line
                continue
            in_list = in_list or self._is_item(line) or line.startswith(" ")
            starts_list = self._is_item(following) and not in_list
            fits = ends_by_hand(line, following)
            is_plain = not line.startswith("\x02") and not following.startswith("\x02") and "|" not in line + following
            meant = fits and is_plain and following.strip() and not self._is_item(following)
            yield f"{line.rstrip()}  " if meant else line
            if starts_list and not self._NO_TEXT.match(line):
                yield ""

    def _is_item(self, line: str) -> bool:
        return bool(self._BULLET.match(line) or self._NUMBER.match(line))


class _SpacedHeading(HashHeaderProcessor):
    """A heading needs its blank: `# Title`. `#vela` is a word of the trade."""

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6})[ \t]+(?P<header>(?:\\.|[^\\])*?)(?:(?<!(?<!\\)#)#+)?(?:\n|$)")


class _Link(LinkInlineProcessor):
    """A link with a scheme that only opens something; any other stays the text that was typed."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override] # noqa: N802 (the library's name, and its own subclasses widen it too)
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """Make the link, or leave the text alone."""
        element, start, end = super().handleMatch(m, data)
        if not isinstance(element, Element) or not may_open(element.get("href") or ""):
            return None, None, None
        if not (element.text or "").strip():
            element.text = AtomicString(without_escapes(element.get("href", "")))
        return element, start, end


# What stands in an address besides plain characters: an escaped one, which the library keeps aside under a number.
_ASIDE = r"\x02klzzwxh:\d+\x03"
_URL = rf"(?<![\w@/])<?(https?://(?:[^\s<>\"\x02\x03]|{_ASIDE})+)>?"
_MAIL = r"(?<![\w.+/@-])<?(?:mailto:)?((?:[\w.+-]|" + _ASIDE + r"){1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24})(?![\w@-])>?"


class _BareUrl(InlineProcessor):
    """`https://…` in a sentence is a link, without the full stop after it."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override] # noqa: N802 (the library's name, and its own subclasses widen it too)
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """Make the link."""
        found = m.group(1)
        end = m.end()
        if not data.startswith("<", m.start()) or data[m.end() - 1] != ">":
            kept = without_tail(found)
            found, end = kept, m.start(1) + len(kept)
        address = without_escapes(self.unescape(found))
        if not host_of(address):
            return None, None, None
        link = Element("a", {"href": address})
        link.text = AtomicString(address)
        return link, m.start() if end == m.end() else m.start(1), end


class _BareAddress(InlineProcessor):
    """`jane@acme.example` in a sentence opens a mail."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override] # noqa: N802 (the library's name, and its own subclasses widen it too)
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """Make the link."""
        whole = data.startswith("<", m.start()) and data[m.end() - 1] == ">"
        address = without_escapes(self.unescape(m.group(1)))
        link = Element("a", {"href": f"mailto:{address}"})
        link.text = AtomicString(address)
        return link, m.start() if whole else m.start(1), m.end() if whole else m.end(1)


def _owner(md: Markdown | None) -> MailMarkdown:
    assert isinstance(md, MailMarkdown)  # noqa: S101 (only MailMarkdown is set up with this dialect)
    return md


class _Lowered(Treeprocessor):
    """Headings go under those of the page, none left out: the first is at `top`, the next one level deeper at most."""

    def run(self, root: Element) -> None:
        """Rename the headings of one text."""
        top = _owner(self.md).top
        above: list[int] = []
        for element in root.iter():
            if re.fullmatch(r"h[1-6]", element.tag):
                written = int(element.tag[1])
                above = [*(level for level in above if level < written), written]
                element.tag = f"h{min(6, top + len(above) - 1)}"
