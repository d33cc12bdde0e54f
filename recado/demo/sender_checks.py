"""What a mail exchanger finds out about a sender, and how it says so: SPF and DMARC reduced to a table of hosts.

Where a real exchanger asks the DNS which hosts may send for a domain, the demo's has them listed. The rules are the real
ones: SPF looks at the envelope (RFC 7208 §2.4), DMARC compares what passed with the From header (RFC 7489 §3.1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import getaddresses
from typing import TYPE_CHECKING

from recado.demo.header_block import header_values
from recado.model.address import domain_of, is_address, normalise_domain

if TYPE_CHECKING:
    from collections.abc import Mapping

_HOST = re.compile(r"[a-z0-9._-]+|\[[0-9a-f.:]+\]", re.ASCII)
AuthorisedHosts = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the sending host said before the mail: its name (HELO) and the return address, empty for an automatic answer."""

    helo: str
    mail_from: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found, in the words of RFC 8601 §2.7; `from_domain` is empty where the From header has no one sender."""

    spf: str
    dmarc: str
    from_domain: str
    spf_identity: str


def check_sender(raw: bytes, envelope: Envelope, authorised: Mapping[str, frozenset[str]]) -> Findings:
    """Decide what to say of a mail's sender. `authorised` gives, by domain, the HELO names of its sending hosts.

    A domain that is not in the table publishes nothing, so there is nothing to pass or to fail: `none`. With no return
    address SPF looks at the host's own name (RFC 7208 §2.4). A From header that is repeated, or holds no address or more
    than one, has no domain to compare with: `permerror`.
    """
    helo = normalise_domain(envelope.helo)
    if not _HOST.fullmatch(helo):
        helo = "unknown"
    if envelope.mail_from:
        # An address with quotes could write a second verdict into the header: only a plain one is repeated there.
        address = envelope.mail_from if is_address(envelope.mail_from) else "unknown@invalid"
        domain, identity = domain_of(address), f"smtp.mailfrom={address}"
    else:
        domain, identity = _publishing(helo, authorised) or helo, f"smtp.helo={helo}"
    hosts = authorised.get(domain)
    spf = "none" if hosts is None else "pass" if helo in hosts else "fail"
    from_domain = _from_domain(raw)
    return Findings(spf, _dmarc(from_domain, domain, spf, authorised), from_domain, identity)


def authentication_results(findings: Findings, authserv_id: str) -> str:
    """Write the findings as the value of an Authentication-Results header (RFC 8601 §2.2). The demo signs nothing: no DKIM."""
    dmarc = f"dmarc={findings.dmarc}"
    if findings.from_domain:
        dmarc += f" header.from={findings.from_domain}"
    return f"{authserv_id};\r\n\t{dmarc};\r\n\tspf={findings.spf} {findings.spf_identity};\r\n\tdkim=none"


def _dmarc(from_domain: str, spf_domain: str, spf: str, authorised: Mapping[str, frozenset[str]]) -> str:
    if not from_domain:
        return "permerror"
    if _publishing(from_domain, authorised) is None:
        return "none"
    return "pass" if spf == "pass" and _are_aligned(spf_domain, from_domain) else "fail"


def _are_aligned(one: str, other: str) -> bool:
    """Tell whether two domains are of one organisation: the same, or one below the other (relaxed, RFC 7489 §3.1.2)."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _publishing(domain: str, authorised: Mapping[str, frozenset[str]]) -> str | None:
    """Find the domain, or the one above it, that says which hosts may send for it."""
    labels = domain.split(".")
    above = (".".join(labels[start:]) for start in range(len(labels)))
    return next((name for name in above if name in authorised), None)


def _from_domain(raw: bytes) -> str:
    values = header_values(raw, b"from")
    if len(values) != 1:
        return ""
    addresses = [address for _, address in getaddresses([values[0].decode("utf-8", "replace")]) if address]
    return domain_of(addresses[0]) if len(addresses) == 1 and is_address(addresses[0]) else ""
