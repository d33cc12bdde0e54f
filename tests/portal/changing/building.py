"""Builds beside one another: here, in a process that knows nothing yet, and in full in a folder that nobody knows."""

from __future__ import annotations

import csv
import os
import pickle
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from portal_builds import site_of

from recado.portal import file_digests, fill, shells
from recado.portal.build import BuildOptions, build_workspace
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from recado.portal.build import PracticeResult

T = TypeVar("T")
_SOURCES = ("clients.yml", "portal_src", "site_templates")


class Killed(Exception):  # noqa: N818 (what became of it, and no mistake of its own)
    """A process was ended by a signal before it gave its answer."""


def built(
    root: Path, now: datetime, *, jobs: int = 1, told: frozenset[Path] | None = None, is_full: bool = False
) -> PracticeResult:
    """Build a workspace here, and see that nothing was wrong."""
    result = build_workspace(Workspace(root), BuildOptions(now, told=told, is_full=is_full), jobs=jobs)
    assert not result.errors, result.errors
    return result


def built_anew(root: Path, now: datetime, *, but_shells: bool = False) -> PracticeResult:
    """Build it as a process does that knows nothing of it yet."""
    forget(but_shells=but_shells)
    return built(root, now)


def in_full(root: Path, now: datetime, aside: Path) -> dict[str, bytes]:
    """Give the site that is built of a copy of a workspace's files, with nothing kept; the copy stands at `aside` meanwhile."""
    aside.mkdir()
    for name in _SOURCES:
        if (root / name).is_dir():
            shutil.copytree(root / name, aside / name)
        elif (root / name).exists():
            shutil.copy(root / name, aside / name)
    try:
        built(aside, now, is_full=True)
        return site_of(aside / "site")
    finally:
        shutil.rmtree(aside)


def tick(root: Path) -> None:
    """Let the file system's clock go on so far that what was written until now need not be looked at again for its time."""
    mark = root / ".tick"
    mark.touch()
    begun = mark.stat().st_ctime_ns
    while mark.stat().st_ctime_ns < begun + 30_000_000:
        os.utime(mark)
    mark.unlink()


def forget(*, but_shells: bool = False) -> None:
    """Forget what this process knows of files and templates that it met; `but_shells`: which take a second to be made anew."""
    file_digests._known.clear()  # noqa: SLF001 (only a new process has none of it)
    fill._environment.cache_clear()  # noqa: SLF001 (as above)
    if but_shells:
        return
    shells._runs.clear()  # noqa: SLF001 (as above)
    shells._shells.clear()  # noqa: SLF001 (as above)


def apart(work: Callable[[], T]) -> T:
    """Do some work in a process of its own, and give its result. Raises what it raised, Killed where it was killed."""
    waiting = begun_apart(work)
    return waiting()


def begun_apart(work: Callable[[], T]) -> Callable[[], T]:
    """Begin some work in a process of its own; gives what waits for its result, as `apart` does."""
    told, tell = os.pipe()
    process = os.fork()
    if not process:
        try:
            os.close(told)
            with os.fdopen(tell, "wb") as pipe:
                pipe.write(pickle.dumps(_answer(work)))
        finally:
            os._exit(0)
    os.close(tell)

    def wait() -> T:
        with os.fdopen(told, "rb") as pipe:
            content = pipe.read()
        _pid, status = os.waitpid(process, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            raise Killed
        result: T
        result, error = pickle.loads(content)  # noqa: S301 (told by our own child)
        if error is not None:
            raise error
        return result

    return wait


def _answer(work: Callable[[], T]) -> tuple[T | None, BaseException | None]:
    try:
        return work(), None
    except BaseException as error:  # noqa: BLE001 (whatever it was, the parent raises it)
        return None, error


def portals_of(site: dict[str, bytes]) -> dict[str, dict[str, bytes]]:
    """Give each portal's files by themselves, by the key of its client."""
    found: dict[str, dict[str, bytes]] = {}
    for path, content in site.items():
        key, _slash, inside = path.partition("/")
        found.setdefault(key, {})[inside] = content
    return found


def expect_each_change_once(root: Path) -> None:
    """See that each row of every client's history goes on from where the last one of that task left it."""
    for file in sorted(root.glob("portal_src/*/history.csv")):
        stands: dict[str, str] = {}
        for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
            assert row["from"] == stands.get(row["ref"], ""), row
            assert row["from"] != row["to"], row
            stands[row["ref"]] = row["to"]


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """Name what is not the same in two sites."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def walked(folder: int) -> dict[str, bytes]:
    """Read all files below an opened folder, whatever its name leads to by now. Raises FileNotFoundError where one goes."""
    found = {}
    for place, _inner, names, opened in os.fwalk(".", dir_fd=folder):
        for name in names:
            descriptor = os.open(name, os.O_RDONLY, dir_fd=opened)
            with os.fdopen(descriptor, "rb") as file:
                found[(Path(place) / name).as_posix()] = file.read()
    return found
