"""A sender who is remembered: an address, or a whole domain, added to a client's `senders` in clients.yml.

Every other byte of the file stays where that can be done; else it goes through ruamel.yaml, which keeps order and comments.
The file is checked as a whole before it is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

import yaml

from recado.errors import ConfigurationError, UsageError, WorkError
from recado.model.address import domain_of, is_address, normalise_address, untagged
from recado.model.written import domain_in
from recado.speech import _
from recado.store.atomic import replace_if_unchanged
from recado.store.editing import edited
from recado.store.practice_checks import PUBLIC_MAIL_PROVIDERS
from recado.store.practice_file import load_practice, parse_practice
from recado.store.strict_yaml import read_yaml

if TYPE_CHECKING:
    from recado.model.practice import Client, Practice
    from recado.store.workspace import Workspace

_ENDLESS = 1 << 30  # columns: the writer never folds a line
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_-]*@[A-Za-z0-9.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Remembering:
    """What clients.yml will say once a sender is remembered. `content` is None where it says so already."""

    read: bytes
    content: bytes | None


def check_sender(practice: Practice, key: str, sender: str) -> None:
    """See that a sender may be a client's: an address, or a domain such as `@acme.example`. Raises UsageError."""
    domain = domain_in(sender)
    if domain is None and not is_address(sender):
        raise UsageError(_("{sender!r} is no address; it cannot be remembered.").format(sender=sender))
    if domain in PUBLIC_MAIL_PROVIDERS:
        said = _(
            "@{domain} is a public mail provider: anyone can write from it, and all of them would be {client}'s. "
            "Remember the address alone (--remember)."
        )
        raise UsageError(said.format(domain=domain, client=key))
    own = [practice.business.email, practice.mailbox.address, *(each.email for each in practice.business.people.values())]
    if domain is None and _bare(sender) in {_bare(each) for each in own}:
        raise UsageError(_("{sender} is an address of your own practice; it cannot be a client's.").format(sender=sender))
    if domain is not None and domain in {domain_of(each) for each in own}:
        raise UsageError(_("{sender} is your own practice's domain; it cannot be a client's.").format(sender=sender))
    other = next((other for other, client in practice.clients.items() if other != key and _has(client, sender)), None)
    if other is not None:
        said = _(
            "{sender} is already among those who write for {other}. If they write for both, add it to {client}'s `senders` in "
            "clients.yml by hand: then each of their mails has to say for whom it is."
        )
        raise UsageError(said.format(sender=sender, other=other, client=key))


def remembering(workspace: Workspace, key: str, sender: str) -> Remembering:
    """Prepare clients.yml with a sender added; nothing is written yet.

    Raises UsageError where the sender cannot be the client's, WorkError where the file cannot be changed and stay right.
    """
    practice = load_practice(workspace)
    check_sender(practice, key, sender)
    read = workspace.practice_file.read_bytes()
    if _has(practice.clients[key], sender):
        return Remembering(read, None)
    text = read.decode("utf-8")
    changed = _with_sender(text, key, sender)
    try:
        after = parse_practice(changed.removeprefix("\ufeff"))
    except ConfigurationError as error:
        said = _("{sender} cannot be added to clients.yml: {reason}").format(sender=sender, reason=error)
        raise WorkError(said) from error
    if not _has(after.clients[key], sender):
        raise WorkError(
            _("{sender} cannot be added to clients.yml; add it to {client}'s `senders` by hand.").format(
                sender=sender, client=key
            )
        )
    return Remembering(read, changed.encode())


def remember(workspace: Workspace, key: str, sender: str) -> bool:
    """Add a sender to a client's `senders`; tells whether it was new. Raises as `remembering`, and OSError."""

    def edit() -> bool:
        prepared = remembering(workspace, key, sender)
        if prepared.content is None:
            return False
        replace_if_unchanged(workspace.practice_file, prepared.read, prepared.content)
        return True

    return edited(workspace.practice_file.name, edit)


def _has(client: Client, sender: str) -> bool:
    """Tell whether a client's contacts or senders name this very address, or this very domain."""
    domain = domain_in(sender)
    if domain is not None:
        return domain in {domain_in(each) for each in client.senders}
    named = [contact.email for contact in client.contacts] + [each for each in client.senders if domain_in(each) is None]
    return normalise_address(sender) in {normalise_address(each) for each in named}


