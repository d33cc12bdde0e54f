"""What is kept of a client between builds goes with the portal: nobody looks for a client's words in `.recado`."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from recado.portal.build import BuildOptions, build_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from recado.store.workspace import Workspace

OPTIONS = BuildOptions(datetime(2026, 11, 24, 8, 40, tzinfo=UTC))
WORDS = b"Imogen Hale"


def take_out(text: str) -> str:
    return text[: text.index("  hale:")] + text[text.index("  tomillo:") :]


def end(text: str) -> str:
    return text.replace("    code: HALE\n", "    code: HALE\n    ended: 2026-11-01\n")


@pytest.mark.parametrize("change", [take_out, end])
@pytest.mark.parametrize("named", [False, True])
def test_nothing_is_kept_of_a_client_whose_portal_is_taken_away(
    workspace: Workspace, tmp_path: Path, change: Callable[[str], str], *, named: bool
) -> None:
    options = OPTIONS._replace(site=tmp_path / "elsewhere") if named else OPTIONS
    assert not build_workspace(workspace, options).errors
    text = workspace.practice_file.read_text(encoding="utf-8")
    workspace.practice_file.write_text(change(text), encoding="utf-8")
    shutil.rmtree(workspace.client("hale").root)
    assert not build_workspace(workspace, options).errors
    kept = [file for file in workspace.state.rglob("*") if file.is_file() and file != workspace.state / "practice"]
    assert any(b"southerly" in file.read_bytes().lower() for file in kept)
    assert [file for file in kept if WORDS in file.read_bytes()] == []
