"""What was compiled of a template is kept beside it, and never taken for anything that it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jinja2 import Environment, FileSystemLoader

from recado.portal.compiled_parts import CompiledParts

if TYPE_CHECKING:
    from pathlib import Path


def rendered(folder: Path, own: Path | None = None) -> str:
    """Render with an environment of its own, as another process would."""
    kept = CompiledParts(own or folder)
    return Environment(loader=FileSystemLoader(folder), bytecode_cache=kept, autoescape=True).get_template("a.j2").render()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.j2").write_text("one {{ 1 + 1 }}")
    return tmp_path


def code(folder: Path) -> Path:
    return folder / "__pycache__" / "a.j2.code"


def test_a_template_is_compiled_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rendered(folder) == "one 2"
    monkeypatch.setattr(Environment, "compile", None)
    assert rendered(folder) == "one 2"


def test_a_template_that_changed_is_compiled_again(folder: Path) -> None:
    assert rendered(folder) == "one 2"
    (folder / "a.j2").write_text("two {{ 1 + 1 }}")
    assert rendered(folder) == "two 2"


@pytest.mark.parametrize("length", [0, 1, 31, 32, 33, 60, -1])
def test_code_that_is_not_whole_is_not_taken(folder: Path, length: int) -> None:
    rendered(folder)
    code(folder).write_bytes(code(folder).read_bytes()[:length])
    assert rendered(folder) == "one 2"


def test_code_of_another_template_is_not_taken(folder: Path, tmp_path: Path) -> None:
    rendered(folder)
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.j2").write_text("one {{ 1 + 1 }}")
    code(other).parent.mkdir()
    code(other).write_bytes(code(folder).read_bytes())
    before = code(other).read_bytes()
    assert rendered(other) == "one 2"
    assert code(other).read_bytes() != before


def test_nothing_is_kept_of_a_template_that_stands_elsewhere_nor_taken_from_beside_it(folder: Path, tmp_path: Path) -> None:
    rendered(folder)
    kept = code(folder).read_bytes()
    code(folder).write_bytes(b"x")
    assert rendered(folder, own=tmp_path / "program") == "one 2"
    assert code(folder).read_bytes() == b"x" != kept


def test_where_nothing_can_be_kept_it_is_rendered_all_the_same(folder: Path) -> None:
    (folder / "__pycache__").write_text("in the way")
    assert rendered(folder) == "one 2"
