"""The build: from a workspace to finished portals. This is its face, and all that a build with nothing to do loads.

What changed is known from the listing of each client's files; what makes a page is imported only where one is made.
"""

from __future__ import annotations

import gc
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from recado.errors import RecadoError, UsageError
from recado.portal.place import clear_left_over, unfinished
from recado.portal.program import digest_of, practice_inputs, program_inputs
from recado.portal.standing import forget_others, keep_records, keep_standing, kept_records, standing_of, state_folder
from recado.speech import _
from recado.store.listing import list_client
from recado.store.outline import Seen, look_at_outline, outline_of
from recado.store.workspace import practice_content

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from recado.errors import Problem
    from recado.model.practice import ClientRecord, Practice
    from recado.portal.standing import Standing
    from recado.store.workspace import Workspace

    Tell = Callable[[str, "PortalResult | RecadoError"], None]

# Threads of one process take turns: the generator's log, the filters of warnings and what is kept in memory are one for all.
# Who has the turn has it also in a process forked meanwhile, and in a build within a build.
_turn = threading.RLock()


class BuildOptions(NamedTuple):
    """How to build. `now` is an instant with its zone; `site` the folder of the portals (None: the workspace's own).

    `is_full`: nothing that was kept from an earlier build is used. `keep_going`: what cannot be read is left out, and told.
    `told`: the only files that changed since the last build that succeeded, for a process that watches; None: look at all.
    """

    now: datetime
    site: Path | None = None
    is_full: bool = False
    keep_going: bool = False
    told: frozenset[Path] | None = None


class PortalResult(NamedTuple):
    """What became of one portal. `pages` counts its HTML pages, `built` those that were made now, `reused` the others.

    `folder` is None where it was withdrawn. `notes` are sentences for the VA: what was done otherwise than she may think.
    `left_out` is what could not be read, where the build was told to keep going.
    """

    key: str
    pages: int
    seconds: float
    folder: Path | None
    notes: tuple[str, ...] = ()
    built: int = 0
    left_out: tuple[Problem, ...] = ()

    @property
    def reused(self) -> int:
        """Count the pages that stayed as they were."""
        return self.pages - self.built


class PracticeResult(NamedTuple):
    """What became of all portals: those built or withdrawn, and why others stay as they were; `kept` has the keys of those."""

    portals: tuple[PortalResult, ...]
    errors: tuple[RecadoError, ...]
    kept: tuple[str, ...] = ()


def build_portal(workspace: Workspace, record: ClientRecord, options: BuildOptions, *, jobs: int = 1) -> PortalResult:
    """Build one client's portal, or withdraw it once the work with the client has ended.

    It is given that client's own record and no other's, reads that client's files alone and writes that client's folder alone.
    Statuses edited by hand are noticed and written into the client's history first. `jobs` is how many processes make the
    pages. Raises FileError with every mistake in the client's files, WorkError where the portal cannot be made: then the old
    one stays as it is.
    """
    from recado.portal.portal_build import PortalBuild  # noqa: PLC0415 (late: all that makes pages, 150 ms)

    return PortalBuild(workspace, record, options, portal_inputs(program_inputs(workspace), record), jobs).result()


def build_workspace(
    workspace: Workspace,
    options: BuildOptions,
    *,
    keys: Sequence[str] = (),
    jobs: int = 1,
    begin: Callable[[int], None] | None = None,
    tell: Tell | None = None,
) -> PracticeResult:
    """Build the portals of all clients, or of those named by `keys`; those where nothing changed stay as they are.

    `begin` is told how many there are, `tell` of each as it is finished; `jobs` is how many processes work. One client's
    mistake leaves that client's old portal and stops no other. Raises ConfigurationError, and UsageError for a key that no
    client has. For several threads, which take turns.
    """
    program, content = program_inputs(workspace), practice_content(workspace)
    inputs = practice_inputs(program, content)
    records = None if options.is_full else kept_records(workspace, inputs)
    practice, ready = None, None
    if records is None:
        practice, ready = _load_and_make_ready(workspace, content, options, jobs)
        records = record_inputs(program, practice)
        keep_records(workspace, inputs, records)
    for key in keys:
        _expect(key, records)
    chosen = tuple(dict.fromkeys(keys)) or tuple(records)
    if begin is not None:
        begin(len(chosen))
    work = _Work(workspace, options, records, jobs, tell)
    work.leave_unchanged(chosen)
    if work.changed:
        practice = practice or _load(workspace, content)
        with _turn, _without_looking_for_garbage():
            work.build([practice.record(key) for key in work.changed], ready)
    if not keys:
        _tidy(workspace, options, records)
    return work.result(chosen)


