"""`recado status` in every state: for a person, for programs, for monitors."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from recado.running.standing import (
    BuildsStand,
    MailboxStands,
    PlaceStands,
    Standing,
    instant,
    lock_file,
    standing_file,
    written,
)
from recado.store.lock import locked
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Run = Callable[..., Any]


def ago(**time: float) -> str:
    return instant(datetime.now(UTC) - timedelta(**time))


def well() -> Standing:
    return Standing(
        pid=4711,
        version="0.1.0",
        since=ago(hours=3),
        at=ago(seconds=5),
        mailbox=MailboxStands("requests@marta.example", "127.0.0.1", is_connected=True, looked=ago(seconds=70), filed=2),
        builds=BuildsStand(at=ago(seconds=130)),
        places={"web": PlaceStands(held=ago(minutes=50)), "pages": PlaceStands()},
    )


def keep(workspace: Path, standing: Standing) -> None:
    file = standing_file(Workspace(workspace))
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(written(standing))


@pytest.fixture
def alive(workspace: Path) -> Iterator[None]:
    with locked(lock_file(Workspace(workspace))):
        yield


def test_without_a_run_it_says_how_to_start_one(run: Run, workspace: Path) -> None:
    said = run("status", "--workspace", workspace)
    assert said.status == 0
    assert said.out == (
        "Nothing runs here, and nothing has yet.\nStart it here: recado run. Have it start by itself: recado service install.\n"
    )
    assert not (workspace / ".recado").exists()


@pytest.mark.usefixtures("alive")
def test_a_run_that_is_well_is_told_in_a_line_for_each_of_its_parts(run: Run, workspace: Path) -> None:
    keep(workspace, well())
    out = run("status", "--workspace", workspace).out.splitlines()
    assert out == [
        "Recado 0.1.0 has run for 3 hours (process 4711).",
        "✓ mail         requests@marta.example: looked through 1 minute ago, 2 mails filed since the start",
        "✓ portals      as your files say; looked at 2 minutes ago",
        "✓ place web    holds what was built; seen 50 minutes ago",
        "- place pages  not published yet",
    ]
    said = run("status", "--check", "--workspace", workspace)
    assert (said.status, said.out) == (0, "OK: mail, portals and 2 places\n")


@pytest.mark.usefixtures("alive")
def test_what_is_wrong_stands_at_its_part_and_a_monitor_hears_it_in_one_line(run: Run, workspace: Path) -> None:
    places = {"web": PlaceStands(held=ago(minutes=50), trouble="The host\ndoes not answer.", since=ago(minutes=4))}
    mistakes = ["a.md:4: odd", "b.md:5: odd"]
    keep(workspace, replace(well(), places=places, builds=BuildsStand(at=ago(seconds=1), trouble={"acme": mistakes})))
    out = run("status", "--workspace", workspace).out
    assert "✗ portals    a.md:4: odd\n             b.md:5: odd\n             all others are as your files say" in out
    assert "✗ place web  The host\n             does not answer.\n             holds what was built" in out
    assert out.endswith("The log is in .recado/log/run.jsonl.\n")
    said = run("status", "--check", "--workspace", workspace)
    assert said.status == 1
    assert said.out == ("TROUBLE: portals: a.md:4: odd · portals: b.md:5: odd · place web: The host does not answer.\n")


@pytest.mark.usefixtures("alive")
def test_while_clients_yml_cannot_be_read_no_portal_is_said_to_be_as_the_files_say(run: Run, workspace: Path) -> None:
    keep(workspace, replace(well(), builds=BuildsStand(at=ago(seconds=1), everywhere=["clients.yml:5: odd"])))
    out = run("status", "--workspace", workspace).out
    assert "✗ portals      clients.yml:5: odd\n               until this is put right, what was built before stays" in out
    assert "as your files say" not in out


@pytest.mark.usefixtures("alive")
def test_a_run_that_says_nothing_any_more_is_trouble(run: Run, workspace: Path) -> None:
    keep(workspace, replace(well(), at=ago(minutes=10)))
    said = run("status", "--check", "--workspace", workspace)
    assert (said.status, said.out) == (1, "TROUBLE: run: it has said nothing for 10 minutes; it may hang\n")


@pytest.mark.parametrize(
    ("ended", "words"), [(False, "The last run did not end by itself"), (True, "the last run ended 2 days ago")]
)
def test_a_run_that_ended_or_died_is_told_by_its_lock_and_not_by_its_number(
    run: Run, workspace: Path, *, ended: bool, words: str
) -> None:
    keep(workspace, replace(well(), pid=1, ended=ago(hours=49, minutes=1) if ended else ""))
    out = run("status", "--workspace", workspace).out
    assert words in out
    assert "recado service install" in out
    said = run("status", "--check", "--workspace", workspace)
    assert said.status == 1
    assert said.out.startswith("NOT RUNNING: ")
    assert said.out.count("\n") == 1


@pytest.mark.parametrize("content", [b"{", b'{"format": 99}', b"\xff\xfe"])
def test_what_another_version_kept_is_no_error(run: Run, workspace: Path, content: bytes) -> None:
    keep(workspace, well())
    standing_file(Workspace(workspace)).write_bytes(content)
    said = run("status", "--workspace", workspace)
    assert said.status == 0
    assert "another version of Recado wrote it" in said.out
    assert run("status", "--check", "--workspace", workspace).status == 1


@pytest.mark.usefixtures("alive")
def test_programs_are_given_json(run: Run, workspace: Path) -> None:
    keep(workspace, replace(well(), trouble="No space left."))
    told = json.loads(run("status", "--json", "--workspace", workspace).out)
    assert (told["life"], told["is_well"], told["wrong"]) == ("running", False, [{"what": "run", "said": "No space left."}])
    assert told["run"]["places"]["web"]["held"]


def test_without_a_workspace_the_status_is_two(run: Run, tmp_path: Path) -> None:
    assert run("status", "--check", "--workspace", tmp_path / "nowhere").status == 2
