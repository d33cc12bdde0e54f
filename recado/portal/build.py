"""The build: from a workspace to finished portals, each a real folder that stands by itself, exchanged whole."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from recado.errors import RecadoError, WorkError
from recado.portal.assets import assets
from recado.portal.brand import palette
from recado.portal.files import published_bytes, published_files, published_path, thumbnail_path
from recado.portal.locales import spoken_language
from recado.portal.pages.view import View
from recado.portal.reader import Reader
from recado.portal.search import INDEX, entry_of, index_of
from recado.portal.site import finished_pages
from recado.portal.thumbnails import thumbnail_bytes, thumbnails_to_publish, with_thumbnails
from recado.speech import _
from recado.store.client_work import load_client_work
from recado.store.exchange import put_in_place, remove_whole
from recado.store.lock import locked
from recado.store.status import notice_hand_edits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from recado.model.client_work import ClientWork
    from recado.model.practice import ClientRecord, Practice
    from recado.store.workspace import ClientFolder, Workspace

_UNFINISHED = re.compile(r"\.([a-z0-9-]+)\.(?:new|old)-[0-9a-f]{8}", re.ASCII)
MARKER = ".portal"  # in each portal: this folder was built here, and may be replaced or taken away


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to build. `now` is an instant with its zone; `site` the folder of the portals (None: the workspace's own).

    `is_full`: nothing that was kept from an earlier build is used.
    """

    now: datetime
    site: Path | None = None
    is_full: bool = False


@dataclass(frozen=True, slots=True)
class PortalResult:
    """What became of one portal. `pages` counts its HTML pages; `folder` is None where it was withdrawn.

    `notes` are sentences for the VA: what was done otherwise than she may think.
    """

    key: str
    pages: int
    seconds: float
    folder: Path | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PracticeResult:
    """What became of all portals: those built or withdrawn, and why others stay as they were; `kept` has the keys of those."""

    portals: tuple[PortalResult, ...]
    errors: tuple[RecadoError, ...]
    kept: tuple[str, ...] = ()


def build_portal(workspace: Workspace, record: ClientRecord, options: BuildOptions) -> PortalResult:
    """Build one client's portal, or withdraw it once the work with the client has ended.

    It is given that client's own record and no other's, reads that client's files alone and writes that client's folder alone.
    Statuses edited by hand are noticed and written into the client's history first. Raises FileError with every mistake in the
    client's files, WorkError where the portal cannot be made: then the old one stays as it is.
    """
    start = time.monotonic()
    place = (options.site or workspace.site) / record.key
    try:
        pages = _build(workspace, record, options, place)
    except OSError as error:
        told = _("The portal of {client} could not be written: {reason}.")
        raise WorkError(told.format(client=record.client.name, reason=error)) from error
    seconds = time.monotonic() - start
    return PortalResult(record.key, pages or 0, seconds, None if pages is None else place, _notes(record, workspace))


def _notes(record: ClientRecord, workspace: Workspace) -> tuple[str, ...]:
    if spoken_language(record.language, workspace.templates) == record.language:
        return ()
    told = _(
        "{client} is in English: nobody has translated the portal into {language!r} yet. A file "
        "site_templates/translations/{language}.po in your workspace would do it."
    )
    return (told.format(client=record.client.name, language=record.language),)


def build_practice(
    workspace: Workspace, practice: Practice, options: BuildOptions, keys: Iterable[str] | None = None, *, jobs: int = 1
) -> PracticeResult:
    """Build the portals of all clients, or of those named by `keys`.

    `jobs` is how many portals are built at once, each in a process of its own.

    One client's mistake leaves that client's old portal and stops no other. A build of all of them into the workspace's own
    site also takes away the portals of clients who stand in clients.yml no more. Raises KeyError for a key that no client has.
    """
    records = [practice.record(key) for key in (practice.clients if keys is None else keys)]
    attempt = partial(_attempt, workspace, options=options)
    if jobs > 1 and len(records) > 1:
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 (late: 29 ms that one process does not need)

        with ProcessPoolExecutor(min(jobs, len(records))) as pool:
            outcomes = list(pool.map(attempt, records))
    else:
        outcomes = [attempt(record) for record in records]
    if keys is None and options.site is None:  # another folder may hold another practice's portals too
        _clear_left_over(workspace, practice)
    return PracticeResult(
        tuple(outcome for outcome in outcomes if isinstance(outcome, PortalResult)),
        tuple(outcome for outcome in outcomes if isinstance(outcome, RecadoError)),
        tuple(record.key for record, outcome in zip(records, outcomes, strict=True) if isinstance(outcome, RecadoError)),
    )


def _attempt(workspace: Workspace, record: ClientRecord, options: BuildOptions) -> PortalResult | RecadoError:
    try:
        return build_portal(workspace, record, options)
    except RecadoError as error:
        return error


