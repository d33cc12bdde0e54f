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


# A server or a network that is away comes back: soon enough, and without being asked all the time.
AWAY = Backoff(first=2, most=300)
# A password that is refused stays so until someone acts, and many servers lock who keeps trying.
REFUSED = Backoff(first=120, most=1800)
