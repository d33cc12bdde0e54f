"""The mailbox of a newcomer's practice, with the exchanger before it: mail comes to it as from the world."""

from __future__ import annotations

import smtplib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING

from recado.demo.exchanger import MailExchanger, MailStore, Reception
from recado.demo.servers import imap_server, smtp_server

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDRESS, PASSWORD, EXCHANGER = "requests@ana.example", "as the provider gave it", "mx.ana.example"
_HOSTS = {"ana.example": frozenset({"mail.ana.example"}), "tejada.example": frozenset({"mail.tejada.example"})}
_FORWARDED = """\
Can you do this?

---------- Forwarded message ---------
From: Lola Tejada <lola@tejada.example>
Date: Mon, 30 Nov 2026 at 09:12
Subject: {subject}
To: Ana Vega <ana@ana.example>

For Friday, please.
"""


@dataclass(frozen=True, slots=True)
class PostOffice:
    """Its ports on this machine."""

    imap_port: int
    smtp_port: int

    def bring_forwarded(self, subject: str) -> None:
        """Bring what Ana passes on from her own mail program."""
        self._bring("Ana Vega <ana@ana.example>", f"Fwd: {subject}", _FORWARDED.format(subject=subject), "mail.ana.example")

    def bring(self, subject: str) -> None:
        """Bring a client's own mail."""
        self._bring("Lola Tejada <lola@tejada.example>", subject, "And this one too.", "mail.tejada.example")

    def _bring(self, sender: str, subject: str, text: str, host: str) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, ADDRESS, subject
        mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain=host)
        mail.set_content(text)
        with smtplib.SMTP("127.0.0.1", self.smtp_port, local_hostname=host) as client:
            client.send_message(mail)


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """Run both until the block ends."""
    with imap_server(ADDRESS, PASSWORD) as imap:
        store = MailStore("127.0.0.1", imap, ADDRESS, PASSWORD)
        reception = Reception(ADDRESS, EXCHANGER, _HOSTS, lambda _raw: datetime.now(UTC))
        with smtp_server(MailExchanger(store, reception)) as smtp:
            yield PostOffice(imap, smtp)
