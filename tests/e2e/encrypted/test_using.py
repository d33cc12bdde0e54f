"""An encrypted portal in a real browser, once it is open: every page, the search, files, paper; all as it was built."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sealed_place import paths_of, static_host
from visited_portal import FORGET

from recado.deploy.sealed.pages import is_page

if TYPE_CHECKING:
    from pathlib import Path

    from visited_portal import Portal, Visitor

pytestmark = pytest.mark.e2e


def test_every_page_is_the_built_one_and_nothing_breaks_the_policy(visitor: Visitor, portal: Portal) -> None:
    visitor.unlock()
    for path in (path for path in paths_of(portal.built) if is_page(path)):
        page = visitor.open(path)
        (title,) = re.findall("<title>(.*?)</title>", (portal.built / path).read_text(encoding="utf-8"))
        assert page.title() == title
        assert page.evaluate("[...document.styleSheets].every(({ cssRules }) => cssRules.length)")
        assert page.evaluate("[...document.images].every(({ complete, naturalWidth, loading }) => naturalWidth || !complete)")
        assert page.get_by_role("link", name=FORGET).count() == 1


def test_it_is_searched_and_walked_through(visitor: Visitor) -> None:
    page = visitor.unlock()
    for _place in range(5):
        page.locator(".r-nav a").nth(_place).click()
        expect(page.locator(".r-nav [aria-current]")).to_have_count(1)
    page.locator(".r-nav a").nth(1).click()
    page.locator("#words").fill("velas")
    page.locator(".r-found a").first.click()
    page.wait_for_url(re.compile(r"/requests/tom-\d+\.html$"))
    page.go_back()
    expect(page.locator("#words")).to_be_visible()


def test_answers_carry_the_headers_of_a_portal(visitor: Visitor) -> None:
    page = visitor.unlock()
    answers = page.evaluate(
        """async () => Object.fromEntries(await Promise.all(
          ["index.html", "assets/search.js", "assets/mark.svg", "requests/tom-31/publicaciones-de-diciembre.pdf",
            "requests/tom-31/existencias.csv", "sitemap.xml.gz", "door/told.js"].map(
            async (path) => [path, Object.fromEntries((await fetch(path)).headers)])))"""
    )
    for path, headers in answers.items():
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';"), path
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
    types = {path: headers["content-type"] for path, headers in answers.items()}
    assert types == {
        "index.html": "text/html; charset=utf-8",
        "assets/search.js": "text/javascript; charset=utf-8",
        "assets/mark.svg": "image/svg+xml",
        "requests/tom-31/publicaciones-de-diciembre.pdf": "application/pdf",
        "requests/tom-31/existencias.csv": "application/octet-stream",
        "sitemap.xml.gz": "application/octet-stream",
        "door/told.js": "text/javascript; charset=utf-8",
    }
    saved = {path for path, headers in answers.items() if headers.get("content-disposition", "").startswith("attachment")}
    assert saved == {path for path in answers if path.startswith("requests/tom-31/")}


@pytest.mark.parametrize("name", ["publicaciones-de-diciembre.pdf", "vela-de-romero.jpg", "fotos.zip", "existencias.csv"])
def test_a_file_is_saved_byte_for_byte(visitor: Visitor, portal: Portal, tmp_path: Path, name: str) -> None:
    page = visitor.unlock()
    visitor.open("requests/tom-31.html")
    with page.expect_download() as waiting:
        page.evaluate("(name) => { location.href = `tom-31/${name}`; }", name)
    assert waiting.value.suggested_filename == name
    waiting.value.save_as(tmp_path / name)
    assert (tmp_path / name).read_bytes() == (portal.built / "requests" / "tom-31" / name).read_bytes()


def test_a_name_with_letters_of_any_script_is_found(visitor: Visitor, portal: Portal) -> None:
    page = visitor.unlock()
    names = [path for path in paths_of(portal.built) if not path.isascii()]
    assert names
    for path in names:
        got = page.evaluate(
            "async (path) => (await (await fetch(encodeURIComponent(path).replaceAll('%2F', '/'))).arrayBuffer()).byteLength",
            path,
        )
        assert got == (portal.built / path).stat().st_size


def test_what_is_not_there_is_told_by_the_portals_own_page(visitor: Visitor, portal: Portal) -> None:
    page = visitor.unlock()
    for path in ("nothing.html", "deep/er/nothing.html", "%E0%A4%A", "requests"):
        visitor.open(path)
        expect(page.locator("h1")).to_have_text("Aquí no hay nada")
        assert page.evaluate("getComputedStyle(document.querySelector('.r-nav ul')).display") == "flex"
    page.locator(".r-btn").click()
    page.wait_for_url(f"{portal.address}index.html")


def test_it_prints_what_the_built_page_prints(visitor: Visitor, portal: Portal) -> None:
    path = next(path for path in paths_of(portal.built) if path.startswith("invoices/2026"))
    page = visitor.unlock()
    printed = drawn(visitor.open(path).pdf(format="A4"))
    with static_host(portal.built) as host:
        page = visitor.context.browser.new_page() if visitor.context.browser else page
        page.goto(f"{host.address}{path}")
        assert printed == drawn(page.pdf(format="A4"))
        page.close()
    assert len(printed) == 1
    assert printed[0].count(b"Tj") > 20


def drawn(pdf: bytes) -> list[bytes]:
    """Give what is drawn on each sheet of a PDF."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    streams = [zlib.decompressobj().decompress(stream) for stream in packed if stream[:1] == b"\x78"]
    return [stream for stream in streams if b"BT" in stream]
