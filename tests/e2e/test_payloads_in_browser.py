"""What strangers write, in every field of a portal, opened in a browser: it is there to read and does nothing.

With the policy of a deployed portal, and without any: the pages are safe, and not only what stands in front of them.
"""

from __future__ import annotations

import functools
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hostile_practice import KEY, as_plain_words, as_written, file_name, in_one_line, write_practice
from hostile_texts import HOSTILE
from playwright.sync_api import expect, sync_playwright
from portal_builds import recado

from recado.cli.preview import serving
from recado.portal.body import ATTRIBUTES, TAGS
from recado.portal.own_pages import URL
from recado.portal.pages import KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request, Route

pytestmark = pytest.mark.e2e

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
)
ENVIRONMENT = {"RECADO_NOW": "2026-11-24T08:40:00Z", "RECADO_LANGUAGE": "en"}

# Notes what the policy would have kept from happening.
LISTEN = """
    window.violations = [];
    addEventListener("securitypolicyviolation", (event) => violations.push(`${event.effectiveDirective} ${event.blockedURI}`), true);
"""
# Where a text stands that is HTML of its own: a message, a task's body, a quotation, the welcome, the VA's own page.
OWN_TAGS = TAGS | set(
    "h1 div span dl dt dd sup sub u ins mark kbd small details summary figure figcaption caption abbr".split()
)
OWN_ATTRIBUTES = {"align", "class", "href", "id", "open", "rel", "start", "title"}
BODIES = "#main blockquote[dir=auto], #main div[dir=auto], #main .r-welcome, #main .r-own"
# Gives what a page is made of: `frame`, all of it but for the bodies; `bodies`, the elements and attributes in those; `links`
# there; `text`, what can be read.
LOOK = """([html, bodies]) => {
    const page = html === null ? document : new DOMParser().parseFromString(html, "text/html");
    const told = new Set(["class", "id", "role", "type", "rel", "name", "dir", "scope"]), changed = new Set(["hidden"]);
    const frame = [], within = [];
    const walk = (element, depth) => {
        const names = [...element.attributes].map(({ name, value }) => told.has(name) ? `${name}=${value}` : name);
        frame.push(`${depth} ${element.localName} ${names.filter((name) => !changed.has(name)).sort().join(" ")}`);
        if (element.matches(bodies)) {
            for (const inner of element.querySelectorAll("*"))
                within.push([inner.localName, inner.namespaceURI, ...[...inner.attributes].map(({ name }) => name)]);
            return;
        }
        for (const child of element.children) walk(child, depth + 1);
    };
    walk(page.documentElement, 0);
    for (const details of page.querySelectorAll("details")) details.open = true;
    const links = [...page.querySelectorAll("a, area, [href], [src], [action]")].map((link) => link.href ?? link.src ?? link.action);
    return { frame, within, links: links.map(String), title: page.title, text: html === null ? document.body.innerText : "" };
}"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the two practices: of hostile words, and of plain ones."""
    root = tmp_path_factory.mktemp("payloads")
    for name, say in (("hostile", as_written), ("plain", as_plain_words)):
        write_practice(root / name, say)
        built = recado("build", "--jobs", "1", "--workspace", root / name, environment=ENVIRONMENT)
        assert (built.status, built.err) == (0, "")
    return root


class Handler(SimpleHTTPRequestHandler):
    """Serves files and nothing with them: no policy stands in front of a page."""

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def served_plainly(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("Debian's chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="module", params=["under the policy", "without a policy"])
def address(request: pytest.FixtureRequest, root: Path) -> Iterator[str]:
    site = root / "hostile" / "site"
    with serving(site, {KEY: "x"}) if request.param == "under the policy" else served_plainly(site) as address:
        yield f"{address}{KEY}/"


@dataclass(slots=True)
class Look:
    """What a page is when it was opened, and what it did that no portal may do."""

    frame: list[str]
    within: list[list[str]]
    links: list[str]
    title: str
    text: str
    complaints: list[str]


class Visit:
    """A page of a browser that notes what no portal may do."""

    def __init__(self, context: BrowserContext, address: str, site: Path) -> None:
        self.address = address
        self._files = {f"{address}{quote(file.relative_to(site).as_posix())}" for file in site.rglob("*")}
        self.complaints: list[str] = []
        context.add_init_script(LISTEN)
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self.complaints.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("dialog", self._close)
        self.page.on("request", self._note)
        context.on("page", lambda page: self.complaints.append(f"window: {page.url}"))

    def _close(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _note(self, request: Request) -> None:
        if request.url not in self._files and not request.url.startswith("data:image/svg+xml"):
            self.complaints.append(f"request: {request.url}")

    def open(self, path: str) -> Look:
        self.complaints.clear()
        self.page.goto(f"{self.address}{path}")
        seen = self.page.evaluate(LOOK, [None, BODIES])
        complaints = [*self.complaints, *self.page.evaluate("violations")]
        if self.page.url != f"{self.address}{path}":
            complaints.append(f"went to {self.page.url}")
        return Look(**seen, complaints=complaints)


@pytest.fixture(scope="module")
def looks(browser: Browser, root: Path, address: str) -> dict[str, Look]:
    """Open every page of the hostile portal, once."""
    site = root / "hostile" / "site" / KEY
    with browser.new_context() as context:
        visit = Visit(context, address, site)
        return {path: visit.open(path) for path in paths(site)}


@pytest.fixture(scope="module")
def plain(browser: Browser, root: Path) -> dict[str, list[str]]:
    """Give what every page of the other portal is made of."""
    site = root / "plain" / "site" / KEY
    with browser.new_context() as context:
        page = context.new_page()
        return {path: page.evaluate(LOOK, [(site / path).read_text(encoding="utf-8"), BODIES])["frame"] for path in paths(site)}


def paths(site: Path) -> list[str]:
    return sorted(page.relative_to(site).as_posix() for page in site.rglob("*.html"))


def test_no_page_does_anything(looks: dict[str, Look]) -> None:
    assert {path: look.complaints for path, look in looks.items() if look.complaints} == {}


def test_every_kind_of_page_is_opened(looks: dict[str, Look]) -> None:
    for kind in (*KINDS, Kind("own", URL, lambda _: ())):
        assert [path for path in looks if re.fullmatch(kind.url.replace("any", ".+").replace("month", r"\d{4}-\d\d"), path)]


def test_no_page_has_an_element_or_an_attribute_that_plain_words_would_not_give_it(
    looks: dict[str, Look], plain: dict[str, list[str]]
) -> None:
    assert list(looks) == list(plain)
    for path, look in looks.items():
        assert look.frame == plain[path], path


def test_a_text_holds_nothing_but_what_can_be_read(looks: dict[str, Look]) -> None:
    for path, look in looks.items():
        for tag, space, *attributes in look.within:
            assert space == "http://www.w3.org/1999/xhtml", path
            assert tag in (OWN_TAGS if path.startswith("pages/") else TAGS), path
            allowed = OWN_ATTRIBUTES if path.startswith("pages/") else ATTRIBUTES.get(tag, set()) | {"rel"}
            assert set(attributes) <= allowed, (path, tag)