def _bare(address: str) -> str:
    return untagged(normalise_address(address))[0]


def _with_sender(text: str, key: str, sender: str) -> str:
    """Add one item, every other byte as it was; where that cannot be done, through the writer that keeps comments."""
    before = read_yaml(text.removeprefix("\ufeff")).value
    wanted = _wanted(before, key, sender)
    for added in (_in_place(text, key, sender), _rewritten(text, key, sender)):
        if added is not None and read_yaml(added.removeprefix("\ufeff")).value == wanted:
            return added
    raise WorkError(
        _(
            "clients.yml is written in a way that cannot be changed safely; add {sender} to {client}'s `senders` by hand."
        ).format(sender=sender, client=key)
    )


def _wanted(value: object, key: str, sender: str) -> object:
    assert isinstance(value, dict)  # noqa: S101 (the practice was read from it)
    clients = value["clients"]
    assert isinstance(clients, dict)  # noqa: S101 (the same)
    client = clients[key]
    assert isinstance(client, dict)  # noqa: S101 (the same)
    senders = client.get("senders") or []
    return {**value, "clients": {**clients, key: {**client, "senders": [*senders, sender]}}}


def _in_place(text: str, key: str, sender: str) -> str | None:
    """Put the sender at the end of the list that stands there, or the list at the end of the client. None: not so simple."""
    client = _below(_below(yaml.compose(text, Loader=yaml.CBaseLoader), "clients"), key)
    if not isinstance(client, yaml.MappingNode) or client.flow_style or not client.value:
        return None
    item = _quoted(sender)
    senders = _below(client, "senders")
    if isinstance(senders, yaml.SequenceNode) and senders.flow_style:
        end = senders.end_mark.index - 1  # the closing bracket
        inside = text[senders.start_mark.index + 1 : end].rstrip()
        comma = "" if not inside or inside.endswith(",") else ","
        start = senders.start_mark.index + 1 + len(inside)
        return f"{text[:start]}{comma}{' ' if inside else ''}{item}{text[end:]}"
    if isinstance(senders, yaml.SequenceNode) and senders.value:
        last = senders.value[-1]
        column = senders.start_mark.column
        return _line_after(text, last.end_mark.index, f"{' ' * column}- {item}")
    if senders is None:
        name, _value = client.value[0]
        last_name, last = client.value[-1]
        if isinstance(last, yaml.ScalarNode) or last.flow_style:
            end = max(last_name.end_mark.index, last.end_mark.index)
            return _line_after(text, end, f"{' ' * name.start_mark.column}senders: [{item}]")
        # What a block ends with is found by its lines alone: put the list before it.
        line = text.rfind("\n", 0, last_name.start_mark.index) + 1
        ending = "\r\n" if "\r\n" in text else "\n"
        return f"{text[:line]}{' ' * name.start_mark.column}senders: [{item}]{ending}{text[line:]}"
    return None


def _line_after(text: str, place: int, line: str) -> str:
    """Put a line below the one that holds a place."""
    ending = "\r\n" if "\r\n" in text else "\n"
    end = text.find("\n", place)
    return f"{text}{ending}{line}{ending}" if end < 0 else f"{text[: end + 1]}{line}{ending}{text[end + 1 :]}"


def _below(node: yaml.Node | None, key: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for name, value in pairs if isinstance(name, yaml.ScalarNode) and name.value == key), None)


def _quoted(sender: str) -> str:
    """Write an address as YAML takes it; one with an @ first, or a sign that means something, in quotes."""
    return sender if _PLAIN.fullmatch(sender) else '"' + sender.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _rewritten(text: str, key: str, sender: str) -> str:
    from ruamel.yaml import YAML  # noqa: PLC0415 (late: seldom needed, and slow to import)

    writer = YAML(typ="rt")
    writer.preserve_quotes = True
    writer.width = _ENDLESS
    writer.indent(mapping=2, sequence=4, offset=2)
    values = writer.load(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    client = values["clients"][key]
    if client.get("senders"):
        client["senders"].append(sender)
    else:
        client["senders"] = [sender]
    out = StringIO()
    writer.dump(values, out)
    return out.getvalue().replace("\n", "\r\n") if "\r\n" in text else out.getvalue()
