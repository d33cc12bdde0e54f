"""What is known of the portals while they are watched, and what of it is news. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from recado.cli.build_words import error_lines, portal_in_words
from recado.errors import RecadoError
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from recado.portal.build import PortalResult
    from recado.store.workspace import Workspace

    Outcomes = Mapping[str, PortalResult | RecadoError]


@dataclass(frozen=True, slots=True)
class State:
    """What is known of the portals: the names of all clients, and the lines that say what is wrong."""

    clients: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    everywhere: tuple[str, ...] = ()
    trouble: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def after(self, outcomes: Outcomes) -> State:
        """Give what is known once these portals were looked at. Trouble of the others stays; that of no client's goes."""
        trouble = {key: lines for key, lines in self.trouble.items() if key not in outcomes and key in self.clients}
        trouble |= {key: error_lines(outcome) for key, outcome in outcomes.items() if isinstance(outcome, RecadoError)}
        return State(self.clients, (), trouble)

    def is_worse_than(self, other: State) -> bool:
        """Tell whether something is wrong that was not."""
        return not set(self.wrong) <= set(other.wrong)

    @property
    def wrong(self) -> tuple[str, ...]:
        """All lines that say what is wrong."""
        return self.everywhere + tuple(line for lines in self.trouble.values() for line in lines)


@dataclass(frozen=True, slots=True)
class News:
    """What the terminal is told of one look: lines of what was done, and lines of what is newly wrong."""

    done: tuple[str, ...]
    wrong: tuple[str, ...]


def news_of(before: State, after: State, outcomes: Outcomes, shown: Collection[str], workspace: Workspace) -> News:
    """Say what one look brought: portals that were built or withdrawn, what was put right, what is newly wrong.

    `shown` has the keys of the portals that could be opened before.
    """
    lines = []
    for key, outcome in outcomes.items():
        if isinstance(outcome, RecadoError):
            continue
        if outcome.built or (outcome.folder is None and key in shown):
            lines.append(portal_in_words(outcome, workspace))
        elif key in before.trouble:
            lines.append(_("{key}: put right").format(key=key))
    gone = _("{key}: taken away, for clients.yml has no such client")
    lines += [gone.format(key=key) for key in before.clients if key not in after.clients]
    if before.everywhere and not after.everywhere:
        lines.append(_("clients.yml: put right"))
    known = set(before.wrong)
    return News(tuple(lines), tuple(dict.fromkeys(line for line in after.wrong if line not in known)))


def taken_together(one: Outcomes, other: Outcomes) -> Outcomes:
    """Put the outcomes of two builds together, the second made right after the first: what either built was built."""
    found = dict(one)
    for key, outcome in other.items():
        earlier = found.get(key)
        is_idle = not isinstance(outcome, RecadoError) and not outcome.built
        if not (is_idle and earlier is not None and not isinstance(earlier, RecadoError)):
            found[key] = outcome
    return found
