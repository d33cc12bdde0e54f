"""Whose a place is: by its mark another practice's is known before anything in it is replaced or withdrawn."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from recado.errors import WorkError
from recado.model.address import normalise_address
from recado.speech import _

if TYPE_CHECKING:
    from recado.model.practice import Practice

FILE = "whose.txt"  # beside what visitors see, never in it
_SAID = "What stands in this folder was put here by `recado deploy`, which knows by the line below for which practice."


def mark_of(practice: Practice) -> str:
    """Give the mark of a practice: a digest of its mailbox address, by which its keys are kept as well."""
    return hashlib.sha256(f"recado place {normalise_address(practice.mailbox.address)}".encode()).hexdigest()[:32]


def marked(mark: str) -> str:
    """Write the file that stands in a place."""
    return f"{_SAID}\n{mark}\n"


def mark_in(text: str) -> str:
    """Read what was written."""
    return (text.splitlines() or [""])[-1]


def anothers_folder(place: str, file: str) -> WorkError:
    """Say that another practice publishes there."""
    return WorkError(
        _(
            "{place} was published to by another practice, or by yours with another mailbox address: a deploy would withdraw"
            " every portal there. Choose another folder for this place in clients.yml. If those portals may go, remove the"
            " file {file} first."
        ).format(place=place, file=file)
    )
