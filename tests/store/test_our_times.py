"""Years at the calendar's ends are refused where days are counted from them, and let be where a mail says them of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recado.store.messages import parse_message
from recado.store.tasks import parse_task

if TYPE_CHECKING:
    from recado.errors import Problem


@pytest.mark.parametrize(
    "line", ["due: 9999-12-31", "due: 0001-01-01", "received: 9999-12-31T23:59:59Z", "received: 0001-01-01T00:00:00Z"]
)
def test_a_task_of_no_time_of_ours_is_told_with_its_line(line: str) -> None:
    problems: list[Problem] = []
    assert parse_task("0042-x", f"---\ntitle: x\n{line}\n---\n", "ACME", "0042-x.md", problems) is None
    assert [problem.line for problem in problems] == [3]


def test_a_message_may_say_any_date_of_itself() -> None:
    problems: list[Problem] = []
    text = "---\nfrom: jane@acme.example\nreceived: 2026-11-24T08:12:09Z\ndate: 0001-01-01T00:00:00Z\nkind: reply\n---\nx\n"
    message = parse_message("20261124T081209Z-7f3a91c2", text, "x.md", problems)
    assert (problems, message is not None) == ([], True)
