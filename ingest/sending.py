"""Whether the server that sends (`outgoing:` in clients.yml) can be reached and greets us. Nothing is sent, nobody logs in."""

from __future__ import annotations

import smtplib
import ssl
from typing import TYPE_CHECKING

from recado.model.check import Check, Verdict
from recado.speech import _

if TYPE_CHECKING:
    from recado.model.servers import Outgoing


def check_sending(settings: Outgoing, *, timeout: float = 15.0) -> Check:
    """Connect, protect the connection as clients.yml says, and say EHLO. Never raises for what the server does."""
    subject = _("sending")
    where = {"host": settings.host, "port": settings.port}
    try:
        context = ssl.create_default_context()
        with (
            smtplib.SMTP_SSL(settings.host, settings.port, timeout=timeout, context=context)
            if settings.security == "tls"
            else smtplib.SMTP(settings.host, settings.port, timeout=timeout)
        ) as server:
            server.ehlo_or_helo_if_needed()
            if settings.security == "starttls":
                server.starttls(context=context)
                server.ehlo()
    except ssl.SSLCertVerificationError as error:
        said = _("{host} could not prove who it is ({reason})").format(host=settings.host, reason=error.verify_message)
        return Check(
            subject, Verdict.BAD, said, _("Write the server's own name as `outgoing.host`: the one in its certificate.")
        )
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        said = _("{host}:{port} does not answer ({reason})").format(**where, reason=reason)
        advice = _(
            "Check `outgoing.host`, `port` and `security` in clients.yml: 465 with `security: tls`, 587 with "
            "`security: starttls`."
        )
        return Check(subject, Verdict.BAD, said, advice)
    return Check(subject, Verdict.GOOD, _("{host}:{port} answers").format(**where))
