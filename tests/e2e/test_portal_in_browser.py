"""The demo practice's portals in a real browser: what a client sees on a desk and on a phone, by day and by night."""

from __future__ import annotations

import functools
import re
import shutil
import threading
from datetime import UTC, date, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from ingest.asked import Asked, FormWords, read_asked
from ingest.content.plain import plain_to_markdown
from recado.portal.build import BuildOptions, build_practice
from recado.resources import demo_practice
from recado.speech import catalogue
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Literal

    from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request

pytestmark = pytest.mark.e2e

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)
# The policy that deploy puts in front of a portal (THREATS). Under it, whatever is inline would be a console error.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Handler(SimpleHTTPRequestHandler):
    """Serves the portals as a deployed place does, with the policy."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("practice")
    shutil.copy(demo_practice() / "clients.yml", root)
    shutil.copytree(demo_practice() / "portal_src", root / "portal_src")
    workspace = Workspace(root)
    _add_hostile_words(workspace)
    result = build_practice(workspace, load_practice(workspace), BuildOptions(NOW))
    assert not result.errors
    return workspace.site


HOSTILE = """\
<script>document.title = 'owned'; alert(1)</script>
<img src=https://evil.example/x.png onerror=alert(2)>
![pixel](https://evil.example/pixel.gif)
[press](javascript:alert(3))
<svg onload=alert(4)><style>*{display:none}</style></svg>
</article></main></body><script>alert(5)</script>
"""


def _add_hostile_words(workspace: Workspace) -> None:
    """Give one task a title and a message as an attacker would write them."""
    tasks = workspace.client("southerly").tasks
    (tasks / "0098-hostile.md").write_text(
        "---\ntitle: '</title><img src=x onerror=alert(6)><script>alert(7)</script>'\nstatus: doing\n"
        f"received: 2026-11-20T08:00:00Z\n---\n{HOSTILE}",
        encoding="utf-8",
    )
    thread = tasks / "0098-hostile"
    thread.mkdir()
    (thread / "20261120T080000Z-0badc0de.md").write_text(
        "---\nfrom: Jane Whitlock <jane@southerly.example>\nreceived: 2026-11-20T08:00:00Z\nkind: request\n---\n"
        f"{HOSTILE}\n" + "longword" * 60 + "\n\nשלום مرحبا\n",
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class Visit:
    """A page that notes what a client should never see: errors, dialogs, requests to another host."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("dialog", self._close)
        self.page.on("request", self._note)

    def _close(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.complaints.append(f"request: {request.url}")

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.address}/{path}")
        assert not self.complaints, f"{path}: {self.complaints}"
        return self.page

    def is_wider_than_the_screen(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_every_page_is_quiet_and_fits(
    browser: Browser, site: Path, address: str, scheme: Literal["light", "dark"], width: int
) -> None:
    with browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme) as context:
        visit = Visit(context, address)
        for path in sorted(page.relative_to(site).as_posix() for page in site.rglob("*.html")):
            visit.open(path)
            assert not visit.is_wider_than_the_screen(), f"{path} at {width}"


@pytest.mark.parametrize(
    ("key", "language", "words"),
    [
        ("tomillo", "es", ("Hola, Lucía", "Te toca a ti", "Peticiones")),
        ("southerly", "en", ("Hello, Jane", "Your turn", "Requests")),
    ],
)
def test_a_portal_speaks_its_clients_language(
    browser: Browser, address: str, key: str, language: str, words: tuple[str, ...]
) -> None:
    with browser.new_context() as context:
        page = Visit(context, address).open(f"{key}/index.html")
        assert page.locator("html").get_attribute("lang") == language
        said = page.locator("body").inner_text()
        assert [word for word in words if word not in said] == []


@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(252, 251, 249)"), ("dark", "rgb(25, 24, 21)")])
def test_the_scheme_of_the_clients_system_is_followed(
    browser: Browser, address: str, scheme: Literal["light", "dark"], ground: str
) -> None:
    with browser.new_context(color_scheme=scheme) as context:
        page = Visit(context, address).open("tomillo/index.html")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground


def test_hostile_words_are_there_to_read_and_do_nothing(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        visit = Visit(context, address)
        page = visit.open("southerly/requests/sthr-98.html")
        assert page.title() != "owned"
        said = page.locator("#main").inner_text()
        for words in (
            "</title><img src=x onerror=alert(6)>",
            "<script>document.title",
            "[press](javascript:alert(3))",
            "evil.example",
        ):
            assert words in said
        assert page.locator("#main script, #main img, #main svg[onload], #main style").count() == 0
        assert page.locator(".r-foot").count() == 1
        visit.open("southerly/index.html")


def test_the_places_stand_at_the_thumb_on_a_phone_and_can_be_reached_by_key(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = Visit(context, address).open("tomillo/index.html")
        box = page.locator(".r-nav").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] == pytest.approx(844, abs=1)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "r-skip"


def test_requests_can_be_filtered_without_a_script(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = Visit(context, address).open("tomillo/requests/index.html")
        groups = page.locator(".r-groups section")
        everything = groups.count()
        page.locator("label", has=page.locator("#show-turn")).click()
        assert everything > 1
        assert [groups.nth(number).is_visible() for number in range(everything)].count(True) == 1


def test_the_form_becomes_a_mail_and_is_not_there_without_a_script(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = Visit(context, address).open("tomillo/new.html")
        assert not page.locator(".r-form").is_visible()
        assert page.locator("a[href^='mailto:']").count() >= 1
    with browser.new_context() as context:
        page = Visit(context, address).open("tomillo/new.html")
        page.locator("[name=subject]").fill("Velas & más")
        page.locator("[name=details]").fill("una\ndos")
        subject, body = page.evaluate("(() => { const { subject, body } = mail(); return [subject, body]; })()")
        assert subject == "Velas & más"
        assert body.endswith("\r\n\r\nuna\r\ndos")


@pytest.mark.parametrize(("key", "service"), [("tomillo", "Redes sociales"), ("southerly", "Social media")])
def test_what_the_form_asks_is_what_ingest_reads(browser: Browser, address: str, key: str, service: str) -> None:
    record = load_practice(Workspace(demo_practice())).record(key)
    with browser.new_context() as context:
        page = Visit(context, address).open(f"{key}/new.html")
        page.locator("[name=subject]").fill("December")
        page.locator("[name=details]").fill("Twelve posts")
        page.locator("[type=date]").fill("2026-12-01")
        page.locator("[type=radio]").nth(2).check()
        page.locator("select").select_option(label=service)
        body = page.evaluate("mail().body")
    text = plain_to_markdown(body.replace("\r\n", "\n"))
    asked = read_asked(text, FormWords.of(record, catalogue(record.language)))
    assert asked == Asked(due=date(2026, 12, 1), important=True, urgent=True, service="social-media")


def test_an_invoice_prints_on_one_sheet(browser: Browser, site: Path, address: str) -> None:
    with browser.new_context() as context:
        page = Visit(context, address).open(
            next((site / "tomillo" / "invoices").glob("2026-*.html")).relative_to(site).as_posix()
        )
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1


def test_a_portal_opens_from_the_folder_too(browser: Browser, site: Path) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((site / "tomillo" / "index.html").as_uri())
        page.locator(".r-nav a").nth(1).click()
        assert page.locator("h1").inner_text() in {"Peticiones", "Requests"}
        assert page.evaluate("getComputedStyle(document.querySelector('.r-nav ul')).display") == "flex"
