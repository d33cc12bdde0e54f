"""What `recado run` does with mail: it is watched as `recado ingest --watch` does, and reported on."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ingest.in_force import InForce
from ingest.mailbox import Mailbox
from ingest.quarantine_page import short_reason
from ingest.watch import Watching, watch
from ingest.worker import Worker
from recado.cli.ingest import no_trust, outcome_in_words, password_of, place_in_words
from recado.errors import RecadoError
from recado.running.journal import Level, Part, now
from recado.running.standing import instant
from recado.running.trouble import SOON, Trouble, several_lines
from recado.speech import _
from recado.store.stopping import until_told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ingest.intake import Outcome
    from recado.model.practice import Practice
    from recado.running.ending import Ending
    from recado.running.journal import Journal
    from recado.running.report import Report
    from recado.store.workspace import Workspace


class Mail:
    """Watches the mailbox, in the main thread. The caller holds `only_worker`."""

    def __init__(self, workspace: Workspace, in_force: InForce, journal: Journal, report: Report) -> None:
        """Take the practice in force."""
        self._workspace = workspace
        self._in_force = in_force
        self._journal = journal
        self._report = report
        self._note_address(in_force.practice)

    def go_on(self, ending: Ending) -> None:
        """File mail as it comes, until the end is told. A mistake of this program is told, and it goes on."""
        if self._in_force.practice.mailbox.trust is None:
            self._journal.trouble(Part.MAIL, "no-trust", no_trust())
        watching = Watching(self._in_force, mailbox=self._mailbox, worker=self._worker, say=self._say, note=self._note)
        bugs = Trouble()
        while not ending.is_told:
            try:
                watch(watching, was_told=lambda: ending.is_told)
            except Exception as error:  # noqa: BLE001 (a mistake of this program on one mail ends no run)
                self._journal.bug(Part.MAIL, error)
                self._failed(_("This program made a mistake ({kind}).").format(kind=type(error).__name__))
                with until_told() as stop:
                    if not ending.is_told:
                        stop.wait(bugs.failed(type(error).__name__, SOON).seconds)
            else:
                return

    @contextmanager
    def _mailbox(self, practice: Practice) -> Iterator[Mailbox]:
        """Open the mailbox, and report whether that, and all that is done with it, goes well."""
        self._note_address(practice)
        try:
            with Mailbox(practice.mailbox, password_of(practice)) as mailbox:
                yield mailbox
        except (RecadoError, OSError) as error:
            self._failed(several_lines(error))
            raise
        finally:
            with self._report.changing() as standing:
                standing.mailbox.is_connected = False

    @contextmanager
    def _worker(self, practice: Practice) -> Iterator[_Reported]:
        with Worker(self._workspace, practice) as worker:
            yield _Reported(worker, self._looked)

    def _looked(self) -> None:
        """Report that the inbox was looked through."""
        with self._report.changing() as standing:
            mailbox = standing.mailbox
            mailbox.is_connected, mailbox.looked, mailbox.trouble, mailbox.since = True, instant(now()), "", ""

    def _failed(self, text: str) -> None:
        with self._report.changing() as standing:
            mailbox = standing.mailbox
            mailbox.is_connected, mailbox.trouble, mailbox.since = False, text, mailbox.since or instant(now())

    def _note_address(self, practice: Practice) -> None:
        with self._report.changing() as standing:
            standing.mailbox.address, standing.mailbox.host = practice.mailbox.address, practice.mailbox.host

    def _say(self, outcome: Outcome) -> None:
        """Tell what became of a mail: by its ref, for what it says is nobody's concern but the client's and the VA's."""
        where = short_reason(outcome.why.partition(":")[0]) if outcome.is_quarantined else place_in_words(outcome)
        said = f"{outcome_in_words(outcome)}: {where}" + (f" ({outcome.client})" if outcome.client else "")
        data: dict[str, object] = {"became": outcome.became, "where": outcome.where, "client": outcome.client}
        marks = {"withheld": outcome.is_withheld, "reopened": outcome.is_reopened, "new_task": outcome.is_new_task}
        self._journal.tell(Part.MAIL, "filed", said, data | {name: True for name, is_so in marks.items() if is_so})
        self._looked()
        with self._report.changing() as standing:
            standing.mailbox.filed += 1

    def _note(self, said: str) -> None:
        with self._report.changing() as standing:
            level = Level.TROUBLE if standing.mailbox.trouble else Level.INFO
        self._journal.tell(Part.MAIL, "note", " · ".join(said.splitlines()), level=level)


class _Reported:
    """A worker whose passes are reported."""

    def __init__(self, worker: Worker, looked: Callable[[], None]) -> None:
        self._worker = worker
        self._looked = looked
        self.look_into_sent = worker.look_into_sent

    def look(self, mailbox: Mailbox, is_told: Callable[[], bool]) -> Iterator[Outcome]:
        """File what waits in the inbox."""
        yield from self._worker.look(mailbox, is_told)
        self._looked()


def quiet_in_force(workspace: Workspace) -> InForce:
    """Give the practice in force. Mistakes in clients.yml are told by who builds, at once. Raises what reading raises."""
    return InForce(workspace, lambda _line: None)
