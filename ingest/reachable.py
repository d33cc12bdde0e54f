"""Whether the mailbox's server can be reached, and proves who it is: name, port, certificate, each looked at by itself."""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from imapclient import IMAPClient

from ingest.connection import TROUBLES
from recado.model.check import Check, Verdict
from recado.model.servers import LOOPBACK
from recado.speech import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from recado.model.servers import Mailbox

_FEW_DAYS = 14
# OpenSSL's numbers for what is wrong with a certificate (X509_V_ERR_…).
_EXPIRED = 10
_SELF_SIGNED = frozenset({18, 19})
_UNKNOWN_ISSUER = frozenset({2, 20, 21})
_OTHER_NAME = frozenset({62, 64})


def reach(settings: Mailbox, now: datetime, timeout: float) -> Iterator[Check]:
    """Look at each step to the server, and end with the first that fails. `timeout` is in seconds, for each."""
    for step in (_resolve, _connect, _prove):
        check = step(settings, now, timeout)
        yield check
        if check.verdict is Verdict.BAD:
            return


def _resolve(settings: Mailbox, _now: datetime, _timeout: float) -> Check:
    subject = _("name")
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        said = _("{host} is not found ({reason})").format(host=settings.host, reason=_reason(error))
        return Check(subject, Verdict.BAD, said, _("Check `mailbox.host` in clients.yml, and that this machine is online."))
    addresses = ", ".join(dict.fromkeys(str(each[4][0]) for each in found))
    return Check(subject, Verdict.GOOD, _("{host} is {addresses}").format(host=settings.host, addresses=addresses))


def _connect(settings: Mailbox, _now: datetime, timeout: float) -> Check:
    subject = _("port")
    since = time.monotonic()
    try:
        with socket.create_connection((settings.host, settings.port), timeout=timeout):
            passed = round((time.monotonic() - since) * 1000)
    except OSError as error:
        said = _("port {port} does not answer ({reason})").format(port=settings.port, reason=_reason(error))
        advice = _(
            "Check `mailbox.port`: 993 with `security: tls`, 143 with `security: starttls`. A firewall may be in the way."
        )
        return Check(subject, Verdict.BAD, said, advice)
    said = _("port {port} answers, in {number} ms").format(port=settings.port, number=passed)
    return Check(subject, Verdict.GOOD, said)


def _prove(settings: Mailbox, now: datetime, timeout: float) -> Check:
    subject = _("certificate")
    if settings.security == "none":
        if settings.host in LOOPBACK:
            return Check(subject, Verdict.GOOD, _("none is needed on this machine itself (`security: none`)"))
        return Check(
            subject,
            Verdict.BAD,
            _("mail and password would cross the network unprotected"),
            _("Write `security: tls` or `security: starttls` under `mailbox:` in clients.yml."),
        )
    try:
        shown = _shown(settings, timeout)
    except ssl.SSLCertVerificationError as error:
        return _unproven(settings, error)
    except ssl.SSLError as error:
        said = _("port {port} does not speak TLS ({reason})").format(port=settings.port, reason=_reason(error))
        advice = _("Check `mailbox.port` and `security`: 993 with `security: tls`, 143 with `security: starttls`.")
        return Check(subject, Verdict.BAD, said, advice)
    except TROUBLES as error:
        said = _("the connection cannot be protected ({reason})").format(reason=_reason(error))
        advice = _("Check `mailbox.port` and `security`: 993 with `security: tls`, 143 with `security: starttls`.")
        return Check(subject, Verdict.BAD, said, advice)
    if shown is None:
        said = _("the server offers no STARTTLS on port {port}").format(port=settings.port)
        return Check(subject, Verdict.BAD, said, _("Try `security: tls` with `port: 993` under `mailbox:` in clients.yml."))
    return _proven(shown, now)


def _shown(settings: Mailbox, timeout: float) -> dict[str, Any] | None:
    """Give the certificate that the server proved itself with; None where it offers no STARTTLS. Raises OSError and others."""
    context = ssl.create_default_context()
    if settings.security == "tls":
        with (
            socket.create_connection((settings.host, settings.port), timeout=timeout) as plain,
            context.wrap_socket(plain, server_hostname=settings.host) as protected,
        ):
            return dict(protected.getpeercert() or {})
    client = IMAPClient(settings.host, port=settings.port, ssl=False, timeout=timeout)
    try:
        if not client.has_capability("STARTTLS"):
            return None
        client.starttls(context)
        return dict(client.socket().getpeercert() or {})
    finally:
        with suppress(*TROUBLES):  # it is closed already where its proof was refused
            client.shutdown()


def _proven(shown: dict[str, Any], now: datetime) -> Check:
    names = [name for kind, name in shown.get("subjectAltName", ()) if kind in {"DNS", "IP Address"}]
    issuer = {key: value for part in shown.get("issuer", ()) for key, value in part}
    by = issuer.get("organizationName") or issuer.get("commonName") or "?"
    left = int((ssl.cert_time_to_seconds(shown["notAfter"]) - now.timestamp()) // 86_400)
    said = ngettext(
        "for {names}, from {issuer}, good for {number} more day",
        "for {names}, from {issuer}, good for {number} more days",
        left,
    ).format(names=", ".join(names[:3]), issuer=by, number=left)
    if left >= _FEW_DAYS:
        return Check(_("certificate"), Verdict.GOOD, said)
    return Check(_("certificate"), Verdict.WARNING, said, _("Whoever runs the server has to renew it soon, or mail stops."))


def _unproven(settings: Mailbox, error: ssl.SSLCertVerificationError) -> Check:
    reason = error.verify_message or str(error)
    code = error.verify_code
    if code in _OTHER_NAME:
        advice = _("Write the server's own name as `mailbox.host`: the one in its certificate, as your provider gives it.")
    elif code in _SELF_SIGNED:
        advice = _(
            "It vouches for itself, as anyone between you and the server could. If it is your own server, give it a real "
            "certificate, or name its authority in SSL_CERT_FILE."
        )
    elif code == _EXPIRED:
        advice = _("Whoever runs the server has to renew it. Check this machine's date too.")
    elif code in _UNKNOWN_ISSUER:
        advice = _("Nobody known vouches for it. Check `mailbox.host`; on a hotel's or company's network, try another one.")
    else:
        advice = _("Check `mailbox.host` in clients.yml, and this machine's date.")
    said = _("{host} could not prove who it is ({reason})").format(host=settings.host, reason=reason)
    return Check(_("certificate"), Verdict.BAD, said, advice)


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).strip().rstrip(".")