def build_practice(
    workspace: Workspace, practice: Practice, options: BuildOptions, keys: Iterable[str] | None = None, *, jobs: int = 1
) -> PracticeResult:
    """Build the portals of a practice that was read: of all clients, or of those named by `keys`.

    As `build_workspace` does. Raises KeyError for a key that no client has.
    """
    chosen = tuple(practice.clients if keys is None else keys)
    work = _Work(workspace, options, record_inputs(program_inputs(workspace), practice), jobs, None)
    work.leave_unchanged(chosen)
    work.build([practice.record(key) for key in work.changed])
    if keys is None:
        _tidy(workspace, options, practice.clients)
    return work.result(chosen)


def record_inputs(program: str, practice: Practice) -> dict[str, str]:
    """Give for each client a digest of the client's record, and of the program, of which `program` is the digest."""
    return {key: portal_inputs(program, practice.record(key)) for key in practice.clients}


def portal_inputs(program: str, record: ClientRecord) -> str:
    """Give a digest of a client's record, and of the program, of which `program` is the digest."""
    return digest_of(program, repr(record))


class _Work:
    """One build of some portals: which of them changed, and what became of each."""

    def __init__(
        self, workspace: Workspace, options: BuildOptions, records: Mapping[str, str], jobs: int, tell: Tell | None
    ) -> None:
        self._workspace = workspace
        self._options = options
        self._records = records
        self._jobs = jobs
        self._tell = tell
        self._outcomes: dict[str, PortalResult | RecadoError] = {}
        self.changed: list[str] = []

    def leave_unchanged(self, keys: Iterable[str]) -> None:
        """Find the portals for which there is nothing to do; the others are `changed`, and those beside which litter stands."""
        littered = unfinished(self._options.site or self._workspace.site)
        for key in keys:
            begun = time.monotonic()
            standing = None if key in littered else self._standing(key)
            if standing is None or not self._is_as_it_was(key, standing):
                self.changed.append(key)
                continue
            folder = (self._options.site or self._workspace.site) / key if standing.site else None
            self._note(key, PortalResult(key, standing.pages, time.monotonic() - begun, folder, standing.notes))

    def _standing(self, key: str) -> Standing | None:
        """Give how a portal stands, if it is still what its build made, as far as that is known without its client's files."""
        if self._options.is_full:
            return None
        standing = standing_of(state_folder(self._workspace, self._options.site, key))
        place = (self._options.site or self._workspace.site) / key
        holds = standing is not None and standing.holds(self._records[key], self._workspace.root, place, self._options.now)
        return standing if holds else None

    def _is_as_it_was(self, key: str, standing: Standing) -> bool:
        """Tell whether a client's files are those that the portal was built from."""
        client = self._workspace.client(key)
        if not standing.site:  # withdrawn: no file of the client's brings it back
            return True
        if self._options.told is not None:
            return bool(standing.listing) and not any(file.is_relative_to(client.root) for file in self._options.told)
        seen = look_at_outline(client, standing.outline)
        if seen is not Seen.UNKNOWN:
            return seen is Seen.SAME
        listing = list_client(client)
        if listing.unsettled or listing.digest != standing.listing:
            return False
        outline = outline_of(listing)
        if outline != standing.outline:  # for the next look
            keep_standing(state_folder(self._workspace, self._options.site, key), standing._replace(outline=outline))
        return True

    def build(self, records: Sequence[ClientRecord], ready: Callable[[], None] | None = None) -> None:
        """Build the portals that changed, several at once where there are several; one alone makes its pages in parts.

        `ready` waits for what `begin_ready` began.
        """
        if ready is not None:
            with suppress(RecadoError):  # what is wrong with a template, each portal tells
                ready()
        if len(records) <= 1 or self._jobs == 1:
            for record in records:
                self._note(record.key, self._attempt(record, self._jobs))
            return
        from recado.portal.portal_build import begin_ready  # noqa: PLC0415 (late: as in build_portal)
        from recado.store.forked import forked  # noqa: PLC0415 (late: one process needs no other)

        with suppress(RecadoError):  # what is wrong with a template, each portal tells
            begin_ready(self._workspace, self._options)()
        done: dict[int, PortalResult | RecadoError] = {}
        told = 0
        for number, outcome in forked(lambda record: self._attempt(record, 1), records, self._jobs):
            done[number] = outcome
            while told in done:  # in the order of clients.yml, whichever was finished first
                self._note(records[told].key, done[told])
                told += 1

    def result(self, keys: Iterable[str]) -> PracticeResult:
        """Give what became of each, in the order of the keys."""
        outcomes = [(key, self._outcomes[key]) for key in keys]
        return PracticeResult(
            tuple(outcome for _key, outcome in outcomes if isinstance(outcome, PortalResult)),
            tuple(outcome for _key, outcome in outcomes if isinstance(outcome, RecadoError)),
            tuple(key for key, outcome in outcomes if isinstance(outcome, RecadoError)),
        )

    def _attempt(self, record: ClientRecord, jobs: int) -> PortalResult | RecadoError:
        from recado.portal.portal_build import PortalBuild  # noqa: PLC0415 (late: as in build_portal)

        try:
            return PortalBuild(self._workspace, record, self._options, self._records[record.key], jobs).result()
        except RecadoError as error:
            return error

    def _note(self, key: str, outcome: PortalResult | RecadoError) -> None:
        self._outcomes[key] = outcome
        if self._tell is not None:
            self._tell(key, outcome)


