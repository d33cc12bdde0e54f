"""What a run does not need is not imported: imports are most of the time of a command that finds nothing to do."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = frozenset(
    {"mkdocs", "jinja2", "babel", "rich", "markdown", "nh3", "PIL", "pydantic", "yaml", "ruamel", "holidays", "idna"}
)
LOAD = (
    "import sys; from pathlib import Path; from recado.store.workspace import Workspace;"
    "from recado.store.practice_file import load_practice; load_practice(Workspace(Path(sys.argv[1])));"
)
SPEAK = "from recado.speech import speak; speak('es');"
HELP = "from recado.cli.frame import status_of; from recado.cli.root import recado; status_of(recado, ['--help']);"
COMMAND = "from recado.cli.frame import status_of; from recado.cli.root import recado; status_of(recado, ['--version']);"


def heavy_after(script: str, *arguments: str, language: str = "en", also: frozenset[str] = frozenset()) -> set[str]:
    """Run a script in a Python of its own, and tell which heavy modules it imported."""
    done = subprocess.run(  # noqa: S603 (this very Python)
        [sys.executable, "-c", f"{script}\nimport sys; print('loaded', *sys.modules)", *arguments],
        env={**os.environ, "RECADO_LANGUAGE": language},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = done.stdout.partition("loaded ")[2].split()
    assert "recado" in loaded
    return {name.partition(".")[0] for name in loaded} & (HEAVY | also)


def test_a_practice_that_was_kept_is_read_without_yaml_and_without_the_checks(workspace: Path) -> None:
    first = heavy_after(LOAD, str(workspace))
    assert "yaml" in first
    assert heavy_after(LOAD, str(workspace)) == set()


def test_words_that_were_compiled_are_read_without_babel() -> None:
    heavy_after(SPEAK)
    assert heavy_after(SPEAK) == set()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_command_itself_needs_click_and_nothing_else(language: str) -> None:
    heavy_after(COMMAND, language=language)
    assert heavy_after(COMMAND, language=language) == set()


def test_help_needs_nothing_of_what_its_commands_do() -> None:
    loaded = heavy_after(HELP, also=frozenset({"cryptography", "bcrypt", "imapclient", "schedule", "watchfiles"}))
    assert loaded == set()


BUILD = (
    "import sys; from recado.cli.frame import status_of; from recado.cli.root import recado;"
    "assert status_of(recado, ['build', '--workspace', sys.argv[1], '--jobs', '1']) == 0;"
)


def test_a_build_with_nothing_to_do_loads_nothing_that_makes_pages(workspace: Path) -> None:
    script = f"{BUILD} assert 'recado.portal.portal_build' not in sys.modules;"
    assert {"jinja2", "babel"} <= heavy_after(BUILD, str(workspace))
    heavy_after(BUILD, str(workspace))  # what was written just before was not settled yet
    assert heavy_after(script, str(workspace)) == set()


def test_a_build_of_one_task_needs_templates_and_dates_and_nothing_more(workspace: Path) -> None:
    task = workspace / "portal_src" / "acme" / "tasks" / "0001-posts.md"
    task.parent.mkdir(parents=True)
    for title in ("Posts", "Other posts"):
        task.write_text(f"---\ntitle: {title}\nstatus: doing\n---\nTwelve of them.\n", encoding="utf-8")
        loaded = heavy_after(BUILD, str(workspace))
    assert loaded == {"jinja2", "babel"}
