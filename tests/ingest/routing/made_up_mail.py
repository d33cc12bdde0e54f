"""Made-up mails and threads for the tests of routing: two clients, Acme and Beta, and what is filed of theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ingest.filed import Filed, MessageFacts, TaskFacts, ThreadKey
from ingest.mail import Mail
from ingest.routing import decide
from recado.model.address import Person
from recado.model.message import Verified

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.mail import Unreadable
    from recado.model.practice import Practice

NOW = datetime(2026, 11, 24, 8, 12, tzinfo=UTC)
REQUESTS = "requests@marta.example"
PRINTER = "paul@printer.example"  # of no client; Jane wrote to him in the thread of the posts

POSTS = ThreadKey("acme", 42, "0042-posts")
LOGO = ThreadKey("acme", 43, "0043-logo")
SHOP = ThreadKey("beta", 7, "0007-shop")

EMPTY = Mail(
    message_id="<new@acme.example>",
    digest="sha256:" + "1" * 64,
    from_=Person("Jane Doe", "jane@acme.example"),
    to=(Person("", REQUESTS),),
    cc=(),
    subject="",
    date=None,
    in_reply_to=(),
    references=(),
    text="Please do it.",
    quoted="",
    signature="",
    attachments=(),
    automatic_reason="",
    is_forward=False,
    flags=(),
    repeated=(),
    authentication_results=(),
    dkim_signatures=(),
)


def people(*addresses: str) -> tuple[Person, ...]:
    return tuple(Person("", address) for address in addresses)


def a_mail(sender: str = "jane@acme.example", **parts: Any) -> Mail:
    """Make a mail of a sender; without an answered thread it has a subject of its own."""
    first = {"subject": "A new thing"} if "in_reply_to" not in parts and "references" not in parts else {}
    return replace(EMPTY, from_=Person("", sender), **(first | parts))


def some_filed(tasks: Mapping[ThreadKey, TaskFacts] | None = None) -> Filed:
    """Make what is filed: the posts and the logo of Acme, the shop of Beta; an answer of the VA's among the posts."""
    said = tasks or {}
    filed = Filed(task_of=lambda thread: said.get(thread, TaskFacts()))
    first = (
        (POSTS, "<posts@acme.example>", "December posts", ("jane@acme.example", REQUESTS, PRINTER)),
        (LOGO, "<logo@acme.example>", "A new logo", ("jane@acme.example", REQUESTS)),
        (SHOP, "<shop@beta.example>", "The shop's pages", ("bob@beta.example", REQUESTS)),
    )
    for thread, message_id, subject, whose in first:
        filed.add_thread(thread)
        ref = f"{thread.client.upper()}-{thread.number}"
        filed.add_message(thread, MessageFacts(message_id, f"sha256:{thread.number:064}", ref, "", subject, whose))
    whose = ("marta@marta.example", "jane@acme.example")
    answer = MessageFacts("<answer@marta.example>", "", "ACME-42", "", "Re: December posts", whose, is_outgoing=True)
    filed.add_message(POSTS, answer)
    return filed


def decided(
    practice: Practice, mail: Mail | Unreadable, verified: Verified = Verified.PASS, *, filed: Filed | None = None, **how: Any
) -> Any:
    """Decide about a mail that came NOW."""
    return decide(mail, verified, practice, filed or some_filed(), received=NOW, **how)
