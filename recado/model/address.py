"""E-mail addresses and the people behind them, compared the way mail systems deliver."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from recado.model.quick_state import quick_state

# RFC 5321's Mailbox without quoted local parts and address literals: stricter than what a mail server may accept, on purpose.
# Written as what may not stand there: a class that reaches beyond ASCII takes 20 ms to compile, and every process would wait.
_ATOM = r'[^\x00-\x20"(),.:;<>@\[\\\]\x7f]+'  # ASCII: letters, digits and !#$%&'*+/=?^_`{|}~-
_EDGE = r"[^\x00-/:-@\[-`{-\x7f]"  # ASCII: letters and digits
_LABEL = rf"{_EDGE}(?:[^\x00-,./:-@\[-`{{-\x7f]{{0,61}}{_EDGE})?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
_LONGEST = 254
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


@quick_state
@dataclass(frozen=True, slots=True)
class Person:
    """Someone with an address; `name` is what they call themselves, and may be empty."""

    name: str
    email: str

    @property
    def first_name(self) -> str:
        """Give the name to greet them by, or the part of the address before the @."""
        return self.name.split()[0] if self.name.strip() else self.email.partition("@")[0]

    def __str__(self) -> str:
        """Write them as files do: `Jane Doe <jane@acme.example>`; a name alone where there is no address."""
        return f"{self.name} <{self.email}>" if self.name and self.email else self.name or self.email


def is_address(text: str) -> bool:
    """Tell whether `text` is exactly one plain address, with nothing around it and nothing in it that cannot be seen.

    Control and direction-changing characters are in no address: they write on the terminal, or make it read as another.
    """
    return len(text) <= _LONGEST and text.isprintable() and bool(_ADDRESS.fullmatch(text))


def parse_person(text: str) -> Person:
    """Read `Jane Doe <jane@acme.example>` or a bare address. Raises ValueError."""
    name, angle, rest = text.strip().rpartition("<")
    if angle and rest.endswith(">"):
        name, address = name.strip(), rest[:-1].strip()
        quoted = _QUOTED.fullmatch(name)
        name = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else name
    else:
        name, address = "", text.strip()
    if not is_address(address):
        raise ValueError("expected a person such as Jane Doe <jane@acme.example>")
    return Person(name, address)


@lru_cache(maxsize=8192)
def normalise_address(address: str) -> str:
    """Give the form in which two addresses are compared: lower case, accents in one spelling (NFC), the domain in ASCII (IDNA).

    The local part is case-sensitive in RFC 5321 §2.4 and nowhere in practice. Letters are only lowered, never folded: `straße@`
    and `strasse@` are two mailboxes. A plus-tag is kept: see `untagged`.
    """
    local, _, domain = address.strip().rpartition("@")
    return f"{unicodedata.normalize('NFC', local).lower()}@{normalise_domain(domain)}"


def normalise_domain(domain: str) -> str:
    """Give a domain in lower case and ASCII (IDNA 2008, mapped by UTS 46); one that has no such form is only lowered.

    The standard library knows IDNA 2003, where `straße.example` is `strasse.example`: another domain today, of another owner.
    """
    lowered = domain.strip().strip(".").lower()
    if lowered.isascii() or len(lowered) > _LONGEST:
        return lowered
    import idna  # noqa: PLC0415 (late: its tables are for the few domains that need them)

    try:
        return idna.encode(lowered, uts46=True).decode("ascii")
    except idna.IDNAError:
        return lowered


def domain_of(address: str) -> str:
    """Give the normalised domain of an address."""
    return normalise_domain(address.rpartition("@")[2])


def untagged(address: str) -> tuple[str, str]:
    """Split a plus-tag off: `requests+acme@x` gives (`requests@x`, `acme`); without one the tag is empty."""
    local, at, domain = address.rpartition("@")
    name, _, tag = local.partition("+")
    return (f"{name}{at}{domain}", tag) if name else (address, "")
