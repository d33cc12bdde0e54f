"""The small parts that pages are written with: sentences, mail links, gists, bodies without their checklist."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.portal.pages.gist import gist
from recado.portal.pages.mailto import mailto
from recado.portal.pages.sentence import Piece, joined, plain, sentence
from recado.portal.pages.understood import without_checklist


def test_a_sentence_places_its_pieces_where_the_translation_wants_them() -> None:
    parts = sentence("Tienes {amount} por pagar, {day}.", amount=Piece("5 €", "invoices/1.html", is_strong=True), day="hoy")
    assert plain(parts) == "Tienes 5 € por pagar, hoy."
    assert parts[1] == Piece("5 €", "invoices/1.html", is_strong=True)


def test_a_piece_keeps_its_braces() -> None:
    assert plain(sentence("Hello {name}", name="{things} {0}")) == "Hello {things} {0}"


def test_a_catalogue_that_invents_a_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        sentence("Hola {nombre}", name="Lucía")


def test_sentences_are_joined_with_a_space_and_empty_ones_are_passed_over() -> None:
    assert plain(joined((), sentence("A."), (), sentence("B."))) == "A. B."


def test_a_mail_link_is_percent_encoded_and_its_lines_end_in_crlf() -> None:
    link = mailto("requests+acme@marta.example", "[ACME-1] ¿Sí & no?", "Línea 1\n- ")
    assert link == (
        "mailto:requests%2Bacme@marta.example?subject=%5BACME-1%5D%20%C2%BFS%C3%AD%20%26%20no%3F&body=L%C3%ADnea%201%0D%0A-%20"
    )


@given(st.text(max_size=80), st.text(max_size=200))
def test_no_text_gets_out_of_its_field_of_a_mail_link(subject: str, body: str) -> None:
    subject, body = (text.encode("utf-8", "replace").decode() for text in (subject, body))
    parts = urlsplit(mailto("requests@marta.example", subject, body))
    assert unquote(parts.path) == "requests@marta.example"
    assert set(parse_qs(parts.query)) <= {"subject", "body"}
    assert "%0A" not in parts.query.partition("body=")[0]
    assert not set(parts.query) & set("\"'<>\\ ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        ("¿Con IVA?", "¿Con IVA?"),
        ("Hola, Lucía:\n\n¿Con IVA?\n\nUn abrazo,\nMarta", "¿Con IVA?"),
        ("Buenas tardes, Lucía. Ya están las doce.", "Ya están las doce."),
        ("Hi Jane,\n\nThe *ten* questions are [ready](https://x.example).", "The ten questions are ready."),
        ("Ya está. Un detalle largo.\n\n¿El precio de 18,50 € lleva ya el IVA?", "¿El precio de 18,50 € lleva ya el IVA?"),
        ("- ¿Rojo?\n- ¿Verde?", "¿Rojo? ¿Verde?"),
        ("> ¿Citado?", "¿Citado?"),
        (r"Son 3 \* 4 y snake_case", "Son 3 * 4 y snake_case"),
        ("Hola", ""),
    ],
)
def test_the_gist_is_the_question_or_the_first_paragraph(text: str, said: str) -> None:
    assert gist(text, 100) == said


def test_a_long_text_is_cut_to_its_questions_and_then_at_a_word() -> None:
    assert gist("Una frase larga antes. ¿Sí? Otra después de todo.", 20) == "¿Sí?"
    assert gist("palabra " * 50, 30) == "palabra palabra palabra…"
    assert gist("x" * 500, 30) == "x" * 29 + "…"


@given(st.text(max_size=2000), st.integers(10, 300))
def test_a_gist_is_never_longer_than_asked_for(text: str, limit: int) -> None:
    assert len(gist(text, limit)) <= limit
    assert "\n" not in gist(text, limit)


def test_a_hostile_text_does_not_take_long() -> None:
    for hostile in ("[" * 200_000, "a." * 100_000, "*" * 200_000, "? " * 100_000, "\n> " * 100_000):
        gist(hostile, 200)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Textos.\n\n## Lista\n- [x] Temas\n- [ ] Fotos\n", "Textos."),
        ("## Plan\n\n- [ ] Temas\n\nY luego.", "Y luego."),
        ("## Plan\nPrimero esto.\n- [ ] Temas", "## Plan\nPrimero esto."),
        ("Plan.\r\n\r\n- [ ] Temas\r\n- [X] Fotos\r\n", "Plan."),
        ("- [ ]", "- [ ]"),
        ("1. [ ] Temas", "1. [ ] Temas"),
        ("- no es lista\n- [ ] sí", "- no es lista"),
        ("", ""),
    ],
)
def test_a_checklist_is_taken_out_with_the_heading_that_stood_over_nothing_else(text: str, left: str) -> None:
    assert without_checklist(text) == left
