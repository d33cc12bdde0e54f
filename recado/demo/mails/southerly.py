"""What Southerly Creative writes, an agency in Sydney: Outlook on the desk, an iPhone, and a colleague whom nobody listed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from recado.demo.mails import apple_mail, earlier, other_programs, outlook
from recado.demo.mails.letter import Author, Letter, answer_to
from recado.demo.mails.posted import DemoMail, attached, post

if TYPE_CHECKING:
    from recado.demo.dates import Week

SYDNEY = ZoneInfo("Australia/Sydney")
_HOST = "mail-sy4aus01.outbound.example"
JANE = Author("Jane Whitlock", "jane@southerly.example", SYDNEY, "en", _HOST)
TOM = Author("Tom Nguyen", "tom@southerly.example", SYDNEY, "en", _HOST)
PRIYA = Author("Priya Raman", "priya@southerly.example", SYDNEY, "en", _HOST)
_JANES = "Jane Whitlock\nAccount Director, **Southerly Creative**\n02 5550 0142"
_OWN_SERVER = "mail.southerly.example"
HOSTS = {"southerly.example": frozenset({_HOST, _OWN_SERVER})}

_QUOTES_PAGE = """<!DOCTYPE html><html><head><style>td{padding:4px 12px}</style></head><body style="font-family:sans-serif">
<p>Hi Marta,</p>
<p>three retouchers have quoted for the <b>Harbour Dental</b> portraits. Could you check two things with each of them
before we choose?</p>
<ol><li>Is the second round of changes in the price?</li><li>Can they start on a Monday?</li></ol>
<table border="1" cellspacing="0"><tr><th>Who</th><th>Per portrait</th><th>Days</th></tr>
<tr><td>Mei Castellano</td><td align="right">A$60</td><td align="right">4</td></tr>
<tr><td>Foveaux Retouch</td><td align="right">A$48</td><td align="right">6</td></tr>
<tr><td>Dot &amp; Sons</td><td align="right">A$75</td><td align="right">2</td></tr></table>
<p>The portraits are <a href="https://drive.example/southerly/harbour-portraits">in the drive</a>.</p>
<p>Priya</p><img src="https://track.pocketpost.example/o.gif?u=88213" width="1" height="1" alt=""></body></html>
"""


def mails(week: Week) -> tuple[DemoMail, ...]:
    """Give what they write in a week."""
    return (*_kingfisher(week), *_requests(week), *_answers(week), _away(week))


def _kingfisher(week: Week) -> tuple[DemoMail, ...]:
    asked = Letter(
        "kingfisher-research",
        JANE,
        week.at(5, "14:10", SYDNEY),
        "Kingfisher Foods: who else sells ready meals in paper?",
        "Hi Marta,\n\nWe pitch for Kingfisher’s autumn range in the second week of January. The brief is attached. I need "
        "three "
        "things on two pages:\n\n- who else sells ready meals in **paper trays**, and for how much\n- what the grocers say "
        "about "
        "shelf life\n- three campaigns from abroad that do not go on about plastic\n\nNo market size please, they have it. "
        "End of "
        "next week would be perfect.\n\nThanks,",
        files=(attached("kingfisher-brief.pdf", "Kingfisher brief.pdf"),),
        signature=_JANES,
    )
    understood = answer_to(
        asked,
        outlook.message_id(asked.key),
        "kingfisher-understood",
        week.at(4, "09:20", ZoneInfo("Europe/Madrid")),
        "Hi Jane,\n\nTwo pages, three parts, by Friday week. Shall I ring the grocers as Southerly, or as nobody in "
        "particular?"
        "\n\nMarta",
    )
    answered = Letter(
        "kingfisher-answer",
        JANE,
        week.at(3, "08:35", SYDNEY),
        "Re: Kingfisher Foods: who else sells ready meals in paper?",
        "As nobody in particular. Half of them know Kingfisher’s sales people by first name.\n\nAnd leave out Wollongong, "
        "we have "
        "a friend there.\n\nJane",
        answers=understood,
    )
    return (
        post(asked, outlook.compose(asked), "A request from Outlook, with a list and a PDF", "request", "southerly"),
        post(
            answered,
            outlook.compose(answered, on_the_web=True),
            "An answer from Outlook on the web; its thread is known from References alone",
            "reply",
            "southerly",
        ),
    )


def _requests(week: Week) -> tuple[DemoMail, ...]:
    quotes = Letter("retouching-quotes", PRIYA, week.at(4, "15:42", SYDNEY), "Retouching quotes, three options", "")
    receipts = Letter(
        "brisbane-receipts",
        TOM,
        week.at(3, "17:52", SYDNEY),
        "🧾 Receipts from the Brisbane trip",
        "Marta, I left eleven receipts from Brisbane in the drive, folder “bne”. Can you put them into one expense claim? "
        "The "
        "dinner on the second night is Jane’s, not ours 🍝\n\nTom",
    )
    sponsors = Letter(
        "party-sponsors",
        JANE,
        week.at(1, "09:05", SYDNEY),
        "Sponsors for the Free Saturdays party",
        "Hi Marta,\n\nThe clinic gives a party for the volunteers of Free Saturdays in February. Could you find ten "
        "businesses in "
        "the inner west who might give something: bread, flowers, a band? A name and a number for each is enough, I do the "
        "ringing.\n\nBest,",
        signature=_JANES,
    )
    timesheets = Letter(
        "timesheets-november",
        TOM,
        week.ago(190),
        "Timesheets, first half of this month",
        "Same as last time please, and same rule: ask anyone over 40 hours before it goes to payroll.\n\nTom",
    )
    return (
        post(
            quotes,
            other_programs.html_only(quotes, _QUOTES_PAGE),
            "A colleague nobody listed, known by the domain; HTML alone, with a table and a tracking pixel",
            "request",
            "southerly",
        ),
        post(
            receipts,
            apple_mail.compose(receipts, on_the_phone=True, encoding="base64"),
            "From an iPhone, in base64, with emoji in subject and text",
            "request",
            "southerly",
        ),
        post(sponsors, outlook.compose(sponsors), "A request from Outlook", "request", "southerly"),
        post(timesheets, apple_mail.compose(timesheets), "A short plain request from Apple Mail", "request", "southerly"),
    )


def _answers(week: Week) -> tuple[DemoMail, ...]:
    driver = Letter(
        "melbourne-driver",
        JANE,
        week.at(2, "11:48", SYDNEY),
        "Re: Travel to the Melbourne shoot [STHR-54]",
        "Priya drives. Bodhi’s licence is a long story.\n\nTwo bags for the lights is fine.\n\nJane",
        answers=earlier.melbourne(week),
    )
    survey = Letter(
        "survey-scope",
        JANE,
        week.at(1, "10:31", SYDNEY),
        "[STHR-58] Last year’s patients",
        "Hi Marta,\n\nLost your mail, so a new one: yes, send it to last year’s patients as well. Two hundred answers will "
        "stop the "
        "usual question about the sample.\n\nJane",
    )
    return (
        post(
            driver,
            outlook.compose(driver),
            "An answer from Outlook to a message of the practice, by In-Reply-To",
            "reply",
            "southerly",
        ),
        post(survey, outlook.compose(survey), "A new mail that only names [STHR-58] in its subject", "reply", "southerly"),
    )


def _away(week: Week) -> DemoMail:
    letter = Letter(
        "tom-away",
        TOM,
        week.at(1, "18:02", SYDNEY),
        "Automatic reply: Out of the office",
        "I am on leave and back on Monday week. For anything about invoices please write to accounts@southerly.example.\n\nTom",
    )
    fields = (("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All"), ("Precedence", "bulk"))
    raw = other_programs.automatic(letter, fields)
    note = "An out-of-office that answers nothing we know"
    return DemoMail(letter.key, raw, letter.sent, "", _OWN_SERVER, note, "quarantine", "southerly")
