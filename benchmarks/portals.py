"""How long portals take to build, beside plain MkDocs with the same text, in the same run: `make bench`.

Each figure is the median of some runs of a whole process (plain MkDocs: the sum of one `mkdocs build` a project), always into
fresh folders, and nothing is deleted before the end. What counts is the ratio: machines differ. Half an hour, or `--quick`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from made_workspace import Size, add_client, change_status, change_words, key_of, make_naive, make_workspace
from portal_table import Row, as_data, as_table
from processes import Taken, expect_this_program, python

RESULTS = Path(__file__).parent / "results" / "portals.json"
SERVE = Path(__file__).parent / "serve_process.py"
IMPORT = "import of mkdocs, jinja2, yaml"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured: how often, and how large."""

    runs: int
    large: Size
    many: Size
    more: Size
    grown: tuple[Size, Size, Size]


FULL = Plan(5, Size(1, 1000), Size(20, 40), Size(20, 200), (Size(1, 100), Size(1, 300), Size(1, 3000)))
QUICK = Plan(1, Size(1, 100), Size(4, 20), Size(4, 40), (Size(1, 20), Size(1, 60), Size(1, 600)))


class Bench:
    """The figures found so far, and the folder in which all of it happens. Figures are seconds, or MB where their name says."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.plan = plan
        self.figures: dict[str, list[float]] = defaultdict(list)
        self._folder = folder
        self._fresh = 0

    def fresh(self, name: str) -> Path:
        """Give a folder that is not there yet, in one that is."""
        self._fresh += 1
        place = self._folder / f"{self._fresh:04d}"
        place.mkdir()
        return place / name

    def note(self, name: str, taken: Taken) -> None:
        """Keep what a process took."""
        self.figures[name].append(taken.seconds)
        self.figures[f"{name}, MB"].append(taken.megabytes)
        print(f"  {name}: {taken.seconds:.3f} s", file=sys.stderr)

    def median(self, name: str) -> float:
        """Give the middle one of some figures."""
        return statistics.median(self.figures[name])


def build(workspace: Path) -> Taken:
    """Build the portals of a workspace."""
    return python("-m", "recado", "build", "--workspace", workspace)


def mkdocs(project: Path, site: Path) -> Taken:
    """Build a project with MkDocs."""
    return python("-m", "mkdocs", "build", "-q", "-f", project / "mkdocs.yml", "-d", site)


def measure_import(bench: Bench) -> None:
    """Measure the import of what plain MkDocs cannot do without, three times: it is short, and much is held against it."""
    for _ in range(3):
        bench.note(IMPORT, python("-c", "import mkdocs, jinja2, yaml"))


def forget(bench: Bench, workspace: Path, *, but_shells: bool = False) -> None:
    """Put aside what earlier builds left: the portals, and all that was kept, or all but the shells."""
    for name in ("site", ".recado"):
        aside = bench.fresh(name)
        if (workspace / name).exists():
            (workspace / name).rename(aside)
    if but_shells:
        (workspace / ".recado").mkdir()
        (aside / "shells").rename(workspace / ".recado" / "shells")


def megabytes(folder: Path) -> float:
    """Give the size of all files below a folder, together."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def expect(workspace: Path, key: str, number: int, word: str) -> None:
    """See that a build did what it is measured for. Raises ValueError where a request's page lacks a word."""
    page = workspace / "site" / key / "requests" / f"{key}-{number}.html"
    if word not in page.read_text(encoding="utf-8"):
        raise ValueError(f"{page} does not hold {word}")


def warm_up(bench: Bench) -> None:
    """Build a little with both, so that Python and the templates are compiled."""
    expect_this_program()
    workspace = bench.fresh("workspace")
    make_workspace(workspace, Size(2, 3, invoices=1))
    for project in make_naive(bench.fresh("naive"), workspace):
        mkdocs(project, bench.fresh("site"))
    for word in ("once", "twice"):
        build(workspace)
        change_words(workspace, key_of(0), 1, word)
        build(workspace)
        change_status(workspace, key_of(0), 1)
    python(SERVE, workspace, "2", "1")


def measure_cold(bench: Bench, size: Size) -> Path:
    """Measure builds of what was never built, with nothing kept and with shells; gives the workspace."""
    workspace = bench.fresh("workspace")
    make_workspace(workspace, size)
    projects = make_naive(bench.fresh("naive"), workspace)
    for _ in range(bench.plan.runs):
        sites = [bench.fresh(project.name) for project in projects]
        naive = sum(mkdocs(project, site).seconds for project, site in zip(projects, sites, strict=True))
        bench.note(f"MkDocs, {size}", Taken(naive, 0, ""))
        forget(bench, workspace)
        bench.note(f"cold, {size}, nothing kept", build(workspace))
        forget(bench, workspace, but_shells=True)
        bench.note(f"cold, {size}, shells kept", build(workspace))
    bench.figures[f"MkDocs' sites, {size}, MB"] = [sum(map(megabytes, sites))]
    bench.figures[f"sites, {size}, MB"] = [megabytes(workspace / "site")]
    return workspace


def measure_unchanged(bench: Bench, workspace: Path, size: Size) -> None:
    """Measure builds with nothing to do, each beside the import of what plain MkDocs cannot do without."""
    build(workspace)
    for _ in range(bench.plan.runs):
        measure_import(bench)
        bench.note(f"warm, {size}, nothing changed", build(workspace))


