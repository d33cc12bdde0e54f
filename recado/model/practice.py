"""The practice: everything clients.yml says, as values. Every key of the file stands here, in the file's order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from recado.model.address import Person, normalise_address
from recado.model.hours import Hours, Span, WrittenHours, WrittenResponse
from recado.model.quantity import parse_percent
from recado.model.reading import Written
from recado.model.servers import Mailbox, Outgoing, Place
from recado.model.written import (
    Address,
    Bic,
    Clock,
    Colour,
    Country,
    Currency,
    Day,
    Days,
    Iban,
    Language,
    Line,
    Localized,
    LocalizedList,
    Price,
    Sender,
    Truth,
    Url,
    Whole,
    Work,
    Zone,
    domain_in,
    from_text,
    parse_clock,
    parse_line,
)

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_CODE = re.compile(r"[A-Z][A-Z0-9]{1,7}", re.ASCII)
_OFFICE_DAY = (Span(parse_clock("09:00"), parse_clock("17:00")),)
_OFFICE_HOURS = Hours((_OFFICE_DAY,) * 5 + ((), ()))


def _key(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError("expected a key of small letters, digits and hyphens, such as acme")
    return key


def _code(text: str) -> str:
    code = parse_line(text)
    if not _CODE.fullmatch(code):
        raise ValueError("expected 2 to 8 capital letters or digits, a letter first, such as ACME")
    return code


def _deposit(text: str) -> Decimal:
    return Decimal(0) if text == "none" else parse_percent(text)


Key = Annotated[str, from_text(_key)]
Code = Annotated[str, from_text(_code)]
Deposit = Annotated[Decimal, from_text(_deposit)]
Renewal = Literal["weekly", "monthly", "when_used"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence(Written):
    """Days on which the VA is away, both included."""

    first: Day = field(metadata={"alias": "from"})
    last: Day = field(metadata={"alias": "to"})
    note: Localized | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand(Written):
    """How a portal looks: a colour, a logo (a file beside clients.yml), a font of the practice's own (woff2)."""

    colour: Colour | None = None
    logo: Line | None = None
    font: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank(Written):
    """The account for transfers."""

    holder: Line
    iban: Iban
    bic: Bic | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel(Written):
    """Which channel for what."""

    purpose: Localized = field(metadata={"alias": "for"})
    by: Line
    to: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague(Written):
    """Someone besides the owner who may be an assignee."""

    name: Line
    email: Address
    role: Localized | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Business(Written):
    """`practice:` in the file: the VA and how she works.

    `hours` and `response` are promises: None where the file makes none, and then no page may say one.
    """

    name: Line
    owner: Line
    email: Address
    language: Language
    timezone: Zone
    country: Country
    subdivision: Line | None = None
    currency: Currency | None = None
    hours: WrittenHours | None = None
    response: WrittenResponse | None = None
    absences: tuple[Absence, ...] = ()
    portal_url: Url | None = None
    brand: Brand = field(default_factory=Brand)
    address: tuple[Line, ...] = ()
    tax_id: Line | None = None
    bank: Bank | None = None
    payment_links: dict[str, Url] = field(default_factory=dict)
    channels: tuple[Channel, ...] = ()
    people: dict[Key, Colleague] = field(default_factory=dict)

    @property
    def owner_key(self) -> str:
        """Give the owner's key in `assignee`, `person` and `by`: what stands before the @ of her address."""
        return self.email.partition("@")[0]

    @property
    def working_hours(self) -> Hours:
        """Give the hours to reckon with: those of the file; without any, Monday to Friday from 9 to 17. Not to be said."""
        return self.hours or _OFFICE_HOURS

    @property
    def first_name(self) -> str:
        """Give the owner's first name, as her clients say it."""
        return self.owner.split()[0]

    def name_of(self, key: str) -> str:
        """Give the name behind an assignee's key; the key itself where nobody has it."""
        if key == self.owner_key:
            return self.owner
        return self.people[key].name if key in self.people else key


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Written):
    """A service of the catalogue; `estimate` is in minutes, `rate` an hour's price by currency."""

    name: Localized
    description: Localized | None = None
    deliverables: LocalizedList | None = None
    estimate: Work | None = None
    rate: dict[Currency, Price] = field(default_factory=dict)
    stages: tuple[Line, ...] = ()
    checklist: LocalizedList | None = None
    review: LocalizedList | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Package(Written):
    """A package of the catalogue, at a fixed price by currency."""

    name: Localized
    description: Localized | None = None
    service: Line | None = None
    price: dict[Currency, Price] = field(default_factory=dict)
    includes: Localized | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Written):
    """A person at a client. `invoices`: bills go to them."""

    name: Line
    email: Address
    role: Localized | None = None
    invoices: Truth = False

    @property
    def person(self) -> Person:
        """Give them as someone who writes and is written to."""
        return Person(self.name, self.email)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryOver(Written):
    """What is left of a period's hours: how much of it is kept, in minutes, and for how many days."""

    limit: Work
    expires: Days | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retainer(Written):
    """Hours bought ahead: so many a period, at a price; `overage` is the price of an hour beyond them.

    What the file leaves out has a default to reckon with (monthly, from the 1st, billed before), which no page may promise.
    """

    hours: Whole
    price: Price | None = None
    said_renewal: Renewal | None = field(default=None, metadata={"alias": "renews"})
    day: Whole = 1
    said_billing: Literal["before", "after"] | None = field(default=None, metadata={"alias": "bill"})
    carry_over: CarryOver | None = None
    overage: Price | None = None

    @property
    def renews(self) -> Renewal:
        """Give when the hours renew."""
        return self.said_renewal or "monthly"

    @property
    def bill(self) -> Literal["before", "after"]:
        """Give when the hours are billed: before or after their period."""
        return self.said_billing or "before"

    @property
    def says_period(self) -> bool:
        """Tell whether the file itself says when the hours renew."""
        return self.said_renewal is not None

    @property
    def says_billing(self) -> bool:
        """Tell whether the file itself says when the hours are billed: before or after which period."""
        return self.says_period and self.said_billing is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms(Written):
    """Payment terms: days to pay (None: not said), the share in per cent paid ahead (0: none), the fee for paying late."""

    net: Whole | None = None
    deposit: Deposit = Decimal(0)
    late_fee: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest(Written):
    """When the weekly update goes out, in the client's zone."""

    day: Weekday
    at: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Written):
    """A link of the client's own."""

    name: Line
    url: Url


