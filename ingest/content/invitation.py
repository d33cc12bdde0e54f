"""A calendar object (RFC 5545) → a few lines to read in any language: what, when and where, who asks."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from ingest.charset import clean_line, clean_text, decode
from ingest.content.escape import escape, with_links
from ingest.content.recurrence import repeats

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_BYTES: Final = 256 * 1024
_MOST_EVENTS: Final = 10
_CALENDAR, _PLACE, _PERSON, _CANCELLED, _ACCEPTED, _DECLINED, _REPEATS = "📅", "📍", "👤", "❌", "✅", "🚫", "🔁"
_UPDATED = "✏️"
_METHODS: Final = {"CANCEL": _CANCELLED, "COUNTER": "❔", "DECLINECOUNTER": _DECLINED}
_ANSWERS: Final = {"ACCEPTED": _ACCEPTED, "DECLINED": _DECLINED, "TENTATIVE": "❔"}


def read_invitation(content: bytes) -> str:
    """Give the Markdown of an invitation: title, time (in the zone the sender wrote, named), place, organiser.

    '' if no event can be read in it. Never raises: the file itself is kept beside the text in any case.
    """
    if len(content) > _MOST_BYTES:
        return ""
    from icalendar import Calendar  # noqa: PLC0415 (50 ms, for the one mail in a hundred that has an invitation)

    try:
        calendar: Any = Calendar.from_ical(clean_text(decode(content, "utf-8")))
        return "\n\n".join(_event(event, str(calendar.get("METHOD", ""))) for event in _events(calendar))
    except Exception:  # noqa: BLE001 (icalendar raises ValueError, KeyError, IndexError, AttributeError on broken files)
        return ""


def _events(calendar: Any) -> Iterator[Any]:
    for number, event in enumerate(calendar.walk("VEVENT")):
        if number >= _MOST_EVENTS:
            return
        yield event


def _event(event: Any, method: str) -> str:
    title = _words(event, "SUMMARY")
    answer = _answer(event) if method.upper() == "REPLY" else ""
    is_cancelled = _words(event, "STATUS").upper() == "CANCELLED"
    sign = answer or _METHODS.get(method.upper()) or (_CANCELLED if is_cancelled else _CALENDAR)
    if sign == _CALENDAR and _sequence(event):
        sign = f"{_CALENDAR} {_UPDATED}"
    lines = [f"**{sign} {escape(title)}**" if title else f"**{sign}**"]
    if when := _when(event):
        lines.append(escape(when))
    if event.get("RRULE"):
        lines.append(f"{_REPEATS} {repeats(event)}".rstrip())
    if place := _words(event, "LOCATION"):
        lines.append(f"{_PLACE} {with_links(place)}")
    if organiser := _organiser(event):
        lines.append(f"{_PERSON} {escape(organiser)}")
    return "  \n".join(lines)


def _when(event: Any) -> str:
    """Give `2026-11-24 10:00–11:00 (Europe/Madrid)`, or days alone for an event of whole days."""
    start = _instant(event, "DTSTART")
    if start is None:
        return ""
    end = _end(event, start)
    if not isinstance(start, datetime):
        # DTEND of whole days is the day after the last (RFC 5545 §3.6.1).
        last = date.fromordinal(end.toordinal() - 1) if end is not None and end > start else start
        return f"{start:%Y-%m-%d}" if last <= start else f"{start:%Y-%m-%d} – {last:%Y-%m-%d}"
    zone = _zone(event, start)
    text = f"{start:%Y-%m-%d %H:%M}"
    if isinstance(end, datetime) and end != start:
        text += f"–{end:%H:%M}" if end.date() == start.date() else f" – {end:%Y-%m-%d %H:%M}"
    return f"{text} ({zone})" if zone else text


def _instant(event: Any, name: str) -> date | None:
    value = event.get(name)
    instant = getattr(value, "dt", None)
    return instant if isinstance(instant, date) else None


def _end(event: Any, start: date) -> date | None:
    """Give DTEND, or what a DURATION comes to."""
    end = _instant(event, "DTEND")
    lasts = getattr(event.get("DURATION"), "dt", None)
    if end is None and isinstance(lasts, timedelta) and isinstance(start, datetime):
        with suppress(OverflowError):
            return start + lasts
    return end if isinstance(end, datetime) is isinstance(start, datetime) else None


def _sequence(event: Any) -> int:
    """Give how often a meeting was changed since it was first sent (RFC 5545 §3.8.7.4)."""
    written = str(event.get("SEQUENCE", "0"))
    return int(written) if written.isdecimal() and len(written) < 6 else 0  # noqa: PLR2004 (longer is no count)


def _zone(event: Any, start: datetime) -> str:
    """Name the zone as the sender did; a time without one is the reader's own (RFC 5545 §3.3.5, form 1)."""
    named = clean_line(str(event["DTSTART"].params.get("TZID", "")))
    if named:
        return named
    return "UTC" if start.tzinfo is not None and start.utcoffset() == UTC.utcoffset(None) else ""


def _organiser(event: Any) -> str:
    organiser = event.get("ORGANIZER")
    if organiser is None:
        return ""
    address = clean_line(str(organiser)).removeprefix("mailto:").removeprefix("MAILTO:")
    name = clean_line(str(getattr(organiser, "params", {}).get("CN", "")))
    return f"{name} ({address})" if name and name != address else address


def _answer(event: Any) -> str:
    """Give the sign of an answer to our own invitation."""
    attendees = event.get("ATTENDEE", [])
    for attendee in attendees if isinstance(attendees, list) else [attendees]:
        status = str(getattr(attendee, "params", {}).get("PARTSTAT", "")).upper()
        if status in _ANSWERS:
            return _ANSWERS[status]
    return ""


def _words(event: Any, name: str) -> str:
    value = event.get(name, "")
    return clean_line(str(value[0] if isinstance(value, list) and value else value))[:500]
