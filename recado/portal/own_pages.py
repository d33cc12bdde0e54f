"""The VA's own pages: plain Markdown through the site generator, links resolved, then cleaned and filled like any other.

They may use what Material can do without a script: tables, admonitions, footnotes, definition lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import nh3
from markupsafe import Markup, escape

from recado.errors import WorkError
from recado.portal.addresses import SCHEMES
from recado.portal.body import ATTRIBUTES, TAGS
from recado.portal.generator import PLACES, Project, generate
from recado.portal.page import Page
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recado.model.client_work import OwnPage
    from recado.speech import Catalogue

KIND = "own"
URL = "pages/any.html"  # where such a page stands


@dataclass(frozen=True, slots=True)
class Own:
    """What the page shows: what the VA wrote, cleaned, under a heading of its own where she wrote none."""

    content: Markup


def own_pages(pages: Sequence[OwnPage], words: Catalogue, urls: Iterable[str] = ()) -> tuple[Page, ...]:
    """Make the VA's own pages of one client. `urls` are the portal's other pages, to which hers may link.

    Raises WorkError that names the page and the link, where one leads nowhere.
    """
    if not pages:
        return ()
    if {"README", "index"} <= {page.slug for page in pages}:  # the generator would leave one of them out
        raise WorkError(_("pages/README.md: index.md stands beside it, and both would be the first page. Rename one of them."))
    sources = {f"pages/{page.slug}.md": f"---\ntitle: own page\n---\n{page.text}\n" for page in pages}
    stubs = dict.fromkeys(PLACES, "# place\n")
    remote = words.gettext("Picture on another server: {host}")
    built = generate(
        Project(
            pages=stubs | sources,
            language="en",
            files=tuple(url for url in urls if f"{url.removesuffix('.html')}.md" not in stubs),
            extensions={
                "tables": {"use_align_attribute": True},
                "admonition": {},
                "footnotes": {},
                "def_list": {},
                "sane_lists": {},
                "recado.portal.mail_pictures:RemotePictures": {"label": remote},
            },
        )
    )
    return tuple(
        Page(
            KIND,
            f"pages/{page.slug}.html",
            page.title,
            page.title,
            Own(_shown(page.title, built[f"pages/{page.slug}.md"].content)),
        )
        for page in pages
    )


_ADMONITIONS = frozenset("note abstract info tip success question warning failure danger bug example quote".split())
_CLEANER = nh3.Cleaner(
    tags=TAGS | set("h1 div span dl dt dd sup sub u small details summary figure figcaption caption abbr".split()),
    attributes=ATTRIBUTES
    | {"abbr": {"title"}, "details": {"open"}}
    | {tag: {"id"} for tag in ("h1", "h2", "h3", "h4", "h5", "h6", "li", "sup")},
    allowed_classes={"div": _ADMONITIONS | {"admonition", "footnote"}, "p": {"admonition-title"}},
    url_schemes=set(SCHEMES),
    link_rel="noopener noreferrer",
)


def _shown(title: str, content: str) -> Markup:
    cleaned = Markup(_CLEANER.clean(content))  # noqa: S704 (cleaned by the allow-list above)
    return cleaned if "<h1" in cleaned else Markup("<h1>{}</h1>\n").format(escape(title)) + cleaned
