"""A page as a browser understands it: its tree of elements, texts and comments, the order of attributes aside."""

from __future__ import annotations

from html.parser import HTMLParser

_EMPTY = frozenset("area base br col embed hr img input link meta param source track wbr".split())

Node = tuple[int, str, tuple[tuple[str, str | None], ...]]


def document_tree(html: str) -> list[Node]:
    """Give the nodes in the order of the document: how deep, what (an element by its tag, `#text …`), and its attributes.

    Blanks count: within what is preformatted they are shown. Repeated attributes count as often as they stand there.
    """
    return _Tree(html).nodes


def first_difference(one: list[Node], other: list[Node]) -> str:
    """Say where two trees part; nothing where they are the same."""
    for number, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return f"node {number}: {left} is not {right}"
    return "" if len(one) == len(other) else f"{len(one)} nodes are not {len(other)}"


class _Tree(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.nodes: list[Node] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)
        if tag not in _EMPTY:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)  # of SVG; in HTML the slash means nothing, and none of our elements but empty ones have it

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        self._add(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self._add(f"#text {data}")

    def handle_comment(self, data: str) -> None:
        self._add(f"#comment {data}")

    def handle_decl(self, decl: str) -> None:
        self._add(f"#declaration {decl.casefold()}")

    def handle_pi(self, data: str) -> None:
        self._add(f"#instruction {data}")

    def unknown_decl(self, data: str) -> None:
        self._add(f"#section {data}")

    def _add(self, what: str, attributes: list[tuple[str, str | None]] | None = None) -> None:
        self.nodes.append((len(self._open), what, tuple(sorted(attributes or [], key=lambda pair: (pair[0], pair[1] or "")))))
