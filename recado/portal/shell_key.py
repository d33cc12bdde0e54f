"""What shells depend on, as keys: the templates, the words and what makes pages of them by their content, libraries by version.

Light, for every build asks.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from recado import __version__
from recado.portal.file_digests import file_digest, folder_digests
from recado.portal.program import digest_of
from recado.portal.theme import generator_versions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MAKERS = ("generator.py", "later_words.py", "shell_cut.py", "shell_run.py")


def run_key(templates: tuple[Path, ...], kinds: Mapping[str, str]) -> str:
    """Give the key of what is made without a language. `templates` are the folders of templates, the program's first."""
    told = [__version__, *(f"{name} {version}" for name, version in sorted(generator_versions().items()))]
    told += [f"{kind} {url}" for kind, url in sorted(kinds.items())]
    here = os.path.dirname(__file__)  # noqa: PTH120 (half the time)
    told += [file_digest(os.path.join(here, name)) for name in _MAKERS]  # noqa: PTH118 (half the time)
    for folder in templates:
        told.append("folder")
        for part in ("shells", "theme"):
            told += folder_digests(os.path.join(folder, part), part)  # noqa: PTH118 (half the time)
    return digest_of(*told)


def words_key(templates: tuple[Path, ...], language: str, *, is_formal: bool) -> str:
    """Give the key of the words of a language: of the catalogues in which they are looked up (recado/speech.py)."""
    names = {language, language.split("-")[0]}
    told = [language, str(is_formal)]
    for folder in templates:
        told.append("folder")
        for name in sorted({*names, *(f"{name}@formal" for name in names if is_formal)}):
            file = os.path.join(folder, "translations", f"{name}.po")  # noqa: PTH118 (half the time)
            if os.path.isfile(file):  # noqa: PTH113 (half the time)
                told += [name, file_digest(file)]
    return digest_of(*told)
