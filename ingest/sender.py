"""Who sent a mail, read strictly from its one From header, and how far the trusted mail server vouches for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.alignment import is_aligned
from ingest.authentication import read_authentication_results
from ingest.charset import decode
from ingest.mail import SenderProblem
from ingest.words import decode_value
from recado.model.address import Person, domain_of, is_address, normalise_address, normalise_domain
from recado.model.message import Verified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.authentication import AuthenticationResults
    from ingest.headers import Headers
    from ingest.mail import Mail
    from recado.model.servers import Trust

# RFC 5322 §3.4 name-addr, with a phrase of atoms, quoted strings and comments; dots and brackets as everyone writes
# them.
_NAMED: Final = re.compile(
    r"""
    \s*(?P<name>(?>
          "(?:[^"\\]|\\.)*"                          # a quoted string
        | \((?:[^()\\]|\\.)*\)                      # a comment
        | =\?[^?\s<>"]+\?[bBqQ]\?[^?\s<>"]*\?=      # an encoded word, whatever stands in it
        | [^"<>@,;:()\\]
    )*+)
    <\s*(?P<address>[^<>\s]+)\s*>\s*(?:\([^()\\]*\)\s*)?
    """,
    re.VERBOSE,
)
_BARE: Final = re.compile(r"\s*(?P<address>[^<>\s(),;:\"]+)\s*(?:\((?P<name>[^()\\]*)\)\s*)?")
# An address without quotes for a name is no phrase; it is passed over where it names the same address.
_ITS_OWN_NAME: Final = re.compile(
    r"\s*(?P<name>[^<>\s(),;:\"]+@[^<>\s(),;:\"]+)\s*<\s*(?P<address>(?P=name))\s*>\s*", re.IGNORECASE
)
_LENGTH_TAG: Final = re.compile(r"(?:^|;)\s*l\s*=\s*\d")
_FIELDS_TAG: Final = re.compile(r"(?:^|;)\s*h\s*=([^;]*)")
_DOMAIN_TAG: Final = re.compile(r"(?:^|;)\s*d\s*=\s*([^\s;]+)")
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class SenderReading:
    """What From says: the one sender, or the problem.

    `has_deceptive_name`: the name shown looked like another address, and was dropped.
    """

    sender: Person | SenderProblem
    has_deceptive_name: bool = False


def read_sender(headers: Headers) -> SenderReading:
    """Read the one address of the one From header. Anything else is a problem; Reply-To and Sender are never looked at."""
    values = headers.all("from")
    shown = " | ".join(decode_value(value) for value in values)
    if not values or not shown:
        return SenderReading(SenderProblem("no-from", shown))
    if len(values) > 1:
        return SenderReading(SenderProblem("several-from-headers", shown))
    text = decode(values[0])
    match = _NAMED.fullmatch(text) or _BARE.fullmatch(text) or _ITS_OWN_NAME.fullmatch(text)
    address = match["address"] if match else ""
    if match is None or not is_address(address):
        code = "several-addresses" if text.count("@") > 1 and "," in text else "unreadable-address"
        return SenderReading(SenderProblem(code, shown))
    unquoted = _QUOTED.sub(lambda quoted: re.sub(r"\\(.)", r"\1", quoted[1]), match["name"] or "")
    name = decode_value(unquoted.encode("utf-8", "replace")).strip("\"' ")
    if "@" not in name:
        return SenderReading(Person(name, address))
    return SenderReading(Person("", address), has_deceptive_name=normalise_address(name) != normalise_address(address))


def verify(mail: Mail, trust: Trust | None) -> Verified:
    """Say how far the trusted server vouches for the From of a mail: `pass`, `fail` or `none`.

    Only the topmost Authentication-Results counts, and only if it is the trusted server's; neither ARC nor what another server
    said before. `pass`: DMARC passed for this domain, or SPF (smtp.mailfrom) or DKIM (header.d, else header.i) passed for an
    aligned one (`ingest.alignment`). `fail`: the server said anything else, or DMARC failed, or its words can be read in two
    ways. `none`: no such header, one that tells of no check, no `trust`, no readable sender, a header field repeated that may
    stand once, or a bare CR: what was signed is then not what is read (RFC 6376 §8.15). A DKIM signature that leaves part of
    the body or the subject open is not believed, nor a DMARC result that may rest on it: both can be changed then (§8.2).
    """
    results = _trusted_results(mail, trust) if trust is not None and isinstance(mail.from_, Person) else None
    if results is None or not isinstance(mail.from_, Person):
        return Verified.NONE
    if results.is_ambiguous:
        return Verified.FAIL
    if not results.tells_of_a_check:
        return Verified.NONE
    if not _is_vouched(results, domain_of(mail.from_.email), open_signers(mail.dkim_signatures)):
        return Verified.FAIL
    return Verified.NONE if mail.repeated or "bare-cr" in mail.flags else Verified.PASS


def open_signers(signatures: Sequence[str]) -> frozenset[str]:
    """Give the domains of DKIM signatures that cover only the body's beginning (`l=`), or not the subject."""
    return frozenset(
        normalise_domain(domain[1])
        for signature in signatures
        if (_LENGTH_TAG.search(signature) or not _signs_subject(signature)) and (domain := _DOMAIN_TAG.search(signature))
    )


def _signs_subject(signature: str) -> bool:
    fields = _FIELDS_TAG.search(signature)
    return fields is None or "subject" in {name.strip().lower() for name in fields[1].split(":")}


def _trusted_results(mail: Mail, trust: Trust) -> AuthenticationResults | None:
    """Read the topmost header, if it is the trusted server's.

    Fastmail writes several, one below the other, and those at the top tell of no sender (x-me-sender, bimi, arc): there the
    first that does, as long as all above it are its own.
    """
    for value in mail.authentication_results:
        results = read_authentication_results(value)
        if not _is_trusted(results.authserv_id, trust):
            return None
        if results.tells_of_a_check or trust.provider != "fastmail":
            return results
    return None


def _is_trusted(authserv_id: str, trust: Trust) -> bool:
    match trust.provider:
        case None:
            return bool(authserv_id) and normalise_domain(authserv_id) == normalise_domain(trust.authserv_id or "")
        case "gmail":
            return authserv_id == "mx.google.com"
        case "fastmail":
            return authserv_id.endswith(".messagingengine.com")
        case "microsoft365":
            return not authserv_id
    return False


def _is_vouched(results: AuthenticationResults, domain: str, doubted: frozenset[str]) -> bool:
    spf, dkim, dmarc = results.of("spf"), results.of("dkim"), results.of("dmarc")
    # compauth is Microsoft's own verdict of all: its fail is told, its pass may rest on mere reputation.
    if any(result.result == "fail" for result in (*dmarc, *results.of("compauth"))):
        return False
    for result in dmarc:
        named = result.property("header.from")
        if result.result == "pass" and named and normalise_domain(_domain_in(named)) != domain:
            return False  # the server read another From than we do
    is_doubted = any(is_aligned(signer, domain) for signer in doubted)
    if not is_doubted and any(result.result == "pass" for result in dmarc):
        return True
    if any(result.result == "pass" and is_aligned(_domain_in(result.property("smtp.mailfrom")), domain) for result in spf):
        return True
    signers = [
        _domain_in(result.property("header.d") or result.property("header.i")) for result in dkim if result.result == "pass"
    ]
    return not is_doubted and any(is_aligned(signer, domain) for signer in signers)


def _domain_in(value: str) -> str:
    """Give the domain of `user@domain`, `@domain` or `domain`."""
    return value.strip("<> ").rpartition("@")[2]
