"""What stands in a portal's assets, and the digest of what they depend on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from recado.errors import FileError
from recado.portal.assets import assets, assets_inputs
from recado.portal.brand import palette
from recado.portal.file_digests import file_digest
from recado.store.practice_file import load_practice

if TYPE_CHECKING:
    from pathlib import Path

    from recado.model.practice import ClientRecord
    from recado.store.workspace import Workspace

COLOURS = palette(None)


@pytest.fixture
def record(workspace: Workspace) -> ClientRecord:
    record = load_practice(workspace).record("southerly")
    brand = replace(record.client.brand, logo="logo.svg")
    (workspace.root / "logo.svg").write_text("<svg/>")
    return replace(record, client=replace(record.client, brand=brand))


def test_assets_are_the_same_bytes_for_every_portal_but_for_its_brand(workspace: Workspace, record: ClientRecord) -> None:
    other = load_practice(workspace).record("southerly")
    ours, theirs = assets(workspace, record, COLOURS), assets(workspace, other, palette("#aa0000"))
    assert {name for name in ours | theirs if ours.get(name) != theirs.get(name)} == {"logo.svg", "brand.css", "mark.svg"}


def test_inputs_tell_all_that_assets_depend_on(workspace: Workspace, record: ClientRecord) -> None:
    first = assets_inputs(workspace, record, COLOURS)
    assert assets_inputs(workspace, record, palette("#2d5f73")) == first
    assert assets_inputs(workspace, record, palette("#aa0000")) != first
    (workspace.root / "logo.svg").write_text("<svg />")
    second = assets_inputs(workspace, record, COLOURS)
    (workspace.root / "site_templates" / "assets").mkdir(parents=True)
    (workspace.root / "site_templates" / "assets" / "portal.css").write_text("p{}")
    third = assets_inputs(workspace, record, COLOURS)
    assert len({first, second, third}) == 3


def test_a_logo_that_is_not_there_is_told_by_the_assets_and_not_by_their_inputs(
    workspace: Workspace, record: ClientRecord
) -> None:
    before = assets_inputs(workspace, record, COLOURS)
    (workspace.root / "logo.svg").unlink()
    assert assets_inputs(workspace, record, COLOURS) != before
    with pytest.raises(FileError, match=r"logo\.svg is not there"):
        assets(workspace, record, COLOURS)


def test_a_file_written_again_at_once_with_the_same_size_has_another_digest(tmp_path: Path) -> None:
    file = tmp_path / "file"
    seen = set()
    for text in ("one", "two", "six", "ten"):
        file.write_text(text)
        seen.add(file_digest(str(file)))
    assert len(seen) == 4
