"""Secrets that people write into mail: passwords, card numbers, keys. Where they stand in a text, and the text without them.

Pure, and quick enough for every text of a portal. Few false alarms before completeness: "I forgot my password" holds none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from recado.model.bare_text import bare

if TYPE_CHECKING:
    from collections.abc import Iterator

MASK: Final = "••••••••"
FLAG: Final = "secret-masked"  # what a message says of itself that holds one


@dataclass(frozen=True, slots=True)
class Span:
    """Where a secret stands in a text: from `start` to before `end`, in characters."""

    start: int
    end: int


@lru_cache(maxsize=16)  # a task's body mostly is its request once more
def secrets_in(text: str) -> tuple[Span, ...]:
    """Find the secrets of a text (plain or Markdown), in order, none within another.

    Found are card numbers (13 to 19 digits of a known issuer that fulfil Luhn's check, ISO/IEC 7812), what follows a word for
    password, PIN or card code in Spanish, English, Portuguese, French, German, Italian and Dutch, private keys in PEM, and
    keys whose shape says what they are (Stripe, GitHub, GitLab, AWS, Slack, Google, SendGrid, JSON web tokens). An IBAN is
    no secret.
    """
    if not text:
        return ()
    shown = bare(text)
    seen = [Span(*shown.original(span.start, span.end)) for span in _found(shown.text)] if shown else []
    found = sorted((*_found(text), *seen), key=lambda span: (span.start, -span.end))
    spans: list[Span] = []
    for span in found:
        if spans and span.start < spans[-1].end:
            spans[-1] = Span(spans[-1].start, max(spans[-1].end, span.end))
        else:
            spans.append(span)
    return tuple(spans)


def holds_secret(*texts: str) -> bool:
    """Tell whether any of the texts holds a secret."""
    return any(secrets_in(text) for text in texts)


def masked(text: str) -> str:
    """Give the text with a row of dots in the place of each secret; the dots say nothing of its length."""
    spans = secrets_in(text)
    if not spans:
        return text
    pieces: list[str] = []
    place = 0
    for span in spans:
        pieces.extend((text[place : span.start], MASK))
        place = span.end
    return "".join((*pieces, text[place:]))


def _found(text: str) -> Iterator[Span]:
    yield from _cards(text)
    yield from _after_words(text)
    yield from _of_known_shape(text)
    if "://" in text:
        yield from (Span(*found.span("value")) for found in _LOGIN.finditer(text))


# --- words ---

# What tells in a moment that a text has none of the words for a secret; each is part of at least one of them.
HINTS: Final = (
    *("pass", "pw", "psw", "contrase", "clave", "senha", "mdp", "code", "kennw", "zugangs", "parola", "wachtw", "toegangsc"),
    *("key", "token", "secret", "api", "pin", "cv", "csc", "código", "prüfn", "codice"),
    *("login", "credenti", "credenci", "credenzi", "identifiant", "inlogg"),
)


def _after_words(text: str) -> Iterator[Span]:
    lowered = text.lower()
    for hint in HINTS:  # no generator: this is asked of every text of a portal
        if hint in lowered:
            break
    else:
        return
    from recado.model.secret_words import after_words  # noqa: PLC0415 (late: its patterns take 8 ms to compile)

    yield from (Span(start, end) for start, end in after_words(text))


# --- cards ---

_CARD: Final = re.compile(
    r"[2-6](?:[ \u00a0.\u2011\u2013-]?\d){12,18}(?!\w|[.,]\d)"
    # In groups of four, other marks may stand between them, and a line may end there.
    r"|[2-6]\d{3}(?:[\s\u00a0.,/|\u2011\u2013\\-]{1,4}\d{4}){3}(?!\w|[.,]\d)",
    re.ASCII,
)
_NOT_BEFORE_CARD: Final = re.compile(r"(?:[\w+/]|\d[ .,-])\Z", re.ASCII)
_IBAN: Final = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ \u00a0-]?[A-Za-z0-9]){11,30}\b", re.ASCII)
# Issuer's first digits, and how many digits such a card has.
_ISSUERS: Final = re.compile(
    r"""
      4(?:\d{12}|\d{15}|\d{18})                                                     # Visa
    | (?:5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|2720\d{12})                   # Mastercard
    | 3[47]\d{13}                                                                   # American Express
    | (?:6011|64[4-9]\d|65\d\d)\d{12,15}                                            # Discover
    | (?:30[0-5]|309|36|38|39)\d{11,16}                                             # Diners Club
    | 35(?:2[89]|[3-8]\d)\d{12,15}                                                  # JCB
    | 62\d{14,17}                                                                   # UnionPay
    | (?:50|5[6-9]|6[0137])\d{11,17}                                                # Maestro
    """,
    re.VERBOSE,
)


def _cards(text: str) -> Iterator[Span]:
    accounts: list[Span] | None = None
    for found in _CARD.finditer(text):
        digits = "".join(char for char in found[0] if char.isdigit())
        if (
            found[0].count("\n") > 1
            or not _ISSUERS.fullmatch(digits)
            or not _fulfils_luhn(digits)
            or _NOT_BEFORE_CARD.search(text[: found.start()][-2:])
        ):
            continue
        if accounts is None:
            accounts = [Span(each.start(), each.end()) for each in _IBAN.finditer(text) if _is_iban(each[0])]
        if not any(account.start <= found.start() < account.end for account in accounts):
            yield Span(found.start(), found.end())


def _fulfils_luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return len(set(digits)) > 1 and sum(value - 9 * (value > 9) for value in doubled) % 10 == 0  # noqa: PLR2004 (Luhn's nine)


def _is_iban(text: str) -> bool:
    """Tell whether ISO 13616's check holds: the account, its first four characters last, is 1 modulo 97."""
    plain = "".join(char for char in text if char.isalnum()).upper()
    number = "".join(str(int(char, 36)) for char in plain[4:] + plain[:4])
    return int(number) % 97 == 1


# --- keys ---

_LOGIN: Final = re.compile(r"://[^\s/@:<>]{0,100}:(?P<value>[^\s/@<>]{1,200})@")  # https://jane:password@x.example/
_STARTS: Final = (
    *("PRIVATE KEY", "k_live_", "k_test_", "sk-", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-"),
    *("AKIA", "ASIA", "xox", "AIza", "SG.", "eyJ"),
)
_SHAPES: Final = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----.*?"
    r"(?:-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----|\Z)"
    r"|(?<![A-Za-z0-9])(?:"
    r"[rs]k_(?:live|test)_[A-Za-z0-9]{10,}"  # Stripe
    r"|sk-[A-Za-z0-9_-]{20,}"  # OpenAI, Anthropic
    r"|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{22,}"
    r"|glpat-[A-Za-z0-9_-]{20,}"
    r"|(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])"
    r"|xox[abeoprs]-[A-Za-z0-9-]{10,}"
    r"|AIza[A-Za-z0-9_-]{35}"
    r"|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"
    r"|eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"  # a JSON web token (RFC 7519)
    r")",
    re.DOTALL,
)


def _of_known_shape(text: str) -> Iterator[Span]:
    for start in _STARTS:  # no generator: this is asked of every text of a portal
        if start in text:
            break
    else:
        return
    for found in _SHAPES.finditer(text):
        yield Span(found.start(), found.end())
