"""The demo's mailbag: every mail that its clients (and others) send in the six days before now, in the order of arrival."""

from __future__ import annotations

import smtplib
import socket
from typing import TYPE_CHECKING

from recado.demo.dates import Week
from recado.demo.mails import hale, others, southerly, tomillo
from recado.demo.mails.posted import DemoMail
from recado.errors import WorkError
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

__all__ = ["AUTHORISED_HOSTS", "DemoMail", "deliver", "mailbag"]

# Which hosts may send for which domain: what their owners would publish in the DNS as SPF records.
AUTHORISED_HOSTS = {**southerly.HOSTS, **hale.HOSTS, **tomillo.HOSTS, **others.HOSTS}
_SECONDS = 30


def mailbag(now: datetime) -> tuple[DemoMail, ...]:
    """Give the mails, oldest first. The same `now` gives the same bytes."""
    week = Week(now)
    conversations = (southerly, hale, tomillo, others)
    return tuple(sorted((mail for who in conversations for mail in who.mails(week)), key=lambda mail: mail.sent))


def deliver(mails: Iterable[DemoMail], recipient: str, host: str, port: int) -> Iterator[DemoMail]:
    """Send each mail over SMTP as its own host would, and give it once the exchanger has taken it.

    Raises WorkError where the exchanger does not answer, or does not take a mail.
    """
    for mail in mails:
        try:
            # One connection a mail: each comes from another host, and says so first.
            with smtplib.SMTP(host, port, local_hostname=mail.helo, timeout=_SECONDS) as client:
                if client.sock is not None:
                    client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                client.sendmail(mail.envelope_from, [recipient], mail.raw)
        except (OSError, smtplib.SMTPException) as error:
            if isinstance(error.__context__, KeyboardInterrupt):  # smtplib says goodbye on the way out, and may stumble
                raise error.__context__ from None
            text = _("The mail “{key}” could not be delivered to port {port}: {reason}.")
            raise WorkError(text.format(key=mail.key, port=port, reason=error)) from error
        yield mail
