"""Amounts that are not money: work in minutes (`2h30m`), days (`60 days`), percentages (`50 %`), sizes (`25 MB`)."""

from __future__ import annotations

import re
from decimal import Decimal

_WORK = re.compile(r"(?:(?P<hours>\d{1,4}(?:[.,]\d{1,2})?)\s*h)?\s*(?:(?P<minutes>\d{1,5})\s*m(?:in)?)?", re.ASCII)
_DAYS = re.compile(r"(?P<number>\d{1,4})\s*days?", re.ASCII)
_PERCENT = re.compile(r"(?P<number>\d{1,3}(?:[.,]\d{1,4})?)\s*%", re.ASCII)
_SIZE = re.compile(r"(?P<number>\d{1,6})\s*(?P<unit>[kKMG]?)B", re.ASCII)
_UNITS = {"": 1, "k": 1000, "K": 1000, "M": 1000**2, "G": 1000**3}


def parse_work(text: str) -> int:
    """Read an amount of work, in minutes: `2h30m`, `2h`, `45m`, `1.5h`. Raises ValueError."""
    found = _WORK.fullmatch(text.strip())
    if not found or not (found["hours"] or found["minutes"]):
        raise ValueError("expected hours and minutes such as 2h30m, 2h or 45m")
    hours = Decimal((found["hours"] or "0").replace(",", "."))
    return int(hours * 60) + int(found["minutes"] or 0)


def format_work(minutes: int) -> str:
    """Write an amount of work, given in minutes, as files do: `2h30m`."""
    hours, rest = divmod(minutes, 60)
    return f"{hours}h{rest}m" if hours and rest else f"{hours}h" if hours else f"{rest}m"


def parse_days(text: str) -> int:
    """Read a number of days: `60 days`. Raises ValueError."""
    found = _DAYS.fullmatch(text.strip())
    if not found:
        raise ValueError("expected a number of days such as 60 days")
    return int(found["number"])


def parse_percent(text: str) -> Decimal:
    """Read a percentage between 0 and 100: `50 %` gives Decimal(50). Raises ValueError."""
    found = _PERCENT.fullmatch(text.strip())
    number = Decimal(found["number"].replace(",", ".")) if found else None
    if number is None or number > 100:  # noqa: PLR2004 (per cent)
        raise ValueError("expected a percentage such as 50 %")
    return number


def parse_size(text: str) -> int:
    """Read a size in bytes: `25 MB` (decimal units). Raises ValueError."""
    found = _SIZE.fullmatch(text.strip())
    if not found or not int(found["number"]):
        raise ValueError("expected a size such as 25 MB")
    return int(found["number"]) * _UNITS[found["unit"]]
