"""What clients.yml must also keep: the rules that hold between its fields.

They read the strings as written, so that they find what is wrong also where other fields are wrong: all mistakes in one run.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from recado.errors import Problem
from recado.model.address import domain_of, is_address, normalise_address, untagged
from recado.model.practice import LOOPBACK
from recado.model.written import domain_in
from recado.speech import _
from recado.store.checked import written_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from recado.store.strict_yaml import Document, Value, ValuePath

# Where anyone can have an address: claiming the domain would hand every stranger there to one client.
PUBLIC_MAIL_PROVIDERS = frozenset(
    """aol.com bigpond.com btinternet.com fastmail.com free.fr gmail.com gmx.com gmx.de gmx.net googlemail.com hey.com
    hotmail.co.uk hotmail.com hotmail.es hotmail.fr hotmail.it icloud.com laposte.net libero.it live.co.uk live.com
    live.com.au mac.com mail.com mail.ru me.com msn.com orange.fr outlook.com outlook.es outlook.com.au outlook.fr
    pm.me proton.me protonmail.com qq.com rocketmail.com sapo.pt t-online.de telefonica.net terra.es tutanota.com uol.com.br
    virgilio.it web.de yahoo.co.uk yahoo.com yahoo.com.au yahoo.com.br yahoo.com.mx yahoo.de yahoo.es yahoo.fr yahoo.it
    yandex.com yandex.ru ymail.com zoho.com""".split()
)

Found = tuple["ValuePath", str]


def cross_checks(document: Document, file: str) -> list[Problem]:
    """Find what is wrong between the fields of a practice file."""
    tree = _mapping(document.value)
    checks = (_security, _folders, _codes, _senders, _own_addresses, _people, _packages, _prices)
    return [Problem(file, document.line_of(path), text) for check in checks for path, text in check(tree)]


def _mapping(value: Value | object) -> Mapping[str, Value]:
    return value if isinstance(value, dict) else {}


def _items(value: Value | object) -> list[Value]:
    return value if isinstance(value, list) else []


def _clients(tree: Mapping[str, Value]) -> Iterator[tuple[str, Mapping[str, Value]]]:
    for key, client in _mapping(tree.get("clients")).items():
        yield key, _mapping(client)


def _security(tree: Mapping[str, Value]) -> Iterator[Found]:
    for section in ("mailbox", "outgoing"):
        server = _mapping(tree.get(section))
        host = server.get("host")
        if server.get("security") == "none" and isinstance(host, str) and host not in LOOPBACK:
            yield (
                (section, "security"),
                _(
                    "`{section}.security` is none for {host}: mail and password would cross the network unprotected; "
                    "expected tls or starttls (none is for this machine alone, 127.0.0.1)"
                ).format(section=section, host=host),
            )


def _folders(tree: Mapping[str, Value]) -> Iterator[Found]:
    mailbox = _mapping(tree.get("mailbox"))
    inbox = mailbox.get("inbox") or "INBOX"
    taken = {str(inbox): "inbox"}
    for name in ("done", "quarantine"):
        folder = mailbox.get(name)
        if isinstance(folder, str) and folder in taken:
            yield (
                ("mailbox", name),
                _("`mailbox.{name}` is the same folder as `mailbox.{other}`; expected a folder of its own").format(
                    name=name, other=taken[folder]
                ),
            )
        elif isinstance(folder, str):
            taken[folder] = name


def _codes(tree: Mapping[str, Value]) -> Iterator[Found]:
    first: dict[str, str] = {}
    for key, client in _clients(tree):
        code = client.get("code")
        if not isinstance(code, str):
            continue
        if code in first:
            yield (
                ("clients", key, "code"),
                _("the code {code} is already {other}'s; expected a code of this client's own").format(
                    code=code, other=first[code]
                ),
            )
        first.setdefault(code, key)


def _senders(tree: Mapping[str, Value]) -> Iterator[Found]:
    claimed: dict[str, str] = {}
    for key, client in _clients(tree):
        if client and not _items(client.get("contacts")) and not _items(client.get("senders")):
            yield (
                ("clients", key),
                _("`clients.{key}` has nobody who writes; expected at least one of `contacts` or `senders`").format(key=key),
            )
        for number, sender in enumerate(_items(client.get("senders"))):
            domain = domain_in(sender) if isinstance(sender, str) else None
            path: ValuePath = ("clients", key, "senders", number)
            if domain is None:
                continue
            if domain in PUBLIC_MAIL_PROVIDERS:
                yield (
                    path,
                    _(
                        "@{domain} is a public mail provider: anyone can write from it; expected the client's own domain, "
                        "or single addresses"
                    ).format(domain=domain),
                )
            elif claimed.get(domain, key) != key:
                yield (
                    path,
                    _("@{domain} is already {other}'s; expected a domain that belongs to one client").format(
                        domain=domain, other=claimed[domain]
                    ),
                )
            claimed.setdefault(domain, key)


def _own_addresses(tree: Mapping[str, Value]) -> Iterator[Found]:
    own = {
        untagged(normalise_address(address))[0]
        for address in (_mapping(tree.get("practice")).get("email"), _mapping(tree.get("mailbox")).get("address"))
        if isinstance(address, str) and is_address(address)
    }
    domains = {domain_of(address) for address in own} - PUBLIC_MAIL_PROVIDERS
    for key, client in _clients(tree):
        written: defaultdict[ValuePath, str] = defaultdict(str)
        for number, contact in enumerate(_items(client.get("contacts"))):
            written["clients", key, "contacts", number, "email"] = str(_mapping(contact).get("email") or "")
        for number, sender in enumerate(_items(client.get("senders"))):
            written["clients", key, "senders", number] = str(sender or "")
        for path, address in written.items():
            whole = domain_in(address)
            if whole in domains or (whole is None and is_address(address) and untagged(normalise_address(address))[0] in own):
                yield (
                    path,
                    _("`{name}` is {address}, which is the practice's own; expected an address of the client's").format(
                        name=written_path(path), address=address
                    ),
                )


def _people(tree: Mapping[str, Value]) -> Iterator[Found]:
    practice = _mapping(tree.get("practice"))
    owner = str(practice.get("email") or "").partition("@")[0]
    if owner and owner in _mapping(practice.get("people")):
        yield (
            ("practice", "people", owner),
            _("`{owner}` is already the owner's key (what stands before the @ of practice.email); expected another").format(
                owner=owner
            ),
        )


def _packages(tree: Mapping[str, Value]) -> Iterator[Found]:
    services = _mapping(tree.get("services"))
    for key, package in _mapping(tree.get("packages")).items():
        service = _mapping(package).get("service")
        if isinstance(service, str) and service not in services:
            yield (
                ("packages", key, "service"),
                _("`packages.{key}.service` is {service!r}; expected one of the keys of `services`").format(
                    key=key, service=service
                ),
            )


def _prices(tree: Mapping[str, Value]) -> Iterator[Found]:
    """Find currencies that do not exist: Babel knows them all, and is asked only here."""
    from babel.core import get_global  # noqa: PLC0415 (late: a build with nothing to do does not read prices again)

    known = {currency for currencies in get_global("territory_currencies").values() for currency, *_rest in currencies}
    written: list[tuple[ValuePath, Value]] = [(("practice", "currency"), _mapping(tree.get("practice")).get("currency"))]
    written += [(("clients", key, "currency"), client.get("currency")) for key, client in _clients(tree)]
    for section, field in (("services", "rate"), ("packages", "price")):
        for key, item in _mapping(tree.get(section)).items():
            written += [((section, key, field, code), code) for code in _mapping(_mapping(item).get(field))]
    for path, code in written:
        if isinstance(code, str) and len(code) == 3 and code.isupper() and code not in known:  # noqa: PLR2004 (ISO 4217)
            yield (
                path,
                _("`{name}`: no currency is called {code}; expected a code such as EUR").format(
                    name=written_path(path), code=code
                ),
            )
