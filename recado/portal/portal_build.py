"""One portal, built: what changed is read, the pages that depend on it are made, all else is taken over from the old portal.

The new folder is made beside the old one and exchanged with it. A build that is killed leaves the one or the other, whole, and
what is kept describes one of the two: it counts only together with the folder that carries the same digest.
"""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import datetime, timedelta
from datetime import time as time_of_day
from importlib import import_module
from typing import TYPE_CHECKING

from recado.errors import FileError, WorkError
from recado.portal.build import PortalResult
from recado.portal.folder import Folder
from recado.portal.kept_holidays import KeptHolidays
from recado.portal.kept_portal import KeptPortal, digest_of_site, keep_portal, read_portal
from recado.portal.locales import spoken_language
from recado.portal.making import Making, Shared
from recado.portal.pages.view import masked_thread
from recado.portal.place import (
    MARKER,
    beside,
    clear_unfinished,
    discard,
    exchange,
    is_portal,
    locked_place,
    marked_site,
    marker,
    withdraw,
)
from recado.portal.shells import begin_shells
from recado.portal.site import kinds_of_pages, load_language
from recado.portal.standing import Standing, keep_standing, stamp_of, state_folder
from recado.portal.thumbnails import with_thumbnails
from recado.reasons import where_and_why
from recado.speech import _
from recado.store.client_work import read_client_work
from recado.store.kept_files import settled
from recado.store.list_again import list_again, list_as_before
from recado.store.listing import list_client
from recado.store.outline import Outline, outline_of
from recado.store.source import shown
from recado.store.status import notice_hand_edits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from recado.model.client_work import ClientWork, Thread
    from recado.model.practice import ClientRecord
    from recado.portal.build import BuildOptions
    from recado.store.client_work import ReadWork
    from recado.store.listing import Listing
    from recado.store.workspace import Workspace

_LANGUAGE = re.compile(rb"\blanguage: *[\"']?([A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?)\b")
_MOST_LANGUAGES = 4


def begin_ready(workspace: Workspace, options: BuildOptions, content: bytes = b"") -> Callable[[], None]:
    """Begin what several portals share, before processes are forked for them: shells without a language. Gives what waits.

    What templates and dates of the languages that clients.yml (`content`) names need is loaded too. Waiting raises FileError,
    WorkError where a template is wrong.
    """
    cache = None if options.is_full else workspace.state / "shells"
    wait = begin_shells(workspace.templates, kinds_of_pages(), cache, is_to_be_kept=False)  # clients.yml may yet be refused
    import_module("holidays")  # 30 ms, of which each process would take its own
    for language in sorted({found[1].decode() for found in _LANGUAGE.finditer(content)})[:_MOST_LANGUAGES]:
        load_language(language, workspace.templates)
    return wait


