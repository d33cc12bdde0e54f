"""`recado serve`, at work: what changes is built again, in this warm process, and open pages are told."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from recado.cli.live_board import Board, Shown
from recado.cli.live_build import Building
from recado.cli.live_changes import EVERYTHING, Look
from recado.cli.live_watch import Watch
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from recado.cli.live_state import News
    from recado.portal.build import PracticeResult
    from recado.store.workspace import Workspace

EVERY = 60.0  # seconds between two looks at everything: the day turns in a client's zone, or a change went unnoticed
UNWATCHED = 2.0  # the same, where this machine tells of no changes


class Live:
    """Builds again what changed, and tells it to the terminal and to open pages."""

    def __init__(self, workspace: Workspace, done: PracticeResult) -> None:
        """Begin with what a first build did."""
        self._workspace = workspace
        self._building = Building(workspace, done)
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
                click.echo(unwatched_in_words(watch.failure), err=True)
                is_said = True
            is_due = time.monotonic() >= looked + every
            look = EVERYTHING if is_due else self._building.look_for(paths)
            if look == EVERYTHING:
                looked = time.monotonic()
            if look is not None:
                self.look(look, paths, watch.changes)

    def look(self, look: Look, paths: frozenset[Path], wait: Callable[[float], frozenset[Path]]) -> None:
        """Build what is to be looked at again, and tell (`Building.look`)."""
        news = self._building.look(look, paths, wait)
        self.board.show(self._shown())
        self._say(news)

    def _shown(self) -> Shown:
        state = self._building.state
        advice = _("This portal stays as it was, until this is put right:")
        return Shown(self._building.names, state.everywhere, state.trouble, advice)

    def _say(self, news: News) -> None:
        from recado.clock import now  # noqa: PLC0415 (late: with the build)

        at = now().astimezone().strftime("%H:%M:%S")
        for line in news.done:
            click.echo(f"{at}  {line}")
        for line in news.wrong:
            click.echo(line, err=True)
        if news.wrong:
            click.echo(what_stays(), err=True)


def unwatched_in_words(reason: str) -> str:
    """Say that this machine tells of no changes, and what is done instead."""
    told = _("Changes cannot be watched here ({reason}); your files are looked at every {seconds} seconds instead.")
    return told.format(reason=reason, seconds=int(UNWATCHED))


def what_stays() -> str:
    """Say what becomes of portals while something is wrong."""
    return _("Until this is put right, what was built before stays.")
