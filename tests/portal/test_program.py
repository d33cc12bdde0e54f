"""What every page depends on: a change of it is seen, and nothing in a folder of templates ends a build."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from recado.portal.program import program_inputs

if TYPE_CHECKING:
    from pathlib import Path

    from recado.store.workspace import Workspace


@pytest.fixture
def parts(workspace: Workspace) -> Path:
    folder = workspace.root / "site_templates" / "parts"
    folder.mkdir(parents=True)
    (folder / "home.html.j2").write_text("{% block content %}{% endblock %}", encoding="utf-8")
    return folder


def test_another_template_gives_another_digest(workspace: Workspace, parts: Path) -> None:
    before = program_inputs(workspace)
    assert program_inputs(workspace) == before
    (parts / "home.html.j2").write_text("{% block content %}Hello{% endblock %}", encoding="utf-8")
    assert program_inputs(workspace) != before


def test_a_template_rewritten_with_its_size_and_its_time_put_back_is_another(workspace: Workspace, parts: Path) -> None:
    template = parts / "home.html.j2"
    before, found = program_inputs(workspace), template.stat()
    template.write_text(template.read_text(encoding="utf-8").replace("content", "contact"), encoding="utf-8")
    os.utime(template, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert template.stat().st_size == found.st_size
    assert program_inputs(workspace) != before


@pytest.mark.parametrize("target", ["nowhere", ".", "loop"])
def test_a_link_that_leads_nowhere_or_round_in_a_circle_is_no_mistake(workspace: Workspace, parts: Path, target: str) -> None:
    (parts / "loop").symlink_to(target)
    before = program_inputs(workspace)
    assert program_inputs(workspace) == before
    (parts / "home.html.j2").write_text("{% block content %}Hello{% endblock %}", encoding="utf-8")
    assert program_inputs(workspace) != before
