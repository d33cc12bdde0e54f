"""How long to wait before trying again what failed: longer each time, never for ever, and never in step with others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_DOUBLINGS_AT_MOST = 30


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential back-off: seconds at the most before the second try, and before any later one."""

    first: float
    most: float

    def pause(self, failures: int, chance: Callable[[], float]) -> float:
        """Give the seconds to wait after so many failures in a row (1 or more).

        `chance` gives a number from 0 to 1. Full jitter: any time up to the bound is as likely as another, so that many that
        lost the same server at once do not come back at once.
        """
        return chance() * min(self.most, self.first * 2.0 ** min(failures - 1, _DOUBLINGS_AT_MOST))
