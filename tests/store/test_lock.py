"""Locks: one holder at a time, gone with its process, and made again when someone deletes their folder."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from recado.store.lock import locked, locked_or_busy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Holds the lock named on the command line, says so, and waits for a line (which never comes) or its end.
HOLDER = """
import sys
from pathlib import Path
from recado.store.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
print("let go", flush=True)
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / ".recado" / "locks" / "acme.lock"


@pytest.fixture
def holder(lock: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(  # noqa: S603 (this very interpreter)
        [sys.executable, "-c", HOLDER, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_lock_makes_its_folders_and_is_free_again_afterwards(lock: Path) -> None:
    for _again in range(2):
        with locked(lock):
            assert lock.is_file()
    with locked_or_busy(lock) as is_ours:
        assert is_ours


def test_a_lock_is_let_go_also_after_an_error(lock: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(lock):
        _ = 1 / 0
    with locked_or_busy(lock) as is_ours:
        assert is_ours


def test_another_process_finds_it_busy_until_it_is_let_go(lock: Path, holder: subprocess.Popen[str]) -> None:
    with locked_or_busy(lock) as is_ours:
        assert not is_ours
    holder.communicate("\n", timeout=30)
    with locked_or_busy(lock) as is_ours:
        assert is_ours


def test_a_lock_dies_with_its_process(lock: Path, holder: subprocess.Popen[str]) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait(30)
    with locked_or_busy(lock) as is_ours:
        assert is_ours


def test_who_waits_gets_it_when_the_holder_is_killed(lock: Path, holder: subprocess.Popen[str]) -> None:
    got = threading.Event()

    def wait() -> None:
        with locked(lock):
            got.set()

    waiter = threading.Thread(target=wait)
    waiter.start()
    assert not got.is_set()
    holder.kill()
    assert got.wait(30)
    waiter.join()


# Both start a child that lives on after its parent is killed; it ends with the pipe they share.
STARTS_PROGRAM = "subprocess.Popen([sys.executable, '-c', 'import sys; sys.stdin.readline()'], stdin=sys.stdin)"
FORKS = "os.fork() or (os.write(1, b'forked;'), sys.stdin.readline(), os._exit(0))"


@pytest.mark.parametrize("start_child", [STARTS_PROGRAM, FORKS])
def test_a_child_that_outlives_its_parent_does_not_keep_the_lock(lock: Path, start_child: str) -> None:
    code = (
        "import os, signal, subprocess, sys\nfrom pathlib import Path\nfrom recado.store.lock import locked\n"
        f"with locked(Path(sys.argv[1])):\n    {start_child}\n    os.write(1, b'started;')\n    signal.pause()\n"
    )
    with subprocess.Popen(  # noqa: S603 (this very interpreter)
        [sys.executable, "-c", code, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        try:
            said = b"".join(
                parent.stdout.read(1) for _byte in range(len("forked;started;" if start_child is FORKS else "started;"))
            )
        finally:
            parent.kill()
        assert b"started;" in said
        parent.wait(30)
        with locked_or_busy(lock) as is_ours:
            assert is_ours


def test_who_waits_while_the_folder_is_deleted_gets_a_lock_that_others_see(lock: Path, holder: subprocess.Popen[str]) -> None:
    held, done = threading.Event(), threading.Event()

    def wait() -> None:
        with locked(lock):
            held.set()
            done.wait(30)

    waiter = threading.Thread(target=wait)
    waiter.start()
    shutil.rmtree(lock.parent.parent)
    holder.communicate("\n", timeout=30)
    assert held.wait(30)
    assert lock.is_file()
    with locked_or_busy(lock) as is_ours:
        assert not is_ours
    done.set()
    waiter.join()
