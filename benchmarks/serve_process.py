"""Builds within one warm process, as `recado serve` makes them: after a task changed, told which file or not.

    python benchmarks/serve_process.py WORKSPACE CLIENTS RUNS

The workspace was built before. Prints the seconds of each build as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from made_workspace import change_words, key_of

from recado.clock import now
from recado.portal.build import BuildOptions, build_workspace
from recado.store.workspace import Workspace


def main() -> None:
    """Build once, for all that is made but once in a process; then measure."""
    root, clients, runs = Path(sys.argv[1]).resolve(), int(sys.argv[2]), int(sys.argv[3])
    workspace = Workspace(root)
    build_workspace(workspace, BuildOptions(now=now()))
    taken: dict[str, list[float]] = {"not told": [], "told": []}
    for run in range(runs):
        for way, seconds in taken.items():
            key, word = key_of((2 * run + (way == "told")) % clients), f"zebra{run}{way[:3]}"
            file = change_words(root, key, 2, word)
            begun = time.perf_counter()
            if way == "told":
                result = build_workspace(workspace, BuildOptions(now=now(), told=frozenset({file})), keys=[key])
            else:
                result = build_workspace(workspace, BuildOptions(now=now()))
            seconds.append(time.perf_counter() - begun)
            page = workspace.site / key / "requests" / f"{key}-2.html"
            if result.errors or word not in page.read_text(encoding="utf-8"):
                sys.exit(f"{page} is not built anew: {result.errors}")
    print(json.dumps(taken))


if __name__ == "__main__":
    main()
