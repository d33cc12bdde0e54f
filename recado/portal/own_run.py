"""A run of the site generator for the VA's own pages, and the allow-list that their HTML goes through."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import nh3
from markupsafe import escape

from recado.portal.addresses import SCHEMES
from recado.portal.body import ATTRIBUTES, TAGS
from recado.portal.generator import PLACES, Project, generate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from recado.model.client_work import OwnPage


def own_contents(pages: Sequence[OwnPage], meant: Iterable[str], remote: str, back: str) -> dict[str, str]:
    """Give the cleaned content of each page by its slug. `meant` are the portal's other pages that they may link to.

    `remote` says that a picture is on another server (`{host}`), `back` leads from a footnote to its place (`{}`: its number).
    Raises WorkError that names the page and the link, where one leads nowhere.
    """
    sources = {f"pages/{page.slug}.md": f"---\ntitle: own page\n---\n{page.text}\n" for page in pages}
    stubs = dict.fromkeys(PLACES, "# place\n")
    extensions: dict[str, Mapping[str, object]] = {
        "tables": {"use_align_attribute": True},
        "admonition": {},
        "footnotes": {"BACKLINK_TITLE": back},
        "def_list": {},
        "abbr": {},
        "sane_lists": {},
        "recado.portal.mail_pictures:RemotePictures": {"label": remote},
    }
    extensions |= {name: {} for sign, name in _SIGNS.items() if any(sign in page.text for page in pages)}
    built = generate(
        Project(
            pages=stubs | sources,
            language="en",
            files=tuple(url for url in meant if f"{url.removesuffix('.html')}.md" not in stubs),
            extensions=extensions,
        )
    )
    return {page.slug: _shown(page.title, built[f"pages/{page.slug}.md"].content) for page in pages}


# Extensions that are loaded where their sign is in a text: all of them take 35 ms to import.
_SIGNS = {
    "???": "pymdownx.details",
    "++": "pymdownx.keys",
    "==": "pymdownx.mark",
    "^": "pymdownx.caret",
    "~": "pymdownx.tilde",
    "[": "pymdownx.tasklist",
}
_ADMONITIONS = frozenset("note abstract info tip success question warning failure danger bug example quote".split())
_CLEANER = nh3.Cleaner(
    tags=TAGS | set("h1 div span dl dt dd sup sub u ins mark kbd small details summary figure figcaption caption abbr".split()),
    attributes=ATTRIBUTES
    | {"abbr": {"title"}, "details": {"open"}}
    | {tag: {"id"} for tag in ("h1", "h2", "h3", "h4", "h5", "h6", "li", "sup")},
    allowed_classes={
        "div": _ADMONITIONS | {"admonition", "footnote"},
        "p": {"admonition-title"},
        "details": _ADMONITIONS,
        "span": {"keys"},
        "li": {"task-list-item"},
    },
    url_schemes=set(SCHEMES),
    link_rel="noopener noreferrer",
)
_BOX = re.compile(r'<input type="checkbox" disabled( checked)?/>')


def _shown(title: str, content: str) -> str:
    boxes = _BOX.sub(lambda box: "☑" if box[1] else "☐", content)  # a mark to read, and no field to fill in
    cleaned = _CLEANER.clean(boxes)
    return cleaned if "<h1" in cleaned else f"<h1>{escape(title)}</h1>\n{cleaned}"
