"""The clock, asked once at the edge of each command; everything inside takes `now` as a parameter.

`RECADO_NOW` sets it (tests, reproducible builds): an instant with its zone, `2026-11-24T08:40:00Z`.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

from recado.errors import UsageError
from recado.model.instant import in_our_times, parse_instant
from recado.speech import _


def now() -> datetime:
    """Give the present instant in UTC, to the second. Raises UsageError where RECADO_NOW is no instant."""
    told = os.environ.get("RECADO_NOW")
    if not told:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return in_our_times(parse_instant(told))
    except ValueError as error:
        raise UsageError(
            _("RECADO_NOW is {value!r}; expected an instant such as 2026-11-24T08:40:00Z.").format(value=told)
        ) from error
