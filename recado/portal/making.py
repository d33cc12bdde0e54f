"""Making what stands in a portal's folder: each page, file and asset is taken over from the old portal, or made anew."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from recado.portal.assets import assets, assets_inputs
from recado.portal.brand import palette
from recado.portal.files import is_zipped, open_published, published_bytes, published_files, published_path, thumbnail_path
from recado.portal.folder import content_digest, stream_digest
from recado.portal.kept_portal import KeptFile, KeptPage
from recado.portal.pages.view import View
from recado.portal.program import digest_of
from recado.portal.reader import Reader
from recado.portal.search import INDEX, entries_in, index_of
from recado.portal.site import Finishing, all_pages
from recado.portal.sitemap import PACKED, SITEMAP, packed, sitemap
from recado.portal.thumbnails import thumbnail_bytes, thumbnails_to_publish
from recado.store.forked import forked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from io import BufferedReader
    from pathlib import Path

    from recado.model.client_work import ClientWork
    from recado.portal.folder import Folder
    from recado.portal.kept_portal import KeptPortal
    from recado.portal.page import Page
    from recado.portal.pages.public_holidays import Holidays
    from recado.store.listing import Listing
    from recado.store.workspace import Workspace

_WORTH_A_PROCESS = 60  # pages
_AT_ONCE = 20  # pages that one process makes before it takes the next


class Shared(NamedTuple):
    """What a portal is made with: the workspace, the instant, the digest of record and program, and what is kept of others."""

    workspace: Workspace
    now: datetime
    inputs: str
    shells: Path | None
    own: Path | None
    holidays: Holidays


class Made(NamedTuple):
    """What stands in the folder now. `until` tells how long what it says of today holds; `built` counts the new pages."""

    pages: Mapping[str, KeptPage]
    files: Mapping[str, KeptFile]
    until: datetime | None
    built: int


class _Written(NamedTuple):
    """A page as it stands now, whether it was made anew, and its new entry for the search: '' where there is none."""

    page: KeptPage
    is_new: bool
    entry: str = ""


class Making:
    """The making of one portal, in its folder. `kept` describes the old portal, None where it may not be used."""

    def __init__(self, shared: Shared, work: ClientWork, folder: Folder, listing: Listing, kept: KeptPortal | None) -> None:
        """Take the client's work, its threads masked and with thumbnails, and the listing of the files it was read from."""
        self._shared = shared
        self._work = work
        self._folder = folder
        self._listing = listing
        self._old_pages = kept.pages if kept else {}
        self._old_files = kept.files if kept else {}
        self._source = shared.workspace.client(work.record.key)
        brand = work.record.client.brand.colour or work.record.business.brand.colour
        self._colours = palette(brand)
        self._reader = Reader.of(work.record, shared.now, shared.workspace.templates)
        self._finishing: Finishing | None = None
        self._files: dict[str, KeptFile] = {}

    def all(self, jobs: int) -> Made:
        """Make all of it; many pages by `jobs` processes. Raises FileError, WorkError, OSError."""
        view = View.of(self._work, self._reader, is_masked=True, holidays=self._shared.holidays)
        pages = all_pages(view, self._shared.own)
        until = self._reader.present.until
        made = self._pages(pages, jobs)
        kept = {page.url: made[page.url].page for page in pages}
        ends = [page.until for page in kept.values() if page.until is not None]
        if until is not None:
            ends.append(until.timestamp())
        self._publish_assets()
        self._publish_files()
        self._publish_index(pages, made)
        ends.append(self._publish_sitemap(kept))
        end = min(ends, default=None)
        instant = None if end is None else datetime.fromtimestamp(end, UTC)
        return Made(kept, self._files, instant, sum(written.is_new for written in made.values()))

    # ---- Pages ----

    def _pages(self, pages: Sequence[Page], jobs: int) -> dict[str, _Written]:
        """Give each page as it stands now, and whether it was made anew."""
        found: dict[str, _Written] = {}
        left = []
        for page in pages:
            kept = self._taken_over(page)
            if kept is None:
                left.append(page)
            else:
                found[page.url] = _Written(kept, is_new=False)
        if left:
            self._finishing = Finishing(
                self._work, self._reader, self._colours, overrides=self._shared.workspace.templates, cache=self._shared.shells
            )
        jobs = jobs if len(left) >= _WORTH_A_PROCESS else 1
        some = [left[start : start + _AT_ONCE] for start in range(0, len(left), _AT_ONCE)]
        if jobs > 1:
            for path in {page.url.rpartition("/")[0] for page in left}:
                self._folder.make_room(path)
        for _number, written in forked(lambda pages: [self._written(page) for page in pages], some, jobs):
            found |= written
        return found

    def _taken_over(self, page: Page) -> KeptPage | None:
        """Take a page over from the old portal, if it is still what it was made from; None: it is to be made."""
        kept = self._old_pages.get(page.url)
        if kept is None or not page.inputs or not kept.stands(self._inputs_of(page, page.inputs), self._shared.now):
            return None
        return kept if self._folder.keep(page.url) else None

    def _written(self, page: Page) -> tuple[str, _Written]:
        """Make a page, unless its model says what it said before."""
        present = self._reader.present
        present.begin()
        model = page.model
        inputs = self._inputs_of(page, page.inputs or repr(model))
        kept = self._old_pages.get(page.url)
        if kept is not None and not page.inputs and kept.stands(inputs, self._shared.now) and self._folder.keep(page.url):
            until = present.until.timestamp() if present.until else None
            return page.url, _Written(kept._replace(until=_sooner(kept.until, until)), is_new=False)
        assert self._finishing is not None  # noqa: S101 (made where any page is left)
        content = self._finishing.html(page._replace(given=model)).encode()
        entry = page.entry() if page.entry else ""
        until = present.until.timestamp() if present.until else None
        digest = content_digest(content)
        if kept is None or kept.digest != digest or not self._folder.keep(page.url):
            self._folder.write(page.url, content)
        return page.url, _Written(KeptPage(inputs, self._shared.now.timestamp(), until, digest), is_new=True, entry=entry)

    def _inputs_of(self, page: Page, made_from: str) -> str:
        when = page.updated() if page.updated and not page.inputs else None  # else it is of what the inputs tell
        return digest_of(self._shared.inputs, f"{page.kind} {len(page.title)} {when} {page.title}{page.subject}", made_from)

    # ---- What pages need: files, thumbnails, assets ----

    def _publish_files(self) -> None:
        for thread in self._work.threads:
            files, ref = published_files(thread), thread.task.ref
            for file in files:
                key = self._key_of(f"tasks/{thread.task.name}/files/{file.name}")
                path = published_path(ref, file)
                if self._stays(path, key):
                    continue
                if is_zipped(file):
                    self._put(path, published_bytes(self._source, thread, file), key)
                else:
                    with open_published(self._source, thread, file) as source:
                        self._copy(path, source, key)
            for file in thumbnails_to_publish(files):
                key = file.thumbnail.name if file.thumbnail else ""
                cache = self._shared.workspace.state / "thumbnails"
                self._publish(thumbnail_path(ref, file), key, lambda: thumbnail_bytes(self._source, thread, file, cache))  # noqa: B023 (called at once)

    def _publish_index(self, pages: Iterable[Page], made: Mapping[str, _Written]) -> None:
        """Publish what the search looks through. The old one has the entries of the pages that stayed."""
        path = f"assets/{INDEX}"
        old, content = self._old_files.get(path), self._folder.old_content(path)
        stayed = entries_in(content) if old is not None and old.digest == content_digest(content) else {}
        entries = [made[page.url].entry or stayed.get(page.url) or page.entry() for page in pages if page.entry]
        self._put(path, index_of(entries))

    def _publish_sitemap(self, urls: Collection[str]) -> float:
        """Publish it; gives until when it holds, for it names the day of the build, in UTC (seconds of the epoch)."""
        record, day = self._work.record, self._shared.now.astimezone(UTC).date()
        root = record.business.portal_url
        address = f"{root.rstrip('/')}/{record.key}/" if root else None
        key = digest_of(str(address), day.isoformat(), *urls)
        self._publish(SITEMAP, key, lambda: sitemap(urls, address, day))
        self._publish(PACKED, key, lambda: packed(sitemap(urls, address, day)))
        return datetime.combine(day + timedelta(days=1), time.min, UTC).timestamp()

    def _key_of(self, path: str) -> str:
        """Tell from what a file is published; '' where it may change under the same stamp, so that it is read again."""
        stamp = self._listing.files.get(path)
        return repr(stamp) if stamp and path not in self._listing.unsettled else ""

    def _publish_assets(self) -> None:
        workspace, record = self._shared.workspace, self._work.record
        key = assets_inputs(workspace, record, self._colours).hex()
        old = {path: file for path, file in self._old_files.items() if file.key == key and path.startswith("assets/")}
        self._files |= {path: file for path, file in old.items() if self._folder.keep(path)}
        if old and old.keys() <= self._files.keys():
            return
        for name, content in assets(workspace, record, self._colours).items():
            if f"assets/{name}" not in self._files:
                self._put(f"assets/{name}", content, key)

    def _publish(self, path: str, key: str, content: Callable[[], bytes]) -> None:
        if not self._stays(path, key):
            self._put(path, content(), key)

    def _stays(self, path: str, key: str) -> bool:
        """Take a file over that was published from the same; False where there is none."""
        old = self._old_files.get(path)
        if not key or old is None or old.key != key or not self._folder.keep(path):
            return False
        self._files[path] = old
        return True

    def _copy(self, path: str, source: BufferedReader, key: str) -> None:
        """Publish a file as it is kept, however large: never in memory whole. Taken over as in `_put`."""
        old, digest = self._old_files.get(path), stream_digest(source)
        if old is None or old.digest != digest or not self._folder.keep(path):
            source.seek(0)
            digest = self._folder.copy(path, source)
        self._files[path] = KeptFile(key, digest)

    def _put(self, path: str, content: bytes, key: str = "") -> None:
        """Publish this content; one that is there already is taken over, so that it is the same file."""
        old, digest = self._old_files.get(path), content_digest(content)
        if old is None or old.digest != digest or not self._folder.keep(path):
            self._folder.write(path, content)
        self._files[path] = KeptFile(key, digest)


def _sooner(one: float | None, other: float | None) -> float | None:
    return min((each for each in (one, other) if each is not None), default=None)
