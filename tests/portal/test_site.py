"""What stands around every page: letterhead, foot, and the way to the portal's root."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from recado.errors import WorkError
from recado.model.client_work import ClientWork, OwnPage
from recado.portal.brand import palette
from recado.portal.page import Page
from recado.portal.reader import Reader
from recado.portal.site import Frame, finished_pages
from recado.resources import demo_practice
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from recado.model.practice import ClientRecord

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)


@pytest.fixture
def record() -> ClientRecord:
    return load_practice(Workspace(demo_practice())).record("southerly")


def frame(record: ClientRecord) -> Frame:
    return Frame.of(ClientWork(record), Reader.of(record, NOW), palette("#84305f"))


def page(url: str, subject: str = "[STHR-58]", title: str = "Posts") -> Page:
    return Page("request", url, title, subject, None)


@pytest.mark.parametrize(("url", "root"), [("index.html", ""), ("requests/sthr-58.html", "../"), ("404.html", "/southerly/")])
def test_the_root_is_reached_from_every_depth_and_from_a_wrong_address(record: ClientRecord, url: str, root: str) -> None:
    assert frame(record).values(page(url))["root"] == root


def test_the_subject_of_a_mail_about_the_page_is_encoded(record: ClientRecord) -> None:
    values = frame(record).values(page("index.html", "[STHR-58] ¿qué? & más\r\nBcc: x"))
    assert values["subject"] == "%5BSTHR-58%5D%20%C2%BFqu%C3%A9%3F%20%26%20m%C3%A1s%0D%0ABcc%3A%20x"


def test_the_imprint_says_when_what_the_page_shows_changed_and_nothing_where_that_is_not_known(record: ClientRecord) -> None:
    said = page("index.html")._replace(updated=lambda: NOW)
    assert frame(record).imprint(page("index.html")) == "Marta Ruiz · Asistencia virtual · Recado"
    assert "updated Tuesday 24 November, 7:40 pm" in frame(record).imprint(said).replace("\N{NO-BREAK SPACE}", " ").replace(
        "\u202f", " "
    )


def test_the_initials_are_those_of_the_first_and_the_last_name(record: ClientRecord) -> None:
    assert frame(record).values(page("index.html"))["mark"] == '<span class="r-mark" aria-hidden="true">MR</span>'


def test_an_empty_portal_is_a_whole_one(record: ClientRecord) -> None:
    made = dict(finished_pages(ClientWork(record), Reader.of(record, NOW), palette(None)))
    assert {"index.html", "requests/index.html", "new.html", "invoices/index.html", "welcome.html", "404.html"} <= set(made)
    for html in made.values():
        assert html.startswith("\n<!doctype html>") or html.lstrip().startswith("<!doctype html>")
        assert html.count("<h1") == 1


def test_two_pages_of_one_address_are_refused(record: ClientRecord) -> None:
    work = ClientWork(record, pages=(OwnPage("how", "How I work", "x"), OwnPage("How", "How to pay", "y")))
    with pytest.raises(WorkError, match=r"address pages/How\.html: “How I work” and “How to pay”"):
        dict(finished_pages(work, Reader.of(record, NOW), palette(None)))
