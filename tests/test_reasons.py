"""What the operating system refused is told in the reader's words."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import pytest

from recado.reasons import reason_of
from recado.speech import speak

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _in_english_again() -> Iterator[None]:
    yield
    speak("en")


@pytest.mark.parametrize(
    ("error", "english", "spanish"),
    [
        (OSError(errno.ENOSPC, "x", "/w/a.md"), "No space left on device", "No queda espacio en el disco"),
        (PermissionError(errno.EACCES, "x"), "Permission denied", "No hay permiso"),
        (OSError(errno.ENOTEMPTY, "x"), "Directory not empty", "Directory not empty"),
        (OSError("a reason of a library's own"), "a reason of a library's own", "a reason of a library's own"),
        (OSError(-2, "Name or service not known"), "Name or service not known", "Name or service not known"),
    ],
)
def test_a_reason_is_said_without_its_number_and_in_the_readers_language(error: OSError, english: str, spanish: str) -> None:
    speak("en")
    assert reason_of(error) == english
    speak("es")
    assert reason_of(error) == spanish
