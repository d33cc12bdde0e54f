"""Invoices: read as exact decimals, their sums checked to the cent, each wrong figure with its line; drafts left out."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from recado.model.invoice_standing import Standing, standing
from recado.store.invoices import parse_invoice, read_invoices

if TYPE_CHECKING:
    from recado.errors import Problem
    from recado.model.invoice import Invoice
    from recado.store.workspace import ClientFolder

TEXT = """\
number: 2026-0007
kind: invoice
issued: 2026-11-24
due: 2026-12-09
period: {from: 2026-11-01, to: 2026-11-30}
currency: EUR
language: es
seller: {name: Clara Vidal, address: [Carrer Gran 1], country: ES, tax_id: ES00000000T, phone: "1"}
buyer: {name: North Ltd, country: GB}
lines:
  - description: Posts
    quantity: "3.5"
    unit: hour
    price: "38.10"
    net: "133.35"
    tax: iva
    tasks: [NORTH-42]
  - {description: Setup, quantity: "1", price: "100.00", net: "100.00", tax: iva}
  - {description: Stamps, quantity: "1", price: "5.00", net: "5.00"}
taxes:
  - {name: iva, category: S, rate: "21", base: "233.35", amount: "49.00"}
withholdings:
  - {name: irpf, rate: "15", base: "233.35", amount: "35.00"}
totals:
  net: "238.35"
  tax: "49.00"
  gross: "287.35"
  withheld: "35.00"
  payable: "252.35"
payments:
  - {date: 2026-12-01, amount: "100.00", by: transfer, reference: "12"}
