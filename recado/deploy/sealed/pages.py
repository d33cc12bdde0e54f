"""What is added to a portal's pages before they are encrypted: a way to forget the key, and links that work at any address."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from recado.portal.site import NOT_FOUND
from recado.speech import SOURCE_LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

_LANGUAGE = re.compile(rb"<html\b[^>]*?\blang=[\"']?([A-Za-z0-9-]+)")
_FOOT = re.compile(rb"</div>\s*</footer>")
_ASSETS = re.compile(rb"\bhref=\"([^\"]*/)assets/[^\"/]+\"")
_END = b"</body>"


def is_page(path: str) -> bool:
    """Tell whether a file is a page of the portal. What hangs on a request is none: a page there goes out zipped."""
    return path.endswith(".html") and not is_attached(path)


def is_attached(path: str) -> bool:
    """Tell whether a file hangs on a request: to be saved, not to be opened where it stands (sw.js says the same)."""
    return path.startswith("requests/") and path.count("/") > 1


def page_for_sealing(content: bytes, path: str, folder: str, forget: Mapping[str, str]) -> bytes:
    """Give a page as it goes into its blob. `forget` is the link's word by language.

    The page for what is not there is shown at any address, so its links are absolute; the address of the portal that was
    built is replaced by that of the folder in its place (the service worker puts before it what stands before the folder).
    """
    up = "../" * path.count("/")
    if path == NOT_FOUND:
        up = f"/{folder}/"
        found = _ASSETS.search(content)
        if found:
            content = content.replace(b'"' + found[1], f'"{up}'.encode())
    return _with_footing(content, up, forget)


def _with_footing(content: bytes, up: str, forget: Mapping[str, str]) -> bytes:
    found = _LANGUAGE.search(content)
    language = found[1].decode() if found else SOURCE_LANGUAGE
    word = forget.get(language) or forget.get(language.split("-")[0]) or forget[SOURCE_LANGUAGE]
    link = f'<p class="r-acts"><a href="{up}door/forget.html#{language}">{html.escape(word)}</a></p>'.encode()
    script = f'<script src="{up}door/page.js" defer></script>'.encode()
    end = content.rfind(_END)
    body, rest = (content[:end], content[end:]) if end >= 0 else (content, b"")
    *_others, foot = [None, *_FOOT.finditer(body)]
    if foot is None:
        link = b'<footer class="r-foot"><div class="r-foot__in">' + link + b"</div></footer>"
        return body + link + script + rest
    return body[: foot.start()] + link + body[foot.start() :] + script + rest
