"""What someone edits while a build is at work: the next build shows it, whatever this one has read of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from recado.portal import build, making
from recado.portal.build import BuildOptions, build_workspace
from recado.portal.standing import state_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    import pytest

    from recado.store.workspace import Workspace

OPTIONS = BuildOptions(datetime(2026, 11, 24, 8, 40, tzinfo=UTC))
LOGO = '<svg xmlns="http://www.w3.org/2000/svg"><title>{}</title></svg>'


def built(workspace: Workspace, told: frozenset[Path] | None = None) -> None:
    assert not build_workspace(workspace, OPTIONS._replace(told=told), keys=["hale"]).errors


def once_after(monkeypatch: pytest.MonkeyPatch, module: object, name: str, edit: Callable[[], object]) -> None:
    """Let an edit happen right after a function of a module was called for the first time."""
    function: Callable[..., Any] = getattr(module, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        monkeypatch.setattr(module, name, function)
        edit()
        return result

    monkeypatch.setattr(module, name, wrapped)


def test_a_client_who_is_taken_out_of_the_practice_while_their_files_are_looked_at(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its record is what clients.yml said when the build began; the next one takes the portal away."""
    built(workspace)
    said = workspace.practice_file.read_text(encoding="utf-8")
    (workspace.client("hale").root / "welcome.md").write_text("Welcome.\n", encoding="utf-8")
    edit = lambda: workspace.practice_file.write_text(said.replace("  hale:", "  dale:"), encoding="utf-8")  # noqa: E731
    once_after(monkeypatch, build, "kept_records", edit)
    built(workspace)
    assert build_workspace(workspace, OPTIONS).errors == ()
    assert sorted(place.name for place in workspace.site.iterdir()) == ["dale", "southerly", "tomillo"]


def test_a_practice_that_is_edited_and_put_back(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    said = workspace.practice_file.read_text(encoding="utf-8")
    edit = lambda: workspace.practice_file.write_text(said.replace("Imogen Hale Coaching", "Hale & Dale"), encoding="utf-8")  # noqa: E731
    once_after(monkeypatch, build, "kept_records", edit)
    built(workspace)
    workspace.practice_file.write_text(said, encoding="utf-8")
    built(workspace)
    assert "Hale &amp; Dale" not in (workspace.site / "hale" / "index.html").read_text(encoding="utf-8")


def test_what_was_built_and_could_not_be_kept_is_no_part_of_what_is_told(workspace: Workspace) -> None:
    """A full disk, say: what is kept is older than the portal, and who watches tells of each change once."""
    built(workspace)
    kept = state_folder(workspace, None, "hale") / "kept"
    content, root = kept.read_bytes(), workspace.client("hale").root
    for name, words in (("welcome.md", "Good to have you here.\n"), ("pages/notes.md", "# Notes\n")):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(words, encoding="utf-8")
        built(workspace, frozenset({root / name}))
        kept.write_bytes(content)
    assert "Good to have you here" in (workspace.site / "hale" / "welcome.html").read_text(encoding="utf-8")


def test_a_logo_that_is_saved_after_it_was_read(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    said = workspace.practice_file.read_text(encoding="utf-8")
    workspace.practice_file.write_text(said.replace("brand: {colour", "brand: {logo: logo.svg, colour"), encoding="utf-8")
    logo = workspace.root / "logo.svg"
    logo.write_text(LOGO.format("old"), encoding="utf-8")
    once_after(monkeypatch, making, "assets", lambda: logo.write_text(LOGO.format("new"), encoding="utf-8"))
    built(workspace)
    built(workspace)
    assert "new" in (workspace.site / "hale" / "assets" / "logo.svg").read_text(encoding="utf-8")
