"""The search on the page of requests in a real browser, under the policy of a deployed portal."""

from __future__ import annotations

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from made_up_work import answered, asked, at, changed, record, rendered, said, task, thread, view
from playwright.sync_api import expect

from recado.model.client_work import ClientWork
from recado.model.message import Verified
from recado.model.status import Status
from recado.portal.pages.requests import requests_pages
from recado.portal.search import INDEX, entry_of, index_of
from recado.resources import program_templates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.e2e

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'"
)
HOSTILE = "</script><img src=x onerror=alert(1)> & <b>ñandú</b>"
OLD = task(3, "Catálogo de otoño", Status.DONE)
WORK = ClientWork(
    record("southerly"),
    (
        thread(OLD, asked("Con la luz de tarde, como el año pasado. " + "Y más. " * 60 + "El albarán va en la caja.", at(1))),
        thread(task(42, "Velas de romero"), asked("Doce fotos", at(18)), said("Ya las tengo: la luz es buena", at(20))),
        thread(task(142, HOSTILE), asked("Nada")),
        thread(task(8, "Ficha"), asked("Sí"), answered("Nueva cuenta bancaria", at(21), verified=Verified.FAIL, id="bad00bad")),
        *(thread(task(number, f"Factura {number}"), asked("Repetida")) for number in range(543, 613)),
    ),
    changed(OLD, (Status.NEW, at(1, month=9)), (Status.DONE, at(2, month=9))),
)


class Handler(SimpleHTTPRequestHandler):
    """Serves with the policy that deploy puts in front of a portal."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = tmp_path_factory.mktemp("site")
    shown = view(WORK)
    (page,) = requests_pages(shown)
    (site / "requests").mkdir()
    (site / "assets").mkdir()
    head = '<link rel="stylesheet" href="../assets/portal.css"><script src="../assets/search.js" defer></script>'
    whole = f"<!doctype html><meta charset=utf-8><link rel=icon href=data:,>{head}<main class=md-typeset>"
    (site / page.url).write_text(whole + rendered(page, shown.reader), encoding="utf-8")
    for name in ("search.js", "portal.css"):
        (site / "assets" / name).write_bytes((program_templates() / "assets" / name).read_bytes())
    (site / "assets" / INDEX).write_bytes(index_of(entry_of(thread, shown) for thread in shown.threads))
    return site


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/requests/index.html"
        server.shutdown()
        thread.join()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Open the page; what the browser complains of, a dialog too, fails the test."""
    with browser.new_context() as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.goto(address)
        yield page
        assert complaints == []


def find(page: Page, words: str) -> list[str]:
    """Type words; gives the titles that are found, once the page says how many."""
    page.locator("#words").fill("")
    expect(page.locator("[role=status]")).to_be_empty()
    page.locator("#words").fill(words)
    expect(page.locator("[role=status]")).not_to_be_empty()
    return page.locator(".r-found a").all_inner_texts()


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("catalogo otono", ["Catálogo de otoño"]),
        ("CATÁLOGO OTOÑO", ["Catálogo de otoño"]),
        ("otoño año tarde", ["Catálogo de otoño"]),
        ("albaran", ["Catálogo de otoño"]),
        ("tom-42", ["Velas de romero", HOSTILE]),
        ("42", ["Velas de romero", HOSTILE]),
        ("tom142", [HOSTILE]),
        ("luz", ["Velas de romero", "Catálogo de otoño"]),
        ("romer doce", ["Velas de romero"]),
        ("romero catalogo", []),
        ("bancaria", []),
        ("nandu", [HOSTILE]),
        ("<img src=x", [HOSTILE]),
        ("under way ficha", ["Ficha"]),
    ],
)
def test_what_has_every_word_is_found_the_nearest_first(page: Page, words: str, titles: list[str]) -> None:
    assert find(page, words) == titles


def test_a_hostile_title_is_text(page: Page) -> None:
    assert find(page, "onerror") == [HOSTILE]
    assert page.locator("main img, main b:not(time b)").count() == 0
    assert page.locator(".r-found mark").all_inner_texts() == ["onerror"]


def test_a_result_leads_to_its_page_and_says_where_it_stands(page: Page) -> None:
    find(page, "albaran")
    link = page.locator(".r-found a")
    assert str(link.evaluate("link => link.href")).endswith("/requests/tom-3.html")
    lines = page.locator(".r-found p").all_inner_texts()
    assert lines[0].replace("\N{NO-BREAK SPACE}", " ") == "TOM-3 · Done · 2 Sept 2026"
    assert "albarán" in lines[1]
    assert len(lines[1]) < 240
    assert page.locator(".r-found mark").all_inner_texts() == ["albarán"]


def test_results_stand_in_place_of_the_list_until_escape(page: Page) -> None:
    listed = page.locator(".r-listed")
    assert listed.is_visible()
    find(page, "velas")
    assert not listed.is_visible()
    page.keyboard.press("Escape")
    expect(listed).to_be_visible()
    assert page.locator("#words").input_value() == ""
    assert page.locator(".r-found li").count() == 0


def test_nothing_found_is_said_and_how_many_is_told(page: Page) -> None:
    find(page, "zanahoria")
    assert page.locator("[role=status]").inner_text() == "No request has all of these words."
    assert not page.locator(".r-listed").is_visible()
    find(page, "factura")
    assert page.locator("[role=status]").inner_text() == "Requests found: 70"
    assert page.locator(".r-found li").count() == 50
    assert page.locator(".r-found a").first.inner_text() == "Factura 612"


@pytest.mark.parametrize("words", ["   ", "-", "¿?"])
def test_what_has_no_letter_asks_for_nothing(page: Page, words: str) -> None:
    page.locator("#words").fill(words)
    assert page.locator(".r-listed").is_visible()
    assert page.locator("[role=status]").inner_text() == ""


def test_it_works_by_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "words"
    page.keyboard.type("velas")
    expect(page.locator(".r-found li")).to_have_count(1)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Velas de romero"


def test_the_index_is_fetched_when_the_field_is_first_used_and_once(page: Page) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
    assert page.evaluate("performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.json')).length") == 0
    find(page, "velas")
    find(page, "fichas")
    assert fetched == [INDEX]


def test_an_index_that_cannot_be_fetched_is_said_and_tried_again(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        page.route(f"**/{INDEX}", lambda route: route.abort())
        find(page, "velas")
        assert page.locator("[role=status]").inner_text() == "The search could not be loaded. Try again in a moment."
        assert page.locator(".r-listed").is_visible()
        page.unroute(f"**/{INDEX}")
        assert find(page, "velas") == ["Velas de romero"]


def test_without_a_script_there_is_no_field(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address)
        assert not page.locator(".r-search").is_visible()
        assert page.locator(".r-listed").is_visible()


def test_in_a_page_opened_from_a_folder_there_is_no_field(browser: Browser, site: Path) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((site / "requests" / "index.html").as_uri())
        assert page.evaluate("typeof search") == "function"
        assert not page.locator(".r-search").is_visible()


def test_the_script_is_small() -> None:
    assert (program_templates() / "assets" / "search.js").stat().st_size < 4096
