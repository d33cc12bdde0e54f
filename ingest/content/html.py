"""HTML of a mail → Markdown."""

from __future__ import annotations

import html as stdlib_html
import re
from typing import TYPE_CHECKING

from ingest.content.reply import read_plain
from ingest.content.plain import plain_to_markdown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.content.written import Written


def html_to_markdown(html: str, names: Mapping[str, str] | None = None) -> str:
    """Write HTML as Markdown."""
    return plain_to_markdown(_text(html))


def read_html(html: str, names: Mapping[str, str], *, is_forward: bool = False) -> Written:
    """Read an HTML part as Markdown, its history and signature apart."""
    return read_plain(_text(html), is_forward=is_forward)


def _text(html: str) -> str:
    return stdlib_html.unescape(re.sub(r"<[^<>]*>", " ", re.sub(r"<(?:br|/p|/div)[^<>]*>", "\n", html)))
