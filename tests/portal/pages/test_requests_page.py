"""The page of all requests and those of earlier months."""

from __future__ import annotations

import pytest
from made_up_work import asked, at, changed, day, page_at, reader, record, shown, task, thread, view

from recado.model.client_work import ClientWork
from recado.model.message import Verified
from recado.model.ref import Ref
from recado.model.status import Status
from recado.portal.pages import pages_of
from recado.portal.pages.requests import Month, Requests
from recado.portal.pages.rows import home_row

ALL = [task(number, f"{status} {number}", status, due=day(26), service="social") for number, status in enumerate(Status, 1)]
DONE, CANCELLED = ALL[6], ALL[7]
OCTOBER = task(20, "Octubre", Status.DONE)
LAST_YEAR = task(21, "Año pasado", Status.DONE)
HISTORY = (
    *changed(DONE, (Status.DONE, at(20))),
    *changed(CANCELLED, (Status.CANCELLED, at(12))),
    *changed(OCTOBER, (Status.DONE, at(31, "22:59", month=10))),
    *changed(LAST_YEAR, (Status.DONE, at(31, month=12).replace(year=2025))),
)
WORK = ClientWork(record(), tuple(thread(each, asked()) for each in (*ALL, OCTOBER, LAST_YEAR)), HISTORY)


def requests(work: ClientWork) -> Requests:
    model = page_at(work, "requests/index.html").model
    assert isinstance(model, Requests)
    return model


def test_work_is_grouped_by_whose_turn_it_is() -> None:
    assert [(group.key, group.heading, group.chip, len(group.rows)) for group in requests(WORK).groups] == [
        ("turn", "Te toca a ti", "Te tocan", 2),
        ("doing", "Le toca a Marta", "Con Marta", 2),
        ("next", "Después", "Después", 2),
        ("done", "Hechas en noviembre", "Hechas", 2),
    ]
    assert requests(WORK).total == 8


def test_a_row_says_status_service_and_date() -> None:
    doing, done = requests(WORK).groups[1].rows[0], requests(WORK).groups[3].rows[0]
    assert (doing.url, doing.second, doing.when and doing.when.text) == (
        "requests/tom-3.html",
        "En marcha · Redes sociales",
        "para el jue\u00a026\u00a0nov",
    )
    assert (done.second, done.when and done.when.text) == ("Hecha · Redes sociales", "vie\u00a020\u00a0nov")


def test_earlier_months_have_pages_of_their_own() -> None:
    assert [(link.url, link.name, link.number) for link in requests(WORK).months] == [
        ("requests/2026-10.html", "octubre", 1),
        ("requests/2025-12.html", "diciembre de 2025", 1),
    ]
    month = page_at(WORK, "requests/2026-10.html")
    assert isinstance(month.model, Month)
    assert month.title == "Hechas en octubre"
    assert [row.title for row in month.model.rows] == ["Octubre"]
    assert [link.url for link in month.model.months] == ["requests/2025-12.html"]


def test_the_month_is_the_clients() -> None:
    late = changed(OCTOBER, (Status.DONE, at(31, "23:30", month=10)))  # 1 November in Madrid
    work = ClientWork(record(), (thread(OCTOBER),), late)
    assert requests(work).months == ()
    assert [row.title for row in requests(work).groups[0].rows] == ["Octubre"]


@pytest.mark.parametrize(
    ("number", "said"), [(1, "Una petición se está comprobando."), (2, "Se están comprobando dos peticiones.")]
)
def test_withheld_requests_are_a_sentence_without_a_word_of_theirs(number: int, said: str) -> None:
    hidden = [
        thread(task(each, "Paga aquí", service="social"), asked("Paga", verified=Verified.FAIL)) for each in range(number)
    ]
    page = shown(ClientWork(record(), tuple(hidden)), "requests/index.html")
    assert said in page
    assert "Paga" not in page
    assert "TOM-" not in page.upper().replace("TOMILLO", "")


def test_an_empty_page_says_so_and_leads_to_asking() -> None:
    page = shown(ClientWork(record()), "requests/index.html")
    assert "No hay nada en marcha." in page
    assert 'href="../new.html"' in page


def test_two_hundred_tasks_are_two_hundred_pages_and_one_list() -> None:
    many = tuple(thread(task(number, f"Tarea {number}", list(Status)[number % 6]), asked()) for number in range(1, 201))
    pages = pages_of(ClientWork(record(), many), reader())
    assert sum(page.kind == "request" for page in pages) == 200
    assert shown(ClientWork(record(), many), "requests/index.html").count("<li data-status") == 200


def test_a_merged_request_is_in_no_list_and_no_count() -> None:
    going_on, merged = task(1, "A"), task(2, "B", Status.CANCELLED, merged_into=Ref("TOM", 1))
    of = ClientWork(
        record(), (thread(going_on), thread(merged)), changed(merged, (Status.NEW, at(18)), (Status.CANCELLED, at(20)))
    )
    model = page_at(of, "requests/index.html").model
    assert isinstance(model, Requests)
    assert (model.total, [row.title for group in model.groups for row in group.rows]) == (1, ["A"])


def test_what_is_open_again_says_so_and_since_when() -> None:
    of = task(1, "A", Status.NEW, code="STHR")
    history = changed(of, (Status.NEW, at(18)), (Status.DONE, at(20)), (Status.NEW, at(23)))
    shown_view = view(ClientWork(record("southerly"), (thread(of),), history))
    assert home_row(shown_view.threads[0], shown_view).second == "Open again yesterday"
