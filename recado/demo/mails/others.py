"""What others write to a request address: a stranger, somebody who pretends to be a client, and a mail no one can read."""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from recado.demo.mails import mime, other_programs
from recado.demo.mails.letter import Author, Letter
from recado.demo.mails.posted import DemoMail, post
from recado.demo.mails.southerly import JANE, SYDNEY

if TYPE_CHECKING:
    from recado.demo.dates import Week

_STRANGER = Author(
    "Grace at RankBoost", "grace@rankboost.example", ZoneInfo("America/New_York"), "en", "mta7.rankboost.example"
)
_RENTED_HOST = "vps-4471.cheaphosting.example"
HOSTS = {"rankboost.example": frozenset({"mta7.rankboost.example"})}


def mails(week: Week) -> tuple[DemoMail, ...]:
    """Give what arrives besides the clients' mail."""
    return _stranger(week), _pretender(week), _unreadable(week)


def _stranger(week: Week) -> DemoMail:
    letter = Letter(
        "stranger",
        _STRANGER,
        week.at(4, "07:58", _STRANGER.zone),
        "Quick question about your website",
        "",
    )
    page = (
        "<html><body><p>Hi there,</p><p>I was looking at your website and found <b>17 errors</b> that keep you off page "
        "one."
        '</p><p><a href="https://rankboost.example/book?id=5521">Pick a time for a call</a></p><p>Grace</p></body></html>'
    )
    return post(letter, other_programs.html_only(letter, page), "A stranger with something to sell", "quarantine", None)


def _pretender(week: Week) -> DemoMail:
    letter = Letter(
        "pretender",
        JANE,
        week.at(2, "15:27", SYDNEY),
        "Our new bank details",
        "Hi Marta,\n\nour accounts have moved. Please ask Kingfisher to pay their open invoice to BSB 000-000, account "
        "5550 1179, "
        "today if you can. I am in meetings, no need to ring.\n\nJane",
    )
    fields = (
        ("From", mime.mailbox(JANE.name, JANE.address)),
        ("Reply-To", "jane.southerly@freemail.example"),
        ("To", letter.to),
        ("Subject", letter.subject),
        ("Date", format_datetime(letter.local)),
        ("Message-ID", f"<{mime.token(letter.key, 20)}@{_RENTED_HOST}>"),
        ("Authentication-Results", "mx.marta.example; dmarc=pass header.from=southerly.example; spf=pass; dkim=pass"),
        ("MIME-Version", "1.0"),
    )
    raw = mime.message(fields, mime.text_part(f"{letter.text}\n", "plain", "utf-8", "7bit"))
    note = "Somebody who pretends to be Jane, from a rented host and with a verdict of their own: filed, but withheld"
    return DemoMail(letter.key, raw, letter.sent, JANE.address, _RENTED_HOST, note, "request", "southerly", verified="fail")


def _unreadable(week: Week) -> DemoMail:
    sent = week.at(1, "16:40", JANE.zone)
    fields = (
        ("From", mime.mailbox(JANE.name, JANE.address)),
        ("From", "Imogen Hale <imogen@halecoaching.example>"),
        ("To", "requests@marta.example"),
        ("Subject", "Please read this one first"),
        ("Date", format_datetime(sent)),
        ("Message-ID", f"<{mime.token('two-senders', 20)}@{_RENTED_HOST}>"),
        ("MIME-Version", "1.0"),
    )
    raw = mime.message(fields, mime.text_part("Which of us is writing to you?\n", "plain", "utf-8", "7bit"))
    note = "Two From headers: nobody can say who sent it"
    return DemoMail("two-senders", raw, sent, JANE.address, _RENTED_HOST, note, "quarantine", None, verified="fail")
