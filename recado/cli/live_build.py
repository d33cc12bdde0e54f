"""Building again what changed, in a warm process: what is known of the portals from one look to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.cli.build_words import error_lines
from recado.cli.live_changes import EVERYTHING, Look, look_for
from recado.cli.live_state import State, news_of, taken_together
from recado.errors import RecadoError, WorkError
from recado.reasons import reason_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from recado.cli.live_state import News, Outcomes
    from recado.model.practice import Practice
    from recado.portal.build import PortalResult, PracticeResult
    from recado.store.workspace import Workspace

MERCY = 0.3  # seconds that a mistake may last unsaid: an editor may be in the middle of saving


class Building:
    """Looks at what changed, builds it, and knows what is wrong. For one thread."""

    def __init__(self, workspace: Workspace, done: PracticeResult) -> None:
        """Begin with what a first build did. Raises RecadoError, OSError where clients.yml cannot be read."""
        self.workspace = workspace
        self._mark: tuple[int, int, int, int] | None = None
        self._names: Mapping[str, str] = {}
        self._practice: Practice | None = None
        self.state = State(self._clients()).after(dict(zip(done.kept, done.errors, strict=True)))
        self.names = self._shown()
        self.may_pass = any(isinstance(error, WorkError) for error in done.errors)

    @property
    def practice(self) -> Practice:
        """The practice as clients.yml said it when it was last right."""
        assert self._practice is not None  # noqa: S101 (it was read when this was made)
        return self._practice

    def look_for(self, paths: frozenset[Path]) -> Look | None:
        """Tell what these changed paths ask for."""
        return look_for(paths, self.workspace.root, lambda path: path.is_file())

    def look(self, look: Look, paths: frozenset[Path], wait: Callable[[float], frozenset[Path]]) -> News:
        """Build what is to be looked at again; gives what is news.

        A mistake is news only if it lasts: `wait` waits so many seconds for more changes. `paths` are those so far. Then
        `state` says what is wrong, `names` which portals can be opened, and `may_pass` whether some of what is wrong may go
        by itself, as a full disk does.
        """
        before, shown = self.state, self.names
        after, outcomes = self._built(look)
        while after.is_worse_than(before) and (more := wait(MERCY)):
            paths |= more
            after, again = self._built(look if look == EVERYTHING else self.look_for(paths) or look)
            outcomes = taken_together(outcomes, again)
        self.state = after
        self.may_pass = bool(after.wrong) and self.may_pass
        self.names = self._shown()
        return news_of(before, after, outcomes, shown, self.workspace)

    def _built(self, look: Look) -> tuple[State, Outcomes]:
        """Build; gives what is known then, and what became of each portal that was looked at."""
        from recado.clock import now  # noqa: PLC0415 (late: with the build)
        from recado.portal.build import BuildOptions, build_workspace  # noqa: PLC0415

        before = self.state
        keys = [key for key in before.clients if key in look.keys]
        if look.keys and not keys:  # a folder of nobody's
            return before, {}
        outcomes: dict[str, PortalResult | RecadoError] = {}
        # What changed while a portal could not be built is not told again: all of its files are looked at.
        told = None if before.everywhere or any(key in before.trouble for key in keys) else look.told
        try:
            if not keys:
                before = State(self._clients(), (), before.trouble)
            build_workspace(self.workspace, BuildOptions(now=now(), told=told), keys=keys, tell=outcomes.__setitem__)
        except RecadoError as error:
            self.may_pass |= isinstance(error, WorkError)
            return State(before.clients, error_lines(error), before.trouble), outcomes
        except OSError as error:
            self.may_pass = True
            line = f"{error.filename or self.workspace.root}: {reason_of(error)}"
            return State(before.clients, (line,), before.trouble), outcomes
        self.may_pass |= any(isinstance(outcome, WorkError) for outcome in outcomes.values())
        return before.after(outcomes), outcomes

    def _clients(self) -> Mapping[str, str]:
        """Give the clients' names, read anew where clients.yml is another. Raises RecadoError, OSError."""
        from recado.store.practice_file import load_practice  # noqa: PLC0415 (late: with the build)

        found = self.workspace.practice_file.stat()
        mark = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        if mark != self._mark:
            self._practice = load_practice(self.workspace)
            self._names = {key: client.name for key, client in self._practice.clients.items()}
            self._mark = mark
        return self._names

    def _shown(self) -> Mapping[str, str]:
        return {key: name for key, name in self.state.clients.items() if (self.workspace.site / key).is_dir()}
