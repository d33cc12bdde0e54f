"""What a person can do something about: each error's exit status, and lines to jump from."""

from __future__ import annotations

import pytest

from recado.errors import ConfigurationError, FileError, Problem, RecadoError, UsageError, WorkError


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (WorkError("x"), 1),
        (UsageError("x"), 2),
        (FileError([Problem("a.md", 1, "x")]), 1),
        (ConfigurationError([Problem("clients.yml", 1, "x")]), 2),
    ],
)
def test_each_error_carries_its_exit_status(error: RecadoError, status: int) -> None:
    assert error.exit_status == status


def test_problems_stand_in_the_order_of_files_and_lines_one_a_line() -> None:
    problems = [Problem("b.md", 2, "two"), Problem("a.md", 10, "ten"), Problem("b.md", 1, "one"), Problem("a.md", 9, "nine")]
    error = FileError(problems)
    assert str(error) == "a.md:9: nine\na.md:10: ten\nb.md:1: one\nb.md:2: two"
    assert error.problems[0] == Problem("a.md", 9, "nine")
