"""Money: an exact Decimal and its currency (ISO 4217). Amounts are never floats and never mixed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_AMOUNT = re.compile(r"-?\d{1,12}(?:\.\d{1,4})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
# Minor units that are not two (ISO 4217, the currencies in use).
_NO_MINOR_UNIT = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
_THREE_PLACES = frozenset("BHD IQD JOD KWD LYD OMR TND".split())


def parse_amount(text: str) -> Decimal:
    """Read a decimal string, with a point: `1100.00`. Raises ValueError."""
    if not _AMOUNT.fullmatch(text.strip()):
        raise ValueError('expected an amount such as "1100.00"')
    return Decimal(text.strip())


def is_currency(code: str) -> bool:
    """Tell whether `code` has the form of an ISO 4217 code. Whether the world knows it, Babel tells."""
    return bool(_CURRENCY.fullmatch(code))


def minor_unit(currency: str) -> Decimal:
    """Give the smallest step of a currency's amounts: Decimal('0.01') for euros, Decimal('1') for yen."""
    if currency in _NO_MINOR_UNIT:
        return Decimal(1)
    return Decimal("0.001") if currency in _THREE_PLACES else Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency."""

    amount: Decimal
    currency: str

    def __add__(self, other: Money) -> Money:
        """Add an amount of the same currency. Raises ValueError for another one."""
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        """Take away an amount of the same currency. Raises ValueError for another one."""
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added")
