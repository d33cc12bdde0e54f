"""HTML of a mail → a small tree of elements: repaired as a browser would, without scripts, styles, comments and what is hidden.

nh3 (html5ever) does the repairing; on its output the standard library's parser has nothing left to guess.
"""

from __future__ import annotations

import html as stdlib_html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

import nh3

from ingest.charset import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CHARACTERS: Final = 1_000_000
_DEEPEST: Final = 80  # elements beyond stand in the last one that fits
_DEEPEST_TO_REPAIR: Final = 2_000  # html5ever takes time by the square of the depth
# Emphasis that is left open is begun anew in every block below it: as many elements, however short the source.
_MOST_REPEATED: Final = 100_000
_MOST_ELEMENTS: Final = 40_000  # the longest newsletters have 5,000; each costs 30 µs until it is Markdown

VOID: Final = frozenset({"br", "hr", "img"})
_TAGS: Final = frozenset(
    """
    a abbr address article aside b big blockquote br caption center cite code col colgroup dd del div dl dt em
    figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main nav ol p pre q s samp section small
    span strike strong sub sup table tbody td tfoot th thead tr tt u ul var
    """.split()
)
_DROPPED_WHOLE: Final = frozenset(
    {
        "script",
        "style",
        "title",
        "template",
        "textarea",
        "select",
        "button",
        "object",
        "svg",
        "math",
        "xml",
        "iframe",
        "noscript",
    }
)
_ATTRIBUTES: Final = {
    "*": {"class", "id", "style", "type", "name", "hidden"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan"},
    "th": {"colspan"},
    "ol": {"start"},
    "table": {"border", "role"},
}
_CLEANER: Final = nh3.Cleaner(
    tags=set(_TAGS),
    clean_content_tags=set(_DROPPED_WHOLE),
    attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
    strip_comments=True,
    link_rel=None,
    url_schemes={"http", "https", "mailto", "tel", "cid"},
)
_TAG: Final = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_EMPHASIS: Final = frozenset("a b big code em font i nobr s small strike strong tt u".split())
# Blocks whose end may be left out (a new one of the same kind ends them), and elements that have none.
_ENDLESS: Final = frozenset(
    """
    area base br col colgroup dd dt embed hr img input li link meta optgroup option p param source tbody td tfoot th thead
    tr track wbr
    """.split()
)
_DATA_ADDRESS: Final = re.compile(r"""(["'])data:[^"']*\1""", re.IGNORECASE)
_HIDDEN: Final = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|max-height\s*:\s*0(?:px)?\s*(?:;|$))", re.IGNORECASE
)


@dataclass(slots=True, eq=False)
class Element:
    """One element: its tag, its attributes, and what is in it. Built once, then only read."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def get(self, name: str) -> str:
        """Give an attribute, or ''."""
        return self.attributes.get(name, "")

    @property
    def classes(self) -> frozenset[str]:
        """Give its classes."""
        return frozenset(self.get("class").split())

    @property
    def style(self) -> str:
        """Give its style in lower case."""
        return self.get("style").lower()

    def walk(self) -> Iterator[Element]:
        """Give every element below, in document order."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def text(self) -> str:
        """Give the words in it, as they stand."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)


def read_markup(html: str) -> Element:
    """Read HTML into a tree under one `div`. Never raises; what is too much or too deep to repair becomes its words alone."""
    source = _DATA_ADDRESS.sub('""', clean_text(html))[:MOST_CHARACTERS]
    if _is_too_much_to_repair(source):
        return Element("div", children=[stdlib_html.unescape(re.sub(r"<[^<>]*>", " ", source))])
    builder = _Builder()
    builder.feed(_CLEANER.clean(source))
    builder.close()
    return builder.root


def selected(element: Element, leaves: frozenset[int]) -> Element | None:
    """Give a copy that holds only these leaves (text, br, img, hr, by identity); None if there are none."""
    children: list[Element | str] = []
    for child in element.children:
        if isinstance(child, str) or child.tag in VOID:
            if id(child) in leaves:
                children.append(child)
        elif (copy := selected(child, leaves)) is not None:
            children.append(copy)
    return Element(element.tag, element.attributes, children) if children else None


class _Builder(HTMLParser):
    """Builds the tree from nh3's output, which is well formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("div")
        self._open = [self.root]
        self._too_deep = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            if not _is_hidden(element):
                self._open[-1].children.append(element)
        elif len(self._open) > _DEEPEST:
            self._too_deep += 1
        else:
            if not _is_hidden(element):
                self._open[-1].children.append(element)
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self._too_deep:
            self._too_deep -= 1
        elif len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        # Each piece is an object of its own, also where Python would share equal strings: leaves are told apart by
        # identity.
        self._open[-1].children.append(Text(data))


class Text(str):
    """A run of words in the tree, told apart from an equal one elsewhere by identity."""

    __slots__ = ()


def _is_hidden(element: Element) -> bool:
    return bool(element.attributes) and ("hidden" in element.attributes or bool(_HIDDEN.search(element.get("style"))))


def _is_too_much_to_repair(html: str) -> bool:
    """Tell whether it nests so deeply, has so many elements, or leaves so much emphasis open, that it takes too long."""
    depth = emphasis = repeated = elements = 0
    for tag in _TAG.finditer(html):
        name, step = tag[2].lower(), -1 if tag[1] else 1
        if name in _EMPHASIS:
            emphasis = max(emphasis + step, 0)
        else:
            repeated += emphasis
        if name not in _ENDLESS:
            depth = max(depth + step, 0)
        elements += not tag[1]
        if depth > _DEEPEST_TO_REPAIR or repeated > _MOST_REPEATED or elements > _MOST_ELEMENTS:
            return True
    return False
