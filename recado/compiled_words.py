"""Catalogues of words (`.po`) in the form that gettext reads, kept beside them in `__pycache__` as Python keeps its own."""

from __future__ import annotations

from contextlib import suppress
from gettext import GNUTranslations
from hashlib import blake2b
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def translations_of(file: Path) -> GNUTranslations:
    """Read a catalogue: what was kept of it while it says the same. Raises FileError, OSError."""
    kept_in = file.with_name("__pycache__") / f"{file.stem}.words"
    # Of this form of ours, of a file of this content: a size and a time may come twice.
    head = b"recado words 2, %s\n" % blake2b(file.read_bytes(), digest_size=16).hexdigest().encode()
    with suppress(OSError, ValueError, UnicodeError, ArithmeticError, LookupError):
        kept = kept_in.read_bytes()
        if kept.startswith(head):
            return GNUTranslations(BytesIO(kept[len(head) :]))
    from recado.word_file import compiled_words  # noqa: PLC0415 (late: it needs Babel, 30 ms, for the first run after a change)

    compiled = compiled_words(file)
    translations = GNUTranslations(BytesIO(compiled))
    with suppress(OSError):  # where it cannot be kept, it is compiled each time
        _keep(kept_in, head + compiled)
    return translations


def _keep(place: Path, content: bytes) -> None:
    from secrets import token_hex  # noqa: PLC0415 (late, as above)

    place.parent.mkdir(exist_ok=True)
    beside = place.with_name(f".{place.name}.{token_hex(6)}.part")
    try:
        beside.write_bytes(content)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)