def _build(workspace: Workspace, record: ClientRecord, options: BuildOptions, place: Path) -> int | None:
    """Build it; gives the number of its pages, None where it was withdrawn."""
    with _locked(workspace, record.key):
        _clear_unfinished(place)
        if record.has_ended(options.now.astimezone(record.timezone).date()):
            if _is_portal(place):
                remove_whole(place)
            return None
        folder = workspace.client(record.key)
        _expect_files(folder, place, workspace)
        work = _with_thumbnails(folder, _read(folder, record, options.now), workspace.state / "thumbnails")
        made = _beside(place)
        try:
            pages = _write_portal(workspace, folder, work, options, made)
            _put_in_place(made, place)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return pages


def _expect_files(folder: ClientFolder, place: Path, workspace: Workspace) -> None:
    """See that a client who had requests still has a folder: a disk that is not there must not empty a portal."""
    requests = place / "requests"
    if not folder.root.exists() and _is_portal(place) and any(file.stem != "index" for file in requests.glob("*.html")):
        told = _(
            "{folder} is not there, and the portal built from it has requests; it stays as it is. Put the folder back; or, if "
            "you mean it, delete {place} and build again."
        )
        raise WorkError(told.format(folder=workspace.shown(folder.root), place=workspace.shown(place)))


def _read(folder: ClientFolder, record: ClientRecord, now: datetime) -> ClientWork:
    work = load_client_work(folder, record)
    noticed = notice_hand_edits(folder, [thread.task for thread in work.threads], now)
    return load_client_work(folder, record) if noticed else work


def _with_thumbnails(folder: ClientFolder, work: ClientWork, cache: Path) -> ClientWork:
    return replace(work, threads=tuple(with_thumbnails(folder, thread, cache) for thread in work.threads))


def _write_portal(workspace: Workspace, folder: ClientFolder, work: ClientWork, options: BuildOptions, made: Path) -> int:
    brand = work.record.client.brand.colour or work.record.business.brand.colour
    colours = palette(brand)
    reader = Reader.of(work.record, options.now, workspace.templates)
    cache = None if options.is_full else workspace.state / "shells"
    pages = 0
    for url, html in finished_pages(work, reader, colours, overrides=workspace.templates, cache=cache):
        _write(made / url, html.encode())
        pages += 1
    for name, content in assets(workspace, work.record, colours).items():
        _write(made / "assets" / name, content)
    view = View.of(work, reader)
    _write(made / "assets" / INDEX, index_of(entry_of(thread, view) for thread in view.threads))
    for path, content in _task_files(folder, work, workspace.state / "thumbnails"):
        _write(made / path, content)
    _write(made / MARKER, b"Built by Recado, and replaced whole by the next build.\n")
    return pages


def _task_files(folder: ClientFolder, work: ClientWork, thumbnails: Path) -> Iterator[tuple[str, bytes]]:
    for thread in work.threads:
        files, ref = published_files(thread), thread.task.ref
        for file in files:
            yield published_path(ref, file), published_bytes(folder, thread, file)
        for file in thumbnails_to_publish(files):
            yield thumbnail_path(ref, file), thumbnail_bytes(folder, thread, file, thumbnails)


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


# ---- Folders: made beside, under a name that no client can have, and exchanged ----


def _beside(place: Path) -> Path:
    made = place.with_name(f".{place.name}.new-{secrets.token_hex(4)}")
    made.mkdir(parents=True)
    return made


def _put_in_place(made: Path, place: Path) -> None:
    if place.exists() and not _is_portal(place):
        told = _("{folder} is in the way: it was not built here. Move it elsewhere, then build again.")
        raise WorkError(told.format(folder=place))
    put_in_place(made, place)


def _is_portal(place: Path) -> bool:
    return (place / MARKER).is_file()


def _clear_unfinished(place: Path) -> None:
    """Take away what a build of this portal left that was killed. The caller holds the portal's lock: none is at work."""
    for pattern in (f".{place.name}.new-*", f".{place.name}.old-*"):
        for left in place.parent.glob(pattern):
            shutil.rmtree(left, ignore_errors=True)


def _clear_left_over(workspace: Workspace, practice: Practice) -> None:
    """Take away the portals of clients who are no more, and what a killed build left of one."""
    site = workspace.site
    names = [place.name for place in site.iterdir()] if site.is_dir() else []
    unfinished = {found[1] for name in names if (found := _UNFINISHED.fullmatch(name))}
    gone = {name for name in names if not name.startswith(".") and _is_portal(site / name)}
    for key in sorted((unfinished | gone) - practice.clients.keys()):
        with _locked(workspace, key):
            _clear_unfinished(site / key)
            if _is_portal(site / key):
                remove_whole(site / key)


def _locked(workspace: Workspace, key: str) -> AbstractContextManager[None]:
    """Hold the lock of one portal: one build of it at a time."""
    return locked(workspace.state / "locks" / f"site-{key}.lock")
