"""What the search looks through: refs, titles and texts of what a client may see, the same for the same files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_work import NOW, answered, asked, at, changed, record, said, task, thread, view

from recado.model.client_work import ClientWork, File
from recado.model.message import Kind, Verified
from recado.model.status import Status
from recado.portal.search import entry_of, index_of

if TYPE_CHECKING:
    from datetime import datetime

    from recado.model.client_work import Thread
    from recado.model.history import Change


def raw(of: Thread, history: tuple[Change, ...] = (), now: datetime = NOW, key: str = "tomillo") -> str:
    shown = view(ClientWork(record(key), (of,), history), now)
    return entry_of(shown.threads[0], shown)


def entry(of: Thread, history: tuple[Change, ...] = (), key: str = "tomillo") -> dict[str, Any]:
    found = json.loads(raw(of, history, key=key))
    assert isinstance(found, dict)
    return found


def test_an_entry_has_what_a_result_shows_and_what_is_searched() -> None:
    of = task(31, "Velas de otoño", Status.DOING, service="social", body="Doce **fotos** de [velas](https://x.example/a)")
    found = entry(thread(of, asked("Lo de la feria, `por favor`", at(18)), said("- Empiezo hoy\n- [x] Mañana sigo", at(20))))
    assert found == {
        "ref": "TOM-31",
        "title": "Velas de otoño",
        "url": "requests/tom-31.html",
        "status": "doing",
        "line": "En marcha · Redes sociales",
        "text": "Doce fotos de velas · Empiezo hoy Mañana sigo · Lo de la feria, por favor",
    }


def test_what_has_ended_says_when_with_its_year() -> None:
    of = task(31, "Velas", Status.DONE)
    line = entry(thread(of, asked()), changed(of, (Status.NEW, at(18)), (Status.DONE, at(20))))["line"]
    assert line == "Hecha · 20\N{NO-BREAK SPACE}nov\N{NO-BREAK SPACE}2026"


def test_another_day_says_nothing_else() -> None:
    of = task(31, "Velas", Status.DOING, due=at(25).date())
    history = changed(of, (Status.NEW, at(18)), (Status.DOING, at(20)))
    assert raw(thread(of, asked()), history) == raw(thread(of, asked()), history, NOW.replace(year=2027))


def test_words_of_a_withheld_message_and_names_of_its_files_are_not_in_it() -> None:
    bad = answered("Cambio de cuenta bancaria", at(21), verified=Verified.FAIL, id="bad00bad")
    files = (File("bad00bad-cuenta.pdf", 10, "bad00bad"), File("entrega.pdf", 10, None))
    found = entry(thread(task(31, "Velas"), asked(), bad, files=files))
    assert "cuenta" not in json.dumps(found)
    assert "entrega.pdf" in found["text"]


def test_what_a_message_quotes_is_not_in_it() -> None:
    assert "antes" not in entry(thread(task(31, "Velas"), asked(), answered("Sí", at(21), quoted="lo de antes")))["text"]


def test_a_password_is_not_in_it() -> None:
    words = "La contraseña es: Tr0mbon#77"
    found = json.dumps(entry(thread(task(31, f"Velas. {words}", body=words), asked(words))))
    assert "Tr0mbon" not in found


def test_what_was_answered_is_with_the_practice() -> None:
    of = task(34, "Ficha", Status.WAITING)
    history = changed(of, (Status.NEW, at(18)), (Status.WAITING, at(20)))
    found = entry(thread(of, asked(), said("¿Con IVA?", at(20)), answered("Sí", at(21))), history)
    assert (found["status"], found["line"]) == ("doing", "Tu respuesta ha llegado")


def test_a_text_that_stands_there_twice_is_in_it_once() -> None:
    text = "Lo de siempre, por favor."
    assert entry(thread(task(31, "Velas", body=text), asked(text)))["text"] == text


def test_of_what_is_too_long_the_oldest_is_left_out() -> None:
    of = thread(task(31, "Velas"), asked("antiguo " * 3_000, at(18)), said("nuevo " * 1_000, at(20)))
    text = entry(of)["text"]
    assert len(text) == 12_000
    assert text.startswith("nuevo nuevo")
    assert "antiguo" in text[6_000:]


def test_letters_and_their_accents_are_one() -> None:
    assert entry(thread(task(31, "cafe\u0301")))["title"] == "café"


@pytest.mark.parametrize("kind", [Kind.REQUEST, Kind.REPLY])
def test_no_tag_can_be_read_in_it(kind: Kind) -> None:
    hostile = "</script><img src=x onerror=alert(1)>"
    message = asked(hostile) if kind is Kind.REQUEST else answered(hostile, at(21))
    found = raw(thread(task(31, hostile), message))
    assert "<" not in found
    assert json.loads(found)["title"] == hostile


def test_an_index_is_one_list() -> None:
    one, other = raw(thread(task(1, "A\nB"))), raw(thread(task(2, '"}],[{')))
    assert [each["ref"] for each in json.loads(index_of([one, other]))] == ["TOM-1", "TOM-2"]
    assert json.loads(index_of([])) == []


@given(st.text(max_size=300), st.text(alphabet="[]()!*_`~|\\#>-1. \nab", max_size=400))
def test_any_text_makes_an_entry_that_can_be_read(title: str, text: str) -> None:
    assert entry(thread(task(1, title), asked(text)))["ref"] == "TOM-1"


def test_marks_by_the_thousand_are_taken_out_in_good_time() -> None:
    for text in ("[" * 50_000, "![" * 25_000, "](" * 25_000, "[a](" * 12_000, "\\" * 50_000, " " * 50_000, "- " * 25_000):
        assert len(entry(thread(task(1, "A"), asked(text)))["text"]) <= 12_000
