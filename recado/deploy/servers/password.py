"""A portal's password as the web server keeps it: its bcrypt hash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import bcrypt

if TYPE_CHECKING:
    from recado.model.secret import Revealed

# Each step doubles the work. nginx does it at every request, in the process that answers all others; see `hashed`.
COST: Final = 5


def hashed(passphrase: Revealed) -> bytes:
    """Hash one, with a salt of its own.

    The cost is low on purpose. It is there to slow down who guesses words that people choose; these passphrases are made by
    the program, of 99 bits of chance: at a thousand guesses a second or at a thousand million, nobody finds one. What a high
    cost would do is hold up the pages: nginx checks the password again for each file of each page.
    """
    return bcrypt.hashpw(passphrase.reveal().encode(), bcrypt.gensalt(COST))