class PortalBuild:
    """The build of one portal. It reads one client's files and writes one client's folder."""

    def __init__(self, workspace: Workspace, record: ClientRecord, options: BuildOptions, inputs: str, jobs: int) -> None:
        """Take what `build_portal` was given; `inputs` is the digest of the record and of the program (`portal_inputs`)."""
        self._workspace = workspace
        self._record = record
        self._options = options
        self._jobs = jobs
        self._source = workspace.client(record.key)
        self._place = (options.site or workspace.site) / record.key
        self._state = state_folder(workspace, options.site, record.key)
        self._inputs = inputs

    def result(self) -> PortalResult:
        """Build it, or withdraw it. Raises FileError, WorkError: then the old portal stays."""
        begun = time.monotonic()
        try:
            with locked_place(self._workspace, self._record.key):
                clear_unfinished(self._place)
                if self._record.has_ended(self._options.now.astimezone(self._record.timezone).date()):
                    return self._withdrawn(begun)
                return self._built(begun)
        except OSError as error:
            told = _("The portal of {client} could not be written: {reason}.")
            raise WorkError(told.format(client=self._record.client.name, reason=where_and_why(error))) from error

    def _withdrawn(self, begun: float) -> PortalResult:
        withdraw(self._place)
        discard(self._state)
        keep_standing(self._state, Standing("", self._inputs, "", {}, self._options.now.timestamp(), None, 0))
        return PortalResult(self._record.key, 0, time.monotonic() - begun, None)

    def _built(self, begun: float) -> PortalResult:
        self._expect_files()
        others = self._others()
        kept = None if self._options.is_full else read_portal(self._state, self._inputs)
        is_old = kept is not None and kept.site == marked_site(self._place)
        told = self._options.told if is_old else None  # said of the files as the portal shows them
        wait = begin_shells(self._workspace.templates, kinds_of_pages(), self._cache("shells"))
        read = self._read(kept, told)
        work, threads = self._prepared(read, kept)
        wait()
        made = beside(self._place)
        try:
            holidays = KeptHolidays(self._cache("holidays.json"), self._inputs)
            shared = Shared(
                self._workspace, self._options.now, self._inputs, self._cache("shells"), self._cache("own"), holidays
            )
            making = Making(shared, work, Folder(made, self._place if is_old else None), read.listing, kept if is_old else None)
            result = making.all(self._jobs)
            site = digest_of_site(result.pages, result.files)
            if not is_old or kept is None or site != kept.site:
                (made / MARKER).write_bytes(marker(site))
                exchange(made, self._place)
        finally:
            discard(made)
        groups = kept.groups if kept else {}
        listing, files = settled(self._source, read.listing, read.kept, is_told=told is not None)
        keep_portal(self._state, self._inputs, KeptPortal(site, listing, files, threads, result.pages, result.files, groups))
        notes = self._notes()
        standing = Standing(site, self._inputs, "", others, self._options.now.timestamp(), None, len(result.pages), notes)
        self._keep_standing(standing, None if read.problems else listing, result.until)
        seconds = time.monotonic() - begun
        return PortalResult(self._record.key, len(result.pages), seconds, self._place, notes, result.built, read.problems)

    def _read(self, kept: KeptPortal | None, told: frozenset[Path] | None) -> ReadWork:
        """Read what changed; statuses edited by hand are noticed, and what that writes is read too. Raises FileError."""
        if kept is not None and told is not None:
            listing = list_again(self._source, kept.listing, told)
        else:
            # What was listed before the lock was ours may be older than what stands.
            listing = (list_as_before(self._source, kept.listing) if kept else None) or list_client(self._source)
        read = self._read_once(listing, kept)
        if any(problem.file == shown(self._source, self._source.history) for problem in read.problems):
            return read  # what it says of any task is not known: nothing can be noticed
        tasks = [thread.task for thread in read.work.threads]
        if notice_hand_edits(self._source, tasks, self._options.now, read.work.changes):
            again = list_again(self._source, listing, [self._source.history])
            read = self._read_once(again, kept._replace(read=read.kept) if kept else KeptPortal("", again, read.kept))
        return read

    def _read_once(self, listing: Listing, kept: KeptPortal | None) -> ReadWork:
        read = read_client_work(self._source, self._record, listing, kept.read if kept else None)
        whole = self._workspace.shown(self._source.root)
        is_nothing_read = any(problem.file == whole for problem in read.problems)
        if read.problems and (is_nothing_read or not self._options.keep_going):
            raise FileError(read.problems)
        return read

    def _prepared(self, read: ReadWork, kept: KeptPortal | None) -> tuple[ClientWork, dict[bytes, Thread | None]]:
        """Make threads ready to be shown: masked, and with thumbnails. Those that did not change were so the last time."""
        before = kept.threads if kept else {}
        cache, is_full = self._workspace.state / "thumbnails", self._options.is_full
        ready: list[Thread] = []
        prepared: dict[bytes, Thread | None] = {}
        for thread in read.work.threads:
            if thread.sources in before:
                shown = before[thread.sources] or thread
            else:
                shown = with_thumbnails(self._source, masked_thread(thread), cache, is_full=is_full)
            ready.append(shown)
            prepared[thread.sources] = None if shown is thread else shown
        return replace(read.work, threads=tuple(ready)), prepared

    def _cache(self, name: str) -> Path | None:
        """Give the place of what is kept, None where nothing is; of what is this client's alone, in a folder of its own."""
        if self._options.is_full:
            return None
        return self._workspace.state / "shells" if name == "shells" else self._state / name

    def _expect_files(self) -> None:
        """See that a client who had requests still has a folder: a disk that is not there must not empty a portal."""
        requests, source = self._place / "requests", self._source.root
        if source.exists() or not is_portal(self._place):
            return
        if any(file.stem != "index" for file in requests.glob("*.html")):
            told = _(
                "{folder} is not there, and the portal built from it has requests; it stays as it is. Put the folder back; or, "
                "if you mean it, delete {place} and build again."
            )
            raise WorkError(told.format(folder=self._workspace.shown(source), place=self._workspace.shown(self._place)))

    def _notes(self) -> tuple[str, ...]:
        record = self._record
        if spoken_language(record.language, self._workspace.templates) == record.language:
            return ()
        told = _(
            "{client} is in English: nobody has translated the portal into {language!r} yet. A file "
            "site_templates/translations/{language}.po in your workspace would do it."
        )
        return (told.format(client=record.client.name, language=record.language),)

    def _others(self) -> dict[str, str]:
        """Give the stamps of the files beside clients.yml that it uses: as they are before they are read."""
        brand, other = self._record.client.brand, self._record.business.brand
        named = {name for name in (brand.logo or other.logo, brand.font or other.font) if name}
        return {name: stamp_of(self._workspace.root / name) for name in sorted(named)}

    def _keep_standing(self, standing: Standing, listing: Listing | None, until: datetime | None) -> None:
        """Keep how it stands. `listing` is None where something was left out: the next build looks at it again."""
        ended, now = self._record.client.ended, self._options.now
        if ended is not None:  # the day it ends is a day on which there is something to do
            day = datetime.combine(ended, time_of_day.min, self._record.timezone)
            until = min([each for each in (until, day, day + timedelta(days=1)) if each and each > now], default=None)
        end = until.timestamp() if until else None
        digest = listing.digest if listing and not listing.unsettled else ""
        outline = outline_of(listing) if listing else Outline()
        keep_standing(self._state, standing._replace(listing=digest, until=end, outline=outline))
