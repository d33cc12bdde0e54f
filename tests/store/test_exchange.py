"""A finished folder takes another's place at one stroke."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recado.store import exchange
from recado.store.exchange import put_in_place, remove_whole

if TYPE_CHECKING:
    from pathlib import Path


def folder(path: Path, text: str) -> Path:
    path.mkdir()
    (path / "index.html").write_text(text)
    return path


@pytest.mark.parametrize("atomic", [True, False])
def test_the_new_folder_stands_there_and_the_old_one_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, atomic: bool
) -> None:
    if not atomic:
        monkeypatch.setattr(exchange, "_exchange", lambda *_: False)
    place = folder(tmp_path / "acme", "old")
    put_in_place(folder(tmp_path / ".acme.new", "new"), place)
    assert (place / "index.html").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["acme"]


def test_a_first_folder_needs_no_other(tmp_path: Path) -> None:
    put_in_place(folder(tmp_path / ".acme.new", "new"), tmp_path / "acme")
    assert [path.name for path in tmp_path.iterdir()] == ["acme"]


def test_where_the_second_rename_fails_the_old_one_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "_exchange", lambda *_: False)
    place = folder(tmp_path / "acme", "old")
    with pytest.raises(FileNotFoundError):
        put_in_place(tmp_path / "not there", place)
    assert (place / "index.html").read_text() == "old"


def test_a_folder_is_removed(tmp_path: Path) -> None:
    remove_whole(folder(tmp_path / "acme", "old"))
    assert not list(tmp_path.iterdir())
