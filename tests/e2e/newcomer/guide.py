"""The steps of a guide in Markdown: what is to be typed, and what is to be written into clients.yml, each under its heading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

_FENCE = re.compile(r"( *)```(.*)")
_HEADING = re.compile(r"#{2,3} (\d[a-z]?)\.? ")


class Step(NamedTuple):
    """One block. `chapter` is the number of its heading, `before` the prose since the last one."""

    chapter: str
    kind: str
    text: str
    before: str


def steps_of(guide: Path) -> list[Step]:
    """Take them out, in their order."""
    steps: list[Step] = []
    chapter, prose = "", ""
    lines = iter(guide.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if fence := _FENCE.fullmatch(line):
            indent, kind = fence.groups()
            block = []
            for inside in lines:
                if inside == f"{indent}```":
                    break
                assert inside.startswith(indent), inside
                block.append(inside.removeprefix(indent))
            steps.append(Step(chapter, kind, "\n".join(block), prose))
            prose = ""
            continue
        if heading := _HEADING.match(line):
            chapter, prose = heading.group(1), ""
        prose += f"{line}\n"
    return steps