links: {paypal: https://paypal.example/x}
digest: sha256:00
"""
TODAY = date(2026, 12, 1)


def parse(text: str) -> tuple[Invoice | None, list[str]]:
    problems: list[Problem] = []
    return parse_invoice(text, "invoices/2026-0007.yml", problems), [str(problem) for problem in problems]


def invoice_of(text: str) -> Invoice:
    invoice, problems = parse(text)
    assert not problems
    assert invoice is not None
    return invoice


def test_an_invoice_is_read_with_every_key_as_exact_decimals() -> None:
    invoice = invoice_of(TEXT)
    assert invoice.is_issued
    assert invoice.lines[0].net == Decimal("133.35")
    assert str(invoice.totals.payable) == "252.35"
    assert invoice.paid.amount == Decimal("100.00")
    assert (invoice.outstanding.amount, invoice.outstanding.currency) == (Decimal("152.35"), "EUR")
    assert all(isinstance(line.price, Decimal) for line in invoice.lines)


FIGURES = [
    (line, found[0])
    for line, text in enumerate(TEXT.splitlines(), 1)
    for found in re.finditer(r'(?:net|base|amount|tax|gross|withheld|payable): "\d+\.\d\d"', text)
    if "payments" not in text and "transfer" not in text
]


@pytest.mark.parametrize("cents", [1, -1])
@pytest.mark.parametrize(("line", "figure"), FIGURES, ids=[f"{line} {figure}" for line, figure in FIGURES])
def test_each_figure_that_is_a_cent_off_is_found_with_its_line(line: int, figure: str, cents: int) -> None:
    key, _colon, stands = figure.partition(": ")
    wrong = f'{key}: "{Decimal(stands.strip(chr(34))) + Decimal(cents) / 100}"'
    lines = TEXT.splitlines()
    lines[line - 1] = lines[line - 1].replace(figure, wrong)
    invoice, problems = parse("\n".join(lines))
    assert invoice is None
    at_the_line = [problem for problem in problems if problem.startswith(f"invoices/2026-0007.yml:{line}: ")]
    assert at_the_line
    assert f"{key}` is " in at_the_line[0]
    assert "but it comes to" in at_the_line[0]


def test_twelve_figures_are_checked() -> None:
    assert len(FIGURES) == 12


@pytest.mark.parametrize(
    ("quantity", "price", "net"),
    [
        ("1", "0.005", "0.01"),
        ("1", "0.0049", "0.00"),
        ("0.5", "0.01", "0.01"),
        ("-1", "0.005", "-0.01"),
        ("3", "33.335", "100.01"),
    ],
)
def test_a_line_is_rounded_half_up_to_the_cent(quantity: str, price: str, net: str) -> None:
    text = TEXT.replace('{description: Stamps, quantity: "1", price: "5.00", net: "5.00"}', "@")
    text = text.replace("@", f'{{description: Stamps, quantity: "{quantity}", price: "{price}", net: "{net}"}}')
    assert not [problem for problem in parse(text)[1] if "lines" in problem]


def test_yen_have_no_cents() -> None:
    text = (
        'number: "7"\nissued: 2026-11-24\ncurrency: JPY\nseller: {name: A}\nbuyer: {name: B}\n'
        'lines: [{description: X, quantity: "1.5", price: "333", net: "500"}]\n'
        'totals: {net: "500", tax: "0", gross: "500", payable: "500"}\n'
    )
    assert invoice_of(text).totals.payable == 500
    assert len(parse(text.replace('net: "500"}]', 'net: "499.5"}]'))[1]) == 2


@pytest.mark.parametrize(
    ("stands", "written", "line", "said"),
    [
        ('price: "38.10"', "price: 38,10", 14, "`lines[1].price` is '38,10'; expected an amount such as"),
        ("currency: EUR\n", "", 1, "`currency` is missing"),
        ("issued: 2026-11-24\n", "", 1, "`issued` is missing; expected the date that a numbered invoice has"),
        ("due: 2026-12-09", "due: 2026-11-01", 4, "`due` is 2026-11-01, before `issued` (2026-11-24)"),
        ("    tax: iva", "    tax: vat", 16, "`lines[1].tax` is 'vat'; expected the name of one of `taxes` (iva)"),
        ("kind: invoice", "kind: bill", 2, "`kind` is 'bill'; expected one of: invoice, deposit, credit-note"),
        ("number: 2026-0007", "number: Index", 1, "`number` is 'Index'; expected another number, since the page called index"),
        ("number: 2026-0007", "number: ../../index", 1, "`number` is '../../index'; expected a number of letters, digits"),
        ("payments:", "payment:", 30, "`payment` is not a key that is known here; did you mean `payments`?"),
        ("number: 2026-0007", "number: 2026-0007\nnumber: 2026-0008", 2, "`number` stands here twice"),
        ("digest: sha256:00", "digest: &x sha256:00", 33, "an anchor or alias"),
    ],
)
def test_a_mistake_is_told_with_its_line(stands: str, written: str, line: int, said: str) -> None:
    invoice, problems = parse(TEXT.replace(stands, written, 1))
    assert invoice is None
    assert problems[0].startswith(f"invoices/2026-0007.yml:{line}: {said}")


def test_a_draft_may_be_unfinished_and_is_never_shown(client: ClientFolder) -> None:
    draft = TEXT.replace("number: 2026-0007\n", "").replace('payable: "252.35"', 'payable: "0.00"')
    assert not invoice_of(draft).is_issued
    client.invoices.mkdir()
    (client.invoices / "draft-november.yml").write_text(draft)
    (client.invoices / "2026-0007.yml").write_text(TEXT)
    (client.invoices / "notes.txt").write_text("x")
    problems: list[Problem] = []
    assert [invoice.number for invoice in read_invoices(client, problems)] == ["2026-0007"]
    assert problems == []


def test_invoices_stand_newest_first_and_mistakes_are_told_all_at_once(client: ClientFolder) -> None:
    client.invoices.mkdir()
    for number, issued in [("2026-0005", "2026-09-01"), ("2026-0006", "2026-10-01"), ("2026-0007", "2026-11-24")]:
        text = TEXT.replace("2026-0007", number).replace("issued: 2026-11-24", f"issued: {issued}")
        (client.invoices / f"{number}.yml").write_text(text)
    (client.invoices / "2026-0008.yml").write_text(TEXT)
    (client.invoices / "2026-0009.yml").write_text(TEXT.replace('"252.35"', '"252.36"').replace("2026-0007", "2026-0009"))
    outside = client.root.with_name("theirs.yml")
    outside.write_text(TEXT)
    (client.invoices / "2026-0010.yml").symlink_to(outside)
    problems: list[Problem] = []
    found = read_invoices(client, problems)
    assert [invoice.number for invoice in found] == ["2026-0007", "2026-0006", "2026-0005"]
    said = [str(problem) for problem in problems]
    assert "2026-0008.yml:1: the number 2026-0007 stands in another file too" in said[0]
    assert "2026-0009.yml:29: `totals.payable` is 252.36, but it comes to 252.35" in said[1]
    assert "2026-0010.yml:1: this link leads out" in said[2]


PAID = TEXT.replace('amount: "100.00", by', 'amount: "252.35", by')
UNPAID = TEXT.replace('payments:\n  - {date: 2026-12-01, amount: "100.00", by: transfer, reference: "12"}\n', "")
CREDIT = TEXT.replace("kind: invoice", "kind: credit-note\ncredits: 2026-0006")


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        (UNPAID, TODAY, Standing.OPEN),
        (UNPAID, date(2026, 12, 9), Standing.OPEN),
        (UNPAID, date(2026, 12, 10), Standing.OVERDUE),
        (UNPAID.replace("due: 2026-12-09\n", ""), date(2030, 1, 1), Standing.OPEN),
        (TEXT, TODAY, Standing.PART_PAID),
        (TEXT, date(2026, 12, 10), Standing.OVERDUE),
        (PAID, date(2030, 1, 1), Standing.PAID),
        (PAID.replace('amount: "252.35", by', 'amount: "300.00", by'), TODAY, Standing.PAID),
        (CREDIT, date(2030, 1, 1), Standing.CREDIT),
    ],
)
def test_where_an_invoice_stands(text: str, today: date, expected: Standing) -> None:
    assert standing(invoice_of(text), today) is expected


def test_nothing_is_outstanding_on_a_credit_note_or_when_too_much_was_paid() -> None:
    assert invoice_of(CREDIT).outstanding.amount == 0
    assert invoice_of(PAID.replace('amount: "252.35", by', 'amount: "300.00", by')).outstanding.amount == 0


def test_numbers_that_differ_by_capitals_alone_would_share_a_page_and_are_refused(client: ClientFolder) -> None:
    client.invoices.mkdir(parents=True, exist_ok=True)
    for name, number in (("1", "A1"), ("2", "a1"), ("3", "2026.0007"), ("4", "2026-0007")):
        (client.invoices / f"{name}.yml").write_text(TEXT.replace("number: 2026-0007", f"number: {number}"))
    problems: list[Problem] = []
    found = read_invoices(client, problems)
    assert {invoice.number for invoice in found} == {"A1", "2026.0007", "2026-0007"}
    assert [problem.text for problem in problems] == [
        "the number a1 differs from A1, of another file, by its capitals alone; expected more of a difference"
    ]
    assert problems[0].file.endswith("2.yml")
