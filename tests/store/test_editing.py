"""A file that others change too: done again while they save it, and left to them where that does not end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recado.errors import WorkError
from recado.store.atomic import replace_if_unchanged
from recado.store.editing import edited

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def edit_of(file: Path, saves: int) -> Callable[[], bytes]:
    """Give an edit that adds a line, and before which someone saves the file so many times."""
    left = saves

    def edit() -> bytes:
        nonlocal left
        read = file.read_bytes()
        if left:
            left -= 1
            file.write_bytes(read + b"hers\n")
        replace_if_unchanged(file, read, read + b"ours\n")
        return read

    return edit


@pytest.mark.parametrize("saves", [0, 1, 4])
def test_what_someone_saved_meanwhile_stays_and_ours_stands_below_it(tmp_path: Path, saves: int) -> None:
    file = tmp_path / "task.md"
    file.write_bytes(b"")
    assert edited(file, edit_of(file, saves)) == b"hers\n" * saves
    assert file.read_bytes() == b"hers\n" * saves + b"ours\n"


def test_a_file_that_is_saved_again_and_again_is_named_and_left(tmp_path: Path) -> None:
    file = tmp_path / "task.md"
    file.write_bytes(b"")
    with pytest.raises(WorkError, match=r"ACME-42 is being changed by another program\. Close it there and try again"):
        edited("ACME-42", edit_of(file, 5))
    assert file.read_bytes() == b"hers\n" * 5


def test_what_else_an_edit_raises_is_raised_at_once(tmp_path: Path) -> None:
    file = tmp_path / "gone.md"
    with pytest.raises(FileNotFoundError):
        edited(file, edit_of(file, 0))
