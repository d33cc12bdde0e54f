"""The kinds of mail that every fault meets: what was filed before, what waits in the inbox, and the practice they come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from recado.model.ref import Ref
from recado.model.status import Status
from recado.store.status import change_status
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)
PASSWORD = "p"
_PRACTICE = """\
practice:
  name: Marta Ruiz
  owner: Marta Ruiz
  email: marta@marta.example
  timezone: Europe/Madrid
  language: en
  country: ES
mailbox:
  address: requests@marta.example
  host: 127.0.0.1
  port: {port}
  security: none
  user: requests
  password: {{env: RECADO_IMAP_PASSWORD}}
  sent: Sent
  trust: {{authserv_id: mx.marta.example}}
clients:
  acme:
    code: ACME
    name: Acme
    contacts: [{{name: Jane Doe, email: jane@acme.example}}]
  beta:
    code: BETA
    name: Beta
    contacts: [{{name: Bob, email: bob@beta.example}}]
"""


def new_workspace(root: Path, port: int) -> Workspace:
    """Make a workspace whose mailbox is on a port of this machine."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "clients.yml").write_text(_PRACTICE.format(port=port), encoding="utf-8")
    return Workspace(root)


def a_mail(
    number: int,
    subject: str,
    *,
    sender: str = "Jane Doe <jane@acme.example>",
    to: str = "requests@marta.example",
    answers: int = 0,
    files: tuple[tuple[str, bytes], ...] = (),
    text: str = "Please write three posts for December.",
    extra: str = "",
) -> bytes:
    """Make a mail; `number` 0 leaves its Message-ID out, `answers` is the number of the mail it answers."""
    domain = sender.rpartition("@")[2].rstrip(">")
    lines = [
        f"Authentication-Results: mx.marta.example; dmarc=pass header.from={domain}",
        f"From: {sender}",
        f"To: {to}",
        f"Subject: {subject}",
        "Date: Tue, 24 Nov 2026 09:12:03 +0100",
        *([f"Message-ID: <{number}@{domain}>"] if number else []),
        *([f"In-Reply-To: <{answers}@acme.example>"] if answers else []),
        *([extra] if extra else []),
        "MIME-Version: 1.0",
    ]
    head = "\r\n".join(lines).encode() + b"\r\n"
    plain = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()
    if not files:
        return head + plain
    parts = b"".join(
        f'--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n'.encode()
        + content
        + b"\r\n"
        for name, content in files
    )
    return head + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + plain + parts + b"--b--\r\n"


@dataclass(frozen=True, slots=True)
class MailKind:
    """What was filed before the fault, what waits when it comes, and whether the first task was finished in between.

    `sent`: what the VA wrote from her mail program meanwhile, found in the Sent folder.
    """

    waiting: tuple[bytes, ...]
    before: tuple[bytes, ...] = ()
    is_done: bool = False
    sent: tuple[bytes, ...] = ()


_BRIEF = (("brief.pdf", b"%PDF-1.7 the brief " + b"x" * 3000), ("photo.pdf", b"%PDF-1.7 the photo"))
_FIRST = a_mail(1, "December posts")
_ANSWER = a_mail(2, "Re: December posts", answers=1, text="Four posts, please, and mind the third of December.")
_ANSWER_WITH_FILES = a_mail(3, "Re: December posts", answers=1, files=_BRIEF, text="Here is the brief for all four.")
_REQUEST_WITH_FILES = a_mail(4, "A newsletter", files=_BRIEF)
_STRANGER = a_mail(5, "Cheap pens", sender="A Stranger <who@elsewhere.example>")
_AUTOMATIC = a_mail(6, "Out of office", answers=1, extra="Auto-Submitted: auto-replied", text="I am away until Monday.")
_MARTA = "Marta Ruiz <marta@marta.example>"
_HER_ANSWER = a_mail(
    8, "Re: December posts", sender=_MARTA, to="jane@acme.example", answers=1, files=_BRIEF[1:], text="Here it is."
)
_OTHERS = a_mail(7, "Book a room", sender="Bob <bob@beta.example>", text="For twelve people, on Friday.")

MAIL_KINDS = {
    "request": MailKind((_OTHERS,), (_FIRST,)),
    "first request": MailKind((_FIRST,)),
    "request with attachments": MailKind((_REQUEST_WITH_FILES,), (_FIRST,)),
    "reply": MailKind((_ANSWER,), (_FIRST,)),
    "reply with attachments": MailKind((_ANSWER_WITH_FILES,), (_FIRST,)),
    "reply that reopens": MailKind((_ANSWER,), (_FIRST,), is_done=True),
    "quarantined": MailKind((_STRANGER,), (_FIRST,)),
    "repeat": MailKind((_FIRST,), (_FIRST,)),
    "answer in Sent": MailKind((), (_FIRST,), sent=(_HER_ANSWER,)),
    "all at once": MailKind(
        (_FIRST, _ANSWER_WITH_FILES, _STRANGER, _REQUEST_WITH_FILES, _FIRST, _AUTOMATIC, _OTHERS),
        (_FIRST,),
        is_done=True,
        sent=(_HER_ANSWER,),
    ),
}


def received(place: int) -> datetime:
    """Give the INTERNALDATE of the mail that came as number so and so."""
    return NOW + timedelta(minutes=place)


def finish_first_task(workspace: Workspace) -> None:
    """Let the VA finish the first task."""
    change_status(workspace.client("acme"), Ref("ACME", 1), Status.DONE, "marta", NOW)
