"""What the tests of a mailbox on real servers share: a practice, its mails, and what another program sees of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from real_server import PASSWORD, USER, RealServer

from ingest.mailbox import Mailbox
from ingest.worker import one_pass
from recado.model.secret import Revealed

if TYPE_CHECKING:
    from imapclient import IMAPClient

    from ingest.intake import Outcome
    from recado.model.practice import Practice
    from recado.store.workspace import Workspace

PRACTICE = f"""\
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
  port: 11143
  security: none
  user: {USER}
  password: {{env: RECADO_IMAP_PASSWORD}}
clients:
  acme:
    code: ACME
    name: Acme
    contacts:
      - {{name: Jane Doe, email: jane@acme.example}}
"""
MOST = 25_000_000
CAME = datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)


def raw_mail(number: int, text: str = "Please.") -> bytes:
    return (
        f"From: Jane Doe <jane@acme.example>\r\nTo: requests@marta.example\r\nSubject: Mail {number}\r\n"
        f"Message-ID: <{number}@acme.example>\r\n\r\n{text}\r\n"
    ).encode()


def number_of(raw: bytes) -> int:
    return int(raw.partition(b"Message-ID: <")[2].partition(b"@")[0])


def at(practice: Practice, port: int, **more: Any) -> Practice:
    mailbox = replace(practice.mailbox, port=port, **more)
    return replace(practice, mailbox=mailbox)


def opened(practice: Practice, port: int, *, timeout: float = 10, **more: Any) -> Mailbox:
    return Mailbox(at(practice, port, **more).mailbox, lambda: Revealed(PASSWORD), timeout=timeout)


def a_pass(workspace: Workspace, practice: Practice, port: int, **more: Any) -> list[Outcome]:
    return list(one_pass(workspace, at(practice, port, **more), lambda: Revealed(PASSWORD)))


def fill(client: IMAPClient, mails: int, folder: str = "INBOX", first: int = 0) -> None:
    for number in range(first, first + mails):
        client.append(folder, raw_mail(number), msg_time=CAME + timedelta(seconds=number))


def numbers_in(server: RealServer, folder: str) -> list[int]:
    """List the mails of a folder, as another program sees them; those marked as deleted are not counted."""
    with server.other_program() as client:
        name = folder if folder == "INBOX" else server.folder(folder)
        if not client.folder_exists(name):
            return []
        client.select_folder(name, readonly=True)
        found = client.fetch(client.search(["UNDELETED"]), ["BODY.PEEK[HEADER]"])
        return sorted(number_of(each[b"BODY[HEADER]"]) for each in found.values())


def flags_in(client: IMAPClient, folder: str) -> list[bytes]:
    client.select_folder(folder, readonly=True)
    return [flag for flags in client.get_flags(client.search()).values() for flag in flags]
