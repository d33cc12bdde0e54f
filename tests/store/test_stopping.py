"""Being told to stop: noticed at once, whenever it comes, and never a process that waits for itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from recado.store.stopping import SIGNALS, until_told

# Signals itself again and again while it waits: a handler that takes the waiter's lock would hang within a few rounds.
STORM = """
import os, signal, threading, time
from recado.store.stopping import until_told
for _ in range(200):
    with until_told() as stop:
        told = threading.Thread(target=lambda: [os.kill(os.getpid(), signal.SIGTERM) for _ in range(5)])
        told.start()
        assert stop.wait(20)
        told.join()
print("ended")
"""


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_the_wait(number: signal.Signals) -> None:
    with until_told() as stop:
        assert not stop.is_told
        os.kill(os.getpid(), number)
        assert stop.wait(20)
        assert stop.is_told


def test_a_wait_ends_by_itself_when_nothing_comes() -> None:
    with until_told() as stop:
        assert not stop.wait(0)


def test_a_wait_for_something_to_read_ends_with_it_with_a_signal_or_in_time() -> None:
    reader, writer = os.pipe()
    with until_told() as stop, open(reader, "rb"), open(writer, "wb", buffering=0) as other:  # noqa: PTH123 (descriptors)
        assert not stop.wait_for(reader, 0)
        assert not stop.wait_for(reader, 0.01)
        other.write(b"x")
        assert stop.wait_for(reader, 20)
        os.read(reader, 1)
        os.kill(os.getpid(), signal.SIGTERM)
        assert not stop.wait_for(reader, 20)
        assert stop.is_told


def test_another_signal_does_not_end_the_wait() -> None:
    heard = []
    before = signal.signal(signal.SIGALRM, lambda *_: heard.append("tick"))
    try:
        with until_told() as stop:
            signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
            assert not stop.wait(0.2)
            os.kill(os.getpid(), signal.SIGTERM)
            assert stop.wait(20)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert heard


def test_the_handlers_that_were_there_come_back() -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    with until_told():
        pass
    assert [signal.getsignal(number) for number in SIGNALS] == before


def test_a_storm_of_signals_never_makes_a_process_wait_for_itself() -> None:
    done = subprocess.run([sys.executable, "-c", STORM], capture_output=True, text=True, timeout=120, check=False)  # noqa: S603
    assert (done.returncode, done.stdout) == (0, "ended\n"), done.stderr
