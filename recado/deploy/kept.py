"""What is kept of one portal's access: the key that encrypts it, or the hash of its password; and how that is written."""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum, auto
from typing import TYPE_CHECKING, NamedTuple

from recado.deploy.passphrase import new_passphrase
from recado.model.instant import format_instant, parse_instant
from recado.model.secret import Revealed

if TYPE_CHECKING:
    from datetime import datetime

    from recado.deploy.sealed.key import PortalKey

VERSION = 1


class Kind(StrEnum):
    """How a portal is kept from others: by encryption, or by a password that a server asks for."""

    ENCRYPTED = auto()
    PASSWORD = auto()


class Kept(NamedTuple):
    """What is kept of one portal's access of one kind.

    `shown`: when it was first shown to the VA. `key` is that of an encrypted portal. `hashed` is the bcrypt hash of a
    password; `unread` the password itself, until it has been shown.
    """

    portal: str
    kind: Kind
    made: datetime
    shown: datetime | None = None
    key: PortalKey | None = None
    hashed: str = ""
    unread: Revealed | None = None

    @property
    def secret(self) -> Revealed | None:
        """Give what the client types; None for a password that has been shown, which is kept no more."""
        return self.key.passphrase if self.key else self.unread

    def is_same(self, other: Kept) -> bool:
        """Tell whether both open the same door, whatever was noted of them since."""
        return (self.hashed, self.key and self.key.wrapped) == (other.hashed, other.key and other.key.wrapped)


def new_access(portal: str, kind: Kind, now: datetime, *, folder: str | None = None) -> Kept:
    """Make a portal's access. `folder` is the name that an encrypted portal has already, None where it has none."""
    if kind is Kind.ENCRYPTED:
        from recado.deploy.sealed.key import new_key  # noqa: PLC0415 (late: a password needs no cryptography)

        return Kept(portal, kind, now, key=new_key(folder))
    from recado.deploy.servers.password import hashed  # noqa: PLC0415 (late: encryption needs no bcrypt)

    password = new_passphrase()
    return Kept(portal, kind, now, hashed=hashed(password).decode(), unread=password)


def after_showing(kept: Kept, now: datetime) -> Kept:
    """Give what is kept once it has been shown: of a password, the hash alone."""
    return kept._replace(shown=kept.shown or now, unread=None)


def written_access(kept: Kept) -> str:
    """Write it, secrets and all, for the one place where it is kept."""
    from recado.deploy.sealed.key import written  # noqa: PLC0415 (late, as above)

    said = {
        "version": VERSION,
        "portal": kept.portal,
        "kind": kept.kind.value,
        "made": format_instant(kept.made),
        "shown": format_instant(kept.shown) if kept.shown else None,
        "key": written(kept.key) if kept.key else None,
        "hash": kept.hashed,
        "password": kept.unread.reveal() if kept.unread else None,
    }
    return json.dumps(said | {"digest": _digest(said)})


def read_access(text: str, portal: str, kind: Kind) -> Kept:
    """Read what was written of this portal's access. Raises ValueError, which repeats nothing of it.

    A text of which a letter was changed, or that was written for another portal, is refused: clients would be locked out,
    or let in where they should not be.
    """
    try:
        said = json.loads(text)
        digest = said.pop("digest")
        if digest != _digest(said) or (said["version"], said["portal"], said["kind"]) != (VERSION, portal, kind):
            raise ValueError
        return Kept(
            portal,
            kind,
            parse_instant(said["made"]),
            parse_instant(said["shown"]) if said["shown"] else None,
            _key(said["key"]) if kind is Kind.ENCRYPTED else None,
            said["hash"],
            Revealed(said["password"]) if said["password"] else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ValueError("not a portal's access") from None


def _key(text: str) -> PortalKey:
    from recado.deploy.sealed.key import read  # noqa: PLC0415 (late, as above)

    return read(text)


def _digest(said: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
