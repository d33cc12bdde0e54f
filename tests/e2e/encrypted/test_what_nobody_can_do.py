"""What nobody can do to an encrypted portal in a real browser: change it unseen, run a script in it, take its key out."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from visited_portal import FORGET, Portal, Visitor

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from playwright.sync_api import Browser

pytestmark = pytest.mark.e2e


def altered(file: Path, at: int) -> None:
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize("at", [0, 16, -1])
def test_a_page_of_which_a_byte_was_changed_is_not_shown(visitor: Visitor, portal: Portal, at: int) -> None:
    page = visitor.unlock()
    altered(portal.blob("requests/tom-31.html"), at)
    visitor.open("requests/tom-31.html")
    expect(page.locator("h1")).to_have_text("This page was altered, and is not shown")
    assert page.locator(".r-nav").count() == 0
    page.get_by_role("link", name="To the home page").click()
    expect(page.locator("h1")).to_contain_text("Lucía")
    visitor.forgive("status of 502")


def test_a_page_put_in_anothers_place_is_not_shown(visitor: Visitor, portal: Portal) -> None:
    page = visitor.unlock()
    shutil.copy(portal.blob("requests/tom-24.html"), portal.blob("requests/tom-31.html"))
    visitor.open("requests/tom-31.html")
    expect(page.locator("h1")).to_have_text("This page was altered, and is not shown")
    visitor.forgive("status of 502")


@pytest.mark.parametrize("how", ["its last byte changed", "cut off between two chunks"])
def test_a_large_file_of_which_the_end_was_altered_is_not_saved(visitor: Visitor, portal: Portal, how: str) -> None:
    page = visitor.unlock()
    blob = portal.blob("requests/tom-31/fotos.zip")
    if how == "its last byte changed":
        altered(blob, -1)
    else:
        blob.write_bytes(blob.read_bytes()[: 16 + 8 * ((1 << 20) + 16)])
    visitor.open("requests/tom-31.html")
    with page.expect_download() as waiting:
        page.evaluate("() => { location.href = 'tom-31/fotos.zip'; }")
    assert waiting.value.failure()
    visitor.forgive("Failed to load")


def test_a_script_in_a_page_does_not_run(browser: Browser, portal: Portal, tmp_path: Path) -> None:
    again = tmp_path / "again"
    shutil.copytree(portal.built, again)
    page_file = again / "requests" / "tom-24.html"
    injected = (
        "<script>document.title = 'owned'</script><img src=x onerror=\"document.title = 'owned'\"><b style='color:red'>b</b>"
    )
    page_file.write_text(page_file.read_text(encoding="utf-8").replace("<body", f"{injected}<body", 1), encoding="utf-8")
    portal.built = again
    portal.publish()
    with browser.new_context() as context:
        visitor = Visitor(context, portal)
        visitor.unlock()
        page = visitor.open("requests/tom-24.html")
        expect(page.locator("b[style]")).to_have_count(1)
        assert page.title() != "owned"
        assert sum("Content Security Policy" in complaint for complaint in visitor.complaints) >= 3


def test_two_portals_on_one_host_are_not_mixed(visitor: Visitor, portal: Portal, built: Path) -> None:
    other = Portal(built / "southerly", portal.place, portal.door, portal.host)
    other.publish()
    page = visitor.unlock()
    page.goto(other.address)
    assert visitor.is_at_the_door()
    page.get_by_label("Passphrase").fill(portal.key.passphrase.reveal())
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("does not open these pages")
    page.goto(other.link)
    page.goto("about:blank")
    page.goto(other.link)
    expect(page.locator("h1")).to_contain_text("Jane")
    visitor.open("welcome.html")
    expect(page.locator(".r-who")).to_contain_text("Casa Tomillo")
    page.goto(f"{other.address}requests/tom-31.html")
    expect(page.locator("h1")).to_have_text("Nothing here")
    page.get_by_role("link", name=FORGET).click()
    page.get_by_role("button", name=re.compile("^(Forget|Olvidar)$")).click()
    expect(page.get_by_role("status")).to_contain_text(re.compile("has forgotten|ha olvidado"))
    visitor.open()
    expect(page.locator("h1")).to_contain_text("Lucía")
    page.goto(other.address)
    assert visitor.is_at_the_door()


def test_a_device_that_was_told_to_forget_has_nothing_left(visitor: Visitor, portal: Portal) -> None:
    page = visitor.unlock()
    visitor.open("requests/tom-31.html")
    page.get_by_role("link", name=FORGET).click()
    page.get_by_role("button", name=re.compile("^(Forget|Olvidar)$")).click()
    expect(page.get_by_role("status")).to_contain_text(re.compile("has forgotten|ha olvidado"))
    left = "async () => [(await caches.keys()).length, (await indexedDB.databases()).length]"
    assert page.evaluate(left) == [0, 0]
    visitor.open("requests/tom-31.html")
    assert visitor.is_at_the_door()
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    page.go_back()
    page.go_back()
    assert "TOM-31" not in page.content()
    assert portal.key.passphrase.reveal() not in page.content()


def test_a_worker_that_was_stopped_still_has_the_key(visitor: Visitor) -> None:
    page = visitor.unlock()
    session = visitor.context.new_cdp_session(page)
    session.send("ServiceWorker.enable")
    session.send("ServiceWorker.stopAllWorkers")
    visitor.open("requests/tom-31.html")
    expect(page.locator("#files-h")).to_be_visible()


def test_the_key_that_is_kept_cannot_be_taken_out(visitor: Visitor, portal: Portal) -> None:
    page = visitor.unlock()
    exported: dict[str, Any] = page.evaluate(
        """(name) => new Promise((resolve) => {
          const open = indexedDB.open(name);
          open.onsuccess = () => {
            const request = open.result.transaction("keys").objectStore("keys").get("keys");
            request.onsuccess = async () => {
              const told = {};
              for (const [name, key] of Object.entries(request.result))
                told[name] = [key.extractable, await crypto.subtle.exportKey("raw", key).then(() => "out", ({ name }) => name)];
              resolve(told);
            };
          };
        })""",
        f"recado /portals/{portal.key.folder}/",
    )
    assert exported == {"base": [False, "NotSupportedError"], "names": [False, "InvalidAccessError"]}
