"""`recado doctor`: a line for every step, what to do, and a status that a script can ask."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from recado.demo.servers import imap_server
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PASSWORD = "only for this test"


@pytest.mark.e2e
def test_a_practice_that_works_ends_with_status_0(
    run: Callable[..., Any], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECADO_IMAP_PASSWORD", PASSWORD)
    with imap_server("requests", PASSWORD) as port:
        file = workspace / "clients.yml"
        file.write_text(file.read_text(encoding="utf-8").replace("port: 1\n", f"port: {port}\n"), encoding="utf-8")
        before = sorted(path for path in workspace.rglob("*") if ".recado" not in path.parts)
        said = run("doctor", "--workspace", workspace)
        as_json = json.loads(run("doctor", "--json", "--workspace", workspace).out)
    assert said.status == 0
    assert said.out.splitlines()[0] == "✓ clients.yml: can be read: 2 clients"
    assert "✓ login: as requests" in said.out
    assert "✓ tasks and messages: can be read: 0 tasks" in said.out
    odd = sum(check["verdict"] == "warning" for check in as_json)
    assert odd >= 1
    assert said.out.rstrip().splitlines()[-1].startswith(f"It works; {odd} thing")
    assert PASSWORD not in said.out
    assert {check["verdict"] for check in as_json} <= {"good", "warning"}
    assert sorted(path for path in workspace.rglob("*") if ".recado" not in path.parts) == before


def test_what_does_not_work_is_status_1_with_what_to_do(
    run: Callable[..., Any], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RECADO_IMAP_PASSWORD", raising=False)
    said = run("doctor", "--workspace", workspace)
    assert said.status == 1
    assert "✗ port: port 1 does not answer" in said.out
    assert "✗ password: not found, kept as {env: RECADO_IMAP_PASSWORD}\n    The environment variable" in said.out
    assert "- login: not looked at" in said.out
    assert said.err.strip() == "2 things do not work."


def test_a_clients_yml_that_cannot_be_used_is_said_and_the_rest_looked_at(run: Callable[..., Any], workspace: Path) -> None:
    file = workspace / "clients.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("code: ACME", "code: acme!"), encoding="utf-8")
    said = run("doctor", "--workspace", workspace)
    assert said.status == 1
    assert "✗ clients.yml: cannot be used\n    clients.yml:" in said.out
    assert "✓ disk:" in said.out
    assert "- mailbox: not looked at" in said.out


def test_a_disk_that_cannot_be_written_and_a_worker_at_work_are_said(run: Callable[..., Any], workspace: Path) -> None:
    from ingest.worker import only_worker  # noqa: PLC0415

    (workspace / "portal_src").write_text("a file in the way", encoding="utf-8")
    with only_worker(Workspace(workspace)):
        said = run("doctor", "--workspace", workspace)
    assert "✗ disk: portal_src cannot be written" in said.out
    assert "✓ worker: a `recado ingest` is at work here" in said.out


def test_files_that_cannot_be_read_are_counted_and_the_first_are_named(run: Callable[..., Any], workspace: Path) -> None:
    tasks = workspace / "portal_src" / "acme" / "tasks"
    tasks.mkdir(parents=True)
    for number in range(1, 6):
        (tasks / f"000{number}-broken.md").write_text("---\ntitle: x\nstatus: begun\n---\n", encoding="utf-8")
    said = run("doctor", "--workspace", workspace)
    assert said.status == 1
    assert "✗ tasks and messages: 5 mistakes in your files\n    portal_src/acme/tasks/0001-broken.md:3: " in said.out
    assert "0004" not in said.out
    assert "`recado build` names them all." in said.out


def test_an_empty_quarantine_is_said_in_its_own_word(
    run: Callable[..., Any], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECADO_LANGUAGE", "es")
    assert "un valor vac" not in run("doctor", "--workspace", workspace).out
