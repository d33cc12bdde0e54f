"""Which form of a passage carries its text: the plain one, or the HTML one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.content.html import read_html
from ingest.content.reply import read_plain
from ingest.content.written import Written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.parts import Passage


def read_passage(passage: Passage, names: Mapping[str, str], *, is_forward: bool = False) -> Written:
    """Read a passage as Markdown. `names` gives the files that `cid:` links mean; `is_forward`: the subject says so."""
    plain = Written.joined(
        [
            read_plain(part.text, is_forward=is_forward, is_flowed=part.is_flowed, deletes_space=part.deletes_space)
            for part in passage.plain
        ]
    )
    if plain.text.strip() or not passage.html:
        return plain
    return Written.joined([read_html(part.text, names, is_forward=is_forward) for part in passage.html])
