"""The place of a portal: what stands in the way, and what a killed build left beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from recado.portal.build import BuildOptions, build_practice
from recado.store import exchange
from recado.store.practice_file import load_practice

if TYPE_CHECKING:
    from pathlib import Path

    from recado.store.workspace import Workspace

OPTIONS = BuildOptions(datetime(2026, 11, 24, 8, 40, tzinfo=UTC))


def tree(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_link_in_the_place_of_a_portal_is_told_and_kept_for_a_portal_is_a_folder_of_its_own(workspace: Workspace) -> None:
    practice = load_practice(workspace)
    build_practice(workspace, practice, OPTIONS, ["hale"])
    place = workspace.site / "hale"
    place.rename(workspace.root / "elsewhere")
    place.symlink_to("../elsewhere")
    (error,) = build_practice(workspace, practice, OPTIONS._replace(is_full=True), ["hale"]).errors
    assert "is in the way" in str(error)
    assert [path.name for path in workspace.site.iterdir()] == ["hale"]
    assert place.is_symlink()


def test_a_clients_folder_of_which_nothing_can_be_read_does_not_empty_the_portal_even_when_told_to_keep_going(
    workspace: Workspace,
) -> None:
    practice, root = load_practice(workspace), workspace.client("hale").root
    build_practice(workspace, practice, OPTIONS, ["hale"])
    before = tree(workspace.site / "hale")
    (root / "welcome.md").write_text("Welcome.\n", encoding="utf-8")
    root.rename(workspace.root / "hale")
    root.symlink_to(workspace.root / "hale")
    (error,) = build_practice(workspace, practice, OPTIONS._replace(keep_going=True), ["hale"]).errors
    assert str(error).startswith("portal_src/hale:1: this folder is a link;")
    assert tree(workspace.site / "hale") == before


def test_a_portal_that_a_killed_build_had_put_aside_is_back_though_the_next_one_fails(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where folders cannot be exchanged at one stroke there is a moment between two renames."""
    monkeypatch.setattr(exchange, "_exchange", lambda *_: False)
    practice = load_practice(workspace)
    build_practice(workspace, practice, OPTIONS, ["hale"])
    place = workspace.site / "hale"
    before, rename = tree(place), type(place).rename

    def dies(path: Path, target: Path) -> Path:
        if target == place:
            raise KeyboardInterrupt
        return rename(path, target)

    (workspace.client("hale").root / "welcome.md").write_text("Welcome.\n", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(type(place), "rename", dies)
        with pytest.raises(KeyboardInterrupt):
            build_practice(workspace, practice, OPTIONS, ["hale"])
    assert not place.exists()
    (workspace.client("hale").tasks / "0099-odd.md").write_text("", encoding="utf-8")
    assert build_practice(workspace, practice, OPTIONS, ["hale"]).errors
    assert tree(place) == before
    assert [path.name for path in workspace.site.iterdir()] == ["hale"]
