"""What every command keeps: exit statuses, errors as sentences, where the workspace is, and help that teaches."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

from recado.cli.frame import status_of
from recado.cli.root import COMMANDS, load_command, recado
from recado.errors import ConfigurationError, FileError, Problem, UsageError, WorkError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
PROBLEMS = [Problem("clients.yml", 7, "seven"), Problem("clients.yml", 3, "three")]


def every_command() -> Iterator[tuple[str, ...]]:
    yield ()
    for name in COMMANDS:
        yield (name,)
        command = load_command(name)
        if isinstance(command, click.Group):
            for sub in command.commands:
                yield (name, sub)


# Each noun that lists or reports, as it works in an empty workspace.
LISTING = [("task", "list"), ("task", "list", "--all"), ("client", "list"), ("quarantine", "list")]


@pytest.mark.parametrize("command", list(every_command()), ids=lambda command: " ".join(command) or "recado")
def test_help_teaches(command: tuple[str, ...], run: Callable[..., Any]) -> None:
    said = run(*command, "--help")
    assert (said.status, said.err) == (0, "")
    found: click.Command = recado
    for name in command:
        assert isinstance(found, click.Group)
        found = found.get_command(click.Context(found), name) or found
    assert found.help
    assert len(found.help) > 40
    for parameter in found.params:
        if isinstance(parameter, click.Option):
            assert parameter.help
            assert len(parameter.help.split()) > 3


@pytest.mark.parametrize(
    ("raised", "status", "said"),
    [
        (UsageError("no such thing"), 2, "no such thing\n"),
        (WorkError("no answer"), 1, "no answer\n"),
        (FileError(PROBLEMS), 1, "clients.yml:3: three\nclients.yml:7: seven\n"),
        (ConfigurationError(PROBLEMS), 2, "clients.yml:3: three\nclients.yml:7: seven\n"),
        (
            OSError(errno.ENOSPC, "No space left on device", "/w/a.md"),
            1,
            "/w/a.md: No space left on device. Nothing was left half done; mend it and run the command again.\n",
        ),
        (KeyboardInterrupt(), 130, "\nStopped.\n"),
        (click.UsageError("what?"), 2, "Error: what?\n"),
    ],
)
def test_what_is_raised_ends_with_its_status_and_its_sentence(
    raised: BaseException, status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command
    def fails() -> None:
        raise raised

    assert status_of(fails, []) == status
    assert capsys.readouterr().err.endswith(said)


def test_a_bug_shows_its_traceback() -> None:
    @click.command
    def fails() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        status_of(fails, [])


@pytest.mark.parametrize(
    "arguments", [("nonsense",), ("task", "nonsense"), ("task", "list", "--nonsense"), ("task", "show"), ("init",)]
)
def test_wrong_usage_is_status_2_and_says_where_help_is(arguments: tuple[str, ...], run: Callable[..., Any]) -> None:
    said = run(*arguments)
    assert said.status == 2
    assert "--help" in said.err
    assert said.out == ""


@pytest.mark.parametrize("command", [*LISTING, ("ingest",), ("build",), ("serve",), ("task", "show", "ACME-1")], ids=" ".join)
def test_no_workspace_is_status_2_and_says_what_to_do(
    command: tuple[str, ...], run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for more in ((), ("--workspace", tmp_path / "nowhere")):
        said = run(*command, *more)
        assert said.status == 2
        assert "recado init" in said.err
        assert said.err.count("\n") == 1


@pytest.mark.parametrize("command", [*LISTING, ("task", "show", "ACME-1")], ids=" ".join)
def test_json_is_json_and_nothing_else(command: tuple[str, ...], run: Callable[..., Any], workspace: Path) -> None:
    for title in ("Año nuevo [bold]", 'quote " and \\ backslash'):
        run("task", "new", "acme", title, "--workspace", workspace)
    said = run(*command, "--json", "--workspace", workspace)
    assert (said.status, said.err) == (0, "")
    json.loads(said.out)


def test_the_workspace_is_the_one_told_then_the_environments_then_the_nearest_upward(
    run: Callable[..., Any], workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    inside = other / "portal_src" / "acme"
    inside.mkdir(parents=True)
    (other / "clients.yml").write_text((workspace / "clients.yml").read_text().replace("ACME", "OTHER"), encoding="utf-8")
    monkeypatch.chdir(inside)

    def code(*arguments: Any) -> str:
        return str(json.loads(run("client", "list", "--json", *arguments).out)[0]["code"])

    assert code() == "OTHER"
    monkeypatch.setenv("RECADO_WORKSPACE", str(workspace))
    assert code() == "ACME"
    assert code("--workspace", other) == "OTHER"
    monkeypatch.setenv("RECADO_WORKSPACE", str(tmp_path / "nowhere"))
    assert run("client", "list").status == 2


BROKEN = """\
practice:
  name: Marta
  owner: Marta Ruiz
  email: marta
  timezone: Mars/Olympus
  language: en
  country: ES
mailbox:
  address: requests@marta.example
  host: imap.marta.example
  port: many
  user: requests
  password: hunter2-secret
colour: blue
clients:
  acme:
    code: acme
    name: Acme
    senders: ["@gmail.com"]
