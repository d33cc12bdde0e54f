"""What Imogen Hale writes, a coach in London: Apple Mail in the evening, a calendar, and Thunderbird at her studio."""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from recado.demo.mails import apple_mail, earlier, mime, other_programs
from recado.demo.mails.letter import Author, Earlier, Letter, answer_to
from recado.demo.mails.posted import DemoMail, attached, post

if TYPE_CHECKING:
    from datetime import datetime

    from recado.demo.dates import Week

LONDON = ZoneInfo("Europe/London")
_HOST = "smtp.halecoaching.example"
IMOGEN = Author("Imogen Hale", "imogen@halecoaching.example", LONDON, "en", _HOST)
STUDIO = Author("Hale Studio", "studio@halecoaching.example", LONDON, "en", _HOST)
HOSTS = {"halecoaching.example": frozenset({_HOST})}


def mails(week: Week) -> tuple[DemoMail, ...]:
    """Give what they write in a week."""
    return (*_schools(week), _planning_call(week), _library(week), _away(week), _edinburgh(week), *_latest(week))


def _schools(week: Week) -> tuple[DemoMail, ...]:
    asked = Letter(
        "letter-to-schools",
        IMOGEN,
        week.at(5, "20:47", LONDON),
        "A letter to head teachers",
        "Dear Marta,\n\nthree head teachers have been through the cohorts now, and each of them said I ought to write to "
        "others. "
        "Might you draft one page that does not read like an advertisement? It could begin with the staff room at ten past "
        "three.\n\nThere is no hurry; before the end of term would be kind.\n\nWarmly,\nImogen",
    )
    understood = answer_to(
        asked,
        apple_mail.message_id(asked.key, IMOGEN.domain),
        "schools-understood",
        week.at(4, "11:30", ZoneInfo("Europe/Madrid")),
        "Dear Imogen,\n\nOne page, beginning in the staff room, nothing for sale in it. May I quote the three, without "
        "their "
        "names?\n\nMarta",
    )
    answered = Letter(
        "letter-to-schools-answer",
        IMOGEN,
        week.at(4, "21:16", LONDON),
        "Re: A letter to head teachers",
        "Two of them, yes. The third is shy, please leave her out.\n\nThe one from Hull is called Dev, and he is happy to "
        "be "
        "named.\n\nImogen",
        answers=understood,
    )
    return (
        post(asked, apple_mail.compose(asked), "A plain request from Apple Mail, quoted-printable", "request", "hale"),
        post(
            answered,
            apple_mail.compose(answered),
            "An answer from Apple Mail, with the history cited; its thread is known from References alone",
            "reply",
            "hale",
        ),
    )


def _planning_call(week: Week) -> DemoMail:
    sent = week.at(3, "09:40", LONDON)
    letter = Letter(
        "planning-call",
        IMOGEN,
        sent,
        "Planning the spring",
        "Dear Marta, might this hour suit you? I should like to think aloud about the spring. Imogen",
    )
    seed = mime.token(letter.key, 24)
    texts = [
        mime.text_part(f"{letter.text}\n", "plain", "utf-8", "quoted-printable"),
        mime.text_part(_invitation(week, sent), "calendar", "utf-8", "7bit", "; method=REQUEST"),
    ]
    fields = (
        ("From", mime.mailbox(IMOGEN.name, IMOGEN.address)),
        ("To", letter.to),
        ("Subject", letter.subject),
        ("Date", format_datetime(letter.local)),
        ("Message-ID", apple_mail.message_id(letter.key, IMOGEN.domain)),
        ("MIME-Version", "1.0"),
    )
    raw = mime.message(fields, mime.multipart("alternative", f"cal_{seed}", texts))
    return post(letter, raw, "An invitation from her calendar (text/calendar, REQUEST)", "request", "hale")


