"""What a build says, for a person and for programs, whatever became of each portal."""

from __future__ import annotations

from pathlib import Path

import pytest

from recado.cli.build_words import all_in_words, as_data, outcome_in_words, what_went_wrong
from recado.errors import FileError, Problem, WorkError
from recado.portal.build import PortalResult, PracticeResult
from recado.store.workspace import Workspace

WORKSPACE = Workspace(Path("/home/marta/practice"))
ODD = Problem("portal_src/acme/tasks/0042-posts.md", 4, "`status` is 'odd'")
BAD = Problem("portal_src/beta/history.csv", 7, "expected an instant")


def portal(key: str = "acme", pages: int = 41, built: int = 0, **more: object) -> PortalResult:
    values = {"seconds": 0.42, "folder": WORKSPACE.site / key} | more
    return PortalResult(key=key, pages=pages, built=built, **values)  # type: ignore[arg-type]  # any of its fields


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        (portal(), "acme: 41 pages, nothing changed, 0.42 s"),
        (portal(built=3), "acme: 41 pages, 3 built, 38 reused, 0.42 s → site/acme"),
        (portal(pages=1, built=1, seconds=12.34), "acme: 1 page, 1 built, 0 reused, 12.3 s → site/acme"),
        (portal(built=1, folder=Path("/srv/portals/acme")), "acme: 41 pages, 1 built, 40 reused, 0.42 s → /srv/portals/acme"),
        (portal(built=1, left_out=(ODD,)), "acme: 41 pages, 1 built, 40 reused, 1 mistake left out, 0.42 s → site/acme"),
        (portal(left_out=(ODD, BAD)), "acme: 41 pages, nothing changed, 2 mistakes left out, 0.42 s"),
        (portal(pages=0, folder=None), "acme: withdrawn, for the work with this client has ended"),
        (FileError([ODD]), "acme: not built; what was built before stays"),
    ],
)
def test_a_portal_is_a_line(outcome: PortalResult | FileError, line: str) -> None:
    assert outcome_in_words("acme", outcome, WORKSPACE) == line


@pytest.mark.parametrize(
    ("done", "line"),
    [
        (PracticeResult((), ()), "0 portals, 0 pages, nothing changed, 2.0 s"),
        (PracticeResult((portal(), portal("beta")), ()), "2 portals, 82 pages, nothing changed, 2.0 s"),
        (PracticeResult((portal(), portal("beta", 9, 2)), ()), "2 portals, 50 pages, 2 built, 48 reused, 2.0 s"),
        (PracticeResult((portal(),), (FileError([BAD]),), ("beta",)), "2 portals, 1 not built, 41 pages, 2.0 s"),
    ],
)
def test_all_of_them_are_a_line(done: PracticeResult, line: str) -> None:
    assert all_in_words(done, 2.0) == line


def test_all_that_went_wrong_is_one_error_each_thing_once() -> None:
    done = PracticeResult((portal(left_out=(ODD,)),), (FileError([BAD, ODD]), WorkError("disk full"), WorkError("disk full")))
    error = what_went_wrong(done)
    assert isinstance(error, WorkError)
    assert error.exit_status == 1
    assert str(error).splitlines() == [str(ODD), str(BAD), "disk full"]
    assert what_went_wrong(PracticeResult((portal(),), ())) is None


def test_what_was_left_out_is_wrong_too() -> None:
    error = what_went_wrong(PracticeResult((portal(left_out=(ODD,)),), ()))
    assert isinstance(error, FileError)
    assert (error.problems, error.exit_status) == ((ODD,), 1)


def test_programs_get_an_object_a_portal() -> None:
    errors = (FileError([BAD]), WorkError("disk full"))
    done = PracticeResult((portal(built=3, notes=("In English",), left_out=(ODD,)),), errors, ("beta", "gamma"))
    problem = {"file": ODD.file, "line": 4, "text": ODD.text}
    acme, beta, gamma = as_data(done)
    assert acme == {
        "key": "acme",
        "pages": 41,
        "built": 3,
        "reused": 38,
        "seconds": 0.42,
        "folder": "/home/marta/practice/site/acme",
        "notes": ["In English"],
        "left_out": [problem],
        "errors": [],
    }
    assert beta["errors"] == [{"file": BAD.file, "line": 7, "text": BAD.text}]
    assert gamma["errors"] == [{"file": None, "line": None, "text": "disk full"}]
    assert {beta[name] for name in ("pages", "built", "reused", "seconds", "folder")} == {None}
    assert set(acme) == set(beta) == set(gamma)
