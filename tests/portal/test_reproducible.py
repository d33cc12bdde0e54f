"""The same input and the same `RECADO_NOW` give the same site, byte for byte, wherever and however it is built."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from marked_practice import write_practice
from portal_builds import build, recado, site_of

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-11-24T08:40:00Z"


@dataclass(frozen=True, slots=True)
class Way:
    """A way to build: what stands around the program, and what it is told."""

    environment: dict[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    umask: int = 0o022
    home: str = "practice"


PLAIN = Way({"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "0"})
# Each of these differs from the plain way in all that it names; together they differ in all that may differ.
WAYS = {
    "at once, elsewhere, abroad": Way(
        {"LC_ALL": "C.UTF-8", "LANG": "es_ES.UTF-8", "RECADO_LANGUAGE": "es", "TZ": "Pacific/Apia", "PYTHONHASHSEED": "42"},
        ("--jobs", "3"),
        0o077,
        "another path/with a blank & año",
    ),
    "in full, as a terminal": Way(
        {"LC_ALL": "POSIX", "LANGUAGE": "tr:en", "TZ": "America/New_York", "PYTHONHASHSEED": "7", "COLUMNS": "40"},
        ("--full",),
        0o007,
    ),
}  # fmt: skip


def copied(source: Path, place: Path, *, backwards: bool) -> Path:
    """Copy a workspace file by file, in the one or the other order, its files' times of no meaning."""
    for number, file in enumerate(sorted((path for path in source.rglob("*") if path.is_file()), reverse=backwards)):
        there = place / file.relative_to(source)
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, there)
        os.utime(there, (1_000_000_000 + number * 977, 1_500_000_000 - number * 31_337))
    return place


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("source")
    write_practice(root)
    return root


@pytest.fixture(scope="module")
def plain(source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return site_built(PLAIN, copied(source, tmp_path_factory.mktemp("plain") / "practice", backwards=False))


def site_built(way: Way, root: Path) -> dict[str, bytes]:
    environment = {"RECADO_NOW": NOW, "HOME": str(root)} | way.environment
    ended = recado("build", *way.arguments, "--workspace", root, environment=environment, umask=way.umask)
    assert (ended.status, ended.err) == (0, "")
    return site_of(root / "site")


@pytest.mark.parametrize("name", WAYS)
def test_the_same_input_gives_the_same_bytes(source: Path, plain: dict[str, bytes], tmp_path: Path, name: str) -> None:
    way = WAYS[name]
    root = copied(source, tmp_path / way.home, backwards=True)
    assert site_built(way, root) == plain


def test_and_again_over_what_is_there_with_or_without_what_was_kept(
    source: Path, plain: dict[str, bytes], tmp_path: Path
) -> None:
    root = copied(source, tmp_path / "practice", backwards=True)
    now = datetime.fromisoformat(NOW)
    for take_away in ((), (), (".recado",), ("site",), (".recado", "site"), (".recado/shells",)):
        for name in take_away:
            shutil.rmtree(root / name)
        assert not build(root, now).errors
        assert site_of(root / "site") == plain, take_away


def test_files_whose_times_moved_and_whose_words_did_not_change_nothing(
    source: Path, plain: dict[str, bytes], tmp_path: Path
) -> None:
    root = copied(source, tmp_path / "practice", backwards=False)
    now = datetime.fromisoformat(NOW)
    build(root, now)
    for number, file in enumerate(path for path in root.glob("portal_src/**/*") if path.is_file()):
        os.utime(file, (1_700_000_000 + number, 1_700_000_000 - number))
    build(root, now)
    assert site_of(root / "site") == plain


def test_no_page_tells_where_it_was_built(plain: dict[str, bytes], tmp_path: Path) -> None:
    place = str(tmp_path.parent.parent).encode()
    assert [name for name, content in plain.items() if place in content] == []
