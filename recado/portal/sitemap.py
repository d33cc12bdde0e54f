"""The sitemap of a portal: the addresses of its pages, as the site generator writes them for the same pages.

Light: neither MkDocs nor a template is imported, for a build may write one where it writes little else.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import escape

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

SITEMAP = "sitemap.xml"
PACKED = "sitemap.xml.gz"

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
_ENTRY = "    <url>\n         <loc>{loc}</loc>\n         <lastmod>{day}</lastmod>\n    </url>\n"
_FOOT = "</urlset>"
_NOWHERE = "404.html"  # to MkDocs a file of the theme, and no page
_FIRST = ("index", "README")  # what MkDocs takes for the first page of a folder


def sitemap(urls: Iterable[str], address: str | None, day: date) -> bytes:
    """Give the sitemap of a portal. Pure; the order of `urls` makes no difference.

    `urls` are its pages, relative to its root and ending in `.html`; `address` is where that root stands on the web
    (`https://portal.marta.example/acme/`; a slash is put at its end where it has none), None where nobody has said: then no
    page has an address, and none is listed. `day` is the day of the build in UTC, and of all pages: MkDocs knows no other.
    """
    if address is None:
        return (_HEAD + _FOOT).encode()
    root = address.rstrip("/") + "/"
    places = sorted((url for url in urls if url != _NOWHERE), key=_place)
    entries = (_ENTRY.format(loc=escape(root + quote(url)), day=day.isoformat()) for url in places)
    return (_HEAD + "".join(entries) + _FOOT).encode()


def packed(content: bytes) -> bytes:
    """Pack a sitemap (`sitemap.xml.gz`), without a name and a time: the same bytes give the same bytes."""
    return zlib.compress(content, 9, wbits=31)  # 31: with gzip's header, its time 0


def _place(url: str) -> tuple[tuple[bool, bool, str], ...]:
    """Give what MkDocs sorts by: in each folder its first page, its other pages by the names of their sources, its folders."""
    *folders, name = url.split("/")
    stem = name.removesuffix(".html")
    return (*((True, True, folder) for folder in folders), (False, stem not in _FIRST, f"{stem}.md"))
