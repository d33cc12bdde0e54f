"""How long portals take to build, beside plain MkDocs with the same text, in the same run: `make bench`.

Each figure is the median of a few runs of a whole process, into fresh folders. What counts is the ratio: machines differ.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from made_workspace import Size, make_naive, make_workspace

RUNS = 3
SIZES = (Size(1, 200), Size(5, 40))
RESULTS = Path(__file__).parent / "results" / "portals.json"


def seconds(*command: str) -> float:
    """Time one process, which must succeed."""
    quiet = {"NO_MKDOCS_2_WARNING": "1", "RECADO_NOW": "2026-11-24T08:40:00Z"}
    begun = time.perf_counter()
    subprocess.run(command, check=True, env=os.environ | quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    return time.perf_counter() - begun


def measure(size: Size, folder: Path) -> dict[str, float]:
    """Measure one size: plain MkDocs, Recado with nothing kept, Recado with its shells there."""
    workspace = folder / "workspace"
    make_workspace(workspace, size)
    projects = make_naive(folder / "naive", workspace)
    taken: dict[str, list[float]] = {"naive": [], "cold": [], "shells": []}
    for run in range(RUNS):
        taken["naive"].append(
            sum(
                seconds(
                    sys.executable,
                    "-m",
                    "mkdocs",
                    "build",
                    "-q",
                    "-f",
                    f"{project}/mkdocs.yml",
                    "-d",
                    f"{folder}/{run}/{project.name}",
                )
                for project in projects
            )
        )
        build = (sys.executable, "-m", "recado", "build", "--workspace", str(workspace))
        if (workspace / ".recado").exists():
            (workspace / ".recado").rename(folder / f"state-{run}")
        taken["cold"].append(seconds(*build, "--site", f"{folder}/cold-{run}"))
        taken["shells"].append(seconds(*build, "--site", f"{folder}/shells-{run}"))
    return {name: statistics.median(times) for name, times in taken.items()}


def main() -> None:
    """Measure and print."""
    found = {}
    print(f"{'clients × tasks':18}{'MkDocs':>10}{'cold':>10}{'ratio':>8}{'shells there':>14}{'ratio':>8}")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            figures = measure(size, Path(folder))
        found[str(size)] = figures
        naive, cold, shells = figures["naive"], figures["cold"], figures["shells"]
        print(f"{size!s:18}{naive:9.2f}s{cold:9.2f}s{naive / cold:7.1f}×{shells:13.2f}s{naive / shells:7.1f}×")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
