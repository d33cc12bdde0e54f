"""Attached pictures in a text, at the places where they stood: `![plan.png](files/7f3a91c2-plan.png)`.

A mail names the file as it came; once it is filed, the file has the digits of its message before its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

FILES: Final = "files/"  # where a message keeps what came with it, as its own file sees it


def picture_of(name: str) -> str:
    """Give what a picture points at while the file `name` has no digits yet, percent-encoded."""
    return f"{FILES}{quote(name)}"


def pointing(text: str, digits: str, names: Iterable[str]) -> str:
    """Let the pictures in a text point at the files `names` as they are kept with a message of these digits."""
    if f"]({FILES}" not in text:
        return text
    for name in names:
        text = text.replace(f"]({FILES}{quote(name)})", f"]({FILES}{digits}-{quote(name)})")
    return text
