"""Who sent a mail, read strictly from its one From header, and how far the trusted mail server vouches for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.alignment import is_aligned
from ingest.authentication import AuthenticationResults, read_authentication_results
from ingest.charset import decode
from ingest.mail import SenderProblem
from ingest.words import decode_value
from recado.model.address import Person, domain_of, is_address, normalise_address, normalise_domain
from recado.model.message import Verified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.authentication import MethodResult
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
# Results that speak neither for a sender nor against one (RFC 8601 §2.7).
_NOTHING: Final = frozenset({"none", "temperror", "permerror"})
_NO_OBJECTION: Final = _NOTHING | {"pass", "neutral"}
_UNSURE: Final = frozenset({"bare-cr", "stray-line"})
_MOST_RESULTS: Final = 20
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
    ways. `none`: no such header, one that tells of no check or of none that found anything (`_says_nothing`), no `trust`, no
    readable sender, a header field repeated that may stand once, a bare CR, or a line of no field: what was signed is then not
    what is read (RFC 6376 §8.15). A DKIM signature that leaves part of the body or the subject open is not believed, nor a
    DMARC result that may rest on it: both can be changed then (§8.2).
    """
    run = _trusted_results(mail, trust) if trust is not None else ()
    if not run or not isinstance(mail.from_, Person):
        return Verified.NONE
    domain, doubted = domain_of(mail.from_.email), open_signers(mail.dkim_signatures)
    verdict = _verdict(run[0], domain, doubted)
    if verdict is Verified.FAIL and _is_of_greeting(run[0]) and len(run) > 1:
        verdict = Verified.NONE
    if verdict is Verified.NONE and run[0].tells_of_a_check and _verdict(_as_one(run), domain, doubted) is Verified.FAIL:
        verdict = Verified.FAIL
    if verdict is Verified.PASS and (mail.repeated or not _UNSURE.isdisjoint(mail.flags)):
        return Verified.NONE
    return verdict


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


def _trusted_results(mail: Mail, trust: Trust) -> tuple[AuthenticationResults, ...]:
    """Read the topmost header, if it is the trusted server's, and those of that very server right below it.

    Fastmail writes several, one below the other, and those at the top tell of no sender (x-me-sender, bimi, arc): there the
    first that does counts, as long as all above it are its own.

    Postfix with OpenDKIM, OpenDMARC and policyd-spf writes one for each. Still only the topmost can make a mail pass: where the
    sender's own header begins below them cannot be seen, and not every such server takes out headers that bear its name, as
    RFC 8601 §5 demands. The others can only deny (`_as_one`), and a sender who adds to them gains nothing.
    What cannot be seen either: a line that begins with a space right below the topmost header goes on with it, though the
    sender wrote it. But a mail that begins so has no header for any server that takes it in.
    """
    found: list[AuthenticationResults] = []
    for value in mail.authentication_results[:_MOST_RESULTS]:
        results = read_authentication_results(value)
        if not _is_trusted(results.authserv_id, trust):
            break
        if trust.provider != "fastmail":
            found.append(results)
        elif results.tells_of_a_check:
            return (results,)
    return tuple(found) if trust.provider is None else tuple(found[:1])


def _as_one(run: Sequence[AuthenticationResults]) -> AuthenticationResults:
    """Put the results of several headers together; each method as the topmost that tells of it says."""
    results: tuple[MethodResult, ...] = ()
    for each in [each for each in run if not _is_of_greeting(each)] or run:
        told = {result.method for result in results}
        results += tuple(result for result in each.results if result.method not in told)
    return AuthenticationResults(run[0].authserv_id, results, is_ambiguous=any(each.is_ambiguous for each in run))


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


def _verdict(results: AuthenticationResults, domain: str, doubted: frozenset[str]) -> Verified:
    if results.is_ambiguous:
        return Verified.FAIL
    if not results.tells_of_a_check:
        return Verified.NONE
    if _denies(results, domain):
        return Verified.FAIL
    if _is_vouched(results, domain, doubted):
        return Verified.PASS
    return Verified.NONE if _says_nothing(results, domain) else Verified.FAIL


def _denies(results: AuthenticationResults, domain: str) -> bool:
    dmarc = results.of("dmarc")
    # compauth is Microsoft's own verdict of all: its fail is told, its pass may rest on mere reputation.
    if any(result.result == "fail" for result in (*dmarc, *results.of("compauth"))):
        return True
    # The server read another From than we do, or what it read was told twice.
    return any(
        result.result == "pass"
        and result.tells_of("header.from")
        and normalise_domain(_domain_in(result.property("header.from"))) != domain
        for result in dmarc
    )


def _is_vouched(results: AuthenticationResults, domain: str, doubted: frozenset[str]) -> bool:
    spf, dkim, dmarc = results.of("spf"), results.of("dkim"), results.of("dmarc")
    is_doubted = any(is_aligned(signer, domain) for signer in doubted)
    if not is_doubted and any(result.result == "pass" for result in dmarc):
        return True
    if any(result.result == "pass" and is_aligned(_domain_in(result.property("smtp.mailfrom")), domain) for result in spf):
        return True
    signers = [
        _domain_in(result.property("header.d") or result.property("header.i")) for result in dkim if result.result == "pass"
    ]
    return not is_doubted and any(is_aligned(signer, domain) for signer in signers)


def _says_nothing(results: AuthenticationResults, domain: str) -> bool:
    """Tell whether no check found anything: nothing is published or signed, or it could not be looked up.

    But SPF has to have been asked of the sender's very domain: a forger has another without SPF at hand, were it only a name
    below the sender's, for SPF is not inherited.
    """
    return all(result.result in _NOTHING for result in results.checks) and all(
        normalise_domain(_domain_in(result.property("smtp.mailfrom"))) == domain for result in results.of("spf")
    )


def _is_of_greeting(results: AuthenticationResults) -> bool:
    """Tell whether a header tells of SPF alone, and of the name alone that the other server gave itself (policyd-spf).

    That says nothing of a sender (RFC 7208 §2.3). Alone it fails, for what has no envelope sender is from no person.
    """
    return all(
        result.method == "spf"
        and result.result in _NO_OBJECTION
        and result.tells_of("smtp.helo")
        and not result.tells_of("smtp.mailfrom")
        for result in results.checks
    )


def _domain_in(value: str) -> str:
    """Give the domain of `user@domain`, `@domain` or `domain`."""
    return value.strip("<> ").rpartition("@")[2]
