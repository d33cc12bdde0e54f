"""The page of one request: stages, note or lead, what was asked and understood, files, conversation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from made_up_work import (
    JANE,
    MARTA,
    NOW,
    answered,
    asked,
    at,
    changed,
    day,
    message,
    page_at,
    record,
    said,
    shown,
    task,
    thread,
    view,
)

from recado.model.address import Person
from recado.model.client_work import ClientWork, File, Thread
from recado.model.message import Kind, Verified
from recado.model.status import Status
from recado.portal.pages.request import Request
from recado.portal.pages.sentence import plain
from recado.portal.pages.stages import stages

if TYPE_CHECKING:
    from recado.model.history import Change
    from recado.model.message import Message

WAY = (
    (Status.NEW, at(18)),
    (Status.ACCEPTED, at(18, "12:00")),
    (Status.DOING, at(20)),
    (Status.REVIEW, at(22)),
    (Status.APPROVAL, at(24, "08:00")),
    (Status.DONE, at(24, "08:30")),
)


def work(of: Thread, steps: int = 0, key: str = "tomillo") -> ClientWork:
    return ClientWork(record(key), (of,), changed(of.task, *WAY[:steps]))


def request(of: ClientWork) -> Request:
    model = page_at(of, "requests/tom-31.html").model
    assert isinstance(model, Request)
    return model


def posts(status: Status, **values: Any) -> Thread:
    return thread(task(31, "Publicaciones de diciembre", status, **values), asked())


@pytest.mark.parametrize(
    ("status", "steps", "line"),
    [
        (Status.NEW, 1, "(Recibida 18 nov) Aceptada En marcha Revisada Tu visto bueno Hecha"),
        (Status.DOING, 3, "Recibida 18 nov, Aceptada 18 nov, (En marcha 20 nov) Revisada Tu visto bueno Hecha"),
        (Status.WAITING, 3, "Recibida 18 nov, Aceptada 18 nov, (En marcha espera tu respuesta) Revisada Tu visto bueno Hecha"),
        (
            Status.APPROVAL,
            5,
            "Recibida 18 nov, Aceptada 18 nov, En marcha 20 nov, Revisada 24 nov, (Tu visto bueno 24 nov) Hecha",
        ),
        (Status.DONE, 6, "Recibida 18 nov, Aceptada 18 nov, En marcha 20 nov, Revisada 24 nov, Aprobada 24 nov, Hecha 24 nov,"),
        (Status.DONE, 0, "Recibida 18 nov, Hecha 18 nov,"),
        (Status.CANCELLED, 2, "Recibida 18 nov, Aceptada 18 nov, (Cancelada 18 nov)"),
    ],
)
def test_stages_say_what_is_behind_where_it_stands_and_what_comes(status: Status, steps: int, line: str) -> None:
    shown_thread = view(work(posts(status), steps)).threads[0]
    words = []
    for stage in stages(shown_thread, view(work(posts(status), steps))):
        text = " ".join(filter(None, (stage.name, stage.when.text if stage.when else stage.note))).replace("\u00a0", " ")
        words.append({"past": f"{text},", "now": f"({text})"}.get(stage.state, text))
    assert " ".join(words) == line


@pytest.mark.parametrize(
    ("status", "lead"),
    [
        (Status.NEW, "La he recibido. Ahora la leo y te digo cuándo estará."),
        (Status.ACCEPTED, "La he aceptado y está en mi plan. No necesito nada de ti. La tendrás para el viernes 27."),
        (Status.DOING, "Estoy con ella. No necesito nada de ti. La tendrás para el viernes 27."),
        (
            Status.REVIEW,
            "Está hecha y la estoy revisando antes de enseñártela. No necesito nada de ti. La tendrás para el viernes 27.",
        ),
        (Status.DONE, "Se terminó el miércoles 18. No queda nada pendiente."),
        (Status.CANCELLED, "Se canceló el miércoles 18. Nadie está con ella."),
    ],
)
def test_where_nothing_is_needed_one_sentence_says_who_moves_and_when(status: Status, lead: str) -> None:
    model = request(work(posts(status, due=day(27))))
    assert model.need is None
    assert plain(model.lead) == lead


def test_late_work_is_said_in_bold_words() -> None:
    model = request(work(posts(Status.DOING, due=day(21))))
    assert plain(model.lead).endswith("El plazo venció hace tres días.")
    assert [piece.text for piece in model.lead if piece.is_strong] == ["venció hace tres días"]


def test_an_approval_has_a_note_with_three_buttons_and_a_way_by_hand() -> None:
    of = posts(Status.APPROVAL, due=day(27))
    model = request(work(Thread(of.task, of.messages, (File("doce.pdf", 1000, None),))))
    assert model.need is not None
    assert [button.label for button in model.need.buttons] == ["Aprobar", "Pedir cambios", "Preguntar"]
    assert model.need.files == "Mira el archivo"
    assert plain(model.need.by_hand) == (
        "Escribe a requests@marta.example con el asunto [TOM-31] Apruebo o [TOM-31] Cambios y, debajo, lo que quieras decirme."
    )
    assert model.lead == ()


def test_a_long_body_of_a_mail_ends_its_lines_with_crlf() -> None:
    model = request(work(posts(Status.APPROVAL)))
    assert model.need is not None
    assert model.need.buttons[1].href.endswith("&body=Quiero%20estos%20cambios%3A%0D%0A-%20")


def test_what_a_colleague_asked_names_them() -> None:
    vicent = Person("Vicent Ferrer", "vicent@casatomillo.example")
    of = Thread(task(31, "Pedido"), (message(Kind.REQUEST, "Doscientos platos", at(18), vicent),))
    assert request(work(of)).asked_heading == "Lo que pidió Vicent"
    assert request(work(of)).about == "TOM-31 · la pidió Vicent el 18 de noviembre"


def test_what_was_understood_shows_once_it_says_more() -> None:
    same = thread(task(31, "Posts", body="**Lo de siempre**, por favor."), asked("Lo de siempre, por favor."))
    more = thread(task(31, "Posts", body="Doce textos.\n\n## Lista\n- [x] Temas\n- [ ] Textos\n"), asked())
    assert request(work(same)).understood is None
    understood = request(work(more)).understood
    assert understood is not None
    assert str(understood.text).strip() == "<p>Doce textos.</p>"
    assert [(check.text, check.is_done) for check in understood.checks] == [("Temas", True), ("Textos", False)]
    assert "%5BTOM-31%5D%20Correcci%C3%B3n" in understood.correct


def test_a_task_written_by_hand_says_what_is_to_be_done() -> None:
    model = request(work(Thread(task(31, "Cierre", body="Cerrar el mes.", received=None))))
    assert model.asked is None
    assert model.understood is not None
    assert model.understood.heading == "Qué hay que hacer"
    assert model.about == "TOM-31"


def test_the_conversation_is_newest_first_without_the_request() -> None:
    of = Thread(task(31, "Posts"), (asked("Primero"), said("Segundo", at(19)), answered("Tercero", at(20), quoted="> Segundo")))
    entries = request(work(of)).conversation
    assert [(entry.author, str(entry.text)) for entry in entries] == [("Lucía", "<p>Tercero</p>"), ("Marta", "<p>Segundo</p>")]
    assert entries[0].quoted is not None


def test_of_a_withheld_message_there_is_a_line_and_nothing_else() -> None:
    bad = answered("Paga a ES00 1234", at(20), verified=Verified.FAIL, id="bad00bad", attachments=("bad00bad-nomina.pdf",))
    reply = said("No lo pagues todavía", at(21))
    quoting = answered("Vale", at(22), quoted="Paga a ES00 1234")
    of = Thread(task(31, "Posts"), (asked(), bad, reply, quoting), (File("bad00bad-nomina.pdf", 9, "bad00bad"),))
    page = shown(work(of), "requests/tom-31.html")
    assert page.count("Un mensaje se está comprobando") == 1
    assert "ES00" not in page
    assert "nomina" not in page


def test_of_a_rejected_message_there_is_nothing_and_nothing_quotes_it() -> None:
    bad = answered("Paga a ES00 1234", at(20), verified=Verified.REJECTED)
    of = Thread(task(31, "Posts"), (asked(), bad, answered("Vale", at(22), quoted="Paga a ES00 1234")))
    page = shown(work(of), "requests/tom-31.html")
    assert "se está comprobando" not in page
    assert "ES00" not in page


@pytest.mark.parametrize(("day", "is_said"), [(21, False), (23, True)], ids=["before it was done", "after"])
def test_once_a_request_is_done_only_what_came_since_is_being_checked(day: int, *, is_said: bool) -> None:
    of = task(31, "Posts", Status.DONE)
    messages = (asked(), answered("Paga", at(day), verified=Verified.FAIL))
    history = changed(of, (Status.NEW, at(18)), (Status.DONE, at(22)))
    page = shown(ClientWork(record(), (Thread(of, messages),), history), "requests/tom-31.html")
    assert ("se está comprobando" in page) is is_said


def english(number: int, status: Status, *messages: Message, **values: Any) -> Thread:
    return Thread(task(number, values.pop("title", "Survey"), status, code="STHR", **values), messages)


def english_page(number: int, *threads: Thread, history: tuple[Change, ...] = ()) -> tuple[Request, str]:
    """Give the model of a page in English and what it renders to."""
    of = ClientWork(record("southerly"), threads, history)
    url = f"requests/sthr-{number}.html"
    model = page_at(of, url).model
    assert isinstance(model, Request)
    return model, shown(of, url)


def test_a_merged_request_says_where_it_goes_on_and_nothing_of_a_cancellation() -> None:
    into = english(2, Status.DOING, title="Menus")
    model, page = english_page(1, english(1, Status.CANCELLED, merged_into=into.task.ref, body="Goes on in STHR-2."), into)
    assert plain(model.lead) == "I joined it to Menus (STHR-2), and it goes on there."
    assert '<a href="../requests/sthr-2.html">Menus (STHR-2)</a>' in page
    assert "ancelled" not in page
    assert "r-stages" not in page
    assert "Goes on in" not in page
    assert model.cancel == ""
    assert "%5BSTHR-2%5D" in model.question


def test_a_request_merged_into_one_that_is_not_shown_does_not_name_it() -> None:
    hidden = english(2, Status.DOING, message(Kind.REQUEST, "x", at(18), JANE, verified=Verified.FAIL), title="Secret")
    model, page = english_page(1, english(1, Status.CANCELLED, merged_into=hidden.task.ref), hidden)
    assert plain(model.lead) == "I joined it to another request, and it goes on there."
    assert "Secret" not in page


def test_what_the_practice_began_itself_is_what_it_wrote_said_once() -> None:
    wrote = message(Kind.OUTGOING, "Hi Jane, here is the plan.", at(19), MARTA, message_id="<1@marta.example>")
    begun = english(
        1, Status.ACCEPTED, wrote, message="<1@marta.example>", body="Hi Jane, here is the plan.\n", received=at(19)
    )
    model, page = english_page(1, begun)
    assert model.asked_heading == "What Marta wrote"
    assert page.count("here is the plan") == 1
    assert model.understood is None
    assert model.conversation == ()
    assert model.about == "STHR-1 · since 19 November"
    assert plain(model.lead) == "I have written to you about it, and it is in my plan."
    assert [stage.name for stage in model.stages][:2] == ["Accepted", "Under way"]


def test_what_the_practice_adds_to_a_task_it_began_is_what_is_to_be_done() -> None:
    wrote = message(Kind.OUTGOING, "Hi Jane, here is the plan.", at(19), MARTA, message_id="<1@marta.example>")
    model, _ = english_page(1, english(1, Status.DOING, wrote, message="<1@marta.example>", body="Call the printer."))
    assert model.understood is not None
    assert model.understood.heading == "What is to be done"


def test_a_task_written_by_hand_is_not_begun_by_the_first_mail_about_it() -> None:
    wrote = message(Kind.OUTGOING, "Hi Jane, here is the plan.", at(19), MARTA)
    model, _ = english_page(1, english(1, Status.DOING, wrote, body="Call the printer."))
    assert model.asked is None
    assert len(model.conversation) == 1


@pytest.mark.parametrize(
    ("messages", "lead"),
    [
        ([answered("Once more, please", at(23), sender=JANE)], "It is open again: your message has arrived. I read it next."),
        ([], "It is open again. I look at it next."),
    ],
    ids=["by an answer", "by the VA"],
)
def test_what_is_open_again_is_not_told_as_new(messages: list[Message], lead: str) -> None:
    again = english(1, Status.NEW, message(Kind.REQUEST, "Ten", at(18), JANE), *messages)
    model, _ = english_page(
        1, again, history=changed(again.task, (Status.NEW, at(18)), (Status.DONE, at(20)), (Status.NEW, at(23)))
    )
    assert plain(model.lead) == lead
    assert model.about.endswith("asked by Jane on 18 November")
    received = model.stages[0]
    assert (received.name, received.when.machine if received.when else "") == ("Received", "2026-11-18")


def test_someone_who_is_not_of_the_client_is_marked() -> None:
    paco = Person("Paco Ruiz", "paco@rotulos.example")
    outside = message(Kind.REPLY, "My quote", at(20), paco, flags=("third-party",), id="0000aaaa")
    of = english(1, Status.DOING, message(Kind.REQUEST, "Ten", at(18), JANE), outside)
    model, _ = english_page(1, Thread(of.task, of.messages, (File("0000aaaa-quote.pdf", 1000, "0000aaaa"),)))
    assert model.conversation[0].author == "Paco Ruiz (not of Southerly Creative Pty Ltd)"
    assert model.files[0].second.endswith("from Paco Ruiz (not of Southerly Creative Pty Ltd)")


def test_a_picture_in_a_message_is_shown_where_it_stood_and_leads_to_its_file() -> None:
    reply = answered("Mira ![el plano.png](files/0000aaaa-el%20plano.png)", at(20), id="0000aaaa")
    of = Thread(task(31, "Posts"), (asked(), reply), (File("0000aaaa-el plano.png", 32_100, "0000aaaa"),))
    page = shown(work(of), "requests/tom-31.html")
    url = re.escape(f"../{request(work(of)).files[0].url}")
    assert re.search(rf'<p>Mira <a href="{url}"[^>]*><img alt="el plano.png" loading="lazy" src="{url}"></a></p>', page)


def test_a_picture_of_a_withheld_message_is_not_shown_in_another() -> None:
    bad = answered("Paga", at(20), id="bad00bad", verified=Verified.FAIL)
    other = answered("Mira ![x](files/bad00bad-x.png)", at(21))
    of = Thread(task(31, "Posts"), (asked(), bad, other), (File("bad00bad-x.png", 9, "bad00bad"),))
    page = shown(work(of), "requests/tom-31.html")
    assert "bad00bad" not in page
    assert "<img" not in page


def test_an_automatic_answer_is_quiet() -> None:
    of = Thread(task(31, "Posts"), (asked(), message(Kind.NOTE, "Estoy de vacaciones", at(20))))
    page = shown(work(of), "requests/tom-31.html")
    assert "Respuesta automática de Lucía" in page
    assert "<details" in page


def test_files_are_listed_deliveries_first_and_under_their_published_names() -> None:
    reply = answered("Aquí va", at(20), id="0000aaaa")
    files = (File("0000aaaa-lista.html", 32_100, "0000aaaa"), File("entrega final.pdf", 1_830_000, None))
    of = Thread(task(31, "Posts"), (asked(), reply), files)
    rows = request(work(of)).files
    assert [(row.name, row.second) for row in rows] == [
        ("entrega final.pdf", "PDF, 1,8\u00a0MB · de Marta"),
        ("lista.html", "HTML, 32\u00a0kB · de Lucía"),
    ]
    assert rows[1].url.startswith("requests/tom-31/")
    assert rows[1].url.endswith(".zip")


def test_the_facts_say_date_estimate_time_and_checklist() -> None:
    of = thread(task(31, "Posts", due=day(30), estimate=150, assignee="irene", body="- [x] a\n- [ ] b"), asked())
    facts = {fact.name: fact.value.replace("\u00a0", " ") for fact in request(work(of)).facts}
    assert facts == {"Para": "lun 30 nov", "Previsto": "2 h 30", "Pasos": "1 de 2", "Con": "Irene Soto"}


def test_only_open_work_can_be_cancelled() -> None:
    assert "%5BTOM-31%5D%20Cancelar" in request(work(posts(Status.DOING))).cancel
    assert request(work(posts(Status.DONE))).cancel == ""


def test_an_english_reader_reads_english() -> None:
    of = thread(task(58, "Survey", Status.WAITING, code="STHR"), message(Kind.REQUEST, "Ten questions", at(19), JANE))
    page = page_at(ClientWork(record("southerly"), (of,)), "requests/sthr-58.html")
    assert page.subject == "[STHR-58] Survey"
    model = page.model
    assert isinstance(model, Request)
    assert model.about == "STHR-58 · asked by Jane on 18 November"
    assert model.need is not None
    assert model.need.text == "I need an answer from you. I go on as soon as I have it."
    assert NOW.tzinfo is not None
