"""A client who is addressed as usted is never called tú: on any page, in any state, in what the buttons write for them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from made_up_work import NOW, answered, asked, at, changed, invoice, paid, reader, record, said, task, thread

from recado.model.client_work import ClientWork, File, OwnPage
from recado.model.hours import Response, parse_hours
from recado.model.message import Verified
from recado.model.practice import Absence, Retainer, Terms
from recado.model.status import Status
from recado.model.time_entry import TimeEntry
from recado.portal.brand import palette
from recado.portal.site import finished_pages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# Pronouns, and verbs as a portal would use them with tú. Behind "se" or "no" an imperative is none ("se lee", "no abre").
TUTEO = re.compile(
    r"\b(?:tú|tu|tus|te|ti|contigo|tuy[oa]s?|ves|tienes|puedes|pides|quieres|debes|necesitas|prefieres|sabes|sepas|haces|dices"
    r"|recibes|encuentras|usas|gastes|gastas|pagas|pagues|apruebas|eres|estás|has|veas|puedas|tengas|quieras|digas|seas|recibas"
    r"|respondes|contestas|eliges|(?!existe\b|gaste\b)\w+[ai]ste|dime|dinos|escríbeme|pregúntame|cuéntame|pégalo|míralo|dímelo|avísame"
    r"|envíame|mándame|hazlo|ponlo|pon|haz|ven"
    r"|(?<!\bse )(?<!\bno )(?:escribe|mira|manda|decide|empieza|rellena|abre|pega|lee|elige|aprueba|responde|contesta|paga"
    r"|adjunta|vuelve|deja))\b",
    re.IGNORECASE,
)
EVERY = tuple(Status)


def formal(**changes: Any) -> ClientWork:
    """Make up the work of a notary's office: every status, with an answer and without, late and not, and every kind of bill."""
    of = record("notaria", **changes)
    tasks = [task(number, f"Asunto {number}", status, code="NOT", due=due, estimate=90, service="social", body=body)
             for number, (status, due, body) in enumerate(
                 ((status, due, body) for status in EVERY for due, body in ((None, ""), (at(20), "Plan.\n\n- [ ] Uno\n"),
                  (date(2026, 11, 24), ""), (date(2026, 11, 25), ""), (date(2026, 12, 9), "Plan."))), 1)]  # fmt: skip
    threads = [
        thread(
            each,
            asked("Lo de siempre.", at(18), verified=Verified.FAIL if number % 7 == 6 else Verified.PASS),
            *([said("¿Con IVA?", at(21))] if number % 2 else []),
            *([answered("Sí.", at(22), quoted="¿Con IVA?")] if number % 3 == 0 else []),
            *([answered("No.", at(23), verified=Verified.FAIL, id=f"bad0{number:04}")] if number % 5 == 0 else []),
            files=(File("acta.pdf", 1_000_000, None),) if number % 2 else (),
        )
        for number, each in enumerate(tasks)
    ]
    changes_ = [change for each in tasks[::2] for change in changed(each, (Status.NEW, at(18)), (each.status, at(20)))]
    old = task(99, "Asunto viejo", Status.DONE, code="NOT", received=at(1, month=9))
    return ClientWork(
        of,
        (*threads, thread(old, asked(when=at(1, month=9)))),
        (*changes_, *changed(old, (Status.NEW, at(1, month=9)), (Status.DONE, at(10, month=9)))),
        time=(TimeEntry("1", at(3), 375, tasks[0].ref, "marta", None, "", is_billable=True, source=""),),
        invoices=(
            invoice("2026-0031"),
            invoice("2026-0030", due="2026-11-20", payments=[paid("100.00")]),
            invoice("2026-0029", due="2026-11-23"),
            invoice("2026-0028", payments=[paid("445.20")]),
            invoice("2026-0027", currency="AUD", due="2026-11-24"),
            invoice("2026-0026", due=None),
        ),
        welcome="Buenos días.",
        pages=(OwnPage("entregas", "Entregas", "Por correo."),),
    )


WORKS: Mapping[str, ClientWork] = {
    "all": formal(
        retainer=Retainer.read({"hours": "5", "price": "200", "renews": "monthly", "bill": "after", "overage": "40",
                                          "carry_over": {"limit": "3h", "expires": "30 days"}}),
        terms=Terms.read({"net": "15", "deposit": "50 %", "late_fee": "2 %"}),
    ),
    "abroad": replace(formal(business={"hours": parse_hours({"mon": "09:00-14:00", "tue-fri": "14:00-22:00"}),
                                       "response": Response(8, of_desk=True)}),
                      threads=(), changes=()),
    "silent": replace(formal(business={"hours": None, "response": None, "channels": (), "people": {}}), invoices=(), pages=()),
    "empty": ClientWork(record("notaria", business={
        "absences": (Absence.read({"from": "2026-11-24", "to": "2026-12-24", "note": "Viaje"}),)})),
}  # fmt: skip


@cache
def pages(name: str) -> Mapping[str, str]:
    work = WORKS[name]
    if name == "abroad":
        work = replace(work, record=replace(work.record, timezone=ZoneInfo("America/New_York")))
    return dict(finished_pages(work, reader(work.record, NOW), palette(None)))


def words_of(html: str) -> str:
    """Give what a reader of a page reads or sends: text, labels, and the mails that its links write."""
    links = " ".join(unquote(unescape(link)) for link in re.findall(r'href="mailto:[^?"]*\?([^"]*)"', html))
    labels = " ".join(
        unescape(label) for label in re.findall(r'(?:aria-label|alt|title|placeholder|data-\w+|value)="([^"]*)"', html)
    )
    text = unescape(re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<(script|style|blockquote)\b.*?</\1>", " ", html)))
    return f"{text} {labels} {links}"


@pytest.mark.parametrize("name", WORKS)
def test_no_page_of_a_formal_client_says_tu(name: str) -> None:
    found = {(url, word.group()) for url, html in pages(name).items() for word in TUTEO.finditer(words_of(html))}
    assert sorted(found) == []


def test_the_pages_are_all_there() -> None:
    assert len(pages("all")) >= 50
    assert "Le toca a usted" in words_of(pages("all")["index.html"])
    assert "Lo ve avanzar aquí" in words_of(pages("all")["welcome.html"])


def test_an_informal_client_would_be_refused() -> None:
    assert TUTEO.search("Lo ves avanzar aquí.")
    assert TUTEO.search("Te toca")
    assert TUTEO.search("Escríbeme desde su página")
    assert not TUTEO.search("Le toca a Marta. Le digo qué he entendido. Vuelva a la guía.")