@dataclass(frozen=True, slots=True, kw_only=True)
class Client(Written):
    """One client. What is left out of language, zone, country and currency is the practice's (`Practice.record`)."""

    code: Code
    name: Line
    contacts: tuple[Contact, ...] = ()
    senders: tuple[Sender, ...] = ()
    language: Language | None = None
    address_form: Literal["formal", "informal"] = "informal"
    style: Literal["direct", "indirect"] = "direct"
    timezone: Zone | None = None
    country: Country | None = None
    currency: Currency | None = None
    since: Day | None = None
    ended: Day | None = None
    brand: Brand = field(default_factory=Brand)
    address: tuple[Line, ...] = ()
    tax_id: Line | None = None
    rate: Price | None = None
    retainer: Retainer | None = None
    terms: Terms | None = None
    digest: Digest | None = None
    links: tuple[Link, ...] = ()

    def contact_at(self, address: str) -> Contact | None:
        """Find the contact who writes from an address."""
        wanted = normalise_address(address)
        return next((contact for contact in self.contacts if normalise_address(contact.email) == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice(Written):
    """All of clients.yml."""

    business: Business = field(metadata={"alias": "practice"})
    mailbox: Mailbox
    outgoing: Outgoing | None = None
    places: dict[Key, Place] = field(default_factory=dict)
    services: dict[Key, Service] = field(default_factory=dict)
    packages: dict[Key, Package] = field(default_factory=dict)
    clients: dict[Key, Client] = field(default_factory=dict)

    def record(self, key: str) -> ClientRecord:
        """Give what one client's portal is built from: that client's own record, and no other's. Raises KeyError."""
        client = self.clients[key]
        business = self.business
        return ClientRecord(
            key=key,
            client=client,
            business=business,
            request_address=self.request_address(key),
            services=self.services,
            packages=self.packages,
            language=client.language or business.language,
            timezone=client.timezone or business.timezone,
            country=client.country or business.country,
            currency=client.currency or business.currency or "EUR",
        )

    def request_address(self, key: str) -> str:
        """Give the address a client's portal asks by: where a person writes for another client too, with the client's key.

        `requests+acme@…` says for whom such a person asks; a mail to the bare address would have to wait in the quarantine.
        """
        own, others = _people_of(self.clients[key]), [_people_of(each) for name, each in self.clients.items() if name != key]
        local, at, domain = self.mailbox.address.rpartition("@")
        is_shared = any(own & theirs for theirs in others)
        return f"{local}+{key}{at}{domain}" if is_shared else self.mailbox.address

    def key_of_code(self, code: str) -> str | None:
        """Find the client whose refs start with `code`."""
        return next((key for key, client in self.clients.items() if client.code == code), None)


def _people_of(client: Client) -> set[str]:
    """List the single addresses that may write for a client, as they are compared."""
    written = [contact.email for contact in client.contacts] + [each for each in client.senders if domain_in(each) is None]
    return {normalise_address(each) for each in written}


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """One client's part of the practice, with its own or the practice's language, zone, country and currency."""

    key: str
    client: Client
    business: Business
    request_address: str
    services: dict[str, Service]
    packages: dict[str, Package]
    language: str
    timezone: Zone
    country: str
    currency: str

    def has_ended(self, today: date) -> bool:
        """Tell whether the work with this client is over on `today`: the files stay, the portal is withdrawn."""
        return self.client.ended is not None and self.client.ended <= today
