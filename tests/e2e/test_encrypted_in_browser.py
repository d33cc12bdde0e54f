"""Encrypted portals in a real browser, on a host that knows nothing of them: what clients can do, and nobody else."""

from __future__ import annotations

import re
import shutil
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sealed_place import StaticHost, build_demo, paths_of, put_root, quick_key, seal, static_host

from recado.deploy.sealed.door import Door, the_door
from recado.deploy.sealed.form import Sealed
from recado.deploy.sealed.packing import HELD
from recado.deploy.sealed.pages import is_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from playwright.sync_api import Browser, BrowserContext, Page, Request, Route

    from recado.deploy.sealed.key import PortalKey

pytestmark = pytest.mark.e2e

CLIENT = "tomillo"
FORGET = re.compile("^(Forget me on this device|Olvidarme en este dispositivo)$")
# What the browser itself says of an answer that is meant: a first visit deep in a portal, and a page that is not there.
NOT_FOUND = re.compile(r"^Failed to load resource: the server responded with a status of 404")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's portals, and in one of them files too large to be held, which a client may have been sent."""
    site = build_demo(tmp_path_factory.mktemp("demo"))
    folder = site / CLIENT / "requests" / "tom-31"
    (folder / "fotos.zip").write_bytes(bytes(range(256)) * (HELD // 256) + b"the last photo")
    (folder / "tamaño & 100% – маки.jpg").write_bytes(b"a picture")
    (folder / "existencias.csv").write_bytes(b"vela,romero,12\n" * (HELD // 12))
    return site


@pytest.fixture(scope="module")
def door() -> Door:
    return the_door()


@dataclass
class Portal:
    """One encrypted portal in a place, and the host in front of it."""

    built: Path
    place: Path
    door: Door
    host: StaticHost
    key: PortalKey = field(default_factory=quick_key)

    @property
    def form(self) -> Sealed:
        return Sealed(self.key, self.door)

    @property
    def address(self) -> str:
        return f"{self.host.address}{self.key.folder}/"

    @property
    def link(self) -> str:
        return f"{self.address}#{self.key.passphrase.reveal()}"

    def publish(self) -> None:
        shutil.rmtree(self.place / self.key.folder, ignore_errors=True)
        seal(self.built, self.form, self.place)

    def blob(self, path: str) -> Path:
        return self.place / self.key.folder / self.form.name(path)


@pytest.fixture
def portal(built: Path, door: Door, tmp_path: Path) -> Iterator[Portal]:
    place = tmp_path / "place"
    put_root(place, door)
    with static_host(place) as host:
        portal = Portal(built / CLIENT, place, door, host)
        portal.publish()
        yield portal


class Visitor:
    """A client's browser, which notes what no client should see: errors, breaches of the policy, requests to another host."""

    def __init__(self, context: BrowserContext, portal: Portal) -> None:
        self.context, self.portal = context, portal
        self.complaints: list[str] = []
        context.on("console", lambda message: self._note(f"console: {message.text}", NOT_FOUND.match(message.text)))
        context.on("weberror", lambda error: self._note(f"error: {error.error}"))
        context.on("request", self._note_request)
        self.page: Page = context.new_page()

    def _note(self, complaint: str, meant: object = None) -> None:
        if not meant:
            self.complaints.append(complaint)

    def _note_request(self, request: Request) -> None:
        self._note(f"request: {request.url}", request.url.startswith((self.portal.host.address, "data:")))

    def open(self, path: str = "") -> Page:
        self.page.goto(f"{self.portal.address}{path}")
        return self.page

    def unlock(self) -> Page:
        """Open the link, and wait until all that is kept for later is there."""
        self.page.goto(self.portal.link)
        expect(self.page.locator("h1")).to_contain_text("Lucía")
        kept = [self.portal.form.name(path) for path in paths_of(self.portal.built) if _is_kept(path)]
        assert len(kept) > 12
        self.wait_until_kept(*kept)
        return self.page

    def wait_until_kept(self, *names: str) -> None:
        self.page.evaluate(
            """async (addresses) => {
              const kept = () => Promise.all(addresses.map((address) => caches.match(address)));
              while (!(await kept()).every(Boolean)) await new Promise(requestAnimationFrame);
            }""",
            [f"{self.portal.address}{name}" for name in names],
        )

    def forgive(self, *meant: str) -> None:
        """Leave out what the browser says of an answer that is meant."""
        self.complaints = [each for each in self.complaints if not any(words in each for words in meant)]

    def is_at_the_door(self, page: Page | None = None) -> bool:
        expect((page or self.page).get_by_label("Passphrase")).to_be_visible()
        return True


def _is_kept(path: str) -> bool:
    return path.startswith("assets/") or path.endswith("index.html") or path in {"new.html", "welcome.html", "404.html"}


@pytest.fixture
def visitor(browser: Browser, portal: Portal) -> Iterator[Visitor]:
    with browser.new_context(locale="en-GB") as context:
        visitor = Visitor(context, portal)
        yield visitor
        assert visitor.complaints == []


# ---- Opening ----


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


# ---- Using ----


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


# ---- Without a network ----


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


# ---- What nobody can do ----


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
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).every(({ scope }) => scope)")
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


# ---- When the key is another, or the portal gone ----


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
