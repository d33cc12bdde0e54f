"""Where a secret is kept. The secret itself is looked up when it is used, and prints as `***` everywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Annotated, NoReturn

from recado.model.reading import Reading, SecretInFileError, Written
from recado.model.written import Line

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretPlace(Written):
    """One of: an environment variable, a keyring service, a command that prints it, an OAuth 2 account."""

    env: Line | None = None
    keyring: Line | None = None
    command: tuple[Line, ...] = ()
    oauth2: Line | None = None

    def __str__(self) -> str:
        """Say where it is kept, never what it is."""
        kept = {
            "env": self.env,
            "keyring": self.keyring,
            "command": self.command[0] if self.command else None,
            "oauth2": self.oauth2,
        }
        return next((f"{{{kind}: {where}}}" for kind, where in kept.items() if where), "{}")


def _only_a_place(value: object) -> object:
    expected = "a secret is never written in this file; expected where it is kept, such as {env: RECADO_IMAP_PASSWORD}"
    if isinstance(value, SecretPlace):
        return value
    if not value:
        raise SecretInFileError(
            "nothing is written here; expected where the secret is kept, such as {env: RECADO_IMAP_PASSWORD}"
        )
    if not isinstance(value, dict) or len(value) != 1 or next(iter(value)) not in {each.name for each in fields(SecretPlace)}:
        raise SecretInFileError(expected)
    kind, where = next(iter(value.items()))
    if kind == "env" and not (isinstance(where, str) and _NAME.fullmatch(where)):
        raise SecretInFileError("expected the name of an environment variable, such as {env: RECADO_IMAP_PASSWORD}")
    if (kind == "command") is not isinstance(where, list) or not where:
        raise SecretInFileError(
            "expected {env: NAME}, {keyring: service}, {command: [pass, show, recado]} or {oauth2: account}"
        )
    return value


Secret = Annotated[SecretPlace, Reading(_only_a_place)]


class Revealed:
    """A secret that was looked up. Only `reveal` gives it; printed, formatted or logged it is `***`.

    It is no `str`: joined to a text it fails, instead of slipping into it; and it does not pickle.
    """

    __slots__ = ("__secret",)

    def __init__(self, secret: str) -> None:
        self.__secret = secret

    def __repr__(self) -> str:
        """Hide it."""
        return "***"

    def __format__(self, spec: str) -> str:
        """Hide it, whatever the format asks for."""
        return "***"

    def __reduce__(self) -> NoReturn:
        """Refuse to be written anywhere."""
        raise TypeError("a secret is never pickled")

    def reveal(self) -> str:
        """Give the secret itself, to the one call that needs it."""
        return self.__secret
