"""A built portal that someone touched: the next build goes on, and makes again what is not there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from recado.portal.build import BuildOptions, build_workspace

if TYPE_CHECKING:
    from recado.store.workspace import Workspace

OPTIONS = BuildOptions(datetime(2026, 11, 24, 8, 40, tzinfo=UTC))
FILES = ("assets/portal.css", "assets/brand.css", "assets/search.json", "index.html", "requests/hale-14.html", "sitemap.xml")


@pytest.mark.parametrize("path", FILES)
def test_a_file_that_was_deleted_by_hand_is_there_again_once_something_is_built(workspace: Workspace, path: str) -> None:
    assert not build_workspace(workspace, OPTIONS, keys=["hale"]).errors
    file = workspace.site / "hale" / path
    before = file.read_bytes()
    file.unlink()
    (workspace.client("hale").root / "welcome.md").write_text("Good to have you here.\n", encoding="utf-8")
    assert not build_workspace(workspace, OPTIONS, keys=["hale"]).errors
    assert file.read_bytes() == before


def test_a_full_build_uses_no_thumbnail_that_was_kept(workspace: Workspace) -> None:
    assert not build_workspace(workspace, OPTIONS, keys=["tomillo"]).errors
    (thumbnail,) = (workspace.site / "tomillo").rglob("thumbnail~*.webp")
    content = thumbnail.read_bytes()
    for kept in (workspace.state / "thumbnails").iterdir():
        kept.write_bytes(kept.read_bytes().replace(content, bytes(len(content))))
    assert not build_workspace(workspace, OPTIONS._replace(is_full=True), keys=["tomillo"]).errors
    assert thumbnail.read_bytes() == content
