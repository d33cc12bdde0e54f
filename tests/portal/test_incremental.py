"""Whatever was edited, in whatever order, the site is what a full build makes of the same files at the same instant."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from building import apart, built, built_anew, tick
from desk import Desk
from edits import EDITS, Turn
from hypothesis import given, settings
from hypothesis import strategies as st

from recado.portal import making

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

IS_NIGHTLY = bool(os.environ.get("RECADO_NIGHTLY"))
pytestmark = pytest.mark.timeout(3600 if IS_NIGHTLY else 240)


def anew(desk: Desk, _touched: frozenset[Path]) -> None:
    """As a command does: in a process that knows nothing of the workspace yet."""
    apart(lambda: built_anew(desk.root, desk.now, but_shells=True))


def warm(desk: Desk, _touched: frozenset[Path]) -> None:
    built(desk.root, desk.now)


def by_two(desk: Desk, _touched: frozenset[Path]) -> None:
    built(desk.root, desk.now, jobs=2)


def told(desk: Desk, touched: frozenset[Path]) -> None:
    """As `recado serve` does: told what changed, where that is clients' files alone."""
    is_clients = all(path.is_relative_to(desk.root / "portal_src") for path in touched)
    built(desk.root, desk.now, told=touched if is_clients else None)


WAYS = (anew, warm, by_two, told)

Edit = tuple["Callable[[Desk, Turn], None]", Turn]
Round = tuple[list[Edit], "Callable[[Desk, frozenset[Path]], None]", bool, bool]  # written over in place; left to settle
TURNS = st.builds(Turn, st.integers(0, 63), st.integers(0, 63))
EDITINGS = st.lists(st.tuples(st.sampled_from(EDITS), TURNS), min_size=1, max_size=3)
ROUNDS = st.lists(st.tuples(EDITINGS, st.sampled_from(WAYS), st.booleans(), st.booleans()), min_size=3, max_size=9)


@pytest.fixture(scope="module", autouse=True)
def _small_portals_by_several_processes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "_WORTH_A_PROCESS", 2)
        patch.setattr(making, "_AT_ONCE", 3)
        yield


@settings(max_examples=1000 if IS_NIGHTLY else 25)
@given(rounds=ROUNDS)
def test_whatever_is_edited_the_site_is_that_of_a_full_build(rounds: list[Round]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        desk.build()
        for edits, way, in_place, is_settled in rounds:
            for edit, turn in edits:
                edit(desk, turn)
            touched = desk.save(in_place=in_place)
            if is_settled:
                tick(desk.root)
            way(desk, touched)
            desk.expect_right()
