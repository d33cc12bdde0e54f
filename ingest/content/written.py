"""What one mail (or one passage of it) says, in Markdown: the writer's own words, the history, the signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ingest.content.forwarded import Forwarded


@dataclass(frozen=True, slots=True)
class Written:
    """Markdown of the three; `is_forward` if the text passes another's on, `forwarded` whose, as far as it says.

    `is_doubtful`: it names somebody, but below what may begin another's mail; then nobody can say whose it is.
    """

    text: str
    quoted: str = ""
    signature: str = ""
    is_forward: bool = False
    forwarded: Forwarded | None = None
    is_doubtful: bool = False

    @classmethod
    def joined(cls, passages: Sequence[Written]) -> Written:
        """Put passages one below the other. Doubt about one is doubt about all: a picture may stand between."""
        is_doubtful = any(passage.is_doubtful for passage in passages)
        return cls(
            text=_joined(passage.text for passage in passages),
            quoted=_joined(passage.quoted for passage in passages),
            signature=_joined(passage.signature for passage in passages),
            is_forward=any(passage.is_forward for passage in passages),
            forwarded=None if is_doubtful else next((passage.forwarded for passage in passages if passage.forwarded), None),
            is_doubtful=is_doubtful,
        )


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(text.strip("\n") for text in texts if text.strip())
