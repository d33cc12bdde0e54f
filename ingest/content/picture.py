"""Pictures in a mail: attached ones point at their file from their place, remote ones become links, tracking pixels vanish."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from ingest.content.escape import escape
from recado.model.kept_picture import picture_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.content.inline import Span
    from ingest.content.markup import Element

PICTURE: Final = "\N{FRAME WITH PICTURE}"
_SMALLEST: Final = 3  # pixels; what is smaller is there to be counted or to keep distance
_LENGTH: Final = re.compile(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*")
_STYLE_LENGTH: Final = re.compile(r"(?:^|[;\s])(width|height)\s*:\s*(\d{1,5})(?:\.\d+)?px")


def attached_picture(name: str) -> str:
    """Write an attached picture as Markdown that points at the file, under its own name: filing adds the message's digits."""
    return f"![{escape(name)}]({picture_of(name)})"


def picture_span(image: Element, style: Span, names: Mapping[str, str]) -> list[Span]:
    """Write a picture as words with space around: no page ever loads one. The signs are the same in every language."""
    span = _picture(image, style, names)
    between = style.saying(" ")
    return [between, span, between] if span else []


def _picture(image: Element, style: Span, names: Mapping[str, str]) -> Span | None:
    source = image.get("src").strip()
    words = " ".join(image.get("alt").split())[:200]
    if _is_invisible(image):
        return None
    if source.lower().startswith("cid:"):
        name = names.get(unquote(source[4:])) or names.get(source[4:])
        if name:
            return replace(style, text=attached_picture(name), is_literal=True)
    elif source.lower().startswith(("http://", "https://")):
        shown = escape(words or _place_of(source))
        return replace(style, text=f"{PICTURE} {shown}", is_literal=True, link=style.link or source)
    return replace(style, text=f"{PICTURE} {escape(words)}", is_literal=True) if words else None


def _is_invisible(image: Element) -> bool:
    lengths = [int(found[1]) for name in ("width", "height") if (found := _LENGTH.fullmatch(image.get(name)))]
    lengths.extend(int(value) for _, value in _STYLE_LENGTH.findall(image.style))
    return any(length < _SMALLEST for length in lengths)


def _place_of(url: str) -> str:
    """Name a picture without words by its host and its file."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "…"
    return f"{parts.hostname or ''}/{parts.path.rpartition('/')[2][:60]}".rstrip("/")
