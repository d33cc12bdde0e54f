"""Keys in the keyring of the desktop, where the optional library `keyring` is there and has one that it recommends."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from recado.errors import WorkError
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Callable

_RECOMMENDED = 1  # the library's own mark: below it are those that keep secrets in the open, and the one that keeps nothing


class KeyRing:
    """The entries of one practice in a keyring."""

    def __init__(self, library: Any, service: str) -> None:
        """Take the library, and the name under which the practice's entries are kept."""
        self._library = library
        self.service = service

    def read(self, name: str) -> str | None:
        """Read an entry; None where there is none. Raises WorkError."""
        entry = self._asked(lambda: self._library.get_password(self.service, name))
        return None if entry is None else str(entry)

    def write(self, name: str, text: str) -> None:
        """Keep an entry, in the place of the one that may be there, and see that it is kept. Raises WorkError."""
        self._asked(lambda: self._library.set_password(self.service, name, text))
        if self.read(name) != text:
            raise WorkError(
                _(
                    "The keyring did not keep what it was given. Set RECADO_KEYS to a folder for the keys of your portals, "
                    "outside the workspace, and try again."
                )
            )

    def _asked(self, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except Exception as error:  # noqa: BLE001 (each desktop's keyring raises what it likes)
            # What it says may quote the entry, so that only its kind is told.
            raise WorkError(
                _(
                    "The keyring that holds the keys of your portals could not be used ({kind}). Unlock it and try again."
                ).format(kind=type(error).__name__)
            ) from None


def usable_ring(service: str) -> KeyRing | None:
    """Give the keyring of this desktop; None where there is none: no library, no desktop, or one that keeps secrets openly."""
    try:
        library = import_module("keyring")  # late: an optional library
        backend = library.get_keyring()
        first = next(iter(getattr(backend, "backends", ())), backend)  # of several in a chain, the one that is written to
        is_recommended = first.priority >= _RECOMMENDED
    except Exception:  # noqa: BLE001 (a library that is missing, half installed, or whose configuration names what is not there)
        return None
    return KeyRing(library, service) if is_recommended else None
