"""Work done aside: its result comes back, and what it could not do is done here."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING

import pytest

from recado.errors import WorkError
from recado.store.aside import begin_aside

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def no_other_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out of account what threads other tests of this process have left behind."""
    monkeypatch.setattr("recado.store.aside.threading.active_count", lambda: 1)


@pytest.mark.usefixtures("no_other_threads")
def test_the_work_is_done_in_another_process_and_its_result_comes_back() -> None:
    wait = begin_aside(lambda: (os.getpid(), "x" * 1_000_000))
    process, text = wait()
    assert process != os.getpid()
    assert len(text) == 1_000_000


def test_what_it_raises_is_raised_to_who_waits() -> None:
    def fails() -> None:
        raise WorkError("it cannot be done")

    with pytest.raises(WorkError, match="it cannot be done"):
        begin_aside(fails)()


def test_what_another_process_left_undone_is_done_here() -> None:
    here = os.getpid()

    def dies() -> int:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return here

    assert begin_aside(dies)() == here


def test_a_result_that_cannot_travel_is_made_here() -> None:
    assert begin_aside(lambda: lambda: 7)()() == 7


def test_asked_twice_it_gives_its_result_twice() -> None:
    wait = begin_aside(lambda: "done")
    assert (wait(), wait()) == ("done", "done")


def test_where_threads_run_the_work_is_done_here() -> None:
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()
    try:
        assert begin_aside(os.getpid)() == os.getpid()
    finally:
        ended.set()
        thread.join()


@pytest.mark.usefixtures("no_other_threads")
def test_nobody_has_to_wait(tmp_path: Path) -> None:
    wait = begin_aside(lambda: (tmp_path / "done").write_text("x"))
    del wait
    assert (tmp_path / "done").read_text() == "x"
