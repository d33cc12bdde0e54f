"""What strangers write, in every field of a portal, opened in a browser: it is there to read and does nothing.

With the policy of a deployed portal, and without any: the pages are safe, and not only what stands in front of them.
"""

from __future__ import annotations

import functools
import re
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest
from hostile_practice import KEY, MESSAGES, as_plain_words, as_written, file_name, in_one_line, in_tasks, write_practice
from hostile_texts import HOSTILE
from playwright.sync_api import expect
from portal_builds import recado
from watched_page import BODIES, Look, Visit, bare, frame_of, words

from recado.cli.preview import serving
from recado.portal.body import ATTRIBUTES, TAGS
from recado.portal.own_pages import URL
from recado.portal.pages import KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.e2e

ENVIRONMENT = {"RECADO_NOW": "2026-11-24T08:40:00Z", "RECADO_LANGUAGE": "en"}

# Searches for each of some words, and gives the titles that are found.
SEARCH = """async (asked) => {
    const found = [];
    for (const typed of asked) {
        form.words.value = typed;
        await search();
        found.push([...document.querySelectorAll(".r-found a")].map(({ textContent }) => textContent));
    }
    return found;
}"""
SEARCHED = """[...document.querySelectorAll(".r-found *")].map(
    ({ localName, attributes }) => `${localName} ${[...attributes].map(({ name }) => name).sort().join(" ")}`)"""
# What the VA's own pages may hold besides.
OWN_TAGS = TAGS | set(
    "abbr caption dd details div dl dt figcaption figure h1 ins kbd mark small span sub summary sup u".split()
)
OWN_ATTRIBUTES = {"align", "class", "href", "id", "open", "rel", "start", "title"}


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


@pytest.fixture(scope="module", params=["under the policy", "without a policy"])
def address(request: pytest.FixtureRequest, root: Path) -> Iterator[str]:
    site = root / "hostile" / "site"
    with serving(site, {KEY: "x"}) if request.param == "under the policy" else served_plainly(site) as address:
        yield f"{address}{KEY}/"


@pytest.fixture(scope="module")
def visit(browser: Browser, root: Path, address: str) -> Iterator[Visit]:
    with browser.new_context() as context:
        yield Visit(context, address, root / "hostile" / "site" / KEY)


@pytest.fixture(scope="module")
def looks(visit: Visit) -> dict[str, Look]:
    """Open every page of the hostile portal, once."""
    return {path: visit.open(path) for path in sorted(visit.files) if path.endswith(".html")}


@pytest.fixture(scope="module")
def plain(browser: Browser, root: Path) -> dict[str, list[str]]:
    """Give what every page of the other portal is made of."""
    site = root / "plain" / "site" / KEY
    with browser.new_context() as context:
        page = context.new_page()
        return {path.relative_to(site).as_posix(): frame_of(page, path) for path in site.rglob("*.html")}


@pytest.fixture(scope="module")
def tasks(looks: dict[str, Look]) -> list[tuple[Sequence[str], Look]]:
    """Give the texts of each task, and its page."""
    return [(some, looks[f"requests/{KEY}-{number}.html"]) for number, some in enumerate(in_tasks(), 1)]


def test_no_page_does_anything(looks: dict[str, Look]) -> None:
    assert {path: look.complaints for path, look in looks.items() if look.complaints} == {}


def test_every_kind_of_page_is_opened(looks: dict[str, Look]) -> None:
    for kind in (*KINDS, Kind("own", URL, lambda _: ())):
        assert [path for path in looks if re.fullmatch(kind.url.replace("any", ".+").replace("month", r"\d{4}-\d\d"), path)]


def test_no_page_has_an_element_or_an_attribute_that_plain_words_would_not_give_it(
    looks: dict[str, Look], plain: dict[str, list[str]]
) -> None:
    assert set(looks) == set(plain)
    for path, look in looks.items():
        assert look.frame == plain[path], path


def test_a_text_holds_nothing_but_what_can_be_read(looks: dict[str, Look]) -> None:
    for path, look in looks.items():
        for tag, space, *attributes in look.within:
            assert space == "http://www.w3.org/1999/xhtml", path
            assert tag in (OWN_TAGS if path.startswith("pages/") else TAGS), path
            allowed = OWN_ATTRIBUTES if path.startswith("pages/") else ATTRIBUTES.get(tag, set()) | {"rel"}
            assert set(attributes) <= allowed, (path, tag)


