"""`recado run`, put together: mail in the main thread, files, places, jobs and what is kept of them each in one beside it."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from recado import __version__
from recado.cli.build import build_portals, processors
from recado.cli.build_words import all_in_words, error_lines
from recado.cli.deploy_words import result_in_words
from recado.cli.live import what_stays
from recado.cli.live_build import Building
from recado.cli.run_files import Files
from recado.cli.run_mail import Mail, quiet_in_force
from recado.errors import RecadoError, WorkError
from recado.portal.build import PracticeResult
from recado.running.ending import until_ended
from recado.running.jobs import Jobs
from recado.running.journal import Journal, Part, now
from recado.running.judgement import is_hanging
from recado.running.log_file import LogFile
from recado.running.manager import tell_manager
from recado.running.places import Places
from recado.running.report import Keeper, Report
from recado.running.standing import Standing, instant, lock_file, standing_file
from recado.running.threads import begin_thread
from recado.running.trouble import several_lines
from recado.speech import _
from recado.store.children import end_children
from recado.store.lock import locked_or_busy

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

    from recado.running.ending import Ending
    from recado.running.journal import Entry
    from recado.running.places import Publish
    from recado.store.workspace import Workspace

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_LOG_DAYS = 90.0
# Told to end, mail takes a second at the most where its server hangs; then the others are waited for, and their processes.
_PATIENCE = 0.4
_LAST_PATIENCE = 0.3
_TRIES = 10  # who asks whether a run lives holds its lock for a moment
_TRY_SECONDS = 0.05


@contextmanager
def only_run(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace's run lock: one run at a time. Raises WorkError where another one holds it."""
    for _try in range(_TRIES):
        with locked_or_busy(lock_file(workspace)) as is_ours:
            if is_ours:
                yield
                return
        time.sleep(_TRY_SECONDS)
    told = _("Another `recado run` is already at work in {folder}. `recado status` says how it stands.")
    raise WorkError(told.format(folder=workspace.root))


def run_line(workspace: Workspace, publish: Publish, show: Callable[[Entry], None]) -> None:
    """Run it all until SIGTERM or Ctrl-C. The caller holds `only_run` and `only_worker`.

    Raises ConfigurationError where clients.yml cannot be read as it begins; all that fails later is told, and tried again.
    """
    in_force = quiet_in_force(workspace)
    journal = Journal(LogFile(workspace.state / "log" / "run.jsonl"), show)
    report = Report(Standing(os.getpid(), __version__, instant(now())))
    with until_ended() as ending:
        said = _("Recado {version} runs in {folder}. Ctrl-C ends it; `recado status` says how it stands.")
        journal.tell(Part.RUN, "began", said.format(version=__version__, folder=workspace.root), {"pid": os.getpid()})
        building = _built_first(workspace, journal, ending)
        if building is not None and not ending.is_told:
            mail = Mail(workspace, in_force, journal, report)
            _Beside(building, publish, journal, report).while_it_lasts(mail, ending)
        journal.tell(Part.RUN, "ended", _("The run has ended. What comes now waits in the mailbox."))


def _built_first(workspace: Workspace, journal: Journal, ending: Ending) -> Building | None:
    """Build what changed while nothing ran: by several processes, for no thread runs yet. None where it was broken off."""
    done, begun = PracticeResult((), ()), time.monotonic()
    with ending.breaking_off():
        try:
            done = build_portals(workspace, jobs=processors())
        except (RecadoError, OSError) as error:
            journal.trouble(Part.FILES, "mistake", several_lines(error))
        except Exception as error:  # noqa: BLE001 (a mistake of this program ends no run)
            journal.bug(Part.FILES, error)
    if ending.is_told:
        return None
    journal.tell(Part.FILES, "built", all_in_words(done, time.monotonic() - begun))
    wrong = dict.fromkeys(line for error in done.errors for line in error_lines(error))
    for line in wrong:
        journal.trouble(Part.FILES, "mistake", line)
    if wrong:
        journal.tell(Part.FILES, "stays", what_stays())
    return Building(workspace, done)


class _Beside:
    """All that goes on beside the mail."""

    def __init__(self, building: Building, publish: Publish, journal: Journal, report: Report) -> None:
        self._journal = journal
        self._places = Places(publish, partial(result_in_words, is_dry=False), journal, report)
        self._files = Files(building, self._places, journal, report)
        self._jobs = Jobs(journal, report)
        self._jobs.every(_MINUTE, "look", self._files.look_at_everything)
        self._jobs.every(_HOUR, "verify", self._places.news)
        self._jobs.every(_DAY, "log", lambda: journal.prune(_LOG_DAYS))
        self._report = report
        self._keeper = Keeper(report, standing_file(building.workspace), journal, self._beat)

    def while_it_lasts(self, mail: Mail, ending: Ending) -> None:
        """Begin it all, watch the mail until the end is told, and end it all: what is still at work then is left."""
        self._keeper.begin()
        tell_manager("READY=1")
        threads = [begin_thread("files", self._files.go_on), begin_thread("jobs", self._jobs.go_on)]
        try:
            mail.go_on(ending)
        finally:
            tell_manager("STOPPING=1")
            self._files.end()
            self._jobs.end()
            threads += self._places.end()
            _wait_for(threads, _PATIENCE)
            end_children(_LAST_PATIENCE)
            _wait_for(threads, _LAST_PATIENCE)
            self._keeper.end()

    def _beat(self) -> None:
        """Tell systemd that the run lives; a run that hangs is not said to."""
        if not is_hanging(self._report.copied(), now()):
            tell_manager("WATCHDOG=1")


def _wait_for(threads: list[threading.Thread], seconds: float) -> None:
    until = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
