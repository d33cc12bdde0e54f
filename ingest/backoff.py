"""How long a watch waits before it tries again: soon where a server is away, slowly where it refuses."""

from __future__ import annotations

from recado.backoff import Backoff

# A server or a network that is away comes back: soon enough, and without being asked all the time.
AWAY = Backoff(first=2, most=300)
# A password that is refused stays so until someone acts, and many servers lock who keeps trying.
REFUSED = Backoff(first=120, most=1800)
