"""The door: the same for every portal, in every language that has a catalogue, under a policy that lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

import pytest

from recado.deploy.sealed.door import Door, root_files, the_door
from recado.resources import program_templates

if TYPE_CHECKING:
    from pathlib import Path


def test_a_language_is_added_by_its_catalogue_alone(tmp_path: Path) -> None:
    (tmp_path / "translations").mkdir()
    (tmp_path / "translations" / "pt.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Private pages"\nmsgstr "Páginas privadas"\n\nmsgid "Nothing is here"\nmsgstr "Aqui não há nada"\n\n'
        'msgid "Forget me on this device"\nmsgstr "Esquecer-me neste dispositivo"\n',
        encoding="utf-8",
    )
    door = the_door(tmp_path)
    assert "Páginas privadas" in door.files["door/told.js"].decode()
    assert door.forget["pt"] == "Esquecer-me neste dispositivo"
    assert door.forget["en"] == "Forget me on this device"
    assert "pt" not in the_door().words


def test_every_word_that_a_page_or_a_script_asks_for_is_there(door: Door) -> None:
    folder = program_templates() / "door"
    written = "".join(file.read_text(encoding="utf-8") for file in folder.iterdir())
    asked = set(re.findall(r'data-word="([^"]+)"', written)) | set(re.findall(r"\bsay\(\"([a-z]+)\"", written))
    asked |= set(re.findall(r"words\.([a-z]+)", written)) - {"language"}
    for name in re.findall(r"Told\(\"([a-z]+)\"", written):
        asked |= {name, f"{name} how"}
    assert len(asked) > 20
    assert asked <= door.words["en"].keys()


@pytest.mark.parametrize("name", ["index.html", "door/forget.html"])
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(door: Door, name: str) -> None:
    page = door.files[name].decode()
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in page
    assert "unsafe" not in page
    assert re.findall(r"<style|\bstyle=|\bon[a-z]+=|//", page) == []
    assert re.findall(r"<script>|<script(?! src=)", page) == []
    assert "<!-- " not in page


def test_a_door_of_other_files_is_another_edition(door: Door, tmp_path: Path) -> None:
    (tmp_path / "translations").mkdir()
    (tmp_path / "translations" / "pt.po").write_text('msgid ""\nmsgstr ""\n', encoding="utf-8")
    assert the_door().files == door.files
    assert the_door(tmp_path).files["sw.js"] != door.files["sw.js"]


def test_what_is_above_the_folders_names_no_portal_and_runs_its_one_script(door: Door) -> None:
    files = root_files(door)
    assert files.keys() == {"404.html", "index.html", "robots.txt", ".nojekyll", "_headers"}
    page = files["404.html"]
    (script,) = re.findall(rb"<script>(.*?)</script>", page, re.DOTALL)
    (look,) = re.findall(rb"<style>(.*?)</style>", page, re.DOTALL)
    for kind, content in (("script-src", script), ("style-src", look)):
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        assert f"{kind} 'sha256-{digest}'".encode() in page
        assert f"'sha256-{digest}'".encode() in files["_headers"]
    assert b"<!-- " not in page
    assert b"Disallow: /\n" in files["robots.txt"]


def test_the_scripts_are_small_enough_to_be_read() -> None:
    for file in (program_templates() / "door").glob("*.js"):
        assert len(file.read_text(encoding="utf-8").splitlines()) < 300, file.name
