"""`recado build` as a person and as a program meet it: in a pipe, on a terminal, with mistakes, for some clients only."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from recado.cli import build_progress
from recado.cli.build_progress import BuildProgress

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


TASK = "---\ntitle: Posts\nstatus: {status}\nreceived: 2026-11-20T08:00:00Z\n---\nTen posts\n"
SECONDS = re.compile(r"\d+\.\d+ s")


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECADO_NOW", "2026-11-24T08:40:00Z")


@pytest.fixture
def task(workspace: Path) -> Path:
    file = workspace / "portal_src" / "acme" / "tasks" / "0001-posts.md"
    file.parent.mkdir(parents=True)
    file.write_text(TASK.format(status="doing"), encoding="utf-8")
    return file


def plain(text: str) -> list[str]:
    return [SECONDS.sub("… s", line) for line in text.splitlines()]


def test_a_pipe_gets_a_line_a_portal_and_one_for_all(run: Callable[..., Any], workspace: Path, task: Path) -> None:
    del task
    said = run("build", "--jobs", 1, "--workspace", workspace)
    assert (said.status, said.err) == (0, "")
    lines = plain(said.out)
    assert re.fullmatch(r"acme: (\d+) pages, \1 built, 0 reused, … s → site/acme", lines[0])
    assert re.fullmatch(r"beta: (\d+) pages, \1 built, 0 reused, … s → site/beta", lines[1])
    assert re.fullmatch(r"2 portals, (\d+) pages, \1 built, 0 reused, … s", lines[2])
    assert len(lines) == 3


def test_a_build_with_nothing_to_do_says_so_shortly(run: Callable[..., Any], workspace: Path, task: Path) -> None:
    del task
    run("build", "--workspace", workspace)
    run("build", "--workspace", workspace)
    lines = plain(run("build", "--workspace", workspace).out)
    assert re.fullmatch(r"acme: \d+ pages, nothing changed, … s", lines[0])
    assert re.fullmatch(r"2 portals, \d+ pages, nothing changed, … s", lines[2])


def test_one_client_alone_is_one_line(run: Callable[..., Any], workspace: Path) -> None:
    said = run("build", "--client", "beta", "--client", "beta", "--workspace", workspace)
    assert [line.split(":")[0] for line in said.out.splitlines()] == ["beta"]
    assert not (workspace / "site" / "acme").exists()


def test_a_client_nobody_has_is_wrong_usage(run: Callable[..., Any], workspace: Path) -> None:
    said = run("build", "--client", "acne", "--workspace", workspace)
    assert (said.status, said.out) == (2, "")
    assert "'acne'" in said.err
    assert "acme, beta" in said.err


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_all_mistakes_of_all_portals_are_told_in_one_run(
    run: Callable[..., Any], workspace: Path, task: Path, jobs: str
) -> None:
    run("build", "--workspace", workspace)
    before = (workspace / "site" / "acme" / "index.html").read_bytes()
    task.write_text(TASK.format(status="odd"), encoding="utf-8")
    other = workspace / "portal_src" / "beta" / "tasks" / "0007-odd.md"
    other.parent.mkdir(parents=True)
    other.write_text("no front matter", encoding="utf-8")
    (task.parent / "unnumbered.md").write_text(TASK.format(status="doing"), encoding="utf-8")
    said = run("build", "--jobs", jobs, "--workspace", workspace)
    assert said.status == 1
    assert [line.split(": ")[0] for line in said.err.splitlines()] == [
        "portal_src/acme/tasks/0001-posts.md:3",
        "portal_src/acme/tasks/unnumbered.md:1",
        "portal_src/beta/tasks/0007-odd.md:1",
    ]
    assert plain(said.out)[:2] == [
        "acme: not built; what was built before stays",
        "beta: not built; what was built before stays",
    ]
    assert (workspace / "site" / "acme" / "index.html").read_bytes() == before


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_mistake_in_a_template_is_told_with_all_others_however_many_processes_work(
    run: Callable[..., Any], workspace: Path, task: Path, jobs: int
) -> None:
    task.write_text(TASK.format(status="odd"), encoding="utf-8")
    shells = workspace / "site_templates" / "shells"
    shells.mkdir(parents=True)
    (shells / "home.md.j2").write_text("{{ odd( }}", encoding="utf-8")
    said = run("build", "--jobs", jobs, "--workspace", workspace)
    assert said.status == 1
    assert [line.split(" ")[0] for line in said.err.splitlines()] == [
        "portal_src/acme/tasks/0001-posts.md:3:",
        "site_templates/shells/home.md.j2:1:",
    ]
    assert "2 not built" in said.out


def test_what_cannot_be_read_is_left_out_when_told_so_and_the_client_is_not_told(
    run: Callable[..., Any], workspace: Path, task: Path
) -> None:
    (task.parent / "0002-odd.md").write_text(TASK.format(status="odd"), encoding="utf-8")
    said = run("build", "--keep-going", "--client", "acme", "--workspace", workspace)
    assert said.status == 1
    assert said.err.startswith("portal_src/acme/tasks/0002-odd.md:3: ")
    assert "1 mistake left out" in said.out
    pages = [page.read_text(encoding="utf-8") for page in (workspace / "site" / "acme").rglob("*.html")]
    assert any("Posts" in page for page in pages)
    assert not [page for page in pages if "0002-odd" in page or "mistake" in page]


def test_rows_of_a_history_that_cannot_be_read_are_left_out_too_and_nothing_is_written_below_them(
    run: Callable[..., Any], workspace: Path, task: Path
) -> None:
    history = task.parent.parent / "history.csv"
    rows = "at,ref,by,from,to\n2026-11-20T08:00:00Z,ACME-1,marta,,new\n2026-11-21,ACME-1,marta,new,done\n"
    history.write_text(rows, encoding="utf-8")
    said = run("build", "--keep-going", "--client", "acme", "--workspace", workspace)
    assert said.status == 1
    assert said.err.startswith("portal_src/acme/history.csv:3: ")
    assert "1 mistake left out" in said.out
    assert (workspace / "site" / "acme" / "requests" / "acme-1.html").is_file()
    assert history.read_text(encoding="utf-8") == rows


def test_programs_get_json_and_the_mistakes_in_it(run: Callable[..., Any], workspace: Path, task: Path) -> None:
    task.write_text(TASK.format(status="odd"), encoding="utf-8")
    said = run("build", "--json", "--workspace", workspace)
    assert said.status == 1
    found = {portal["key"]: portal for portal in json.loads(said.out)}
    assert (found["acme"]["folder"], found["acme"]["pages"]) == (None, None)
    assert [(error["file"], error["line"]) for error in found["acme"]["errors"]] == [("portal_src/acme/tasks/0001-posts.md", 3)]
    assert found["beta"]["folder"] == str((workspace / "site" / "beta").resolve())
    assert found["beta"]["built"] + found["beta"]["reused"] == found["beta"]["pages"]
    assert found["beta"]["errors"] == []


def test_a_spaniard_reads_it_in_spanish(run: Callable[..., Any], workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECADO_LANGUAGE", "es")
    run("build", "--workspace", workspace)
    run("build", "--workspace", workspace)
    lines = plain(run("build", "--workspace", workspace).out)
    assert re.fullmatch(r"acme: \d+ páginas, nada ha cambiado, … s", lines[0])
    assert re.fullmatch(r"2 portales, \d+ páginas, nada ha cambiado, … s", lines[2])


# ---- On a terminal ----


def on_a_terminal(code: str) -> str:
    """Run a piece of Python whose output is a terminal, and give what it wrote there."""
    mine, its = pty.openpty()
    environment = {**os.environ, "RECADO_LANGUAGE": "en", "TERM": "xterm-256color", "COLUMNS": "80"}
    with subprocess.Popen([sys.executable, "-c", code], stdout=its, stderr=its, stdin=its, env=environment) as process:  # noqa: S603 (our own program)
        os.close(its)
        written = b""
        try:
            while more := os.read(mine, 4096):
                written += more
        except OSError:  # a terminal whose other end was closed says so
            pass
        finally:
            os.close(mine)
        assert process.wait(60) == 0
    return written.decode()


QUICK = """
from recado.cli.build_progress import BuildProgress
from recado.store.forked import forked
import os
with BuildProgress(is_terminal=True) as progress:
    progress.begin(2)
    assert {process for _number, process in forked(lambda _thing: os.getpid(), "ab", 2)}.isdisjoint({os.getpid()})
    progress.finished("acme: nine pages")
    progress.finished("beta: [bold]nine[/bold] pages")
