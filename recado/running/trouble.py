"""What failed and is tried again: told at length once, then in a few words, after pauses that grow."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

from recado.backoff import Backoff
from recado.reasons import where_and_why
from recado.speech import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable

SOON = Backoff(first=2, most=300)  # what is away, comes back
SLOWLY = Backoff(first=60, most=1800)  # what was refused, stays so until someone acts


class Next(NamedTuple):
    """What to tell of a failure, and after how many seconds to try again."""

    said: str
    seconds: float


class Trouble:
    """How one thing fares that may fail. `text` says what is wrong with it now; '' where it goes well."""

    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        """Begin with nothing wrong. `chance` spreads the tries (`Backoff.pause`)."""
        self._chance = chance
        self._failures = 0
        self.text = ""

    def failed(self, text: str, backoff: Backoff = SOON) -> Next:
        """Note a failure. What is still so is not said at length once more."""
        self._failures += 1
        seconds = backoff.pause(self._failures, self._chance)
        whole = max(1, round(seconds))
        if text == self.text:
            said = ngettext(
                "It is still so. Trying again in {number} second.", "It is still so. Trying again in {number} seconds.", whole
            )
            return Next(said.format(number=whole), seconds)
        self.text = text
        said = ngettext("Trying again in {number} second.", "Trying again in {number} seconds.", whole)
        return Next(f"{text} {said.format(number=whole)}", seconds)

    def refused(self, text: str) -> str:
        """Note what no further try will mend. Gives what to tell: '' where that was said."""
        said, self.text = ("" if text == self.text else text), text
        return said

    def went_well(self) -> bool:
        """Note that it went well; tells whether it did not before."""
        was_wrong = bool(self.text)
        self._failures, self.text = 0, ""
        return was_wrong


def several_lines(error: Exception) -> str:
    """Give an error's lines as one; what the system refused, in the reader's words."""
    if isinstance(error, OSError):
        return where_and_why(error)
    return " · ".join(str(error).splitlines()) or _("It failed without a word ({kind}).").format(kind=type(error).__name__)
