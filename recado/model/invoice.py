"""An invoice as its file says it: Decimals, its totals checked against its lines, what was paid and what is left."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from recado.model.money import Money, minor_unit
from recado.model.reading import Written
from recado.model.written import Amount, Country, Currency, Day, Language, Line, Localized, Url, from_text, parse_line

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,38}[A-Za-z0-9])?", re.ASCII)  # it names a file and a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Party(Written):
    """The seller or the buyer, as printed."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {**Written.__pydantic_config__, "extra": "ignore"}

    name: Line
    address: tuple[Line, ...] = ()
    country: Country | None = None
    tax_id: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period(Written):
    """The days that are billed, both included."""

    first: Day = field(metadata={"alias": "from"})
    last: Day = field(metadata={"alias": "to"})


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine(Written):
    """One line; `net` is quantity × price, rounded half up to the currency's minor unit."""

    description: Line
    quantity: Amount
    unit: Line | None = None
    price: Amount
    net: Amount
    tax: Line | None = None
    tasks: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax(Written):
    """A tax on the lines that name it; `rate` is in per cent, `category` an UNCL5305 code (EN 16931)."""

    name: Line
    category: Line | None = None
    rate: Amount
    base: Amount
    amount: Amount
    reason: Localized | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withholding(Written):
    """Tax the client keeps back and pays for the seller (Spanish IRPF): `rate` per cent of `base`."""

    name: Line
    rate: Amount
    base: Amount
    amount: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals(Written):
    """net + tax = gross; gross − withheld = payable."""

    net: Amount
    tax: Amount
    gross: Amount
    withheld: Amount = Decimal(0)
    payable: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment(Written):
    """Money that came in."""

    date: Day
    amount: Amount
    by: Line | None = None
    reference: Line | None = None


def _number(text: str) -> str:
    number = parse_line(text)
    if not _NUMBER.fullmatch(number):
        raise ValueError("expected a number of letters, digits, points and hyphens, such as 2026-0007")
    if number.casefold() == "index":
        raise ValueError("expected another number, since the page called index lists all invoices")
    return number


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice(Written):
    """`invoices/2026-0007.yml`. One without a number is a draft and never shown to the client."""

    number: Annotated[str, from_text(_number)] | None = None
    kind: Literal["invoice", "deposit", "credit-note"] = "invoice"
    issued: Day | None = None
    due: Day | None = None
    period: Period | None = None
    currency: Currency
    language: Language | None = None
    seller: Party
    buyer: Party
    lines: tuple[InvoiceLine, ...]
    taxes: tuple[Tax, ...] = ()
    withholdings: tuple[Withholding, ...] = ()
    totals: Totals
    payments: tuple[Payment, ...] = ()
    links: dict[str, Url] = field(default_factory=dict)
    credits: Line | None = None
    digest: Line | None = None

    @property
    def is_issued(self) -> bool:
        """Tell whether it counts: it has a number and a date."""
        return self.number is not None and self.issued is not None

    @property
    def paid(self) -> Money:
        """Add up the payments."""
        return Money(sum((payment.amount for payment in self.payments), Decimal(0)), self.currency)

    @property
    def outstanding(self) -> Money:
        """Give what is still to pay; nothing, once more than the sum was paid, and for a credit note."""
        left = Decimal(0) if self.kind == "credit-note" else self.totals.payable - self.paid.amount
        return Money(max(left, Decimal(0)), self.currency)


def disagreements(invoice: Invoice) -> Iterator[tuple[tuple[str | int, ...], Decimal, Decimal]]:
    """Find every figure that does not follow from the others: where it stands, what stands there, what it should be.

    Rounding is half up to the minor unit, of each line and of each tax (EN 16931 BR-CO-10, 13, 14, 15). A withholding is of all
    that is billed, or of what is taxed.
    """
    step = minor_unit(invoice.currency)

    def rounded(amount: Decimal) -> Decimal:
        return amount.quantize(step, ROUND_HALF_UP)

    def expected() -> Iterator[tuple[tuple[str | int, ...], Decimal, Decimal]]:
        for number, line in enumerate(invoice.lines):
            yield ("lines", number, "net"), line.net, rounded(line.quantity * line.price)
        for number, tax in enumerate(invoice.taxes):
            yield (
                ("taxes", number, "base"),
                tax.base,
                sum((x.net for x in invoice.lines if x.tax == tax.name), Decimal(0)),
            )
            yield ("taxes", number, "amount"), tax.amount, rounded(tax.base * tax.rate / 100)
        net = sum((line.net for line in invoice.lines), Decimal(0))
        bases = {net, sum((tax.base for tax in invoice.taxes), Decimal(0)), *(tax.base for tax in invoice.taxes)}
        for number, held in enumerate(invoice.withholdings):
            yield ("withholdings", number, "base"), held.base, held.base if held.base in bases else net
            yield ("withholdings", number, "amount"), held.amount, rounded(held.base * held.rate / 100)
        totals = invoice.totals
        yield ("totals", "net"), totals.net, net
        yield ("totals", "tax"), totals.tax, sum((tax.amount for tax in invoice.taxes), Decimal(0))
        yield ("totals", "gross"), totals.gross, totals.net + totals.tax
        yield ("totals", "withheld"), totals.withheld, sum((held.amount for held in invoice.withholdings), Decimal(0))
        yield ("totals", "payable"), totals.payable, totals.gross - totals.withheld

    yield from (found for found in expected() if found[1] != found[2])
