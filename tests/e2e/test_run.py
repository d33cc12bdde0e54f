"""`recado run` as a process: from mail to a published page; failures of every part told and outlived; ended in every phase."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from living import is_alive
from proxy import proxy
from real_server import real_server
from run_process import (
    PUBLISHED,
    TASK,
    WATCHING,
    a_run,
    edit,
    promised_seconds,
    raw_mail,
    recado,
    running,
    write_practice,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.e2e


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "practice"


def status(root: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-m", "recado", "status", "--workspace", str(root), *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "RECADO_LANGUAGE": "en"},
        check=False,
    )
    return done.returncode, done.stdout


def once_wrong(root: Path) -> str:
    """Give what a monitor is told, once something is wrong: that is written within a second."""
    code = 0
    while not code:
        code, said = status(root, "--check")
    return said


def once_well(root: Path) -> str:
    """Give what a monitor is told, once nothing is wrong."""
    code = 1
    while code:
        code, said = status(root, "--check")
    return said


# ---- From a mail to a page ----


@pytest.mark.parametrize("name", ["dovecot", "pymap"])
def test_a_mail_is_on_the_published_page_and_an_edit_too(tmp_path: Path, root: Path, name: str) -> None:
    with (
        real_server(name, tmp_path / "server") as server,
        server.other_program() as other,
        running(root, server.port) as run,
    ):
        for number in range(1, 4):
            other.append("INBOX", raw_mail(number, f"The words of mail {number}."))
            run.until(f"new task: ACME-{number} (acme)", "acme: ", "file")
            while f"The words of mail {number}." not in run.published(f"acme/requests/acme-{number}.html"):
                run.until(PUBLISHED)
        edit(root, "0009-logo.md", TASK.format(status="doing", text="A blue logo."))
        while "A blue logo." not in run.published("acme/requests/acme-9.html"):
            run.until(PUBLISHED)
        assert once_well(root) == "OK: mail, portals and 1 place\n"
        assert run.end()[0] == 0
        other.select_folder("INBOX")
        assert other.search(["UNDELETED"]) == []


def test_the_log_tells_refs_and_no_words_of_a_mail_and_is_hers_alone(tmp_path: Path, root: Path) -> None:
    with (
        real_server("pymap", tmp_path / "server") as server,
        server.other_program() as other,
        running(root, server.port) as run,
    ):
        other.append("INBOX", raw_mail(1, "Words that are nobody's concern."))
        run.until("new task: ACME-1 (acme)")
        run.end()
    log = root / ".recado" / "log" / "run.jsonl"
    text = log.read_text(encoding="utf-8")
    assert {file.stat().st_mode & 0o077 for file in (log, log.parent, root / ".recado" / "run.json")} == {0}
    entries = [json.loads(line) for line in text.splitlines()]
    assert [entry["where"] for entry in entries if entry["event"] == "filed"] == ["ACME-1"]
    everything = text + "".join(run.said) + (root / ".recado" / "run.json").read_text(encoding="utf-8")
    assert not re.search(r"nobody's|Mail number|jane@|only for this test", everything)


def test_json_lines_are_printed_for_programs(tmp_path: Path, root: Path) -> None:
    with real_server("pymap", tmp_path / "server") as server:
        write_practice(root, server.port)
        with a_run(root, options=["--json"]) as run:
            run.until('"event": "published"')
            run.end()
    assert {json.loads(line)["part"] for line in run.said} >= {"run", "mail", "files", "place"}


# ---- What fails ----


@pytest.mark.parametrize(("doing", "words"), [("away", "does not answer"), ("full", "No space left"), ("bug", "a mistake")])
def test_a_place_that_fails_stops_nothing_and_is_told_when_it_works_again(
    tmp_path: Path, root: Path, doing: str, words: str
) -> None:
    with (
        real_server("pymap", tmp_path / "server") as server,
        server.other_program() as other,
        running(root, server.port) as run,
    ):
        run.place("web", doing)
        other.append("INBOX", raw_mail(1, "The first words."))
        run.until("new task: ACME-1", "acme: ", words)
        other.append("INBOX", raw_mail(2))
        run.until("new task: ACME-2", "acme: ")
        assert once_wrong(root).startswith("TROUBLE: place web: ")
        run.place("web", "")
        run.until("web: it works again.")
        assert "The first words." in run.published("acme/requests/acme-1.html")
        assert run.end()[0] == 0


def test_a_place_that_hangs_holds_neither_mail_nor_builds_nor_the_others_nor_the_end(tmp_path: Path, root: Path) -> None:
    with real_server("pymap", tmp_path / "server") as server, server.other_program() as other:
        write_practice(root, server.port)
        text = (root / "clients.yml").read_text(encoding="utf-8")
        slow = f"places:\n  slow: {{kind: directory, path: {root}/slow, access: nginx}}\n"
        (root / "clients.yml").write_text(text.replace("places:\n", slow), encoding="utf-8")
        (root / "places").mkdir()
        (root / "places" / "slow").write_text("hang", encoding="utf-8")
        with a_run(root) as run:
            run.until(WATCHING, PUBLISHED)
            for number in range(1, 4):
                other.append("INBOX", raw_mail(number))
                run.until(f"new task: ACME-{number}", "acme: ", PUBLISHED)
            (child,) = children_of(run.process.pid, "sleep")
            code, seconds = run.end()
    assert code == 0
    assert seconds < promised_seconds()
    assert not is_alive(child)


def children_of(process: int, program: str) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, fields = (folder / "comm").read_text().strip(), (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if name == program and int(fields[1]) == process:
            found.append(int(folder.name))
    return found


def test_a_line_to_the_mailbox_that_is_cut_is_told_and_taken_up_again(tmp_path: Path, root: Path) -> None:
    with (
        real_server("dovecot", tmp_path / "server") as server,
        server.other_program() as other,
        proxy(server.port) as line,
        running(root, line.port) as run,
    ):
        line.cut()
        run.until("Trying again in")
        other.append("INBOX", raw_mail(1))
        run.until("answers again", "new task: ACME-1")
        while not run.published("acme/requests/acme-1.html"):
            run.until(PUBLISHED)
        once_well(root)
        assert run.end()[0] == 0


def test_a_mistake_in_a_file_is_told_with_its_line_and_put_right(tmp_path: Path, root: Path) -> None:
    with real_server("pymap", tmp_path / "server") as server, running(root, server.port) as run:
        edit(root, "0009-logo.md", TASK.format(status="odd", text="A blue logo."))
        run.until("portal_src/acme/tasks/0009-logo.md:3: ", "what was built before stays")
        assert once_wrong(root).startswith("TROUBLE: portals: portal_src/acme/tasks/0009-logo.md:3: ")
        edit(root, "0009-logo.md", TASK.format(status="doing", text="A blue logo."))
        while not run.published("acme/requests/acme-9.html"):
            run.until(PUBLISHED)
        assert run.end()[0] == 0


def test_clients_yml_is_read_again_for_mail_builds_and_places_and_a_mistake_in_it_is_told(tmp_path: Path, root: Path) -> None:
    with (
        real_server("dovecot", tmp_path / "server") as server,
        server.other_program() as other,
        running(root, server.port) as run,
    ):
        good = (root / "clients.yml").read_text(encoding="utf-8")
        (root / "clients.yml").write_text(good.replace("code: BETA", "coda: BETA"), encoding="utf-8")
        assert "clients.yml:15: " in run.until("clients.yml:")
        other.append("INBOX", raw_mail(1))
        run.until("new task: ACME-1")
        better = good.replace("@beta.example", "@gamma.example").replace("BETA", "GAMMA").replace("  beta:", "  gamma:")
        better = better.replace("places:\n", f"places:\n  other: {{kind: directory, path: {root}/second, access: caddy}}\n")
        (root / "clients.yml").write_text(better, encoding="utf-8")
        run.until("gamma: ", "other: ")
        other.append("INBOX", raw_mail(2).replace(b"acme.example", b"gamma.example"))
        run.until("new task: GAMMA-1")
        while not (root / "second" / "gamma" / "requests" / "gamma-1.html").exists():
            run.until("other: ")
        assert not (root / "second" / "beta").exists()
        assert run.end()[0] == 0


def test_a_full_disk_is_told_and_outlived_and_nothing_is_lost(tmp_path: Path, root: Path) -> None:
    root.mkdir()
    with (
        a_small_disk(root) as fill,
        real_server("pymap", tmp_path / "server") as server,
        server.other_program() as other,
        running(root, server.port) as run,
    ):
        fill()
        other.append("INBOX", raw_mail(1, "The first words."))
        run.until("No space left on device")
        assert run.process.poll() is None
        (root / "ballast").unlink()
        run.until("new task: ACME-1")
        while "The first words." not in run.published("acme/requests/acme-1.html"):
            run.until(PUBLISHED)
        assert run.end()[0] == 0
    with_log = "".join(run.said)
    assert "The log cannot be written" not in with_log or "The log can be written again" in with_log


@contextmanager
def a_small_disk(folder: Path) -> Iterator[Callable[[], None]]:
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may make a small disk")
    command = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:  # noqa: S603 (Linux's own)
        pytest.skip("no small disk can be made here")
    ballast = folder / "ballast"

    def fill() -> None:
        with ballast.open("wb", buffering=0) as file:
            size = 1 << 20
            while size:
                try:
                    file.write(b"\0" * size)
                except OSError:
                    size //= 2

    try:
        yield fill
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)  # noqa: S603, S607 (as above)


# ---- One run, and what goes on beside it ----


def test_a_second_run_and_an_ingest_are_refused_and_a_build_beside_it_is_published(tmp_path: Path, root: Path) -> None:
    with real_server("pymap", tmp_path / "server") as server, running(root, server.port) as run:
        for command in ("run", "ingest"):
            second = recado(command, root)
            assert second.returncode == 1
            assert "already at work" in second.stderr
        edit(root, "0009-logo.md", TASK.format(status="doing", text="A blue logo."))
        assert recado("build", root).returncode == 0
        while not run.published("acme/requests/acme-9.html"):
            run.until(PUBLISHED)
        assert run.end()[0] == 0


def test_a_run_that_was_killed_is_told_and_the_next_one_goes_on(tmp_path: Path, root: Path) -> None:
    with real_server("pymap", tmp_path / "server") as server, server.other_program() as other:
        with running(root, server.port) as run:
            once_well(root)
            run.process.kill()
            run.process.wait(30)
        assert "did not end by itself" in status(root)[1]
        assert status(root, "--check")[0] == 1
        other.append("INBOX", raw_mail(1))
        with running(root, server.port) as run:
            while not run.published("acme/requests/acme-1.html"):
                run.until(PUBLISHED)
            assert run.end()[0] == 0
        assert "the last run ended" in status(root)[1]
