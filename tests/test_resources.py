"""The program's own files: in a checkout, and in a wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado import resources

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_programs_files_are_found_in_a_checkout() -> None:
    assert (resources.program_templates() / "translations").is_dir()
    assert (resources.demo_practice() / "clients.yml").is_file()
    assert (resources.demo_practice() / "portal_src").is_dir()


def test_the_programs_files_are_found_in_a_wheel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(resources, "_PACKED", tmp_path)
    assert resources.program_templates() == tmp_path / "site_templates"
    assert resources.demo_practice() == tmp_path / "practice"