def test_what_stands_in_one_line_can_be_read_as_it_was_written(tasks: list[tuple[Sequence[str], Look]]) -> None:
    for some, look in tasks:
        title = bare(" ".join(map(in_one_line, some)))
        assert look.lines("h1") == [title]
        assert bare(look.title).startswith(title)
        assert look.lines(".r-checks li") == [bare(in_one_line(each)) for each in some]
        names = [bare(f"{file_name(each)}.txt") for each in some]
        assert sorted(look.lines(".r-files a")) == sorted([*names, *(f"sent-{name}" for name in names)])
        assert look.lines(".r-photos span") == [bare(f"photo-{file_name(some[-1])}.png")]
        for each in some[2:]:  # the first two are of people who are known
            assert any(bare(in_one_line(each)) in line for line in look.lines(".r-msg h3, .r-msg summary")), each


def test_every_word_of_every_message_can_be_read(tasks: list[tuple[Sequence[str], Look]]) -> None:
    for some, look in tasks:
        for place, each in enumerate(some):
            saying = [body for body in look.bodies if all(word in bare(body) for word in words(each))]
            # Of an automatic answer, no quotation is shown.
            assert len(saying) >= (2 if MESSAGES[place] == "note" else 3), (each, look.bodies)


@pytest.mark.parametrize(("path", "least"), [("index.html", 15), ("requests/index.html", 30), ("requests/2026-10.html", 2)])
def test_titles_in_a_list_can_be_read_as_they_were_written(looks: dict[str, Look], path: str, least: int) -> None:
    titles = [bare(" ".join(map(in_one_line, some))) for some in in_tasks()]
    assert len([title for title in titles if title in bare(looks[path].text)]) >= least


def test_lines_of_invoices_and_words_of_welcome_can_be_read(looks: dict[str, Look]) -> None:
    invoices = bare("".join(look.text for path, look in looks.items() if path.startswith("invoices/2")))
    assert [each for each in HOSTILE if bare(in_one_line(each)) not in invoices] == []
    (welcome,) = map(bare, looks["welcome.html"].bodies)
    assert [word for each in HOSTILE for word in words(each) if word not in welcome] == []


def test_every_link_leads_to_a_page_of_the_portal_or_opens_no_more_than_a_page_or_a_mail(
    visit: Visit, looks: dict[str, Look]
) -> None:
    for path, look in looks.items():
        for link in look.links:
            is_elsewhere = not link.startswith(visit.address.removesuffix(f"{KEY}/"))
            is_her_own = path.startswith("pages/")  # there, what she wrote may lead anywhere on her server
            assert link.startswith(("https://", "http://", "mailto:")), (path, link)
            assert is_elsewhere or is_her_own or visit.is_of_the_portal(link), (path, link)


def test_a_click_on_a_link_in_a_text_leads_where_it_says(browser: Browser, root: Path, address: str) -> None:
    with browser.new_context() as context:
        visit = Visit(context, address, root / "hostile" / "site" / KEY)
        visit.page.route(lambda url: not visit.is_of_the_portal(url), lambda route: route.fulfill(status=204))
        assert visit.open("welcome.html").complaints == []  # all texts stand there
        links = {str(link.evaluate("(link) => link.href")): link for link in visit.page.locator(BODIES).locator("a").all()}
        mails, pages = (sorted(href for href in links if href.startswith(scheme)) for scheme in ("mailto:", "https:"))
        assert mails == ["mailto:evil@evil.example", "mailto:x@a.example"]  # a click would look for a mail program
        assert len(pages) == len(links) - len(mails) >= 10
        for href in pages:
            with visit.page.expect_request(lambda request: request.is_navigation_request()) as asked:
                links[href].click()
            assert asked.value.url == href.partition("#")[0]
        assert visit.complaints() == [f"request: {href.partition('#')[0]}" for href in pages]


def test_a_search_finds_each_and_shows_it_as_it_was_written(visit: Visit) -> None:
    visit.open("requests/index.html")
    page, titles = visit.page, [" ".join(map(in_one_line, some)) for some in in_tasks()]
    page.locator("#words").fill("alert onerror")
    expect(page.locator(".r-found li").first).to_be_visible()
    asked = [
        (in_one_line(text), bare(normalize("NFC", title)))
        for some, title in zip(in_tasks(), titles, strict=True)
        for text in some
    ]
    found = page.evaluate(SEARCH, [text for text, _ in asked])
    for (text, title), results in zip(asked, found, strict=True):
        if re.search(r"\w", text):
            assert title in map(bare, results), text
    assert visit.complaints() == []
    assert set(page.evaluate(SEARCHED)) <= {"li data-status", "a dir href", "p ", "mark "}
