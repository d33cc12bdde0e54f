"""What people who do not see a portal go by: one heading of the first level, no level left out, labels, a language."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recado.store.workspace import Workspace


class Structure(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: Counter[str] = Counter()
        self.named: list[str] = []
        self.unlabelled: list[str] = []
        self.times: list[str] = []
        self.language = ""
        self._labels = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self.levels.append(int(tag[1]))
        if "id" in told:
            self.ids[told["id"]] += 1
        self.named += told.get("aria-labelledby", "").split()
        if tag == "html":
            self.language = told.get("lang", "")
        if tag == "label":
            self._labels += 1
        if tag == "time":
            self.times.append(told.get("datetime", ""))
        is_field = tag in {"input", "select", "textarea"} and "md-toggle" not in told.get("class", "")
        if is_field and not self._labels and "aria-label" not in told:
            self.unlabelled.append(str(told))
        if tag == "img" and "alt" not in told:
            self.unlabelled.append(str(told))

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._labels -= 1


def test_every_page_can_be_found_ones_way_in(built: Workspace) -> None:
    for page in sorted(built.site.rglob("*.html")):
        structure = Structure(page.read_text(encoding="utf-8"))
        levels = structure.levels
        assert levels[:1] == [1], page
        assert levels.count(1) == 1, page
        assert all(after - before <= 1 for before, after in pairwise(levels)), f"{page}: {levels}"
        assert [name for name, times in structure.ids.items() if times > 1] == [], page
        assert [name for name in structure.named if name not in structure.ids] == [], page
        assert structure.unlabelled == [], page
        assert all(structure.times), page
        assert structure.language == ("es" if "tomillo" in page.parts else "en"), page