import sys
assert "rich" not in sys.modules
"""
SLOW = """
from recado.cli import build_progress
import signal
build_progress.QUICK = 0.0
with build_progress.BuildProgress(is_terminal=True) as progress:
    progress.begin(2)
    signal.raise_signal(signal.SIGALRM)
    progress.finished("acme: nine pages")
    progress.finished("beta: [bold]nine[/bold] pages")
print("2 portals")
"""


def test_a_quick_build_shows_its_lines_and_no_bar_and_may_fork_meanwhile() -> None:
    assert on_a_terminal(QUICK) == "acme: nine pages\r\nbeta: [bold]nine[/bold] pages\r\n"


def test_a_slow_build_says_that_it_builds_then_shows_a_bar_and_leaves_only_its_lines() -> None:
    written = on_a_terminal(SLOW)
    assert written.index("Building…") < written.index("\r\x1b[K") < written.index("acme: nine pages")
    assert "1/2" in written
    assert "2/2" in written
    assert "beta: [bold]nine[/bold] pages" in written
    last = written.rindex("\x1b[2K")
    assert "2 portals" in written[last:]
    assert "Building" not in written[last:]


def test_a_pipe_sees_no_bar_however_long_it_takes(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_progress, "QUICK", 0.0)
    with BuildProgress(is_terminal=False) as progress:
        progress.begin(2)
        progress.finished("acme: nine pages")
        progress.finished(None)
    assert capsys.readouterr().out == "acme: nine pages\n"


@pytest.mark.parametrize("below", [".", "acme", "new/folder"])
def test_portals_are_not_built_among_the_files_they_are_made_from(
    run: Callable[..., Any], workspace: Path, task: Path, below: str
) -> None:
    before = sorted(workspace.rglob("*"))
    folder = workspace / "portal_src" / below
    said = run("build", "--site", folder, "--workspace", workspace)
    assert said.status == 2
    assert said.err == f"{folder} is where your clients' files are; nothing is built there. Choose another folder for --site.\n"
    assert sorted(workspace.rglob("*")) == before
    assert task.exists()
