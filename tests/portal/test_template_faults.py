"""Mistakes in a workspace's own templates: each a line with its file, and never a traceback."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from recado.errors import FileError, RecadoError
from recado.model.client_work import ClientWork
from recado.portal.brand import palette
from recado.portal.reader import Reader
from recado.portal.site import finished_pages
from recado.resources import demo_practice, program_templates
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)
HOME = "---\ntitle: Home\nicon: material/home-outline\n---\n"


def mistake(folder: Path, file: str, text: str) -> str:
    """Build a portal with a template of the workspace's own, and give what is said of it."""
    overrides = folder / "site_templates"
    (overrides / file).parent.mkdir(parents=True)
    (overrides / file).write_text(text)
    record = load_practice(Workspace(demo_practice())).record("southerly")
    with pytest.raises(FileError) as raised:
        dict(finished_pages(ClientWork(record), Reader.of(record, NOW, overrides), palette(None), overrides=overrides))
    return str(raised.value)


USED, SLOT = "this template cannot be used: ", "has no block of its name in "


@pytest.mark.parametrize(
    ("file", "text", "line", "said"),
    [
        ("parts/home.html.j2", "{% block brief %}\n{% if %}\n{% endblock %}", 2, USED),
        ("parts/home.html.j2", "{% block brief %}\n{{ page.nothing }}\n{% endblock %}", 2, USED),
        ("parts/home.html.j2", "{% block brief %}\n\n{{ 1 + 'x' }}\n{% endblock %}", 3, f"{USED}TypeError"),
        ("parts/home.html.j2", "\n{% block brief %}{% include 'no.j2' %}{% endblock %}", 2, "asks for another, no.j2,"),
        ("parts/home.html.j2", "{% block brief %}{{ 1 | nofilter }}{% endblock %}", 1, USED),
        ("parts/home.html.j2", "{% block brief %}x{% endblock %}", 1, f"the slot main {SLOT}parts/home.html.j2; expected"),
        ("shells/home.md.j2", f'{HOME}<p>{{{{ slot("briefly") }}}}</p>', 5, f"the slot briefly {SLOT}parts/home.html.j2"),
        ("shells/home.md.j2", HOME + "{{ slot( }}", 5, USED),
        ("shells/home.md.j2", HOME + "{{ nothing }}", 5, f"{USED}'nothing' is undefined"),
        ("shells/home.md.j2", HOME + "{{ slot() }}", 5, f"{USED}TypeError"),
        ("shells/home.md.j2", "---\ntitle: Home\n---\nx", 1, "`icon` is missing; expected an icon of the theme"),
        ("shells/home.md.j2", "---\ntitle: x\nicon: x/y\n---\nx", 3, "`icon` is x/y; expected an icon of the theme"),
        ("shells/home.md.j2", "Home", 1, "`icon` is missing"),
        ("theme/main.html", "x\n{% if %}", 2, USED),
        ("theme/partials/footer.html", "\n\n{{ nothing.at.all }}", 3, USED),
    ],
)
def test_a_mistake_in_an_own_template_is_told_with_its_file_and_line(
    tmp_path: Path, file: str, text: str, line: int, said: str
) -> None:
    told = mistake(tmp_path, file, text)
    assert told.startswith(f"site_templates/{file}:{line}: ")
    assert said in told


def test_what_the_programs_own_templates_miss_in_one_of_them_is_told_too(tmp_path: Path) -> None:
    told = mistake(tmp_path, "parts/macros/say.html.j2", "{% macro other(x) %}{% endmacro %}")
    assert told.startswith("site_templates/parts/home.html.j2:")
    assert "macros/say.html.j2" in told


def test_own_templates_like_the_programs_are_no_mistake(tmp_path: Path) -> None:
    overrides = tmp_path / "site_templates"
    shutil.copytree(program_templates(), overrides)
    record = load_practice(Workspace(demo_practice())).record("southerly")
    try:
        pages = dict(finished_pages(ClientWork(record), Reader.of(record, NOW, overrides), palette(None), overrides=overrides))
    except RecadoError as error:
        pytest.fail(str(error))
    assert "index.html" in pages
