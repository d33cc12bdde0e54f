"""An encrypted portal in a real browser without a network, and what that browser keeps for it."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from visited_portal import Portal, Visitor

pytestmark = pytest.mark.e2e


def test_what_was_opened_and_every_places_first_page_work_without_a_network(visitor: Visitor, portal: Portal) -> None:
    page = visitor.unlock()
    visitor.open("requests/tom-31.html")
    visitor.wait_until_kept(portal.form.name("requests/tom-31.html"))
    portal.host.stop()
    for path in ("", "requests/index.html", "invoices/index.html", "welcome.html", "new.html", "requests/tom-31.html"):
        visitor.open(path)
        assert page.locator(".r-nav").count() == 1, path
        assert page.evaluate("getComputedStyle(document.querySelector('.r-nav ul')).display") == "flex"
    visitor.open("requests/index.html")
    page.locator("#words").fill("velas")
    expect(page.locator(".r-found a").first).to_be_visible()
    visitor.open("requests/tom-24.html")
    expect(page.locator("h1")).to_have_text("This page cannot be reached")
    assert page.evaluate("getComputedStyle(document.querySelector('.note')).borderRadius") != "0px"
    visitor.forgive("ERR_CONNECTION_REFUSED", "ERR_FAILED", "status of 503")


def test_only_what_is_encrypted_is_kept(visitor: Visitor, portal: Portal) -> None:
    page = visitor.unlock()
    kept = page.evaluate(
        """async () => {
          const texts = [];
          for (const name of await caches.keys())
            for (const request of await (await caches.open(name)).keys())
              texts.push([request.url, await (await caches.match(request)).text()]);
          return texts;
        }"""
    )
    blobs = {url: text for url, text in kept if "/f/" in url}
    assert len(blobs) > 12
    assert [url for url, text in kept if re.search("Marta|Tomillo|Lucía|r-nav", text)] == []
    assert portal.address + portal.form.name("index.html") in blobs


def test_a_portal_built_anew_is_seen_at_once(visitor: Visitor, portal: Portal, tmp_path: Path) -> None:
    page = visitor.unlock()
    again = tmp_path / "again"
    shutil.copytree(portal.built, again)
    home = again / "index.html"
    home.write_text(home.read_text(encoding="utf-8").replace("</h1>", " (de nuevo)</h1>", 1), encoding="utf-8")
    (again / "requests" / "tom-24.html").unlink()
    visitor.open("requests/tom-24.html")
    portal.built = again
    portal.publish()
    visitor.open()
    expect(page.locator("h1")).to_contain_text("(de nuevo)")
    visitor.open("requests/tom-24.html")
    expect(page.locator("h1")).to_have_text("Aquí no hay nada")
    portal.host.stop()
    visitor.open()
    expect(page.locator("h1")).to_contain_text("(de nuevo)")
    visitor.open("requests/tom-24.html")
    expect(page.locator("h1")).to_have_text("This page cannot be reached")
    visitor.forgive("ERR_CONNECTION_REFUSED", "ERR_FAILED", "status of 503")