"""


@pytest.mark.parametrize(
    "command", [("task", "list"), ("client", "list"), ("ingest",), ("build",), ("task", "new", "acme", "x")], ids=" ".join
)
def test_a_broken_practice_is_one_line_a_mistake_and_nothing_is_touched(
    command: tuple[str, ...], run: Callable[..., Any], workspace: Path
) -> None:
    (workspace / "clients.yml").write_text(BROKEN, encoding="utf-8")
    said = run(*command, "--workspace", workspace)
    assert (said.status, said.out) == (2, "")
    lines = said.err.splitlines()
    assert [line.split(":")[:2] for line in lines] == [["clients.yml", str(n)] for n in (4, 5, 11, 13, 14, 17, 19)]
    assert "hunter2" not in said.err
    assert [path.name for path in workspace.iterdir()] == ["clients.yml"]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"clients: [", b"\t- x", b"just words", b"[]"])
def test_a_practice_that_is_none_is_said(content: bytes, run: Callable[..., Any], workspace: Path) -> None:
    (workspace / "clients.yml").write_bytes(content)
    said = run("task", "list", "--workspace", workspace)
    assert said.status == 2
    assert said.err.startswith("clients.yml:")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("0001-a.md", b"---\nstatus: soon\ntitle: a\n---\n"),
        ("0001-a.md", b"---\ntitle: a\n"),
        ("0001-a.md", b"\xff\xfe"),
        ("no-number.md", b"---\ntitle: a\n---\n"),
    ],
)
def test_a_broken_task_is_said_with_its_file_and_line(
    name: str, content: bytes, run: Callable[..., Any], workspace: Path
) -> None:
    tasks = workspace / "portal_src" / "acme" / "tasks"
    tasks.mkdir(parents=True)
    (tasks / name).write_bytes(content)
    for command in (("task", "list"), ("client", "list"), ("build",)):
        said = run(*command, "--workspace", workspace)
        assert said.status == 1
        assert said.err.startswith(f"portal_src/acme/tasks/{name}:")


def test_a_file_in_the_way_is_said(run: Callable[..., Any], workspace: Path) -> None:
    (workspace / "portal_src").write_text("in the way", encoding="utf-8")
    said = run("task", "new", "acme", "Posts", "--workspace", workspace)
    assert said.status == 1
    assert "portal_src" in said.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_said(run: Callable[..., Any], workspace: Path) -> None:
    workspace.chmod(0o500)
    try:
        said = run("task", "new", "acme", "Posts", "--workspace", workspace)
    finally:
        workspace.chmod(0o700)
    assert said.status == 1
    assert "Permission denied" in said.err


def test_a_clock_set_wrong_is_said(run: Callable[..., Any], workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECADO_NOW", "tomorrow")
    said = run("task", "new", "acme", "Posts", "--workspace", workspace)
    assert said.status == 2
    assert "RECADO_NOW is 'tomorrow'" in said.err


def test_the_version_is_said(run: Callable[..., Any]) -> None:
    said = run("--version")
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("recado, version ")


# ---- Real processes ----


def process(*arguments: str, encoding: str = "utf-8", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **environment},
        capture_output=True,
        encoding=encoding,
        check=False,
        timeout=60,
    )


@pytest.mark.e2e
def test_all_ways_in_are_the_same_command(workspace: Path) -> None:
    where = ("--workspace", str(workspace))
    for arguments in (("-m", "recado", "ingest", "--once", *where), ("-m", "ingest", "--once", *where)):
        said = process(*arguments, RECADO_LANGUAGE="en")
        assert said.returncode == 1
        assert "127.0.0.1:1 does not answer" in said.stderr
        assert "Check `mailbox.host`" in said.stderr
        assert "Traceback" not in said.stderr
    assert process("build.py", "--help", RECADO_LANGUAGE="en").stdout.startswith("Usage: python build.py")


@pytest.mark.e2e
def test_a_terminal_without_our_letters_shows_marks_and_its_json_is_whole(workspace: Path) -> None:
    where = ("--workspace", str(workspace))
    plain = {"PYTHONIOENCODING": "iso-8859-1", "RECADO_LANGUAGE": "en"}
    assert process("-m", "recado", "task", "new", "acme", "Año → ✓", *where, RECADO_LANGUAGE="en").returncode == 0
    shown = process("-m", "recado", "task", "list", *where, encoding="iso-8859-1", **plain)
    assert (shown.returncode, "Año ? ?" in shown.stdout) == (0, True)
    found = process("-m", "recado", "task", "list", "--json", *where, encoding="iso-8859-1", **plain)
    assert json.loads(found.stdout)[0]["title"] == "Año → ✓"


@pytest.mark.e2e
def test_a_reader_that_has_seen_enough_gets_no_traceback(workspace: Path) -> None:
    command = f"{sys.executable} -m recado task --help | true; exit ${{PIPESTATUS[1]}}"
    said = subprocess.run(["/bin/bash", "-c", command], cwd=workspace, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.e2e
def test_help_speaks_the_language_of_the_terminal() -> None:
    said = process("-m", "recado", "task", "--help", RECADO_LANGUAGE="es")
    assert "Uso:" in said.stdout
    assert "Your" not in said.stdout
