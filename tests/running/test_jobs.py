"""Jobs: one that fails is told, tried again and stops no other."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from recado.errors import WorkError
from recado.running.jobs import Jobs
from recado.running.threads import begin_thread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heard_log import Heard

    from recado.running.report import Report

SECONDS = 30


@pytest.fixture
def jobs(journal: Heard, report: Report) -> Iterator[Jobs]:
    made = Jobs(journal, report)
    threads = threading.enumerate()
    yield made
    made.end()
    for thread in set(threading.enumerate()) - set(threads):
        thread.join(SECONDS)
        assert not thread.is_alive()


@pytest.mark.parametrize("error", [WorkError("It is away."), OSError(28, "No space left"), KeyError("posts")])
def test_a_job_that_fails_is_told_and_tried_again_and_the_others_go_on(
    jobs: Jobs, journal: Heard, report: Report, error: Exception
) -> None:
    failures = [error, error]
    both_done = threading.Semaphore(0)

    def failing() -> None:
        if failures:
            raise failures.pop(0)

    jobs.every(1, "failing", failing)
    jobs.every(1, "other", both_done.release)
    begin_thread("jobs", jobs.go_on)
    for _ in range(2):
        assert both_done.acquire(timeout=SECONDS)
    journal.until("failing: it works again.")
    standing = report.copied()
    assert standing.jobs["failing"].trouble == ""
    assert standing.jobs["other"].done
    assert sum("It is still so." in line for line in journal.said()) <= 1
    assert not any("posts" in line for line in journal.said())


def test_a_job_that_fails_is_tried_before_its_next_turn(jobs: Jobs, journal: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    failures = [WorkError("It is away.")]

    def failing() -> None:
        if failures:
            raise failures.pop(0)

    jobs.every(86_400, "daily", failing)
    (daily,) = jobs._schedule.jobs  # noqa: SLF001 (its turn has come)
    monkeypatch.setattr(daily, "next_run", datetime(2000, 1, 1))  # noqa: DTZ001 (as schedule reckons)
    begin_thread("jobs", jobs.go_on)
    journal.until("daily: it works again.")


def test_a_job_that_goes_on_failing_has_one_next_try(jobs: Jobs) -> None:
    def failing() -> None:
        raise WorkError("It is away.")

    jobs.every(86_400, "daily", failing)
    for _turn in range(3):
        jobs._schedule.run_all()  # noqa: SLF001 (its own turn, and that of the tries between)
    assert len(jobs._schedule.jobs) == 2  # noqa: SLF001
