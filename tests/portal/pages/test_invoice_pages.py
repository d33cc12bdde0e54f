"""Invoices: the list, the page of each in every standing, how to pay it, and the code to scan."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
import segno
from made_up_work import asked, invoice, page_at, paid, practice, record, shown, task, thread, view
from segno import helpers

from recado.model.client_work import ClientWork
from recado.model.invoice import Invoice, disagreements
from recado.portal.pages import pages_of
from recado.portal.pages.invoice import InvoiceModel
from recado.portal.pages.invoices import Invoices
from recado.portal.pages.payment import PayNote, pay_note
from recado.portal.pages.qr import QrCode, link_qr, transfer_qr
from recado.portal.pages.sentence import plain


def work(*invoices: Invoice, key: str = "tomillo", **changes: Any) -> ClientWork:
    return ClientWork(record(key, **changes), invoices=invoices)


def listed(of: ClientWork) -> Invoices:
    model = page_at(of, "invoices/index.html").model
    assert isinstance(model, Invoices)
    return model


def model_of(one: Invoice, *others: Invoice, key: str = "tomillo") -> InvoiceModel:
    model = page_at(work(one, *others, key=key), f"invoices/{one.number}.html").model
    assert isinstance(model, InvoiceModel)
    return model


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


CREDIT = invoice(
    "2026-0033",
    kind="credit-note",
    credits="2026-0031",
    taxes=[],
    withholdings=[],
    lines=[{"description": "Abono", "quantity": "1", "price": "-42.40", "net": "-42.40"}],
    totals={"net": "-42.40", "tax": "0.00", "gross": "-42.40", "payable": "-42.40"},
)
FREE = invoice(lines=[], taxes=[], withholdings=[], totals=dict.fromkeys(("net", "tax", "gross", "payable"), "0.00"))
TWO = "Dos facturas; la primera vence"


def test_the_made_up_invoices_add_up() -> None:
    assert not list(disagreements(invoice()))
    assert not list(disagreements(CREDIT))


@pytest.mark.parametrize(
    ("one", "state", "detail", "is_due"),
    [
        (invoice(), "Por pagar", "vence el 5 dic", True),
        (invoice(due="2026-11-21"), "Por pagar", "venció hace tres días", True),
        (invoice(due="2026-11-24"), "Por pagar", "vence el 24 nov", True),
        (invoice(payments=[paid("400.00")]), "Pagada en parte", "vence el 5 dic", True),
        (invoice(payments=[paid("445.20", "2026-11-03")]), "Pagada", "el 3 nov", False),
        (invoice(payments=[paid("200.00"), paid("300.00", "2026-11-23")]), "Pagada", "ayer", False),
        (CREDIT, "Abonada", "el 20 nov", False),
        (invoice(due=None), "Por pagar", "", True),
    ],
    ids=["open", "overdue", "due today", "part paid", "paid", "overpaid", "credit note", "no due date"],
)
def test_the_list_says_where_each_invoice_stands(one: Invoice, state: str, detail: str, is_due: bool) -> None:  # noqa: FBT001 (a table's column)
    row = listed(work(one)).years[0].rows[0]
    assert (row.state, spaced(row.when.text) if row.when else "", row.is_due) == (state, detail, is_due)


@pytest.mark.parametrize(
    ("invoices", "amount", "said"),
    [
        ([invoice()], "445,20 €", "Una factura, que vence el sábado 5 de diciembre."),
        ([invoice(due="2026-11-21")], "445,20 €", "Una factura, que venció hace tres días."),
        ([invoice("2"), invoice("1", due="2026-11-30")], "890,40 €", f"{TWO} el lunes 30 de noviembre."),
        ([invoice("2"), invoice("1", currency="AUD")], "445,20 AUD y 445,20 €", f"{TWO} el sábado 5 de diciembre."),
    ],
)  # fmt: skip
def test_the_note_of_the_list_is_the_sum(invoices: list[Invoice], amount: str, said: str) -> None:
    due = listed(work(*invoices)).due
    assert due is not None
    assert (spaced(due.amount), plain(due.text)) == (amount, said)


def test_nothing_to_pay_has_no_note() -> None:
    assert listed(work(CREDIT)).due is None
    assert "No hay nada por pagar." in shown(work(CREDIT), "invoices/index.html")
    assert "Todavía no hay facturas." in shown(work(), "invoices/index.html")


def test_invoices_stand_under_their_years() -> None:
    old = invoice("2025-0002", issued="2025-12-31", due="2026-01-15", payments=[paid("445.20", "2026-01-02")])
    assert [year.caption for year in listed(work(invoice(), old)).years] == [
        "Todas las facturas de 2026",
        "Todas las facturas de 2025",
    ]


def test_the_lines_and_totals_are_written_in_the_readers_numbers() -> None:
    model = model_of(invoice())
    assert [(line.description, line.price, line.quantity, line.amount) for line in model.lines] == [
        ("Bolsa de noviembre", "36,00\u00a0€ la hora", "10\u00a0h", "360,00\u00a0€"),
        ("Hora extra", "40,00\u00a0€ la hora", "1,5\u00a0h", "60,00\u00a0€"),
    ]
    assert [(row.name, spaced(row.amount), row.is_total) for row in model.totals] == [
        ("Base", "420,00 €", False),
        ("IVA, 21\u00a0%", "88,20 €", False),
        ("Retención de IRPF, 15\u00a0%", "−63,00 €", False),
        ("Total", "445,20 €", True),
    ]


def test_payments_are_taken_off_and_what_is_left_is_the_last_line() -> None:
    rows = model_of(invoice(payments=[paid("400.00")])).totals
    assert [(row.name, spaced(row.amount)) for row in rows[-2:]] == [
        ("Pagado el 22 de noviembre por Wise", "−400,00 €"),
        ("Queda por pagar", "45,20 €"),
    ]


@pytest.mark.parametrize(
    ("one", "due"),
    [
        (invoice(), "Vence el sábado 5 de diciembre de 2026, dentro de 11 días."),
        (invoice(due="2026-11-25"), "Vence el miércoles 25 de noviembre de 2026, dentro de un día."),
        (invoice(due="2026-11-24"), "Vence el martes 24 de noviembre de 2026, hoy."),
        (invoice(due="2026-11-21"), "La factura venció hace tres días, el sábado 21 de noviembre de 2026."),
        (invoice(due="2027-06-30"), "Vence el miércoles 30 de junio de 2027."),
        (invoice(due=None), ""),
    ],
)
def test_the_note_says_when_it_is_due(one: Invoice, due: str) -> None:
    note = model_of(one).pay
    assert note is not None
    assert plain(note.due) == due


@pytest.mark.parametrize(
    ("one", "lead"),
    [
        (invoice(payments=[paid("445.20")]), "Pagada el 22 de noviembre de 2026. Gracias."),
        (CREDIT, "Anula la factura 2026-0031."),
        (FREE, "No hay nada por pagar."),
    ],
)  # fmt: skip
def test_an_invoice_that_waits_for_nothing_says_so_in_a_sentence(one: Invoice, lead: str) -> None:
    model = model_of(one)
    assert (model.pay, model.lead) == (None, lead)


def test_a_credit_note_leads_to_what_it_takes_back() -> None:
    assert model_of(CREDIT, invoice()).credits_url == "invoices/2026-0031.html"
    assert model_of(CREDIT).credits_url == ""


def test_euros_are_paid_to_the_account_and_others_by_link_first() -> None:
    euros, dollars = model_of(invoice()).pay, model_of(invoice(currency="AUD")).pay
    assert euros is not None
    assert dollars is not None
    assert [term.value for term in euros.terms] == [
        "Marta Ruiz Salas", "ES91 2100 0418 4502 0005 1332", "CAIXESBBXXX", "2026-0031",
    ]  # fmt: skip
    assert euros.is_transfer
    assert [button.label for button in euros.buttons] == ["Pagar con PayPal", "Pagar con Wise", "Ya la he pagado"]
    assert [term.value for term in dollars.terms] == ["2026-0031"]
    assert not dollars.is_transfer


def test_links_of_the_invoice_go_before_the_practices() -> None:
    note = model_of(invoice(currency="AUD", links={"stripe": "https://pay.example/31"})).pay
    assert note is not None
    assert note.buttons[0].href == "https://pay.example/31"
    assert note.qr == link_qr("https://pay.example/31")


def test_without_links_anyone_is_offered_the_account() -> None:
    of = work(invoice(currency="AUD"), business={"payment_links": {}})
    note = pay_note(of.invoices[0], view(of))
    assert isinstance(note, PayNote)
    assert note.terms[1].name == "IBAN"
    assert note.qr is None


def dark(code: QrCode) -> set[tuple[int, int]]:
    """Read the dark modules back out of the path."""
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", code.path)
    assert "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in runs) == code.path
    return {(int(x) + step, int(y)) for x, y, length in runs for step in range(int(length))}


def modules(code: segno.QRCode) -> set[tuple[int, int]]:
    return {(x + 4, y + 4) for y, row in enumerate(code.matrix) for x, module in enumerate(row) if module}


def test_the_code_of_a_transfer_is_the_one_banks_read() -> None:
    bank = practice().business.bank
    assert bank is not None
    expected = helpers.make_epc_qr(
        name="Marta Ruiz Salas", iban="ES9121000418450200051332", amount=Decimal("445.20"), text="2026-0031", bic="CAIXESBBXXX"
    )
    drawn = transfer_qr(bank, Decimal("445.20"), "2026-0031")
    assert dark(drawn) == modules(expected)
    assert drawn.size == len(expected.matrix) + 8


def test_a_line_links_to_the_requests_it_bills_where_they_are_shown() -> None:
    line = {"description": "Extra", "quantity": "1", "price": "1.00", "net": "1.00", "tasks": ["TOM-31", "TOM-99", "?"]}
    one = invoice(lines=[line])
    of = ClientWork(record(), (thread(task(31, "Posts"), asked()),), invoices=(one,))
    model = page_at(of, "invoices/2026-0031.html").model
    assert isinstance(model, InvoiceModel)
    assert [(link.ref, link.url) for link in model.lines[0].tasks] == [
        ("TOM-31", "requests/tom-31.html"), ("TOM-99", ""), ("?", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ({"from": "2026-11-01", "to": "2026-11-30"}, "noviembre de 2026"),
        ({"from": "2026-11-01", "to": "2026-11-15"}, "del 1 de noviembre al 15 de noviembre de 2026"),
        ({"from": "2025-12-01", "to": "2026-01-31"}, "del 1 de diciembre de 2025 al 31 de enero de 2026"),
    ],
)
def test_the_billed_days_are_said_as_a_month_where_they_are_one(period: dict[str, str], said: str) -> None:
    assert model_of(invoice(period=period)).issued == f"Emitida el 20 de noviembre de 2026 · {said}"


@pytest.mark.parametrize(
    ("quantity", "unit", "written"),
    [
        ("1", "month", "1~mes"),
        ("2", "meses", "2~meses"),
        ("3", None, "3"),
        ("12", "posts", "12~posts"),
        ("0.25", "hours", "0,25~h"),
    ],
)
def test_units_are_written_in_the_readers_words(quantity: str, unit: str | None, written: str) -> None:
    line = {"description": "x", "quantity": quantity, "unit": unit, "price": "0.00", "net": "0.00"}
    billed = model_of(invoice(lines=[{key: value for key, value in line.items() if value is not None}])).lines[0]
    assert billed.quantity == written.replace("~", "\u00a0")


def test_the_country_of_a_party_is_named_where_it_is_not_the_readers() -> None:
    model = model_of(invoice(), key="southerly")
    assert model.seller[-1] == "Spain"
    assert model_of(invoice()).seller == ("Marta Ruiz Salas", "ES00000000T")


def test_each_number_has_a_page_of_its_own() -> None:
    numbers = ("2026.0007", "2026-0007", "2026_0007")
    of = ClientWork(record(), invoices=tuple(invoice(number) for number in numbers))
    urls = [page.url for page in pages_of(of, view(of).reader) if page.kind == "invoice"]
    assert urls == [f"invoices/{number}.html" for number in numbers]
