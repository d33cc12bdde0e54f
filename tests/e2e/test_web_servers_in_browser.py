"""Portals behind the real nginx and Caddy in a real browser: the policy, the search, photos, and files that are saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from guarded_place import FILES, INSTALLED, PHOTOS, RUNNABLE, GuardedPlace, demo_site, guarded
from watched_page import Visit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page
    from web_server import WebServer

    from recado.deploy.servers.configuration import Kind

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_site(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module", params=INSTALLED)
def running(request: pytest.FixtureRequest, site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    kind: Kind = request.param
    if not INSTALLED[kind]():
        pytest.skip(f"Debian's {kind} is not installed (apt-get install {kind})")
    with guarded(kind, tmp_path_factory.mktemp(kind), site) as (place, server):
        yield place, server


Running = tuple[GuardedPlace, "WebServer"]


@pytest.fixture
def context(browser: Browser, running: Running) -> Iterator[BrowserContext]:
    """Let the browser in, as a client who gave the password."""
    place, _server = running
    with browser.new_context(http_credentials={"username": "tomillo", "password": place.passwords["tomillo"]}) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def test_no_page_breaks_the_policy_and_each_looks_as_it_should(running: Running, context: BrowserContext) -> None:
    place, _server = running
    visit = Visit(context, f"{place.address}/tomillo/", place.portal("tomillo"))
    paths = [path for path in place.paths("tomillo") if path.endswith(".html") and path.count("/") < 2]
    paths = [path for path in paths if path != "pages/inline.html"]
    assert {path.partition("/")[0] for path in paths} == {
        "404.html",
        "index.html",
        "invoices",
        "new.html",
        "pages",
        "requests",
        "welcome.html",
    }
    for path in paths:
        assert visit.open(path).complaints == [], path
        look = "[...document.styleSheets].map((sheet) => sheet.cssRules.length)"
        assert all(visit.page.evaluate(look)), path


def test_a_script_that_got_into_a_page_does_not_run_and_is_complained_of(running: Running, context: BrowserContext) -> None:
    place, _server = running
    visit = Visit(context, f"{place.address}/tomillo/", place.portal("tomillo"))
    look = visit.open("pages/inline.html")
    assert look.title == "still"
    assert any(complaint.startswith("script-src") for complaint in look.complaints)


def test_the_search_works_and_leads_to_a_page(running: Running, page: Page) -> None:
    place, _server = running
    page.goto(f"{place.address}/tomillo/requests/")
    page.locator("#words").fill("cuencos")
    page.locator(".r-found a").first.click()
    page.wait_for_url("**/requests/tom-36.html")
    assert "cuencos" in page.locator("h1").inner_text()


def test_photos_are_drawn_and_files_are_saved_under_their_names(running: Running, page: Page, tmp_path: Path) -> None:
    place, _server = running
    for path, expected in ((PHOTOS, 2), (FILES, 3)):
        page.goto(f"{place.address}/tomillo/{path}.html")
        for picture in page.locator(".r-photos img").all():
            picture.scroll_into_view_if_needed()
            picture.evaluate("(image) => image.decode()")
            assert picture.evaluate("(image) => image.naturalWidth") > 0
        links = page.locator(".r-photos a, .r-files a").all()
        assert len(links) == expected
        for link in links:
            with page.expect_download() as saved:
                link.click()
            kept = tmp_path / saved.value.suggested_filename
            saved.value.save_as(kept)
            assert kept.read_bytes() == (place.portal("tomillo") / path / kept.name).read_bytes()
        assert page.url == f"{place.address}/tomillo/{path}.html"
    assert any("tamaño" in file.name for file in tmp_path.iterdir())


def test_what_a_browser_would_run_is_saved_when_its_address_is_opened(running: Running, page: Page, tmp_path: Path) -> None:
    place, _server = running
    page.goto(f"{place.address}/tomillo/index.html")
    before = page.url
    for name in RUNNABLE:
        with page.expect_download() as saved:
            page.evaluate("(address) => { location.href = address }", f"{place.address}/tomillo/{PHOTOS}/{name}")
        saved.value.save_as(tmp_path / name)
        assert (tmp_path / name).read_bytes() == RUNNABLE[name]
        assert page.url == before
