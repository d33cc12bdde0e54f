"""What is done now and then while a run goes on, by the `schedule` library: what fails stops no other job."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import schedule

from recado.errors import RecadoError
from recado.running.journal import Journal, Part, now
from recado.running.standing import JobStands, instant
from recado.running.trouble import Trouble, several_lines
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from recado.running.report import Report

_LONGEST_REST = 5.0  # seconds: the end is not waited for longer, and a clock that was set is noticed


@dataclass(slots=True)
class _Job:
    name: str
    seconds: int
    work: Callable[[], None]
    trouble: Trouble = field(default_factory=Trouble)


class Jobs:
    """Jobs, done one after another in the thread of `go_on`. What fails is told, and tried again sooner than its next turn."""

    def __init__(self, journal: Journal, report: Report) -> None:
        """Begin with none."""
        self._journal = journal
        self._report = report
        self._jobs: list[_Job] = []
        self._schedule = schedule.Scheduler()
        self._ending = threading.Event()

    def every(self, seconds: int, name: str, work: Callable[[], None]) -> None:
        """Add a job, for every so many seconds. It may raise RecadoError, OSError."""
        job = _Job(name, seconds, work)
        self._jobs.append(job)
        self._schedule.every(seconds).seconds.do(self._do, job)

    def end(self) -> None:
        """Begin no other job."""
        self._ending.set()

    def go_on(self) -> None:
        """Do what is due until the end."""
        while not self._ending.is_set():
            left = self._schedule.idle_seconds or 0.0
            if left > max((job.seconds for job in self._jobs), default=left):  # the clock was set back: summer time ends
                self._schedule.run_all()
            elif left <= 0:
                self._schedule.run_pending()
            else:
                self._ending.wait(min(left, _LONGEST_REST))

    def _do(self, job: _Job) -> None:
        if self._ending.is_set():
            return
        try:
            job.work()
        except (RecadoError, OSError) as error:
            self._failed(job, several_lines(error))
        except Exception as error:  # noqa: BLE001 (a mistake of this program in one job ends no other)
            self._journal.bug(Part.JOBS, error, {"job": job.name})
            self._failed(job, _("This program made a mistake ({kind}).").format(kind=type(error).__name__))
        else:
            with self._report.changing() as standing:
                standing.jobs[job.name] = JobStands(done=instant(now()))
            if job.trouble.went_well():
                said = _("{job}: it works again.").format(job=job.name)
                self._journal.tell(Part.JOBS, "works-again", said, {"job": job.name})

    def _failed(self, job: _Job, text: str) -> None:
        said, seconds = job.trouble.failed(text)
        with self._report.changing() as standing:
            mine = standing.jobs.setdefault(job.name, JobStands())
            mine.trouble, mine.since = text, mine.since or instant(now())
        self._journal.trouble(Part.JOBS, "failed", f"{job.name}: {said}", {"job": job.name, "again_in": round(seconds, 1)})
        if seconds < job.seconds:
            self._schedule.clear(job.name)  # the try that this failure ends, or one that its own turn overtook
            self._schedule.every(max(1, round(seconds))).seconds.do(self._once_more, job).tag(job.name)

    def _once_more(self, job: _Job) -> type[schedule.CancelJob]:
        if job.trouble.text:
            self._do(job)
        cancel: type[schedule.CancelJob] = schedule.CancelJob
        return cancel
