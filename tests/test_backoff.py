"""Waiting before another try: bounded, growing, and at any moment within the bound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.backoff import AWAY, REFUSED
from recado.backoff import Backoff


@pytest.mark.parametrize(
    ("failures", "bound"), [(1, 2), (2, 4), (3, 8), (7, 128), (8, 256), (9, 300), (10, 300), (1_000_000, 300)]
)
def test_the_bound_doubles_with_each_failure_up_to_the_most(failures: int, bound: float) -> None:
    assert AWAY.pause(failures, lambda: 1.0) == bound


@given(st.integers(1, 10_000), st.floats(0, 1), st.sampled_from([AWAY, REFUSED, Backoff(0.5, 3)]))
def test_any_moment_up_to_the_bound_is_as_likely_as_another(failures: int, chance: float, backoff: Backoff) -> None:
    bound = backoff.pause(failures, lambda: 1.0)
    assert backoff.first <= bound <= backoff.most
    assert backoff.pause(failures, lambda: chance) == pytest.approx(chance * bound)


def test_a_refused_password_is_tried_far_less_often_than_a_server_that_is_away() -> None:
    away, refused = (sum(backoff.pause(tries, lambda: 1.0) for tries in range(1, 6)) for backoff in (AWAY, REFUSED))
    assert away < 120  # seconds, for five tries
    assert refused >= 3600
