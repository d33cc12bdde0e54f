"""Each monster ends within 5 s and 300 MB, the worker and its child together; time in which
other programs had the processors left out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from monsters import ANY, MONSTERS, READ

ROOT = Path(__file__).parents[2]
SECONDS = 5.0
BYTES = 300_000_000
# Why a mail may not be read that is read on a quicker machine.
LIMITS = {READ, "too-slow", "too-much-memory"}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured from /proc")
@pytest.mark.parametrize("name", MONSTERS)
def test_a_monster_ends_in_time_and_memory(name: str, tmp_path: Path) -> None:
    kept = tmp_path / "monster.eml"
    kept.write_bytes(MONSTERS[name].make())
    said = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, str(ROOT / "tests/ingest/hostile/monsters.py"), name, str(kept)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    took = json.loads(said.stdout)
    end = MONSTERS[name].end
    assert took["end"] in (LIMITS if end == ANY else {end})
    assert took["seconds"] < SECONDS
    assert took["bytes"] < BYTES