def _invitation(week: Week, sent: datetime) -> str:
    """Write the invitation: an hour on the second day after today, at three in London."""
    start = week.at(-2, "15:00", LONDON)
    end = week.at(-2, "16:00", LONDON)
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Apple Inc.//macOS 15.6//EN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        f"UID:{mime.token('planning-call-uid', 32).upper()}",
        f"DTSTAMP:{sent:%Y%m%dT%H%M%SZ}",
        f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
        f"DTEND:{end:%Y%m%dT%H%M%SZ}",
        "SUMMARY:Planning the spring",
        "LOCATION:https://zoom.example/j/8244100",
        "DESCRIPTION:Two cohorts or three\\, and what to let go of.",
        f"ORGANIZER;CN=Imogen Hale:mailto:{IMOGEN.address}",
        "ATTENDEE;CN=Marta Ruiz;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:requests@marta.example",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
    return "\n".join(lines)


def _library(week: Week) -> DemoMail:
    letter = Letter(
        "library-room",
        STUDIO,
        week.at(3, "13:25", LONDON),
        "Room at the library for the spring evenings",
        "Hello Marta,\n\nImogen asked me to pass this on. The library has let us have the reading room for five years, but "
        "from the "
        "spring they want a form for every single evening, with a named person and proof of insurance for each. There are "
        "twelve "
        "evenings. Could you fill in the forms, and find out whether one certificate covers all of them?\n\nThe dates are "
        "in the "
        "shared calendar.",
        signature="Hale Studio\nmornings only",
    )
    return post(
        letter,
        other_programs.thunderbird(letter),
        "Plain text with flowed lines, from a listed second address",
        "request",
        "hale",
    )


def _away(week: Week) -> DemoMail:
    letter = Letter(
        "imogen-away",
        IMOGEN,
        week.at(2, "10:06", LONDON),
        "Automatic reply: Reminders for the alumni evening [HALE-19]",
        "Thank you for your letter. I am walking and have left the telephone at home. I read again on Wednesday "
        "evening.\n\nImogen "
        "Hale",
        answers=earlier.alumni(week),
    )
    fields = (("Auto-Submitted", "auto-replied"), ("X-Autoreply", "yes"))
    raw = other_programs.automatic(letter, fields)
    return DemoMail(letter.key, raw, letter.sent, "", _HOST, "An out-of-office on a thread of the practice", "note", "hale")


def _edinburgh(week: Week) -> DemoMail:
    organisers = Author("Leading Quietly", "speakers@leadingquietly.example", LONDON, "en", "")
    programme = Earlier(
        "<2211.speakers@leadingquietly.example>",
        organisers,
        week.at(2, "16:12", LONDON),
        "Your session in Edinburgh",
        "Dear speakers,\n\nthe programme is attached. Please send us a portrait, eighty words about yourself and any "
        "dietary "
        "wishes, and be in the building by nine.\n\nThe Leading Quietly team",
        to=IMOGEN.address,
    )
    letter = Letter(
        "edinburgh-forward",
        IMOGEN,
        week.at(2, "20:58", LONDON),
        "Fwd: Your session in Edinburgh",
        "Dear Marta, would you see to these? The portrait with the window, please, not the one with the dog.\n\nImogen",
        forwards=programme,
        files=(attached("speaker-programme.pdf"),),
    )
    return post(letter, apple_mail.compose(letter), "A forward from Apple Mail, with the organisers’ PDF", "request", "hale")


def _latest(week: Week) -> tuple[DemoMail, ...]:
    page = Letter(
        "enrolment-words",
        IMOGEN,
        week.at(1, "20:19", LONDON),
        "Re: January cohort: enrolment page [HALE-16]",
        "It is lovely. One small thing: “people who cannot pay” sounds like a queue at a counter. Could it say “two places "
        "are "
        "kept”, and stop there?\n\nThen please do open it.\n\nImogen",
        answers=earlier.enrolment(week),
    )
    thanks = Letter(
        "alumni-thanks",
        IMOGEN,
        week.ago(95),
        "A small thank-you 🌿 for the alumni",
        "Dear Marta,\n\nafter the evening I should like to post each of the thirty-eight a sprig of rosemary in an "
        "envelope. Might "
        "you find out what that costs, and whether rosemary survives the second class?\n\nImogen",
    )
    return (
        post(page, apple_mail.compose(page), "An answer from Apple Mail to a message of the practice", "reply", "hale"),
        post(
            thanks,
            apple_mail.compose(thanks, encoding="base64"),
            "A plain request in base64, with an emoji in the subject",
            "request",
            "hale",
        ),
    )