def measure_changed(bench: Bench, size: Size) -> None:
    """Measure builds after a task changed, in new processes and in one that goes on; then after a client was added."""
    workspace, later = bench.fresh("workspace"), bench.fresh("later")
    make_workspace(workspace, size)
    make_workspace(later, Size(size.clients + 1, size.tasks))
    projects = make_naive(bench.fresh("naive"), later)
    build(workspace)
    build(workspace)
    for run in range(bench.plan.runs):
        naive = [mkdocs(project, bench.fresh(project.name)).seconds for project in projects]
        bench.note(f"MkDocs, {size}", Taken(sum(naive[:-1]), 0, ""))
        bench.note(f"MkDocs, {size} and one more", Taken(sum(naive), 0, ""))
        measure_import(bench)
        key = key_of(run % size.clients)
        change_words(workspace, key, 1, f"zebra{run}")
        bench.note(f"warm, {size}, one task changed", build(workspace))
        expect(workspace, key, 1, f"zebra{run}")
        change_status(workspace, key, 3)
        bench.note(f"warm, {size}, one status changed", build(workspace))
    served = json.loads(python(SERVE, workspace, str(size.clients), str(bench.plan.runs)).out)
    for way in ("told", "not told"):
        bench.figures[f"in serve, {size}, one task changed, {way}"] = served[way]
    for number in range(size.clients, size.clients + bench.plan.runs):
        add_client(workspace, number, size)
        bench.note(f"warm, {size}, one client added", build(workspace))
        expect(workspace, key_of(number), size.tasks, "</html>")


def measure_growth(bench: Bench, size: Size) -> None:
    """Measure one client with ever more tasks: built for the first time, and after one changed."""
    workspace = bench.fresh("workspace")
    make_workspace(workspace, size)
    for run in range(bench.plan.runs):
        forget(bench, workspace)
        bench.note(f"grown, {size}, cold", build(workspace))
        build(workspace)
        change_words(workspace, key_of(0), 1, f"zebra{run}")
        bench.note(f"grown, {size}, one task changed", build(workspace))
        expect(workspace, key_of(0), 1, f"zebra{run}")


def rows_of(bench: Bench) -> list[Row]:
    """Give the table: each figure beside what it is held against, and the bound that issue 10 sets."""
    plan, median = bench.plan, bench.median
    large, many, more, (least, less, most) = plan.large, plan.many, plan.more, plan.grown

    def quicker(name: str, naive: str, bound: float | None) -> Row:
        return Row(f"{name} / MkDocs", median(name), median(naive), bound, at_least=True)

    def held(name: str, other: str, bound: float | None, told: str) -> Row:
        return Row(f"{name} / {told}", median(name), median(other), bound)

    changed = f"warm, {more}, one task changed"
    rows = [
        quicker(f"cold, {large}, nothing kept", f"MkDocs, {large}", 12),
        quicker(f"cold, {large}, shells kept", f"MkDocs, {large}", 18),
        Row(f"sites, {large}", median(f"sites, {large}, MB"), None, 16, "MB"),
        Row(f"MkDocs' sites, {large}", median(f"MkDocs' sites, {large}, MB"), None, None, "MB"),
        quicker(f"cold, {many}, nothing kept", f"MkDocs, {many}", 8),
        quicker(f"cold, {many}, shells kept", f"MkDocs, {many}", 14),
        quicker(f"warm, {many}, nothing changed", f"MkDocs, {many}", 80),
        held(f"warm, {many}, nothing changed", IMPORT, 1.5, "import"),
        quicker(changed, f"MkDocs, {more}", 90),
        held(changed, IMPORT, 4, "import"),
        held(f"in serve, {more}, one task changed, not told", IMPORT, 1.5, "import"),
        held(f"in serve, {more}, one task changed, told", IMPORT, 0.5, "import"),
        held(f"warm, {more}, one status changed", IMPORT, None, "import"),
        quicker(f"warm, {more}, one client added", f"MkDocs, {more} and one more", 40),
        held(f"grown, {most}, cold", f"grown, {least}, cold", None, str(least)),
        held(f"grown, {most}, one task changed", f"grown, {least}, one task changed", None, str(least)),
        held(f"grown, {most}, cold", f"grown, {less}, cold", 10, str(less)),
        held(f"grown, {most}, one task changed", f"grown, {less}, one task changed", 3, str(less)),
    ]
    peaks = [f"grown, {most}, {what}, MB" for what in ("cold", "one task changed")]
    return [*rows, *(Row(f"{name.removesuffix(', MB')}, memory", max(bench.figures[name]), None, 100, "MB") for name in peaks)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, help="how often each is measured (5, with --quick 1)")
    parser.add_argument("--quick", action="store_true", help="small sizes, without bounds: to see that it works")
    told = parser.parse_args()
    plan = QUICK if told.quick else FULL
    if told.runs:
        plan = Plan(told.runs, plan.large, plan.many, plan.more, plan.grown)
    with tempfile.TemporaryDirectory(prefix="recado-bench-") as folder:
        bench = Bench(Path(folder), plan)
        warm_up(bench)
        measure_cold(bench, plan.large)
        measure_unchanged(bench, measure_cold(bench, plan.many), plan.many)
        measure_changed(bench, plan.more)
        for size in plan.grown:
            measure_growth(bench, size)
        rows = rows_of(bench)
        if told.quick:  # the bounds are of the full sizes: held against others they say nothing, neither yes nor no
            rows = [replace(row, bound=None) for row in rows]
        print(as_table(rows))
        found = {"is_quick": told.quick, "plan": asdict(plan), "table": as_data(rows), "figures": bench.figures}
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
