"""One line of a mail's text as it is seen, plain or HTML: its words, how deep in quotations, and what the markup says of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Mark(Enum):
    """What the markup says of where a line begins."""

    NONE = auto()
    HISTORY = auto()
    HISTORY_TO_THE_END = auto()
    SIGNATURE = auto()
    RULE = auto()  # a line drawn across


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is seen: its words without quote marks, and how many marks (or quoting elements) it stands in."""

    text: str
    depth: int = 0
    mark: Mark = Mark.NONE

    @property
    def is_blank(self) -> bool:
        """Tell whether it shows nothing."""
        return not self.text.strip()
