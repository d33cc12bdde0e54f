"""Trees to publish, what became of them, a visitor who looks on, and a deploy that is killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from recado.deploy.places.far_shell import FarShell
from recado.deploy.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from recado.deploy.places.running import Ended

Files = dict[str, bytes]


def site(version: str, portals: int = 3, pages: int = 8) -> Files:
    """Make up portals. Every file tells its version, and so do some names."""
    files = {
        f"{portal}/{page // 4}/page-{page}.html": f"{version} of {portal} {page}\n".encode()
        for portal in "abc"[:portals]
        for page in range(pages)
    }
    return {"index.html": version.encode(), **files, f"a/only-in-{version}.txt": version.encode()}


def version_of(files: Mapping[str, bytes]) -> str:
    """Tell of which version a site is. Where it is not whole, the test fails."""
    version = files["index.html"].decode()
    assert files == site(version)
    return version


def tree(folder: Path, files: Mapping[str, bytes], beside: Mapping[str, bytes] | None = None) -> Tree:
    """Stage a tree: what stays is left alone, as a staging does."""
    root = folder / "staged"
    root.mkdir(parents=True, exist_ok=True)
    stood = read(root)
    for path in sorted(stood.keys() - files.keys()):
        (root / path).unlink()
    for folder_there in sorted((each for each in root.rglob("*") if each.is_dir()), reverse=True):
        with suppress(OSError):
            folder_there.rmdir()
    for path, content in files.items():
        if stood.get(path) != content:
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.unlink(missing_ok=True)
            file.write_bytes(content)
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    return Tree(root, "any", scratch, beside or {})


def read(folder: Path) -> Files:
    """Read every file below a folder."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def forget(told: Tree) -> None:
    """Let the place's scratch vanish."""
    shutil.rmtree(told.scratch)
    told.scratch.mkdir()


@contextmanager
def watched(link: Path) -> Iterator[set[str]]:
    """Let a visitor look through the link all the while; give the versions that were seen. Half a site fails the test."""
    seen: set[str] = set()
    faults: list[BaseException] = []
    is_over = threading.Event()

    def look() -> None:
        try:
            while not is_over.is_set():
                seen.add(version_of(read(link.resolve(strict=True))))
        except (AssertionError, OSError) as fault:
            faults.append(fault)

    visitor = threading.Thread(target=look)
    visitor.start()
    try:
        yield seen
    finally:
        is_over.set()
        visitor.join()
    assert not faults, faults


def killed(work: Callable[[], object], number: int, when: str) -> bool:
    """Do the work in a process that is killed at its program of that number; tell whether it came so far.

    `when`: before the program starts, just after (so that it goes on without us), or once it ended.
    """
    child = os.fork()
    if child == 0:
        try:
            _kill_at(number, when)
            work()
        finally:
            os._exit(0)
    _child, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _kill_at(number: int, when: str) -> None:
    real, count = subprocess.Popen, 0

    def started(*arguments: Any, **named: Any) -> subprocess.Popen[bytes]:
        nonlocal count
        is_last, count = count == number, count + 1
        if is_last and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        process = real(*arguments, **named)
        if is_last and when == "after":
            process.wait()
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)
        return process

    subprocess.Popen = started  # type: ignore[misc,assignment]
    ask = FarShell.ask

    def asked(shell: FarShell, script: bytes) -> Ended:
        """Count what a shell is asked to do as a program too."""
        nonlocal count
        is_last, count = count == number, count + 1
        if is_last and when == "during":
            threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGKILL)).start()  # while it is at work
        elif is_last and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        ended = ask(shell, script)
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)
        return ended

    FarShell.ask = asked  # type: ignore[method-assign,assignment]
