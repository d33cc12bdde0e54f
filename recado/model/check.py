"""One thing that was looked at: whether it is as it must be, and what to do where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How it stands. `warning`: it works, and could be better; `skipped`: it could not be looked at, for what failed before."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Check:
    """What was found. `subject` names what was looked at, in a word or two; `said` is for the reader; so is `advice`."""

    subject: str
    verdict: Verdict
    said: str
    advice: str = ""
