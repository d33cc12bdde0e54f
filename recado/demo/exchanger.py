"""The practice's mail exchanger (MX): takes mail for the request address over SMTP and stores it in the mailbox over IMAP.

It does what makes a mailbox worth trusting: foreign Authentication-Results go, its own stands on top (RFC 8601 §5).
"""

from __future__ import annotations

import asyncio
import logging
import re
import socket
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from recado.demo.header_block import header_values, with_fields_on_top, without_fields
from recado.demo.sender_checks import AuthorisedHosts, Envelope, authentication_results, check_sender
from recado.model.address import normalise_address, untagged

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_LOG = logging.getLogger(__name__)
_SECONDS = 30
# Every one of them: in this house nothing but the exchanger has a right to them. A return path is the receiver's too
# (RFC 5321 §4.4).
_OURS_ALONE = frozenset({b"authentication-results", b"return-path"})


@dataclass(frozen=True, slots=True)
class Reception:
    """How mail is received. `arrival` gives the instant a mail counts as arrived at; `largest` is in bytes."""

    address: str
    authserv_id: str
    authorised: AuthorisedHosts
    arrival: Callable[[bytes], datetime]
    largest: int = 25_000_000


@dataclass(frozen=True, slots=True)
class MailStore:
    """The mailbox that received mail goes to, over IMAP on this machine."""

    host: str
    port: int
    user: str
    password: str
    folder: str = "INBOX"

    def append(self, raw: bytes, arrived: datetime) -> None:
        """Add one mail with its INTERNALDATE. Raises OSError or IMAPClientError where the mailbox does not take it."""
        with IMAPClient(self.host, port=self.port, ssl=False, timeout=_SECONDS) as client:
            # Command and literal are two writes: without this each mail waits 40 ms for an acknowledgement.
            client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.login(self.user, self.password)
            client.append(self.folder, raw, msg_time=arrived)


class MailExchanger:
    """What the SMTP server does with each command: the hooks that aiosmtpd calls by name."""

    def __init__(self, store: MailStore, reception: Reception) -> None:
        """Take where mail goes and how it is received."""
        self.reception = reception
        self._store = store

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Take mail for the request address, also with a plus-tag; refuse to relay anything else."""
        if not is_for(address, self.reception.address):
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        """Mark the mail and store it; a mailbox that does not take it is a reason to try again later, never to lose mail."""
        raw = bytes(envelope.content)
        arrived = self.reception.arrival(raw)
        # aiosmtpd gives the empty return address of automatic answers as it is written, `<>`.
        mail_from = "" if envelope.mail_from in {None, "<>"} else envelope.mail_from
        sent = Envelope(helo=session.host_name or "", mail_from=mail_from)
        marked = mark_received(raw, sent, envelope.rcpt_tos[0], arrived, self.reception)
        try:
            await asyncio.to_thread(self._store.append, marked, arrived)
        except (OSError, IMAPClientError) as error:
            _LOG.warning("The mailbox did not take a mail: %s", error)
            return "451 4.3.0 The mailbox cannot be reached; try again later"
        return "250 OK"


def is_for(recipient: str, request_address: str) -> bool:
    """Tell whether a recipient is the request address, or the same with a plus-tag (`requests+acme@…`)."""
    return untagged(normalise_address(recipient))[0] == normalise_address(request_address)


def mark_received(raw: bytes, envelope: Envelope, recipient: str, arrived: datetime, reception: Reception) -> bytes:
    """Give the mail as it is stored: its claims about itself taken out, the exchanger's own headers on top."""
    findings = check_sender(raw, envelope, reception.authorised)
    helo = re.sub(r"[^A-Za-z0-9.:\[\]_-]", "?", envelope.helo) or "unknown"
    stamp = format_datetime(arrived)
    trace = f"from {helo} (127.0.0.1)\r\n\tby {reception.authserv_id} with ESMTP\r\n\tfor <{recipient}>; {stamp}"
    own = (
        ("Authentication-Results", authentication_results(findings, reception.authserv_id)),
        ("Return-Path", f"<{envelope.mail_from}>"),
        ("Received", trace),
    )
    return with_fields_on_top(without_fields(raw, _OURS_ALONE), own)


def by_its_own_date(now: Callable[[], datetime]) -> Callable[[bytes], datetime]:
    """Let a mail count as arrived when its Date header says it was written: the demo replays a week in a second.

    A mail without a date that can be read, or without a zone in it, arrives now.
    """

    def arrival(raw: bytes) -> datetime:
        dates = header_values(raw, b"date")
        try:
            written = parsedate_to_datetime(dates[0].decode("ascii"))
        except (IndexError, ValueError):
            return now()
        return now() if written.tzinfo is None else written

    return arrival
