"""Looking a secret up where clients.yml says it is kept: at the moment it is used, and never into an error's text."""

from __future__ import annotations

import os
import subprocess
from importlib import import_module
from typing import TYPE_CHECKING

from recado.errors import WorkError
from recado.model.secret import Revealed
from recado.reasons import reason_of
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recado.model.secret import SecretPlace

_PATIENCE = 30.0  # seconds: time enough to type the passphrase of a password store


def reveal(place: SecretPlace, *, environment: Mapping[str, str] = os.environ, user: str | None = None) -> Revealed:
    """Look a secret up. `user` is the account it belongs to, by which a keyring keeps its entries.

    Raises WorkError, which says where it was looked for and what to do, and never repeats what was found there.
    """
    if place.env is not None:
        return Revealed(_from_environment(place.env, environment))
    if place.keyring is not None:
        return Revealed(_from_keyring(place.keyring, user))
    if place.command:
        return Revealed(_from_command(place.command))
    raise WorkError(
        _("OAuth 2 is not supported yet; use an app password of your mail provider, kept for example as {env: NAME}.")
    )


def _from_environment(name: str, environment: Mapping[str, str]) -> str:
    secret = environment.get(name)
    if not secret:
        raise WorkError(
            _("The environment variable {name} is not set. Set it and try again: export {name}=…").format(name=name)
        )
    return secret


def _from_keyring(service: str, user: str | None) -> str:
    try:
        keyring = import_module("keyring")  # late: an optional library, that few runs need
    except ImportError as error:
        raise WorkError(
            _(
                "The secret of {service} is kept in a keyring, and the Python package that reads it is not installed. "
                "Install it (pip install keyring), or keep the secret in an environment variable: {{env: NAME}}."
            ).format(service=service)
        ) from error
    try:
        entry = keyring.get_credential(service, user)
    except keyring.errors.KeyringError as error:
        # What a backend says may quote the entry, so that only its kind is told.
        raise WorkError(
            _("The keyring could not be read for {service} ({kind}). Unlock it and try again.").format(
                service=service, kind=type(error).__name__
            )
        ) from None
    if entry is None or not entry.password:
        raise WorkError(
            _("The keyring has no entry for {service}. Make it and try again: keyring set {service} {user}").format(
                service=service, user=user or "NAME"
            )
        )
    return str(entry.password)


def _from_command(command: Sequence[str]) -> str:
    """Run the VA's own command, without a shell, and take the first line it prints."""
    name = command[0]
    try:
        done = subprocess.run(  # noqa: S603 (her own configuration names the program; no shell reads it)
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        # Not chained: its text holds the whole command and what was printed so far.
        raise WorkError(
            _("The command {name} did not give its secret within {seconds:.0f} seconds. Try it by hand.").format(
                name=name, seconds=_PATIENCE
            )
        ) from None
    except OSError as error:
        raise WorkError(
            _("The command {name} cannot be run: {reason}. Install it, or keep the secret elsewhere.").format(
                name=name, reason=reason_of(error)
            )
        ) from None
    if done.returncode:
        raise WorkError(
            _("The command {name} failed with exit status {status}. Try it by hand.").format(name=name, status=done.returncode)
        )
    secret = (done.stdout.splitlines() or [b""])[0].decode("utf-8", errors="replace")
    if not secret or "\ufffd" in secret:
        raise WorkError(_("The command {name} gave no secret; expected it on the first line that it prints.").format(name=name))
    return secret
