"""An encrypted portal in a real browser when its key is another, or when it is gone."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sealed_place import quick_key

if TYPE_CHECKING:
    from visited_portal import Portal, Visitor

pytestmark = pytest.mark.e2e


def test_a_portal_with_a_new_key_says_so_and_opens_with_it(visitor: Visitor, portal: Portal) -> None:
    page = visitor.unlock()
    portal.key = quick_key(portal.key.folder)
    portal.publish()
    visitor.open("requests/tom-31.html")
    expect(page.get_by_role("status")).to_contain_text("These pages have a new key")
    page.goto("about:blank")
    page.goto(portal.link)
    expect(page.locator("h1")).to_contain_text("Lucía")


def test_a_portal_that_is_gone_says_so(visitor: Visitor, portal: Portal) -> None:
    page = visitor.unlock()
    shutil.rmtree(portal.place / portal.key.folder)
    visitor.open("requests/tom-31.html")
    expect(page.locator("h1")).to_have_text("Nothing is here")
    expect(page.locator("p").first).to_contain_text("ask whoever sent it to you")
    expect(page.get_by_role("link")).to_have_count(1)  # no way home: that is gone too


def test_where_no_portal_ever_was_the_host_says_so_and_does_not_turn_in_circles(visitor: Visitor, portal: Portal) -> None:
    for path in ("", f"{'a' * 26}/", f"{'a' * 26}/requests/tom-31.html", "nothing.html"):
        visitor.page.goto(f"{portal.host.address}{path}")
        expect(visitor.page.locator("h1").first).to_have_text("Nothing is here")
