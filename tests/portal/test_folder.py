"""The folder in which a portal is made: a file stands there whole, or its build fails."""

from __future__ import annotations

import errno
import resource
from typing import TYPE_CHECKING

import pytest

from recado.portal.folder import Folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def little_room() -> Iterator[int]:
    """Let no file grow beyond so many bytes: as on a full disk, what fits is written, and only the next attempt refused."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    yield 1000
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_for_which_there_is_no_room_is_an_error_and_no_half_of_it(tmp_path: Path, little_room: int) -> None:
    folder = Folder(tmp_path, None)
    folder.write("fits.html", bytes(little_room))
    with pytest.raises(OSError) as refused:  # noqa: PT011 (its number tells)
        folder.write("index.html", bytes(little_room + 1))
    assert refused.value.errno == errno.EFBIG
