"""Changing a file that others change too: read, changed, replaced if nobody saved it meanwhile, else read again."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from recado.errors import WorkError
from recado.speech import _
from recado.store.atomic import ChangedUnderUsError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_ATTEMPTS = 5


def edited(file: object, edit: Callable[[], T]) -> T:
    """Give what `edit` gives: it reads a file and puts it back changed, by `replace_if_unchanged`.

    Where someone saved the file in between, their words stay and it is done again. `file` is what the reader knows it by: its
    path, or a task's ref. Raises WorkError where that happens again and again, and what `edit` raises.
    """
    for _attempt in range(_ATTEMPTS):
        with suppress(ChangedUnderUsError):
            return edit()
    raise WorkError(_("{file} is being changed by another program. Close it there and try again.").format(file=file))
