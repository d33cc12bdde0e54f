"""The page on which a client asks: the form's address and words, and the way without it."""

from __future__ import annotations

from urllib.parse import unquote

from made_up_work import page_at, record

from recado.model.client_work import ClientWork
from recado.portal.pages.ask import AskForm
from recado.portal.pages.sentence import plain


def form(key: str) -> AskForm:
    model = page_at(ClientWork(record(key)), "new.html").model
    assert isinstance(model, AskForm)
    return model


def test_the_form_goes_to_the_request_address() -> None:
    assert form("tomillo").action == "mailto:requests@marta.example"


def test_only_services_that_are_offered_can_be_chosen() -> None:
    assert form("southerly").services == ("Social media", "Research")


def test_the_promised_answer_is_the_one_of_the_file() -> None:
    assert form("tomillo").then == "Te contesto antes de 24 horas hábiles: qué he entendido y cuándo estará."
    assert form("notaria").usual == "Le contesto antes de 24 horas hábiles."


def test_the_mail_written_by_hand_asks_what_the_form_asks() -> None:
    link = next(piece.href for piece in form("southerly").by_hand if piece.href)
    assert unquote(link) == "mailto:requests@marta.example?body=By: \r\nImportance: \r\nService: \r\n\r\nDetails: "
    assert plain(form("southerly").by_hand).startswith(
        "Open a mail with the questions in it, or write to requests@marta.example:"
    )