@contextmanager
def _without_looking_for_garbage() -> Iterator[None]:
    """Let Python look for no rings of garbage: a build makes many values and few rings, and a tenth of its time is looking."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _tidy(workspace: Workspace, options: BuildOptions, keys: Collection[str]) -> None:
    """Take away what is left of clients who are no more."""
    if options.site is None:  # another folder may hold another practice's portals too
        clear_left_over(workspace, keys)
    forget_others(workspace, keys)


def _expect(key: str, records: Mapping[str, str]) -> None:
    if key in records:
        return
    if not records:
        raise UsageError(_("There is no client {key!r}: clients.yml has none yet.").format(key=key))
    known = ", ".join(records)
    raise UsageError(_("There is no client {key!r} in clients.yml; there are: {known}.").format(key=key, known=known))


def _load_and_make_ready(
    workspace: Workspace, content: bytes, options: BuildOptions, jobs: int
) -> tuple[Practice, Callable[[], None] | None]:
    """Read clients.yml, in another process where there may be one: meanwhile this one loads what makes pages.

    Gives also what waits for the rest of that. Where the practice was kept, it is read at once, and nothing else is done.
    """
    from recado.store.aside import begin_aside  # noqa: PLC0415 (late: where clients.yml changed)
    from recado.store.kept_practice import kept_practice  # noqa: PLC0415

    kept = kept_practice(workspace, content)
    if kept is not None or jobs == 1:
        return kept or _load(workspace, content), None
    loaded = begin_aside(lambda: _load(workspace, content))
    from recado.portal.portal_build import begin_ready  # noqa: PLC0415 (late: as in build_portal)

    ready = begin_ready(workspace, options, content)
    return loaded(), ready


def _load(workspace: Workspace, content: bytes) -> Practice:
    from recado.store.practice_file import load_practice  # noqa: PLC0415 (late: only where something changed)

    return load_practice(workspace, content)
