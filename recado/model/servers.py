"""The servers and places a practice uses, as clients.yml names them: its mailbox, what sends, where portals are published."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from recado.model.reading import Written
from recado.model.secret import Secret
from recado.model.written import Address, Host, Line, Mailer, Port, Remote, Size, Truth

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust(Written):
    """Whose Authentication-Results are believed: a server by its authserv-id, or a provider that is known."""

    authserv_id: Line | None = None
    provider: Literal["gmail", "microsoft365", "fastmail"] | None = None

    def __post_init__(self) -> None:
        if (self.authserv_id is None) is (self.provider is None):
            raise ValueError("expected either authserv_id or provider")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox(Written):
    """`mailbox:`, where clients' mail arrives."""

    address: Address
    host: Host
    port: Port = 993
    security: Literal["tls", "starttls", "none"] = "tls"
    user: Line
    password: Secret
    inbox: Line = "INBOX"
    done: Line = "Recado/Done"
    quarantine: Line = "Recado/Quarantine"
    sent: Line | None = None
    trust: Trust | None = None
    max_message: Size = 25_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing(Written):
    """`outgoing:`, the server that sends."""

    host: Host
    port: Port = 465
    security: Literal["tls", "starttls", "none"] = "tls"
    user: Line | None = None
    password: Secret | None = None
    sender: Mailer = field(metadata={"alias": "from"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Written):
    """Where a portal can be published, and what stands in front of it."""

    kind: Literal["directory", "git", "rsync", "command"]
    path: Line | None = None
    remote: Remote | None = None
    branch: Line | None = None
    to: Remote | None = None
    run: tuple[Line, ...] | None = None
    access: Literal["nginx", "caddy", "encrypted"] | None = None
    private: Truth = False
    reload: tuple[Line, ...] | None = None
