"""The servers and places a practice uses, as clients.yml names them: its mailbox, what sends, where portals are published."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from recado.model.secret import Secret
from recado.model.written import Address, Host, Line, Mailer, Port, Remote, Size, Truth, Written

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Trust(Written):
    """Whose Authentication-Results are believed: a server by its authserv-id, or a provider that is known."""

    authserv_id: Line | None = None
    provider: Literal["gmail", "microsoft365", "fastmail"] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.authserv_id is None) is (self.provider is None):
            raise ValueError("expected either authserv_id or provider")
        return self


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


class Outgoing(Written):
    """`outgoing:`, the server that sends."""

    host: Host
    port: Port = 465
    security: Literal["tls", "starttls", "none"] = "tls"
    user: Line | None = None
    password: Secret | None = None
    sender: Mailer = Field(alias="from")


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
