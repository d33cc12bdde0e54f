"""What clients.yml must also keep: the rules that hold between its fields, first those of mail and of who is who.

They read the strings as written, so that they find what is wrong also where other fields are wrong: all mistakes in one run.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields
from typing import TYPE_CHECKING

from recado.model.address import domain_of, is_address, normalise_address, untagged
from recado.model.servers import LOOPBACK, Mailbox
from recado.model.written import domain_in
from recado.speech import _
from recado.store.checked import Refusal, written_path
from recado.store.practice_terms import CHECKS_OF_TERMS, clients_in, items, mapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from recado.store.practice_terms import Found
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


def cross_checks(document: Document) -> list[Refusal]:
    """Find what is wrong between the fields of a practice file."""
    tree = mapping(document.value)
    checks = (_security, _folders, _codes, _writers, _domains, _own_addresses, _people, *CHECKS_OF_TERMS)
    return [Refusal(path, document.line_of(path), text) for check in checks for path, text in check(tree)]


def _security(tree: Mapping[str, Value]) -> Iterator[Found]:
    for section in ("mailbox", "outgoing"):
        server = mapping(tree.get(section))
        host = server.get("host")
        if server.get("security") == "none" and isinstance(host, str) and host.strip("[] ").lower() not in LOOPBACK:
            yield (
                (section, "security"),
                _(
                    "`{section}.security` is none for {host}: mail and password would cross the network unprotected; "
                    "expected tls or starttls (none is for this machine alone, 127.0.0.1)"
                ).format(section=section, host=host),
            )


def _folders(tree: Mapping[str, Value]) -> Iterator[Found]:
    mailbox = mapping(tree.get("mailbox"))
    default = {each.name: each.default for each in fields(Mailbox)}
    taken: dict[str, str] = {}
    for name in ("inbox", "done", "quarantine", "sent"):
        folder = mailbox.get(name) or default[name]
        if not isinstance(folder, str):
            continue
        folder = "INBOX" if folder.upper() == "INBOX" else folder  # RFC 3501 §5.1: INBOX in any case
        other = taken.setdefault(folder, name)
        if other != name:
            said = _("`mailbox.{name}` is the same folder as `mailbox.{other}`; expected a folder of its own")
            stands = name if name in mailbox else other
            yield ("mailbox", stands), said.format(name=stands, other=other if stands == name else name)


def _codes(tree: Mapping[str, Value]) -> Iterator[Found]:
    first: dict[str, str] = {}
    for key, client in clients_in(tree):
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


def _writers(tree: Mapping[str, Value]) -> Iterator[Found]:
    for key, client in clients_in(tree):
        # One that is there and is no list is refused for that already.
        if client and all(client.get(name, []) == [] for name in ("contacts", "senders")):
            said = _("`clients.{key}` has nobody who writes; expected at least one of `contacts` or `senders`")
            yield ("clients", key, "contacts"), said.format(key=key)


def _domains(tree: Mapping[str, Value]) -> Iterator[Found]:
    claimed: dict[str, str] = {}
    for key, client in clients_in(tree):
        for number, sender in enumerate(items(client.get("senders"))):
            domain = domain_in(sender) if isinstance(sender, str) else None
            path: ValuePath = ("clients", key, "senders", number)
            if domain is None:
                continue
            if domain in PUBLIC_MAIL_PROVIDERS:
                said = _(
                    "@{domain} is a public mail provider: anyone can write from it; expected the client's own domain, "
                    "or single addresses"
                )
                yield path, said.format(domain=domain)
            elif claimed.setdefault(domain, key) != key:
                said = _("@{domain} is already {other}'s; expected a domain that belongs to one client")
                yield path, said.format(domain=domain, other=claimed[domain])


def _own_addresses(tree: Mapping[str, Value]) -> Iterator[Found]:
    own = {
        untagged(normalise_address(address))[0]
        for address in (mapping(tree.get("practice")).get("email"), mapping(tree.get("mailbox")).get("address"))
        if isinstance(address, str) and is_address(address)
    }
    domains = {domain_of(address) for address in own} - PUBLIC_MAIL_PROVIDERS
    for key, client in clients_in(tree):
        written: defaultdict[ValuePath, str] = defaultdict(str)
        for number, contact in enumerate(items(client.get("contacts"))):
            written["clients", key, "contacts", number, "email"] = str(mapping(contact).get("email") or "")
        for number, sender in enumerate(items(client.get("senders"))):
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
    practice = mapping(tree.get("practice"))
    owner = str(practice.get("email") or "").partition("@")[0]
    if owner and owner in mapping(practice.get("people")):
        yield (
            ("practice", "people", owner),
            _("`{owner}` is already the owner's key (what stands before the @ of practice.email); expected another").format(
                owner=owner
            ),
        )
