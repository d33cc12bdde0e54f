"""The workspace: where it is found, and where everything in it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from recado.errors import UsageError
from recado.store.workspace import Workspace, find_workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("RECADO_WORKSPACE", raising=False)
    root = tmp_path / "work"
    (root / "portal_src" / "acme").mkdir(parents=True)
    (root / "clients.yml").touch()
    return root


def test_the_nearest_folder_upward_is_the_workspace(workspace: Path) -> None:
    for start in (workspace, workspace / "portal_src" / "acme"):
        assert find_workspace(None, start=start) == Workspace(workspace)


def test_the_working_directory_is_where_the_search_starts(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace / "portal_src")
    assert find_workspace(None).root == workspace


def test_a_folder_that_is_told_comes_before_the_environment_and_that_before_the_search(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [tmp_path / "one", tmp_path / "two"]
    for other in others:
        other.mkdir()
        (other / "clients.yml").touch()
    monkeypatch.setenv("RECADO_WORKSPACE", str(others[0]))
    assert find_workspace(None, start=workspace).root == others[0]
    assert find_workspace(others[1], start=workspace).root == others[1]


def test_no_workspace_is_wrong_usage_with_the_next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RECADO_WORKSPACE", raising=False)
    with pytest.raises(UsageError, match=r"There is no clients\.yml in .* or above it.*--workspace DIR.*recado init DIR"):
        find_workspace(None, start=tmp_path)
    with pytest.raises(UsageError, match=r"`recado init .*nowhere` makes a workspace there"):
        find_workspace(tmp_path / "nowhere")


def test_paths_are_shown_from_the_root_where_they_are_inside(workspace: Path) -> None:
    found = Workspace(workspace)
    assert found.shown(workspace / "portal_src" / "acme" / "x.md") == "portal_src/acme/x.md"
    assert found.shown(Path("/elsewhere/x.md")) == "/elsewhere/x.md"


def test_everything_stands_where_the_design_says(workspace: Path) -> None:
    found, acme = Workspace(workspace), Workspace(workspace).client("acme")
    here = {name: path.relative_to(workspace).as_posix() for name, path in {
        "practice": found.practice_file, "quarantine": found.quarantine, "site": found.site, "state": found.state,
        "task": acme.task_file("0042-x"), "thread": acme.thread("0042-x"), "history": acme.history, "time": acme.time,
        "invoices": acme.invoices, "pages": acme.pages, "welcome": acme.welcome,
    }.items()}  # fmt: skip
    assert here == {
        "practice": "clients.yml",
        "quarantine": "portal_src/_quarantine",
        "site": "site",
        "state": ".recado",
        "task": "portal_src/acme/tasks/0042-x.md",
        "thread": "portal_src/acme/tasks/0042-x",
        "history": "portal_src/acme/history.csv",
        "time": "portal_src/acme/time",
        "invoices": "portal_src/acme/invoices",
        "pages": "portal_src/acme/pages",
        "welcome": "portal_src/acme/welcome.md",
    }
    assert found.templates is None
    (workspace / "site_templates").mkdir()
    assert found.templates == workspace / "site_templates"
