"""What strangers write is text on every page: it is escaped, it links nowhere, it breaks nothing."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_work import (
    asked,
    at,
    changed,
    day,
    invoice,
    message,
    paid,
    reader,
    record,
    rendered,
    said,
    task,
    thread,
)

from recado.model.address import Person
from recado.model.client_work import ClientWork, File, OwnPage
from recado.model.message import Kind
from recado.model.status import Status
from recado.portal.pages import KINDS, pages_of

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</title><script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ page.__class__ }} {% raw %} {0} {name} %(x)s %s",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "javascript:alert(1)",
    "--8<-- '/etc/passwd'",
    "zqxtitlezqx",
    "\u202egnp.exe",
    "\x00\x1b[31m",
)
# What our own parts are written with; nothing else may come out of them.
TAGS = frozenset(
    """a article aside b blockquote br caption code dd del details div dl dt em fieldset figcaption figure form h1 h2 h3 h4 h5
    h6 hr input label legend li ol option p path pre rect section select small span strong summary svg table tbody td text tfoot
    th thead time tr ul""".split()
)
SCHEMES = (
    "mailto:",
    "tel:",
    "https://",
    "http://",
    "#",
    "../",
    "index.html",
    "new.html",
    "welcome.html",
    "requests/",
    "invoices/",
    "pages/",
)


class Reading(HTMLParser):
    """Reads the parts as a browser does and notes what could act."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "src", "srcset", "srcdoc", "formaction", "xlink:href"}:
                self.faults.append(f"{tag} {name}={value}")
            if name == "href" and value and not value.startswith(SCHEMES):
                self.faults.append(f"{tag} href={value}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(html: str) -> Reading:
    reading = Reading()
    reading.feed(html)
    reading.close()
    return reading


def hostile_work(text: str) -> ClientWork:
    """Put one text wherever a stranger's text can stand."""
    mallory = Person(text, "mallory@casatomillo.example")
    tasks = [
        task(number, text, status, service=text, due=day(27), body=f"{text}\n- [ ] {text}")
        for number, status in enumerate(Status, 1)
    ]
    threads = tuple(
        thread(
            each,
            message(Kind.REQUEST, text, at(18), mallory, quoted=text),
            said(text, at(19)),
            message(Kind.REPLY, text, at(17), mallory, quoted=text, id="0000aaaa"),
            message(Kind.NOTE, text, at(17, "10:00"), mallory),
            files=(File(f"0000aaaa-{text}".replace("/", "-"), 10, "0000aaaa"), File(text.replace("/", "-") or "x", 10, None)),
        )
        for each in tasks
    )
    history = tuple(row for each in tasks for row in changed(each, (each.status, at(20))))
    bill = invoice(
        seller={"name": text or "x"},
        lines=[
            {"description": text or "x", "quantity": "2", "unit": text or "x", "price": "1", "net": "2", "tasks": [text or "x"]}
        ],
        taxes=[{"name": text or "x", "rate": "1", "base": "1", "amount": "1", "reason": text or "x"}],
        payments=[paid("1.00", by=text or "x")],
    )
    return ClientWork(record(), threads, history, invoices=(bill,), welcome=text, pages=(OwnPage("eigen", text, text),))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_page_lets_a_strangers_text_act(text: str) -> None:
    of = hostile_work(text)
    for page in pages_of(of, reader(of.record)):
        html = rendered(page, reader(of.record))
        assert read(html).faults == [], page.url


def test_every_kind_of_page_is_read_by_this_test() -> None:
    of = hostile_work("<b>")
    old = thread(task(99, "<b>", Status.DONE), asked())
    of = ClientWork(
        of.record, (*of.threads, old), (*of.changes, *changed(old.task, (Status.DONE, at(5, month=10)))), invoices=of.invoices
    )
    pages = pages_of(of, reader(of.record))
    assert {page.kind for page in pages} == {kind.name for kind in KINDS}
    assert [page.url for page in pages if read(rendered(page, reader(of.record))).faults] == []


@settings(max_examples=15)
@given(st.text(alphabet=st.sampled_from("<>\"'&;=/ ax{}%[]()!*_`\n#-:"), min_size=1, max_size=40))
def test_no_text_at_all_becomes_markup_of_a_page(text: str) -> None:
    of = hostile_work(" ".join(text.split()) or "x")
    for page in pages_of(of, reader(of.record)):
        if page.kind in {"home", "request", "invoice", "requests"}:
            assert read(rendered(page, reader(of.record))).faults == [], page.url


def test_a_hostile_title_is_readable_as_it_was_written() -> None:
    title = "<img src=x onerror=alert(1)> & 'posts'"
    of = ClientWork(record(), (thread(task(1, title, Status.DOING), asked()),))
    for url in ("index.html", "requests/index.html", "requests/tom-1.html"):
        page = next(page for page in pages_of(of, reader()) if page.url == url)
        assert title in "".join(read(rendered(page, reader())).words)


def test_long_titles_and_other_scripts_pass_whole() -> None:
    for title in ("Donaudampfschifffahrtsgesellschaft" * 6, "שלום עולם", "مرحبا", "日本語のタイトル"):
        of = ClientWork(record(), (thread(task(1, title), asked()),))
        html = rendered(next(page for page in pages_of(of, reader()) if page.url == "index.html"), reader())
        assert title in html


def test_parts_hold_nothing_that_a_strict_content_policy_refuses() -> None:
    of = hostile_work("x")
    for page in pages_of(of, reader(of.record)):
        html = rendered(page, reader(of.record))
        assert not re.search(r"<(script|style)|\sstyle=|\son\w+=", html), page.url


def test_headings_follow_one_another() -> None:
    of = hostile_work("# Uno\n\n## Dos\n\ntexto")
    for page in pages_of(of, reader(of.record)):
        levels = [2, *(int(level) for level in re.findall(r"<h([1-6])", rendered(page, reader(of.record))) if level != "1")]
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), (page.url, levels)
