"""The end, told by a signal: heard by who listens within and by who listens around, and at once the second time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from living import is_alive

from recado.running.ending import IMPATIENT, until_ended
from recado.store.stopping import until_told

TWICE = """
import os, signal, subprocess, sys
from recado.running.ending import until_ended
with until_ended() as ending:
    child = subprocess.Popen(["sleep", "600"])
    print(child.pid, flush=True)
    os.kill(os.getpid(), signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGINT)
    print("still here", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_is_told_also_to_who_listens_around(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with until_ended() as ending:
        with until_told() as stop:
            os.kill(os.getpid(), number)
            assert stop.wait(10)
        assert ending.is_told
    assert signal.getsignal(number) is before


def test_what_may_be_left_at_any_point_is_left_at_once() -> None:
    is_left = True
    with until_ended() as ending:
        with ending.breaking_off():
            os.kill(os.getpid(), signal.SIGTERM)
            is_left = False
        assert ending.is_told
    assert is_left


def test_the_second_signal_ends_the_process_and_those_it_began() -> None:
    done = subprocess.run([sys.executable, "-c", TWICE], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603
    assert done.returncode == IMPATIENT
    (child,) = done.stdout.split()
    assert not is_alive(int(child))
