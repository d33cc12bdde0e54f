"""The types in which people write values in clients.yml: read from strings, each refusal a sentence that says what is expected.

A validator here raises ValueError("expected …"); who reads the file adds where it stands and what stood there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated, Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from recado.model.address import is_address, normalise_domain, parse_person
from recado.model.instant import in_our_times, parse_day
from recado.model.money import is_currency, parse_amount
from recado.model.quantity import parse_days, parse_percent, parse_size, parse_work
from recado.model.reading import PartError, Reading, ReadWhole, SecretInFileError

if TYPE_CHECKING:
    from collections.abc import Callable

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)
_DOMAIN = re.compile(r"@[^@\s]+\.[^@\s.]+")
_HOST_LABEL = r"[^\x00-,./:-@\[-^`{-\x7f]+"  # ASCII: letters, digits, _ and -; written so for speed, as in `address`
_HOST = re.compile(rf"(?!-){_HOST_LABEL}(?:\.{_HOST_LABEL})*\.?")
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", re.ASCII)
# A password behind a name; or a token in the name's place, known by how hosts of repositories begin them, or by its length.
_CREDENTIALS = re.compile(r"://(?:[^/@\s]*:[^/@\s]+|(?:gh[a-z]_|github_pat_|glpat-)[^/@\s]+|[^/@\s]{40,})@")


def from_text(read: Callable[[str], Any]) -> Reading:
    """Make a reading of a function that reads one text; a list or a mapping in its place is refused in words."""

    def validate(value: object) -> object:
        if isinstance(value, str):
            return read(value)
        if value is None or isinstance(value, list | dict):
            raise ValueError("expected one value")
        return value

    return Reading(validate)


def parse_line(text: str) -> str:
    """Read a text that says something, without the space around it. Raises ValueError."""
    if not text.strip():
        raise ValueError("expected some text")
    return text.strip()


def _matching(pattern: re.Pattern[str], otherwise: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(otherwise)
        return text

    return read


def _address(text: str) -> str:
    if not is_address(text):
        raise ValueError("expected an e-mail address such as jane@acme.example")
    return text


def _sender(text: str) -> str:
    if not (is_address(text) or (_DOMAIN.fullmatch(text) and is_address(f"x{text}"))):
        raise ValueError('expected an address, or a whole domain such as "@acme.example"')
    return text


def _mailer(text: str) -> str:
    return str(parse_person(text))


def _host(text: str) -> str:
    """Read a server's name or IP address, in lower case."""
    try:
        return str(ip_address(text.removeprefix("[").removesuffix("]")))
    except ValueError:
        if not _HOST.fullmatch(text):
            raise ValueError("expected a server's name such as imap.marta.example") from None
        return text.lower()


def _iban(text: str) -> str:
    """Read an IBAN, which people write in groups of four; its check digits (ISO 13616, ISO 7064 MOD 97-10) must agree."""
    iban = "".join(text.split()).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", iban, re.ASCII):
        raise ValueError("expected an IBAN such as ES9121000418450200051332")
    if int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 != 1:
        raise ValueError("its check digits do not agree, so that a digit is wrong; expected the IBAN as the bank writes it")
    return iban


def _words(text: str) -> str:
    if _CREDENTIALS.search(text):
        raise SecretInFileError("a password stands in this address; expected it without (keep it in a credential helper)")
    return parse_line(text)


def _price(text: str) -> Decimal:
    amount = parse_amount(text)
    if amount < 0:
        raise ValueError('expected an amount of nothing or more, such as "1100.00"')
    return amount


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("expected a time zone such as Europe/Madrid") from error


def _day(text: str) -> date:
    try:
        return in_our_times(parse_day(text))
    except ValueError as error:
        raise ValueError("expected a day of the calendar, such as 2026-11-28") from error


def parse_clock(text: str) -> time:
    """Read a time of day; 24:00 is the last minute's end, written 23:59 inside. Raises ValueError."""
    found = _CLOCK.fullmatch(text.strip())
    if not found or (found[1] == "24" and found[2] != "00"):
        raise ValueError("expected a time of day such as 09:00")
    return time(23, 59) if found[1] == "24" else time(int(found[1]), int(found[2]))


def _currency(text: str) -> str:
    if not is_currency(text):
        raise ValueError("expected a currency code such as EUR")
    return text


def _url(text: str) -> str:
    text = _words(text)
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise ValueError("expected a web address such as https://drive.example/acme") from error
    if parts.scheme not in {"https", "http"} or not parts.netloc or any(c.isspace() for c in text):
        raise ValueError("expected a web address such as https://drive.example/acme")
    return text


def parse_truth(text: str) -> bool:
    """Read yes or no. Raises ValueError."""
    said = text.lower()
    if said not in {"true", "false", "yes", "no"}:
        raise ValueError("expected yes or no")
    return said in {"true", "yes"}


