"""The whole parts of the main pages, in both languages, as files.

`RECADO_UPDATE_GOLDEN=1` writes them anew, to be read in the diff before they are committed.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from made_up_work import (
    JANE,
    answered,
    asked,
    at,
    changed,
    day,
    invoice,
    message,
    paid,
    record,
    said,
    shown,
    task,
    thread,
)

from recado.model.client_work import ClientWork, File, Thumbnail
from recado.model.hours import parse_hours
from recado.model.message import Kind, Verified
from recado.model.status import Status

GOLDEN = Path(__file__).parent / "golden"

POSTS = task(31, "Publicaciones de diciembre", Status.APPROVAL, due=day(30), service="social", estimate=150, received=at(18),
             body="Doce publicaciones, con texto y foto.\n\n- [x] Doce textos\n- [ ] Programarlas\n")  # fmt: skip
SPANISH = ClientWork(
    record(),
    (
        thread(
            POSTS,
            asked("Marta, necesito las publicaciones de diciembre.\n\nNada de «últimas unidades», por favor.", at(18)),
            said("Empiezo hoy. ¿Prefieres las macetas en la mesa o en el escaparate?", at(20, "11:10")),
            answered(
                "Mejor con luz de tarde:\n\n![así](files/0000aaaa-escaparate.jpg)",
                at(20, "17:05"),
                quoted="¿Prefieres las macetas en la mesa?",
                id="0000aaaa",
            ),
            answered("Paga esto", at(21), verified=Verified.FAIL, id="bad00bad"),
            said("Ya están las doce. Si te parecen bien, las programo.", at(24, "08:32")),
            files=(
                File("0000aaaa-escaparate.jpg", 2_400_000, "0000aaaa", Thumbnail("thumbnail~00ff.webp", 640, 480)),
                File("0000aaaa-velas.csv", 139, "0000aaaa"),
                File("doce publicaciones.pdf", 1_830_000, None),
                File("macetas.png", 48_000, None, Thumbnail("", 320, 200)),
            ),
        ),
        thread(task(28, "Respuestas a las reseñas", Status.DOING, due=day(26), service="social"), asked()),
        thread(task(35, "Calendario de ferias", Status.NEW, received=at(23)), asked(when=at(23))),
        thread(task(26, "Horario de Navidad", Status.DONE, service="shop"), asked()),
    ),
    (*changed(POSTS, (Status.NEW, at(18)), (Status.DOING, at(20)), (Status.REVIEW, at(23)), (Status.APPROVAL, at(24, "08:00"))),
     *changed(task(26, ""), (Status.DONE, at(20)))),
    invoices=(invoice(), invoice("2026-0028", due="2026-11-20", payments=[paid("445.20", "2026-11-03")])),
)  # fmt: skip
SURVEY = task(58, "Client survey for Harbour Dental", Status.WAITING, code="STHR", due=at(25, "22:00"), service="research",
              received=at(19))  # fmt: skip
ENGLISH = ClientWork(
    record("southerly"),
    (
        thread(
            SURVEY,
            message(Kind.REQUEST, "Could you set up the survey? Ten questions at most.", at(19, "01:00"), JANE),
            said("Hi Jane,\n\nThe ten questions are ready. Last year’s patients too?\n\nMarta", at(24, "07:50")),
        ),
        thread(task(59, "Minutes of the planning day", Status.REVIEW, code="STHR", due=day(20)), asked()),
    ),
    changed(SURVEY, (Status.NEW, at(19)), (Status.ACCEPTED, at(20)), (Status.DOING, at(20)), (Status.WAITING, at(24, "07:50"))),
    invoices=(invoice("2026-0029", currency="AUD", due="2026-12-08", links={"wise": "https://wise.example/29"}),),
)

# The hours of Monday meet nobody's office day in New York, those of the other days do.
ABROAD = ClientWork(
    replace(
        record("southerly", business={"hours": parse_hours({"mon": "09:00-14:00", "tue-fri": "14:00-22:00"}), "people": {}}),
        timezone=ZoneInfo("America/New_York"),
        country="US",
    )
)


@pytest.mark.parametrize(
    ("name", "work", "url"),
    [
        ("home.es", SPANISH, "index.html"),
        ("home.en", ENGLISH, "index.html"),
        ("requests.es", SPANISH, "requests/index.html"),
        ("request.es", SPANISH, "requests/tom-31.html"),
        ("request.en", ENGLISH, "requests/sthr-58.html"),
        ("invoice.es", SPANISH, "invoices/2026-0031.html"),
        ("invoice.en", ENGLISH, "invoices/2026-0029.html"),
        ("guide.en", ENGLISH, "welcome.html"),
        ("guide-abroad.en", ABROAD, "welcome.html"),
    ],
)
def test_a_page_reads_as_it_was_last_approved(name: str, work: ClientWork, url: str) -> None:
    file = GOLDEN / f"{name}.html"
    found = shown(work, url)
    if os.environ.get("RECADO_UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")
