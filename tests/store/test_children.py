"""Processes that this one began, and theirs, are ended; nobody else's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from living import is_alive

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc here")

# A child with a child of its own, one that will not hear SIGTERM, and a process of somebody else.
SCENE = """
import subprocess, sys
from recado.store.children import end_children
deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
parent = subprocess.Popen(["sh", "-c", "sleep 600 & echo $!; wait; exec sleep 600"], stdout=subprocess.PIPE, text=True)
grandchild = int(parent.stdout.readline())
stubborn = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE, text=True)
stubborn.stdout.readline()
end_children(0.2)
print(grandchild, parent.wait(10), stubborn.wait(10))
"""


def test_children_and_theirs_are_ended_and_nobody_elses() -> None:
    with subprocess.Popen(["/bin/sleep", "600"]) as other:
        try:
            done = subprocess.run([sys.executable, "-c", SCENE], capture_output=True, text=True, timeout=60, check=True)  # noqa: S603
            grandchild, parent, stubborn = map(int, done.stdout.split())
            assert (parent, stubborn) == (-15, -9)
            assert not is_alive(grandchild)
            assert other.poll() is None
        finally:
            other.kill()
