"""clients.yml while a worker goes on: read again where it was written, and the one before where it cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ingest.in_force import InForce
from recado.errors import ConfigurationError

if TYPE_CHECKING:
    from recado.store.workspace import Workspace


@pytest.fixture
def notes() -> list[str]:
    return []


@pytest.fixture
def in_force(workspace: Workspace, notes: list[str]) -> InForce:
    return InForce(workspace, notes.append)


def rewrite(workspace: Workspace, old: str, new: str) -> None:
    text = workspace.practice_file.read_text(encoding="utf-8")
    workspace.practice_file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_file_that_nobody_wrote_is_not_read_again(in_force: InForce, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_workspace: Workspace) -> None:
        raise AssertionError("read")

    monkeypatch.setattr("ingest.in_force.load_practice", never)
    assert not in_force.has_changed()


def test_a_change_is_in_force_once_it_is_noticed(workspace: Workspace, in_force: InForce, notes: list[str]) -> None:
    rewrite(workspace, "name: Acme", "name: Acme and Sons")
    assert in_force.practice.clients["acme"].name == "Acme"
    assert in_force.has_changed()
    assert not in_force.has_changed()
    assert (in_force.practice.clients["acme"].name, notes) == ("Acme and Sons", [])


def test_each_state_that_cannot_be_used_is_said_once_with_its_line(
    workspace: Workspace, in_force: InForce, notes: list[str]
) -> None:
    before = in_force.practice
    rewrite(workspace, "code: ACME", "code: acme!")
    assert [in_force.has_changed() for _again in range(3)] == [False] * 3
    assert in_force.practice is before
    assert len(notes) == 1
    assert notes[0].startswith("clients.yml:")
    rewrite(workspace, "code: acme!", "code: ACME")
    assert not in_force.has_changed()  # what it said before
    assert len(notes) == 1


def test_a_file_that_is_gone_for_a_moment_is_said_and_does_not_end_the_watch(
    workspace: Workspace, in_force: InForce, notes: list[str]
) -> None:
    text = workspace.practice_file.read_text(encoding="utf-8")
    workspace.practice_file.unlink()
    assert not in_force.has_changed()
    assert len(notes) == 1
    assert "clients.yml cannot be read" in notes[0]
    workspace.practice_file.write_text(text.replace("name: Acme", "name: New"), encoding="utf-8")
    assert in_force.has_changed()


def test_a_file_that_is_broken_from_the_start_is_an_error(workspace: Workspace, notes: list[str]) -> None:
    rewrite(workspace, "code: ACME", "code: acme!")
    with pytest.raises(ConfigurationError):
        InForce(workspace, notes.append)
