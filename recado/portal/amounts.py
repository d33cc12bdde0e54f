"""Amounts as a reader's locale writes them: money, numbers, percentages, sizes, and stretches of time.

A number never parts from what it counts: the spaces inside are no-break, and minus is the true minus sign.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from babel.numbers import NumberPattern, format_decimal, get_currency_symbol, parse_pattern

from recado.model.money import minor_unit

if TYPE_CHECKING:
    from babel import Locale

    from recado.model.money import Money

NO_BREAK = "\u00a0"
MINUS = "\u2212"
_SYMBOL = "\ue000"  # stands in for the currency while Babel writes the number; private use, so in no pattern
_SIZES = ((1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB"))


def format_money(money: Money, locale: Locale) -> str:
    """Write an amount: the number as `locale` (language and country) writes it, the symbol as its language alone does.

    An Australian reads `A$1,240.00`, not `$1,240.00`: invoices cross borders, so a symbol that two countries share is never
    used bare. Decimals are the currency's own (ISO 4217), more only where the amount has more (a price of `0.0045`).
    """
    places = max(_places(minor_unit(money.currency)), _places(money.amount.normalize()))
    pattern = _money_pattern(str(locale), places)
    written = pattern.apply(money.amount, locale)
    symbol = get_currency_symbol(money.currency, locale.language)
    if symbol == "$" and locale.territory != "US":  # English alone means the American dollar by it, Australians do not
        symbol = "US$"
    return _kept_together(_with_symbol(written, symbol))


def format_number(number: Decimal | int, locale: Locale) -> str:
    """Write a number without the zeros that say nothing: `1.5`, `10`."""
    plain = Decimal(number)
    whole = plain == plain.to_integral_value()
    return _kept_together(format_decimal(plain.quantize(Decimal(1)) if whole else plain.normalize(), locale=locale))


def format_percent(number: Decimal, locale: Locale) -> str:
    """Write a percentage given in per cent: Decimal(21) gives `21 %` to a Spaniard and `21%` to an Australian."""
    pattern = locale.percent_formats[None].pattern
    space = NO_BREAK if any(char.isspace() for char in pattern) else ""
    return f"{format_number(number, locale)}{space}%"


def format_size(size: int, locale: Locale) -> str:
    """Write a size given in bytes, in decimal units, with one decimal below ten: `1.8 MB`, `32 kB`."""
    for step, unit in _SIZES:
        if size >= step:
            value = Decimal(size) / step
            near = value.quantize(Decimal("0.1") if value < 10 else Decimal(1))  # noqa: PLR2004 (ten of anything)
            return f"{format_number(near, locale)}{NO_BREAK}{unit}"
    return f"{format_number(size, locale)}{NO_BREAK}B"


def format_duration(minutes: int) -> str:
    """Write a stretch of work given in minutes: `3 h 45`, `10 h`, `45 min`."""
    hours, rest = divmod(abs(minutes), 60)
    sign = MINUS if minutes < 0 else ""
    if not hours:
        return f"{sign}{rest}{NO_BREAK}min"
    return f"{sign}{hours}{NO_BREAK}h{NO_BREAK}{rest:02d}" if rest else f"{sign}{hours}{NO_BREAK}h"


@lru_cache(maxsize=64)
def _money_pattern(locale_name: str, places: int) -> NumberPattern:
    from babel import Locale  # noqa: PLC0415 (only the cache's key is a name)

    text = Locale.parse(locale_name).currency_formats["standard"].pattern
    pattern = parse_pattern(text.replace("¤", _SYMBOL))
    pattern.frac_prec = (places, places)
    return pattern


def _with_symbol(written: str, symbol: str) -> str:
    """Put the symbol in; one of letters is kept off the figures (CLDR, currency spacing): `CHF 12.00`."""
    before, _, after = written.partition(_SYMBOL)
    lead = NO_BREAK if before and before[-1].isdigit() and symbol[0].isalpha() else ""
    trail = NO_BREAK if after and after[0].isdigit() and symbol[-1].isalpha() else ""
    return f"{before}{lead}{symbol}{trail}{after}"


def _places(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _kept_together(written: str) -> str:
    return written.replace("\u202f", NO_BREAK).replace(" ", NO_BREAK).replace("-", MINUS)
