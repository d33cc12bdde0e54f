"""Calendar objects as a few lines to read."""

from __future__ import annotations

import time

import pytest

from ingest.content.invitation import read_invitation


def calendar(*lines: str, method: str = "REQUEST") -> bytes:
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", f"METHOD:{method}", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""]
    ).encode()


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("SUMMARY:Call", "DTSTART:20261124T100000Z"), "**📅 Call**  \n2026-11-24 10:00 (UTC)"),
        (
            ("SUMMARY:Llamada", "DTSTART;TZID=Europe/Madrid:20261124T100000", "DTEND;TZID=Europe/Madrid:20261124T113000"),
            "**📅 Llamada**  \n2026-11-24 10:00–11:30 (Europe/Madrid)",
        ),
        (
            ("SUMMARY:Night", "DTSTART:20261124T230000Z", "DTEND:20261125T010000Z"),
            "**📅 Night**  \n2026-11-24 23:00 – 2026-11-25 01:00 (UTC)",
        ),
        (("SUMMARY:Fair", "DTSTART;VALUE=DATE:20261124", "DTEND;VALUE=DATE:20261125"), "**📅 Fair**  \n2026-11-24"),
        (
            ("SUMMARY:Fair", "DTSTART;VALUE=DATE:20261124", "DTEND;VALUE=DATE:20261127"),
            "**📅 Fair**  \n2026-11-24 – 2026-11-26",
        ),
        (
            ("SUMMARY:Weekly", "DTSTART:20261124T100000", "RRULE:FREQ=WEEKLY"),
            "**📅 Weekly**  \n2026-11-24 10:00  \n🔁 2026-12-01, 2026-12-08, 2026-12-15 …",
        ),
        (("SUMMARY:Call", "DTSTART:20261124T100000Z", "DURATION:PT45M"), "**📅 Call**  \n2026-11-24 10:00–10:45 (UTC)"),
        (
            ("SUMMARY:*a* <script>\\nx", "LOCATION:https://z.example/j"),
            "**📅 \\*a\\* &lt;script> x**  \n📍 <https://z.example/j>",
        ),
        (("SUMMARY:Call", "ORGANIZER:mailto:j@x.example"), "**📅 Call**  \n👤 j@x.example"),
    ],
)
def test_an_invitation_says_what_when_where_and_who(lines: tuple[str, ...], text: str) -> None:
    assert read_invitation(calendar(*lines)) == text


def test_a_cancellation_and_an_answer_are_told_from_an_invitation() -> None:
    assert read_invitation(calendar("SUMMARY:Call", method="CANCEL")) == "**❌ Call**"
    assert (
        read_invitation(calendar("SUMMARY:Call", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:j@x.example", method="REPLY"))
        == "**✅ Call**"
    )


def test_a_changed_meeting_is_told_from_a_new_one() -> None:
    assert read_invitation(calendar("SUMMARY:Call", "SEQUENCE:2")) == "**📅 ✏️ Call**"
    assert read_invitation(calendar("SUMMARY:Call", "SEQUENCE:0")) == "**📅 Call**"
    assert read_invitation(calendar("SUMMARY:Call", "STATUS:CANCELLED", method="PUBLISH")) == "**❌ Call**"
    assert read_invitation(calendar("SUMMARY:Call", method="COUNTER")) == "**❔ Call**"


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=WEEKLY;COUNT=3", "🔁 2026-12-01, 2026-12-08"),
        ("FREQ=WEEKLY;COUNT=10", "🔁 2026-12-01, 2026-12-08, 2026-12-15 … 2027-01-26"),
        ("FREQ=WEEKLY;UNTIL=20261229T220000Z", "🔁 2026-12-01, 2026-12-08, 2026-12-15 … 2026-12-29"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", "🔁 2026-11-26, 2026-12-08, 2026-12-10 …"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "🔁 2026-11-27, 2026-12-25, 2027-01-29 …"),
        ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24", "🔁 2027-11-24, 2028-11-24, 2029-11-24 …"),
        ("FREQ=DAILY", "🔁 2026-11-25, 2026-11-26, 2026-11-27 …"),
        ("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "🔁"),
        ("FREQ=MONTHLY;BYDAY=6MO", "🔁"),
        ("FREQ=DAILY;INTERVAL=0", "🔁"),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=MO", "🔁"),
        ("FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=31", "🔁"),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31", "🔁"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "🔁"),
        ("FREQ=WEEKLY;INTERVAL=99999999", "🔁"),
        ("FREQ=WEEKLY;UNTIL=00010101", "🔁"),
    ],
)
def test_a_meeting_that_repeats_names_its_next_days(rule: str, days: str) -> None:
    begun = time.process_time()
    text = read_invitation(calendar("SUMMARY:x", "DTSTART;TZID=Europe/Madrid:20261124T100000", f"RRULE:{rule}"))
    assert text.split("  \n")[2] == days
    assert time.process_time() - begun < 0.3


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\x00", b"BEGIN:VCALENDAR", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", b"BEGIN:VEVENT\r\n" * 400, b"x" * 300_000],
)
def test_what_is_no_calendar_gives_nothing(content: bytes) -> None:
    assert read_invitation(content) == ""
