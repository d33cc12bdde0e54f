"""From a built site to the places where clients open it, beside what the plain program for it takes: `make bench`.

20 clients of 200 tasks each. One task changes, the build is done: how long does a deploy take, in the process that built, and
how many files does it send? Plain: `rsync -a --delete` of the whole site into a folder of this machine, which knows nothing of
releases, keys or visitors, in the same run. Promised is a second.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from made_workspace import Size, change_words, key_of, make_workspace

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "servers"))
from sshd import is_installed, running_sshd

from recado.clock import now
from recado.deploy.publishing import publish
from recado.portal.build import BuildOptions, build_workspace
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULTS = Path(__file__).parent / "results" / "deploying.json"
SIZE = Size(clients=20, tasks=200)
RUNS = 5
PROMISED = 1.0  # seconds


def places(folder: Path) -> Iterator[tuple[str, str]]:
    """Give the places to measure, as clients.yml has them: a key, and what it says."""
    yield "directory-nginx", f"{{kind: directory, path: {folder}/asked, access: nginx}}"
    yield "directory-encrypted", f"{{kind: directory, path: {folder}/sealed, access: encrypted}}"
    yield "git-encrypted", f"{{kind: git, remote: {folder}/remote.git, branch: pages, access: encrypted}}"
    if is_installed() and shutil.which("rsync"):
        yield "rsync-nginx", f'{{kind: rsync, to: "server:{folder}/far-asked", access: nginx}}'
        yield "rsync-encrypted", f'{{kind: rsync, to: "server:{folder}/far-sealed", access: encrypted}}'


def plain(site: Path, target: Path) -> float:
    """Give how long plain rsync takes."""
    begun = time.perf_counter()
    subprocess.run(["rsync", "-a", "--delete", f"{site}/", f"{target}/"], check=True)  # noqa: S603, S607 (from the PATH)
    return time.perf_counter() - begun


def main() -> None:
    """Measure, print a table and keep the figures."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="recado-deploying-")))
        os.environ["RECADO_KEYS"] = str(folder / "keys")
        if is_installed():
            server = stack.enter_context(running_sshd(folder / "sshd"))
            os.environ["RSYNC_RSH"] = server.shell()
        subprocess.run(["git", "init", "--bare", "-q", str(folder / "remote.git")], check=True)  # noqa: S603, S607
        figures = measured(folder)
    table(figures)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=1) + "\n")


def measured(folder: Path) -> dict[str, dict[str, float]]:
    """Give for each place how long a first deploy takes, one with nothing to do, and one after a task changed."""
    workspace = Workspace(folder / "practice")
    make_workspace(workspace.root, SIZE)
    named = "".join(f"  {key}: {said}\n" for key, said in places(folder))
    text = workspace.practice_file.read_text().replace("clients:\n", f"places:\n{named}clients:\n", 1)
    workspace.practice_file.write_text(text)
    practice = load_practice(workspace)
    build_workspace(workspace, BuildOptions(now()), jobs=os.cpu_count() or 1)
    figures: dict[str, dict[str, float]] = {"plain rsync": {"first": plain(workspace.site, folder / "plain")}}
    figures["plain rsync"]["nothing"] = plain(workspace.site, folder / "plain")
    for name in practice.places:
        figures[name] = {kind: publish(workspace, practice, name).seconds for kind in ("first", "nothing")}
    taken: dict[str, list[float]] = {name: [] for name in figures}
    for run in range(RUNS):
        change_words(workspace.root, key_of(run), 1, f"word{run}")
        build_workspace(workspace, BuildOptions(now()))
        taken["plain rsync"].append(plain(workspace.site, folder / "plain"))
        for name in practice.places:
            result = publish(workspace, practice, name)
            taken[name].append(result.seconds)
            figures[name]["files"] = len(result.sent.added) + len(result.sent.changed)
    for name, seconds in taken.items():
        figures[name]["one task"] = statistics.median(seconds)
    return figures


def table(figures: dict[str, dict[str, float]]) -> None:
    """Print them."""
    base = figures["plain rsync"]["one task"]
    print(f"\nDeploying {SIZE}, in the process that built; medians of {RUNS}.\n")
    print("| place | first | nothing changed | one task | beside plain rsync | files sent | promised |")
    print("|---|---|---|---|---|---|---|")
    for name, row in figures.items():
        files = f"{row['files']:.0f}" if "files" in row else ""
        promised = "" if name == "plain rsync" else ("held" if row["one task"] <= PROMISED else "**not held**")
        seconds = f"{row['first']:.2f} s | {row['nothing']:.2f} s | {row['one task']:.2f} s"
        print(f"| {name} | {seconds} | {row['one task'] / base:.1f} × | {files} | {promised} |")


if __name__ == "__main__":
    main()
