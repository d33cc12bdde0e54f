"""Working hours and promised response times, as clients.yml writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import Annotated

from recado.model.reading import PartError, Reading
from recado.model.written import parse_clock

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_RESPONSE = re.compile(r"(?P<hours>\d{1,3})\s*(?:h|(?P<working>working hours?))", re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one day, in the practice's zone."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Hours:
    """The spans of each weekday, Monday first; an empty tuple is a closed day."""

    days: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class Response:
    """The promised time to a first answer. `of_desk`: counted in desk hours, else in clock hours of working days (DESIGN 6)."""

    hours: int
    of_desk: bool


def parse_hours(value: object) -> Hours:
    """Read `{mon-thu: "09:00-14:00 15:00-18:00", fri: "09:00-15:00"}`. Raises ValueError."""
    expected = 'expected days and times such as {mon-thu: "09:00-14:00 15:00-18:00", fri: "09:00-15:00"}'
    if not isinstance(value, dict) or not value:
        raise ValueError(expected)
    days: list[tuple[Span, ...]] = [() for _ in WEEKDAYS]
    for named, spans in value.items():
        first, _, last = str(named).partition("-")
        if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
            raise PartError((named,), None, "expected a weekday or some, such as mon or mon-fri")
        start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
        if end < start or any(days[start : end + 1]):
            raise PartError((named,), None, "expected each weekday once, and Monday as the first of the week")
        days[start : end + 1] = [_parse_spans(str(named), spans)] * (end + 1 - start)
    return Hours(tuple(days))


def _parse_spans(named: str, written: object) -> tuple[Span, ...]:
    refused = PartError((named,), written, 'expected times that follow one another, such as "09:00-14:00 15:00-18:00"')
    if not isinstance(written, str) or not written.strip():
        raise refused
    spans = []
    for part in written.split():
        start, _, end = part.partition("-")
        try:
            spans.append(Span(parse_clock(start), parse_clock(end)))
        except ValueError:
            raise refused from None
    edges = [edge for span in spans for edge in (span.start, span.end)]
    if edges != sorted(edges) or any(span.start == span.end for span in spans):
        raise refused
    return tuple(spans)


def parse_response(value: object) -> Response:
    """Read `24h` or `8 working hours`. Raises ValueError."""
    found = _RESPONSE.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found or int(found["hours"]) == 0:
        raise ValueError('expected a time such as 24h (on working days) or "8 working hours" (at the desk)')
    return Response(int(found["hours"]), of_desk=bool(found["working"]))


WrittenHours = Annotated[Hours, Reading(parse_hours)]
WrittenResponse = Annotated[Response, Reading(parse_response)]
