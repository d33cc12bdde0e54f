"""An encrypted portal's door in a real browser: what opens it, in which words, and what it tells of whom it belongs to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sealed_place import quick_key

from recado.deploy.sealed.door import the_door

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Route
    from visited_portal import Portal, Visitor

pytestmark = pytest.mark.e2e


def test_the_link_opens_the_portal_and_its_passphrase_goes_nowhere(visitor: Visitor, portal: Portal) -> None:
    page = visitor.unlock()
    assert page.url == portal.address
    assert page.evaluate("history.length") <= 2
    secret = portal.key.passphrase.reveal()
    assert portal.host.asked
    assert [path for path in portal.host.asked if secret in path or secret[:5] in path] == []
    allowed = re.compile(r"/portals/[a-z2-7]{26}/(?:|sw\.js|portal\.json|index\.html|door/[a-z.]+|f/[0-9a-f]{32})$")
    assert [path for path in portal.host.asked if not allowed.match(path)] == []


@pytest.mark.parametrize(
    "typed",
    [
        "{}",
        "  {} ",
        "\N{EN DASH}",
        "\N{NO-BREAK SPACE}",
        "",
        " ",
        "upper",
        ". ",
    ],
)
def test_a_passphrase_may_be_typed_as_people_type(visitor: Visitor, portal: Portal, typed: str) -> None:
    secret = portal.key.passphrase.reveal()
    written = secret.upper() if typed == "upper" else typed.format(secret) if "{" in typed else secret.replace("-", typed)
    page = visitor.open()
    page.get_by_label("Passphrase").fill(written)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Lucía")


def test_a_wrong_passphrase_is_told_at_once(visitor: Visitor) -> None:
    page = visitor.open()
    page.get_by_label("Passphrase").fill(quick_key().passphrase.reveal())
    page.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("does not open these pages")
    told, button = page.get_by_role("status").bounding_box(), page.get_by_role("button").bounding_box()
    assert told
    assert button
    assert told["y"] + told["height"] <= button["y"]  # not below the button, where a phone's keyboard is
    page.get_by_label("Passphrase").fill("k7mfa-q2pdx-9tehw")
    page.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("20 letters and digits; here are 15")


def test_a_link_that_lost_its_end_is_told_and_can_be_completed(visitor: Visitor, portal: Portal) -> None:
    visitor.page.goto(portal.link[:-3])
    expect(visitor.page.get_by_role("status")).to_contain_text("here are 17")
    assert visitor.page.url == portal.address
    visitor.page.keyboard.type(portal.key.passphrase.reveal()[-3:])
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("h1")).to_contain_text("Lucía")


@pytest.mark.parametrize("with_key", [True, False])
@pytest.mark.parametrize("place", ["", "#files"])
def test_a_first_visit_deep_in_the_portal_gets_there(visitor: Visitor, portal: Portal, *, with_key: bool, place: str) -> None:
    secret = portal.key.passphrase.reveal()
    if with_key:
        page = visitor.open(f"requests/tom-31.html#{secret}")
        place = ""
    else:
        page = visitor.open(f"requests/tom-31.html{place}")
        page.get_by_label("Passphrase").fill(secret)
        page.keyboard.press("Enter")
    expect(page.locator("#files-h")).to_be_visible()
    assert page.url == f"{portal.address}requests/tom-31.html{place}"
    assert [path for path in portal.host.asked if secret in path] == []


def test_a_link_may_name_a_page_behind_its_passphrase_but_no_other_site(visitor: Visitor, portal: Portal) -> None:
    visitor.page.goto(f"{portal.link}/requests/tom-31.html#files")
    expect(visitor.page.locator("#files-h")).to_be_visible()
    assert visitor.page.url == f"{portal.address}requests/tom-31.html#files"
    for elsewhere in ("//evil.example/", "/../../other/", "/https://evil.example/", "/javascript:alert(1)"):
        page = visitor.context.new_page()
        page.goto(f"{portal.link}{elsewhere}")
        page.wait_for_url(lambda url: "#" not in url)
        assert page.url.startswith(portal.address)
        page.close()


@pytest.mark.parametrize("slashes", ["//", "///", "/\\"])
def test_a_crafted_address_of_the_host_leads_to_no_other_site(browser: Browser, portal: Portal, slashes: str) -> None:
    host = portal.host.address.removesuffix("/portals/")
    folder = "a" * 26
    phrase = portal.key.passphrase.reveal()
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{host}{slashes}other.invalid/{folder}/page.html#{phrase}")
        page.wait_for_url(f"{host}/other.invalid/{folder}/#{phrase}/page.html")


def test_the_link_opened_again_leaves_the_address_bar_too(visitor: Visitor, portal: Portal) -> None:
    visitor.unlock()
    page = visitor.context.new_page()
    page.goto(portal.link)
    page.wait_for_url(portal.address)
    page.goto("about:blank")
    page.goto(f"{portal.link}/invoices/index.html")
    page.wait_for_url(f"{portal.address}invoices/index.html")


def test_without_the_key_a_page_asked_for_is_the_door_and_then_the_page(visitor: Visitor, portal: Portal) -> None:
    page = visitor.open()
    page.evaluate("navigator.serviceWorker.register('sw.js').then(() => navigator.serviceWorker.ready).then(() => 0)")
    visitor.open("requests/tom-31.html#files")
    assert visitor.is_at_the_door()
    assert page.url == f"{portal.address}requests/tom-31.html#files"
    page.get_by_label("Passphrase").fill(portal.key.passphrase.reveal())
    page.keyboard.press("Enter")
    expect(page.locator("#files-h")).to_be_visible()
    assert page.url == f"{portal.address}requests/tom-31.html#files"


def test_a_page_loaded_past_the_worker_opens_by_itself(visitor: Visitor) -> None:
    page = visitor.unlock()
    visitor.open("requests/tom-31.html")
    visitor.context.new_cdp_session(page).send("Page.reload", {"ignoreCache": True})
    expect(page.locator("#files-h")).to_be_visible()


def test_the_door_speaks_the_browsers_language_and_tells_nothing(browser: Browser, portal: Portal, tmp_path: Path) -> None:
    (tmp_path / "translations").mkdir()
    (tmp_path / "translations" / "pt.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Private pages"\nmsgstr "Páginas privadas"\n',
        encoding="utf-8",
    )
    portal.door = the_door(tmp_path)
    portal.publish()
    for locale, heading, language in (("pt-BR", "Páginas privadas", "pt"), ("fi-FI", "Private pages", "en")):
        with browser.new_context(locale=locale) as context:
            page = context.new_page()
            page.goto(portal.address)
            expect(page.locator("h1")).to_have_text(heading)
            assert page.locator("html").get_attribute("lang") == language
            assert not re.search("Marta|Tomillo|Lucía", page.content())


def test_where_a_browser_may_not_decrypt_the_door_says_so(browser: Browser, portal: Portal) -> None:
    def answer(route: Route) -> None:
        file = portal.place / portal.key.folder / (route.request.url.split("/", 3)[3] or "index.html")
        route.fulfill(path=file)

    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        page.route("http://portal.example/**", answer)
        page.goto("http://portal.example/")
        assert page.evaluate("isSecureContext") is False
        expect(page.get_by_role("status")).to_contain_text("https:")
    with browser.new_context(locale="en-GB", java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(portal.address)
        expect(page.locator("noscript p[lang=en]")).to_be_visible()


def test_it_opens_under_the_headers_that_some_hosts_send(visitor: Visitor, portal: Portal) -> None:
    lines = (portal.place / "_headers").read_text(encoding="utf-8").splitlines()[1:]
    portal.host.headers.update({name.strip(): said for name, _, said in (line.partition(": ") for line in lines)})
    assert "frame-ancestors 'none'" in portal.host.headers["Content-Security-Policy"]
    page = visitor.open(f"requests/tom-31.html#{portal.key.passphrase.reveal()}")
    expect(page.locator("#files-h")).to_be_visible()
    page.goto(f"{portal.host.address}nothing.html")
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "480px"


def test_in_a_frame_of_another_page_there_is_no_door(visitor: Visitor, portal: Portal) -> None:
    (portal.place / "framing.html").write_text(f'<iframe src="{portal.key.folder}/"></iframe>', encoding="utf-8")
    visitor.page.goto(f"{portal.host.address}framing.html")
    frame = visitor.page.frames[1]
    frame.wait_for_load_state()
    assert frame.locator("form").count() == 1
    assert not frame.locator("form").is_visible()
