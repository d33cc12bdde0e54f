"""What is known while portals are watched, and what of it the terminal is told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from recado.cli.live_board import LIST, Shown
from recado.cli.live_state import News, State, news_of, taken_together
from recado.errors import FileError, Problem
from recado.portal.build import PortalResult
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from recado.cli.live_state import Outcomes

WORKSPACE = Workspace(Path("/home/marta/practice"))
NAMES = {"acme": "Acme", "beta": "Beta"}
LINE = "portal_src/acme/tasks/0042-posts.md:4: `status` is 'odd'"
WRONG = FileError([Problem("portal_src/acme/tasks/0042-posts.md", 4, "`status` is 'odd'")])


def portal(key: str, built: int = 0, *, is_withdrawn: bool = False) -> PortalResult:
    folder = None if is_withdrawn else WORKSPACE.site / key
    return PortalResult(key=key, pages=0 if is_withdrawn else 9, built=built, seconds=0.21, folder=folder)


def news(before: State, after: State, outcomes: Outcomes) -> News:
    return news_of(before, after, outcomes, NAMES, WORKSPACE)


TROUBLED = State(NAMES, (), {"acme": (LINE,)})


def test_a_mistake_is_known_until_that_portal_is_built() -> None:
    assert State(NAMES).after({"acme": WRONG}) == TROUBLED
    assert TROUBLED.after({"beta": portal("beta")}) == TROUBLED
    assert TROUBLED.after({"acme": portal("acme")}) == State(NAMES)


def test_a_mistake_of_a_client_who_is_no_more_is_known_no_more() -> None:
    assert State({"beta": "Beta"}, (), TROUBLED.trouble).after({"beta": portal("beta")}).wrong == ()


def test_a_mistake_in_the_practice_goes_once_something_could_be_built() -> None:
    assert State(NAMES, ("clients.yml:3: odd",)).after({"beta": portal("beta")}).wrong == ()


@pytest.mark.parametrize(
    ("before", "after", "is_worse"),
    [
        (State(NAMES), TROUBLED, True),
        (TROUBLED, TROUBLED, False),
        (TROUBLED, State(NAMES), False),
        (TROUBLED, State(NAMES, ("clients.yml:3: odd",)), True),
    ],
)
def test_only_what_is_newly_wrong_is_worse(before: State, after: State, *, is_worse: bool) -> None:
    assert after.is_worse_than(before) is is_worse


def test_a_portal_that_was_built_is_told_in_a_line_and_one_where_nothing_changed_is_not() -> None:
    said = news(State(NAMES), State(NAMES), {"acme": portal("acme", 2), "beta": portal("beta")})
    assert said == News(("acme: 9 pages, 2 built, 7 reused, 0.21 s → site/acme",), ())


def test_a_mistake_is_told_once() -> None:
    assert news(State(NAMES), TROUBLED, {"acme": WRONG}) == News((), (LINE,))
    assert news(TROUBLED, TROUBLED, {"acme": WRONG}) == News((), ())


def test_a_mistake_that_was_put_right_is_told_also_where_nothing_is_built_for_it() -> None:
    assert news(TROUBLED, State(NAMES), {"acme": portal("acme")}) == News(("acme: put right",), ())
    assert news(State(NAMES, ("clients.yml:3: odd",)), State(NAMES), {}) == News(("clients.yml: put right",), ())


def test_a_portal_that_goes_is_told_once() -> None:
    ended = {"acme": portal("acme", is_withdrawn=True)}
    assert news(State(NAMES), State(NAMES), ended).done == ("acme: withdrawn, for the work with this client has ended",)
    assert news_of(State(NAMES), State(NAMES), ended, {"beta"}, WORKSPACE).done == ()
    assert news(State(NAMES), State({"acme": "Acme"}), {}).done == ("beta: taken away, for clients.yml has no such client",)


def test_what_either_of_two_builds_in_a_row_built_was_built() -> None:
    built, idle = portal("acme", 2), portal("acme")
    assert taken_together({"acme": built}, {"acme": idle}) == {"acme": built}
    assert taken_together({"acme": WRONG}, {"acme": idle}) == {"acme": idle}
    assert taken_together({"acme": idle}, {"acme": WRONG}) == {"acme": WRONG}
    assert taken_together({"acme": idle}, {"acme": built}) == {"acme": built}


def test_a_page_shows_what_is_wrong_with_its_own_portal_and_the_list_all_of_it() -> None:
    shown = Shown(NAMES, ("everywhere",), {"acme": ("one", "two"), "beta": ("three",)})
    assert shown.wrong_for("acme") == ("everywhere", "one", "two")
    assert shown.wrong_for("gamma") == ("everywhere",)
    assert shown.wrong_for(LIST) == ("everywhere", "one", "two", "three")
