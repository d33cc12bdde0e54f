"""A portal's pages, finished: page models, their parts, their shells, and what the letterhead and the foot say on each."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit

from jinja2 import TemplateError
from markupsafe import Markup

from recado.errors import RecadoError, WorkError
from recado.portal.assets import logo_name
from recado.portal.fill import fill, parts, parts_environment
from recado.portal.locales import locale_of, spoken_language
from recado.portal.own_pages import KIND as OWN_KIND
from recado.portal.own_pages import URL as OWN_URL
from recado.portal.own_pages import own_pages
from recado.portal.pages import KINDS, pages_in
from recado.portal.pages.view import View
from recado.portal.shells import ShellWork, shells
from recado.portal.template_faults import check_slots, told_of_templates
from recado.speech import _, catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from recado.model.client_work import ClientWork
    from recado.model.practice import ClientRecord
    from recado.portal.brand import Palette
    from recado.portal.page import Page
    from recado.portal.reader import Reader

NOT_FOUND = "404.html"


class Frame(NamedTuple):
    """What stands around every page of one portal, in the client's words. `base` is the portal's absolute path: `/acme/`."""

    base: str
    client: str
    owner: str
    initials: str
    logo: str | None
    address: str
    business: str
    reader: Reader
    wash_light: str
    wash_dark: str

    @classmethod
    def of(cls, work: ClientWork, reader: Reader, colours: Palette) -> Frame:
        """Take it from the client's record."""
        record = work.record
        return cls(
            base=_base(record),
            client=record.client.name,
            owner=record.business.owner,
            initials=_initials(record.business.owner),
            logo=logo_name(record),
            address=quote(record.request_address, safe="@+"),
            business=record.business.name,
            reader=reader,
            wash_light=colours.light.wash,
            wash_dark=colours.dark.wash,
        )

    def values(self, page: Page) -> dict[str, str]:
        """Give the values of the frame's slots on one page. A page that is served for any address has absolute links."""
        root = self.root(page)
        return {
            "root": root,
            "title": page.title,
            "client": self.client,
            "owner": self.owner,
            "mark": self._mark(root),
            "address": self.address,
            "subject": quote(page.subject, safe=""),
            "imprint": self.imprint(page),
            "wash_light": self.wash_light,
            "wash_dark": self.wash_dark,
        }

    def imprint(self, page: Page) -> str:
        """Give the line at the foot; it tells when what the page shows last changed, where the page knows."""
        updated, when = "", page.updated() if page.updated else None
        if when:
            updated = self.reader.gettext("updated {when}").format(when=self.reader.updated(when))
        return " · ".join(filter(None, (self.business, updated, "Recado")))

    def root(self, page: Page) -> str:
        """Give the way from a page to the portal's root."""
        return self.base if page.url == NOT_FOUND else page.root

    def _mark(self, root: str) -> Markup:
        if self.logo:
            return Markup('<img class="r-logo" src="{}assets/{}" alt="">').format(root, self.logo)
        return Markup('<span class="r-mark" aria-hidden="true">{}</span>').format(self.initials)


class Finishing:
    """Pages finished one by one: each part rendered, and filled into the shell of its kind, which is made once."""

    def __init__(
        self, work: ClientWork, reader: Reader, colours: Palette, *, overrides: Path | None = None, cache: Path | None = None
    ) -> None:
        """Take what all pages of one portal share.

        `overrides` is a workspace's own `site_templates`, `cache` the folder of finished shells. Raises FileError where a
        template is wrong.
        """
        formal = work.record.client.address_form == "formal"
        self._frame = Frame.of(work, reader, colours)
        self._overrides = overrides
        self._shells = shells(
            ShellWork.of(reader.language, reader.words, is_formal=formal, overrides=overrides), kinds_of_pages(), cache
        )
        self._environment = parts_environment(reader.words, overrides)

    def html(self, page: Page) -> str:
        """Finish a page. Raises FileError where a template is wrong."""
        shell = self._shells[page.kind]
        with told_of_templates(self._overrides):
            values: Mapping[str, str] = self._frame.values(page) | parts(self._environment, page, self._frame.root(page))
        check_slots(shell, values.keys(), self._overrides)
        return fill(shell, values)


def load_language(language: str, overrides: Path | None) -> None:
    """Load what pages in a language need: a build of many portals does it once, before it forks. Raises nothing."""
    language = spoken_language(language, overrides)
    with suppress(RecadoError, TemplateError, ValueError, OSError, LookupError):  # whoever needs it tells
        locale_of(language, "")
        environment = parts_environment(catalogue(language, overrides=overrides), overrides)
        for kind in KINDS:
            environment.get_template(f"{kind.name}.html.j2")


def kinds_of_pages() -> dict[str, str]:
    """Give each kind of page, and where such a page stands."""
    return {kind.name: kind.url for kind in KINDS} | {OWN_KIND: OWN_URL}


def all_pages(view: View, cache: Path | None = None) -> tuple[Page, ...]:
    """Give all pages of a portal, the VA's own among them; `cache` is the folder where those are kept.

    Raises WorkError where an own page is wrong, or two pages would have one address.
    """
    pages = pages_in(view)
    pages += own_pages(view.work.pages, view.reader.words, [page.url for page in pages], cache)
    _each_once(pages)
    return pages


def finished_pages(
    work: ClientWork, reader: Reader, colours: Palette, *, overrides: Path | None = None, cache: Path | None = None
) -> Iterator[tuple[str, str]]:
    """Give each page of a portal, its URL and its HTML. Raises as `all_pages` and `Finishing` do."""
    pages = all_pages(View.of(work, reader))
    finishing = Finishing(work, reader, colours, overrides=overrides, cache=cache)
    for page in pages:
        yield page.url, finishing.html(page)


def _each_once(pages: Iterable[Page]) -> None:
    """Raise WorkError where two pages would be one file: on many disks, capitals make no difference."""
    there: dict[str, Page] = {}
    for page in pages:
        other = there.setdefault(page.url.casefold(), page)
        if other is not page:
            told = _("Two pages of the portal would have the address {url}: “{one}” and “{two}”. Rename one of them.")
            raise WorkError(told.format(url=page.url, one=other.title, two=page.title))


def _base(record: ClientRecord) -> str:
    path = urlsplit(record.business.portal_url or "").path.rstrip("/")
    return f"{path}/{record.key}/"


def _initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
