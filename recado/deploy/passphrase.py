"""What a client types: made by the program, never chosen. Twenty letters and digits, in four groups: 99 bits of chance."""

from __future__ import annotations

import secrets

from recado.model.secret import Revealed

# Without those that are mistaken for one another when they are read aloud or typed on a phone (0 o, 1 i l).
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_GROUPS, _LETTERS = 4, 5


def new_passphrase() -> Revealed:
    """Make one, such as k7mfa-q2pdx-9tehw-4wsbn."""
    return Revealed("-".join("".join(secrets.choice(ALPHABET) for _ in range(_LETTERS)) for _ in range(_GROUPS)))
