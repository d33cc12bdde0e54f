"""The home page: the brief in every state, what waits for the client, and what stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from made_up_work import (
    answered,
    asked,
    at,
    changed,
    day,
    invoice,
    page_at,
    paid,
    record,
    said,
    shown,
    task,
    thread,
    view,
)

from recado.model.client_work import ClientWork, Thread
from recado.model.status import Status
from recado.portal.pages.asks import Ask, task_asks
from recado.portal.pages.brief import brief
from recado.portal.pages.home import Home
from recado.portal.pages.invoice_asks import invoice_asks
from recado.portal.pages.sentence import plain

if TYPE_CHECKING:
    from datetime import datetime

    from recado.portal.pages.view import View

POSTS = thread(
    task(31, "Publicaciones", Status.APPROVAL, due=day(27)), asked(), said("Ya están las doce. Dime si van así.", at(24))
)
CANDLE = thread(task(34, "Vela", Status.WAITING, due=day(25)), asked(), said("Hola, Lucía.\n\n¿Lleva ya el IVA?", at(23)))
REVIEWS = thread(task(28, "Reseñas", Status.DOING, due=day(26)), asked())
LATER = thread(task(35, "Ferias", Status.NEW, received=at(23)), asked(when=at(23)))
PAID = invoice(payments=[paid("445.20")])
ONE = "Estoy con una petición, que te llega el jueves 26."


def work(*threads: Thread, key: str = "tomillo", **values: Any) -> ClientWork:
    return ClientWork(record(key), threads, **values)


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (work(), "Aquí no hay nada todavía. Para pedir algo, escribe a requests@marta.example o usa Pedir."),
        (work(REVIEWS), f"No necesito nada de ti. {ONE}"),
        (work(LATER), "No necesito nada de ti. Después viene una petición."),
        (work(POSTS), "Necesito una cosa de ti."),
        (
            work(POSTS, CANDLE, REVIEWS, invoices=(invoice(),)),
            f"Necesito tres cosas de ti. {ONE} Tienes por pagar 445,20\u00a0€, hasta el 5 de diciembre.",
        ),
        (
            work(REVIEWS, invoices=(invoice(due="2026-11-21"),)),
            f"{ONE} Tienes por pagar 445,20\u00a0€, que venció hace tres días.",
        ),
        (
            work(REVIEWS, invoices=(invoice("2", due="2026-12-05"), invoice("1", due="2026-11-30"))),
            f"{ONE} Tienes por pagar 890,40\u00a0€, lo primero hasta el 30 de noviembre.",
        ),
        (work(REVIEWS, invoices=(PAID,)), f"No necesito nada de ti. {ONE} No debes nada."),
        (work(thread(task(1, "Tarde", due=day(20)))), "No necesito nada de ti. Estoy con una petición, que va con retraso."),
        (
            work(REVIEWS, thread(task(1, "Tarde", due=day(20)))),
            "No necesito nada de ti. Estoy con dos peticiones, de las que una va con retraso.",
        ),
        (
            work(REVIEWS, thread(task(29, "Pedido", due=day(27)))),
            "No necesito nada de ti. Estoy con dos peticiones: la primera te llega el jueves 26.",
        ),
        (work(POSTS, key="southerly"), "I need one thing from you."),
        (work(POSTS, key="notaria"), "Necesito una cosa de usted."),
    ],
    ids=[
        "first day", "quiet", "next", "one", "all", "late", "two bills",
        "all paid", "late work", "some late", "two", "English", "formal",
    ],
)  # fmt: skip
def test_the_brief_answers_in_a_sentence(of: ClientWork, said: str) -> None:
    assert plain(brief(view(of))) == said


def asks(of: View) -> tuple[Ask, ...]:
    return (*task_asks(of), *invoice_asks(of))


def test_a_long_day_is_cut_to_what_is_soonest_and_the_rest_is_counted() -> None:
    many = [task(number, f"T{number}", list(Status)[number % 6], due=day(1 + number % 28)) for number in range(1, 121)]
    home = page_at(work(*(thread(each, said("¿Sí?", at(20))) for each in many), invoices=(invoice(),)), "index.html").model
    assert isinstance(home, Home)
    assert (len(home.asks), len(home.doing), len(home.later)) == (9, 7, 7)
    assert (home.more_asks, home.more_doing, home.more_later) == ("32 peticiones más", "33 peticiones más", "33 peticiones más")
    assert home.asks[-1].title == "Factura 2026-0031"


def test_each_sentence_of_the_brief_begins_with_a_capital() -> None:
    waiting, new = task(1, "A", Status.WAITING, code="STHR"), task(2, "B", Status.NEW, code="STHR")
    of = ClientWork(record("southerly"), (thread(waiting), thread(new)))
    assert plain(brief(view(of))) == "I need one thing from you. One request comes next."


def test_the_brief_links_to_what_it_names() -> None:
    links = {piece.text: piece.href for piece in brief(view(work(POSTS, REVIEWS, invoices=(invoice(),)))) if piece.href}
    assert links == {
        "dos cosas de ti": "#turn",
        "una petición": "#doing",
        "445,20\u00a0€": "invoices/2026-0031.html",
    }


def test_what_waits_asks_with_the_last_question_and_one_button() -> None:
    found = asks(view(work(POSTS, CANDLE, invoices=(invoice(),))))
    assert [(ask.title, ask.text, ask.when.opening if ask.when else "", ask.button.label) for ask in found] == [
        ("Vela", "¿Lleva ya el IVA?", "Para mañana, miércoles 25", "Responder"),
        ("Publicaciones", "Ya están las doce. Dime si van así.", "Para el viernes 27", "Aprobar"),
        ("Factura 2026-0031", "por pagar.", "Vence el sábado 5 de diciembre", "Ver y pagar"),
    ]


def test_approving_is_a_mail_with_the_ref_in_brackets_and_a_clear_sentence() -> None:
    approve = asks(view(work(POSTS)))[0].button
    assert approve.subject == "[TOM-31] Apruebo"
    assert approve.href == (
        "mailto:requests@marta.example?subject=%5BTOM-31%5D%20Apruebo&body=Apruebo%20%C2%ABPublicaciones%C2%BB."
    )


def test_a_part_paid_invoice_asks_for_what_is_left() -> None:
    ask = asks(view(work(invoices=(invoice(payments=[paid("400.00")]),))))[0]
    assert (ask.amount, ask.text) == ("45,20\u00a0€", "quedan por pagar.")


def test_what_was_answered_is_no_longer_asked_for() -> None:
    answer = thread(CANDLE.task, *CANDLE.messages, answered("Sí, incluido", at(24)))
    home = page_at(work(answer), "index.html").model
    assert isinstance(home, Home)
    assert not home.asks
    assert [(row.title, row.second, row.status) for row in home.doing] == [("Vela", "Tu respuesta ha llegado", "doing")]


def test_three_lately_done_are_listed_with_their_day_and_no_cancelled_one() -> None:
    done = [task(number, f"Hecha {number}", Status.DONE) for number in range(1, 6)]
    gone = task(9, "Cancelada", Status.CANCELLED)
    history = tuple(row for number, each in enumerate(done) for row in changed(each, (Status.DONE, at(14 + number))))
    history += changed(gone, (Status.CANCELLED, at(23)))
    home = page_at(work(*(thread(each) for each in (*done, gone)), changes=history), "index.html").model
    assert isinstance(home, Home)
    assert [(row.title, row.when.text if row.when else "") for row in home.done] == [
        ("Hecha 5", "el mié\u00a018"),
        ("Hecha 4", "el mar\u00a017"),
        ("Hecha 3", "el lun\u00a016"),
    ]


def test_the_first_day_leads_to_the_guide_and_a_quiet_day_to_asking() -> None:
    first, quiet = shown(work(), "index.html"), shown(work(REVIEWS), "index.html")
    assert 'href="welcome.html">Leer la guía' in first
    assert "r-note" in first
    assert "r-note" not in quiet
    assert 'class="r-btn" href="new.html"' in quiet


@pytest.mark.parametrize(
    ("status", "came", "said"),
    [
        (Status.NEW, at(23), "Recibida ayer · Redes sociales"),
        (Status.ACCEPTED, at(20), "Aceptada el vie\u00a020 · Redes sociales"),
        (Status.DOING, at(20), "En marcha desde el vie\u00a020 · Redes sociales"),
        (Status.DOING, at(24, "08:00"), "En marcha desde hoy · Redes sociales"),
        (Status.REVIEW, at(20, month=10), "En revisión desde el mar\u00a020\u00a0oct · Redes sociales"),
    ],
)
def test_a_row_says_since_when_it_stands_where_it_does(status: Status, came: datetime, said: str) -> None:
    of = task(1, "Posts", status, service="social", received=at(23))
    home = page_at(work(thread(of), changes=changed(of, (Status.NEW, at(10)), (status, came))), "index.html").model
    assert isinstance(home, Home)
    assert (home.later or home.doing)[0].second == said


def test_hours_links_and_days_away_stand_beside_the_page() -> None:
    page = shown(work(), "index.html")
    assert "Tus horas de noviembre" in page
    assert "Lunes 7 de diciembre" in page
    assert "Puente de la Inmaculada" in page
    assert 'href="https://drive.example/fotos"' in page
