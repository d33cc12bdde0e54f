"""What shells depend on, as keys: the templates and words by their content, and what makes pages of them by its version.

Light, for every build asks. A file is read once in a process, and again where its stamp changed.
"""

from __future__ import annotations

import hashlib
import os
import time
from typing import TYPE_CHECKING

from recado import __version__
from recado.portal.theme import generator_versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_SETTLED = 50_000_000  # ns: what was written later than this before it was read may be written again under the same stamp
_MAKERS = ("generator.py", "later_words.py", "shell_cut.py", "shell_run.py")


def run_key(templates: tuple[Path, ...], kinds: Mapping[str, str]) -> str:
    """Give the key of what is made without a language. `templates` are the folders of templates, the program's first."""
    told = [__version__, *(f"{name} {version}" for name, version in sorted(generator_versions().items()))]
    told += [f"{kind} {url}" for kind, url in sorted(kinds.items())]
    makers = (os.path.join(os.path.dirname(__file__), name) for name in _MAKERS)  # noqa: PTH118, PTH120 (half the time)
    told += [_content_digest(maker, os.stat(maker)) for maker in makers]  # noqa: PTH116 (half the time)
    for folder in templates:
        told.append("folder")
        for part in ("shells", "theme"):
            told += _contents(os.path.join(folder, part), part)  # noqa: PTH118 (half the time)
    return _digest(told)


def words_key(templates: tuple[Path, ...], language: str, *, is_formal: bool) -> str:
    """Give the key of the words of a language: of the catalogues in which they are looked up (recado/speech.py)."""
    names = {language, language.split("-")[0]}
    told = [language, str(is_formal)]
    for folder in templates:
        told.append("folder")
        for name in sorted({*names, *(f"{name}@formal" for name in names if is_formal)}):
            file = os.path.join(folder, "translations", f"{name}.po")  # noqa: PTH118 (half the time)
            if os.path.isfile(file):  # noqa: PTH113 (half the time)
                told += [name, _content_digest(file, os.stat(file))]  # noqa: PTH116 (half the time)
    return _digest(told)


def _contents(folder: str, within: str) -> Iterator[str]:
    """Give the name and the digest of each file below a folder, in the order of their names."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        name = f"{within}/{entry.name}"
        if entry.is_dir():
            yield from _contents(entry.path, name)
        elif entry.is_file():
            yield name
            yield _content_digest(entry.path, entry.stat())


_known: dict[str, tuple[tuple[int, ...], str]] = {}


def _content_digest(path: str, state: os.stat_result) -> str:
    stamp = (state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
    known = _known.get(path)
    if known is not None and known[0] == stamp:
        return known[1]
    read_at = time.time_ns()
    with open(path, "rb") as stream:  # noqa: PTH123 (half the time)
        digest = hashlib.blake2b(stream.read(), digest_size=16).hexdigest()
    if state.st_ctime_ns + _SETTLED < read_at:
        _known[path] = (stamp, digest)
    else:
        _known.pop(path, None)
    return digest


def _digest(texts: Iterable[str]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for text in texts:
        content = text.encode(errors="surrogateescape")
        digest.update(b"%d " % len(content) + content)
    return digest.hexdigest()