def _whole(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise ValueError("expected a whole number such as 20")
    return int(text)


def _port(text: str) -> int:
    number = int(text) if re.fullmatch(r"\d{1,5}", text, re.ASCII) else 0
    if not 0 < number < 65536:  # noqa: PLR2004 (16 bits)
        raise ValueError("expected a port between 1 and 65535, such as 993")
    return number


Line = Annotated[str, from_text(parse_line)]
Remote = Annotated[str, from_text(_words)]
Host = Annotated[str, from_text(_host)]
Mailer = Annotated[str, from_text(_mailer)]
Iban = Annotated[str, from_text(_iban)]
Bic = Annotated[str, from_text(_matching(_BIC, "expected a BIC of 8 or 11 letters and digits, such as CAIXESBBXXX"))]
Address = Annotated[str, from_text(_address)]
Sender = Annotated[str, from_text(_sender)]
Zone = Annotated[ZoneInfo, from_text(_zone)]
Day = Annotated[date, from_text(_day)]
Clock = Annotated[time, from_text(parse_clock)]
Truth = Annotated[bool, from_text(parse_truth)]
Whole = Annotated[int, from_text(_whole)]
Port = Annotated[int, from_text(_port)]
Url = Annotated[str, from_text(_url)]
Colour = Annotated[str, from_text(_matching(_COLOUR, 'expected a colour such as "#1f6f5c"'))]
Language = Annotated[str, from_text(_matching(_LANGUAGE, "expected a language such as es, en or pt-BR"))]
Country = Annotated[str, from_text(_matching(_COUNTRY, "expected a country's two letters, such as ES"))]
Currency = Annotated[str, from_text(_currency)]
Amount = Annotated[Decimal, from_text(parse_amount)]
Price = Annotated[Decimal, from_text(_price)]
Work = Annotated[int, from_text(parse_work)]
Days = Annotated[int, from_text(parse_days)]
Percent = Annotated[Decimal, from_text(parse_percent)]
Size = Annotated[int, from_text(parse_size)]


def domain_in(sender: str) -> str | None:
    """Give the domain that a sender rule claims whole (`@acme.example`), normalised; None for one address."""
    return normalise_domain(sender[1:]) if sender.startswith("@") else None


@dataclass(frozen=True, slots=True)
class Localized(ReadWhole):
    """A text in one or more languages: `{es: Diseño, en: Design}`, or one text for everyone (under the language "")."""

    texts: dict[str, str]

    @classmethod
    def read(cls, value: object) -> Self:
        """Make it of what stands in a file. Raises ValueError."""
        if isinstance(value, str):
            return cls({"": parse_line(value)})
        expected = "expected a text, or one for each language such as {es: Diseño, en: Design}"
        return cls({name: _text_in(name, text, expected) for name, text in _by_language(value, expected).items()})

    def in_language(self, language: str, otherwise: str) -> str:
        """Give the text in a language, else in the practice's, else the first that is there."""
        return str(_choose(self.texts, language, otherwise))


@dataclass(frozen=True, slots=True)
class LocalizedList(ReadWhole):
    """A list of texts in one or more languages: `{es: [Ortografía], en: [Spelling]}`, or one list for everyone."""

    lists: dict[str, list[str]]

    @classmethod
    def read(cls, value: object) -> Self:
        """Make it of what stands in a file. Raises ValueError."""
        expected = "expected a list, or one for each language such as {es: [Ortografía], en: [Spelling]}"
        if isinstance(value, list):
            return cls({"": [_text_in(number, text, "expected a text") for number, text in enumerate(value)]})
        for name, texts in (lists := _by_language(value, expected)).items():
            if not isinstance(texts, list):
                raise PartError((name,), texts, "expected a list, such as [Ortografía, Marca]")
            for number, text in enumerate(texts):
                if not isinstance(text, str):
                    raise PartError((name, number), text, "expected a text")
        return cls(lists)

    def in_language(self, language: str, otherwise: str) -> list[str]:
        """Give the list in a language, else in the practice's, else the first that is there."""
        return list(_choose(self.lists, language, otherwise))


def _by_language(value: object, expected: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not value:
        raise ValueError(expected)
    for name in value:
        if name and not _LANGUAGE.fullmatch(name):
            raise PartError((name,), None, "expected a language as the key, such as es, en or pt-BR")
    return value


def _text_in(part: str | int, text: object, expected: str) -> str:
    if not isinstance(text, str):
        raise PartError((part,), text, expected)
    return text


def _choose(texts: dict[str, Any], language: str, otherwise: str) -> Any:
    wanted = (language, language.split("-")[0], otherwise, otherwise.split("-")[0], "")
    return next((texts[name] for name in wanted if name in texts), next(iter(texts.values())))
