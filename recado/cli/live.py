"""`recado serve`, at work: what changes is built again, in this warm process, and open pages are told."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from recado.cli.build_words import error_lines
from recado.cli.live_board import Board, Shown
from recado.cli.live_changes import EVERYTHING, Look, look_for
from recado.cli.live_state import State, news_of, taken_together
from recado.cli.live_watch import Watch
from recado.errors import RecadoError
from recado.reasons import reason_of
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from recado.cli.live_state import News, Outcomes
    from recado.portal.build import PortalResult, PracticeResult
    from recado.store.workspace import Workspace

EVERY = 60.0  # seconds between two looks at everything: the day turns in a client's zone, or a change went unnoticed
UNWATCHED = 2.0  # the same, where this machine tells of no changes
MERCY = 0.3  # seconds that a mistake may last unsaid: an editor may be in the middle of saving


class Live:
    """Builds again what changed, and tells it to the terminal and to open pages."""

    def __init__(self, workspace: Workspace, done: PracticeResult) -> None:
        """Begin with what a first build did."""
        self._workspace = workspace
        self._practice_file: tuple[int, int, int, int] | None = None
        self._names: Mapping[str, str] = {}
        self._state = State(self._clients()).after(dict(zip(done.kept, done.errors, strict=True)))
        self.board = Board(workspace.site, self._shown())

    def go_on(self) -> None:
        """Watch and build until something ends it (KeyboardInterrupt)."""
        while True:
            with Watch(self._workspace.root) as watch:
                self._while_it_holds(watch)

    def _while_it_holds(self, watch: Watch) -> None:
        looked = time.monotonic()
        is_said = False
        while not watch.is_outdated:
            every = EVERY if watch.failure is None else UNWATCHED
            paths = watch.changes(looked + every - time.monotonic())
            if watch.failure is not None and not is_said:
                told = _("Changes cannot be watched here ({reason}); your files are looked at every {seconds} seconds instead.")
                click.echo(told.format(reason=watch.failure, seconds=int(UNWATCHED)), err=True)
                is_said = True
            is_due = time.monotonic() >= looked + every
            look = EVERYTHING if is_due else self._look_for(paths)
            if look == EVERYTHING:
                looked = time.monotonic()
            if look is not None:
                self.look(look, paths, watch.changes)

    def look(self, look: Look, paths: frozenset[Path], wait: Callable[[float], frozenset[Path]]) -> None:
        """Build what is to be looked at again, and tell.

        A mistake is said only if it lasts: `wait` waits so many seconds for more changes. `paths` are those so far.
        """
        before = self._state
        after, outcomes = self._built(look)
        while after.is_worse_than(before) and (more := wait(MERCY)):
            paths |= more
            after, again = self._built(look if look == EVERYTHING else self._look_for(paths) or look)
            outcomes = taken_together(outcomes, again)
        self._state = after
        news = news_of(before, after, outcomes, self.board.names, self._workspace)
        self.board.show(self._shown())
        self._say(news)

    def _built(self, look: Look) -> tuple[State, Outcomes]:
        """Build; gives what is known then, and what became of each portal that was looked at."""
        from recado.clock import now  # noqa: PLC0415 (late: with the build)
        from recado.portal.build import BuildOptions, build_workspace  # noqa: PLC0415

        before = self._state
        keys = [key for key in before.clients if key in look.keys]
        if look.keys and not keys:  # a folder of nobody's
            return before, {}
        outcomes: dict[str, PortalResult | RecadoError] = {}
        # What changed while a portal could not be built is not told again: all of its files are looked at.
        told = None if before.everywhere or any(key in before.trouble for key in keys) else look.told
        try:
            if not keys:
                before = State(self._clients(), (), before.trouble)
            build_workspace(self._workspace, BuildOptions(now=now(), told=told), keys=keys, tell=outcomes.__setitem__)
        except RecadoError as error:
            return State(before.clients, error_lines(error), before.trouble), outcomes
        except OSError as error:
            line = f"{error.filename or self._workspace.root}: {reason_of(error)}"
            return State(before.clients, (line,), before.trouble), outcomes
        return before.after(outcomes), outcomes

    def _look_for(self, paths: frozenset[Path]) -> Look | None:
        return look_for(paths, self._workspace.root, lambda path: path.is_file())

    def _clients(self) -> Mapping[str, str]:
        """Give the clients' names, read anew where clients.yml is another. Raises RecadoError, OSError."""
        from recado.store.practice_file import load_practice  # noqa: PLC0415 (late: with the build)

        found = self._workspace.practice_file.stat()
        mark = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        if mark != self._practice_file:
            self._names = {key: client.name for key, client in load_practice(self._workspace).clients.items()}
            self._practice_file = mark
        return self._names

    def _shown(self) -> Shown:
        state = self._state
        names = {key: name for key, name in state.clients.items() if (self._workspace.site / key).is_dir()}
        advice = _("This portal stays as it was, until this is put right:")
        return Shown(names, state.everywhere, state.trouble, advice)

    def _say(self, news: News) -> None:
        from recado.clock import now  # noqa: PLC0415 (late: with the build)

        at = now().astimezone().strftime("%H:%M:%S")
        for line in news.done:
            click.echo(f"{at}  {line}")
        for line in news.wrong:
            click.echo(line, err=True)
        if news.wrong:
            click.echo(_("Until this is put right, what was built before stays."), err=True)
