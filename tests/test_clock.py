"""The clock: the system's, or the one that is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from recado import clock
from recado.errors import UsageError


def test_the_clock_is_the_systems_in_utc_to_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RECADO_NOW", raising=False)
    before = datetime.now(UTC).replace(microsecond=0)
    told = clock.now()
    assert before <= told <= datetime.now(UTC)
    assert (told.tzinfo, told.microsecond) == (UTC, 0)


@pytest.mark.parametrize("told", ["2026-11-24T08:40:00Z", "2026-11-24T09:40:00+01:00", " 2026-11-24T08:40:00.9Z "])
def test_the_clock_can_be_told(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv("RECADO_NOW", told)
    assert clock.now() == datetime(2026, 11, 24, 8, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    "told", ["yesterday", "2026-11-24", "2026-11-24T08:40:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00Z"]
)
def test_a_clock_that_is_told_nonsense_says_what_it_expects(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv("RECADO_NOW", told)
    with pytest.raises(UsageError, match=r"expected an instant such as 2026-11-24T08:40:00Z"):
        clock.now()
