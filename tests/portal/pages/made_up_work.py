"""A made-up practice and its clients' work, for tests of pages: short ways to write tasks, messages and invoices down."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from recado.model.address import Person
from recado.model.client_work import ClientWork, File, Thread
from recado.model.history import Change
from recado.model.invoice import Invoice
from recado.model.message import Kind, Message, Verified
from recado.model.ref import Ref
from recado.model.status import Status
from recado.model.task import Task
from recado.portal.fill import parts, parts_environment
from recado.portal.pages import pages_of
from recado.portal.pages.view import View
from recado.portal.reader import Reader
from recado.store.practice_file import parse_practice

if TYPE_CHECKING:
    from recado.model.practice import ClientRecord, Practice
    from recado.portal.page import Page

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)  # a Tuesday: 9:40 in Madrid, 7:40 pm in Sydney

PRACTICE = """
practice:
  name: Marta Ruiz · Asistencia virtual
  owner: Marta Ruiz
  email: marta@marta.example
  language: es
  timezone: Europe/Madrid
  country: ES
  subdivision: MD
  hours: {mon-thu: "09:00-14:00 15:00-18:00", fri: "09:00-15:00"}
  response: 24h
  absences:
    - {from: 2026-12-07, to: 2026-12-07, note: {es: Puente de la Inmaculada, en: Long weekend in Spain}}
  bank: {holder: Marta Ruiz Salas, iban: ES9121000418450200051332, bic: CAIXESBBXXX}
  payment_links: {paypal: https://paypal.example/martaruiz, wise: https://wise.example/pay/martaruiz}
  channels:
    - {for: {es: Todo lo que haya que hacer, en: Everything that has to be done}, by: email, to: requests@marta.example}
    - {for: {es: Solo si es urgente, en: Only if it is urgent}, by: phone, to: "tel:+34600000000"}
  people:
    irene: {name: Irene Soto, email: irene@marta.example, role: {es: Diseño, en: Design}}
mailbox:
  address: requests@marta.example
  host: 127.0.0.1
  security: none
  user: requests
  password: {env: RECADO_IMAP_PASSWORD}
services:
  social: {name: {es: Redes sociales, en: Social media}, rate: {EUR: "40.00", AUD: "66.00"}}
  shop: {name: {es: Tienda en línea, en: Online shop}, rate: {EUR: "40.00"}}
  research: {name: {es: Investigación, en: Research}, rate: {EUR: "45.00", AUD: "70.00"}}
clients:
  tomillo:
    code: TOM
    name: Casa Tomillo, S. L.
    contacts:
      - {name: Lucía Ferrer, email: lucia@casatomillo.example}
      - {name: Vicent Ferrer, email: vicent@casatomillo.example, invoices: true}
    senders: ["@casatomillo.example"]
    retainer:
      {hours: 10, price: "360.00", renews: monthly, bill: before, overage: "40.00", carry_over: {limit: 3h, expires: 30 days}}
    terms: {net: 15, deposit: 50 %}
    links: [{name: Fotos, url: https://drive.example/fotos}]
  southerly:
    code: STHR
    name: Southerly Creative Pty Ltd
    contacts: [{name: Jane Whitlock, email: jane@southerly.example}]
    senders: ["@southerly.example"]
    language: en
    timezone: Australia/Sydney
    country: AU
    currency: AUD
    terms: {net: 15}
  notaria:
    code: NOT
    name: Notaría Vidal
    contacts: [{name: Amparo Vidal, email: amparo@vidal.example}]
    address_form: formal
"""

LUCIA = Person("Lucía Ferrer", "lucia@casatomillo.example")
JANE = Person("Jane Whitlock", "jane@southerly.example")
MARTA = Person("Marta Ruiz", "requests@marta.example")


@cache
def practice() -> Practice:
    return parse_practice(PRACTICE)


def record(key: str = "tomillo", **changes: Any) -> ClientRecord:
    """Give a client's record; `changes` replace keys of the client, `business` those of the practice."""
    found = practice().record(key)
    business = changes.pop("business", {})
    changed = replace(found, client=replace(found.client, **changes))
    return replace(changed, business=replace(found.business, **business)) if business else changed


def at(day: int, clock: str = "09:00", month: int = 11) -> datetime:
    """Give an instant of 2026, in UTC."""
    hour, minute = clock.split(":")
    return datetime(2026, month, day, int(hour), int(minute), tzinfo=UTC)


def task(number: int, title: str, status: Status = Status.DOING, *, code: str = "TOM", **values: Any) -> Task:
    values.setdefault("received", at(18))
    return Task(Ref(code, number), f"{number:04}-task", title, status, **values)


def message(kind: Kind, text: str, when: datetime, sender: Person = LUCIA, **values: Any) -> Message:
    """Write a message; its id follows from its instant, unless `id` is given."""
    digits = values.pop("id", f"{int(when.timestamp()) % 16**8:08x}")
    return Message(f"{when:%Y%m%dT%H%M%SZ}-{digits}", sender, when, kind, text=text, **values)


def asked(text: str = "Lo de siempre, por favor.", when: datetime | None = None, **values: Any) -> Message:
    values.setdefault("verified", Verified.PASS)
    return message(Kind.REQUEST, text, when or at(18), **values)


def said(text: str, when: datetime) -> Message:
    """Write a message from the practice."""
    return message(Kind.OUTGOING, text, when, MARTA)


def answered(text: str, when: datetime, **values: Any) -> Message:
    return message(Kind.REPLY, text, when, **values)


def thread(of: Task, *messages: Message, files: tuple[File, ...] = ()) -> Thread:
    return Thread(of, tuple(sorted(messages, key=lambda each: each.received)), files)


def changed(of: Task, *steps: tuple[Status, datetime]) -> tuple[Change, ...]:
    """Write the history of a task: the statuses it came to, and when."""
    befores = (None, *(status for status, _ in steps))
    return tuple(Change(when, of.ref, "marta", before, status) for before, (status, when) in zip(befores, steps, strict=False))


def invoice(number: str = "2026-0031", **values: Any) -> Invoice:
    """Write an invoice of 420 euros, 445,20 to pay; `values` replace keys of the file."""
    return Invoice.read(
        {
            "number": number,
            "issued": "2026-11-20",
            "due": "2026-12-05",
            "currency": "EUR",
            "seller": {"name": "Marta Ruiz Salas", "tax_id": "ES00000000T", "country": "ES"},
            "buyer": {"name": "Casa Tomillo, S. L.", "address": ["Calle de la Nave 9", "46003 Valencia"], "country": "ES"},
            "lines": [
                {
                    "description": "Bolsa de noviembre",
                    "quantity": "10",
                    "unit": "hour",
                    "price": "36.00",
                    "net": "360.00",
                    "tax": "iva",
                },
                {
                    "description": "Hora extra",
                    "quantity": "1.5",
                    "unit": "hour",
                    "price": "40.00",
                    "net": "60.00",
                    "tax": "iva",
                },
            ],
            "taxes": [{"name": "iva", "rate": "21", "base": "420.00", "amount": "88.20"}],
            "withholdings": [{"name": "irpf", "rate": "15", "base": "420.00", "amount": "63.00"}],
            "totals": {"net": "420.00", "tax": "88.20", "gross": "508.20", "withheld": "63.00", "payable": "445.20"},
        }
        | values
    )


def paid(amount: str, day: str = "2026-11-22", by: str = "wise") -> dict[str, str]:
    return {"date": day, "amount": amount, "by": by}


def reader(of: ClientRecord | None = None, now: datetime = NOW) -> Reader:
    return Reader.of(of or record(), now)


def view(work: ClientWork, now: datetime = NOW) -> View:
    return View.of(work, reader(work.record, now))


def page_at(work: ClientWork, url: str, now: datetime = NOW) -> Page:
    """Find one page of a portal. Raises StopIteration where it is not there."""
    return next(page for page in pages_of(work, reader(work.record, now)) if page.url == url)


def rendered(page: Page, of: Reader) -> str:
    """Render the parts of a page, each under its slot's name."""
    blocks = parts(parts_environment(of.words), page, page.root)
    return "\n".join(f"<!-- {name} -->\n{html}" for name, html in blocks.items()) + "\n"


def shown(work: ClientWork, url: str, now: datetime = NOW) -> str:
    """Render one page of a portal."""
    return rendered(page_at(work, url, now), reader(work.record, now))


def day(number: int, month: int = 11) -> date:
    return date(2026, month, number)
