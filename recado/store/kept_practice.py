"""The practice as it was made of clients.yml, kept in `.recado/practice`: a file that did not change is not checked again."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from recado.store.kept_value import program_digest, read_kept, write_kept

if TYPE_CHECKING:
    from pathlib import Path

    from recado.model.practice import Practice
    from recado.store.workspace import Workspace

_MODEL = "recado.model"


def kept_practice(workspace: Workspace, content: bytes) -> Practice | None:
    """Give the practice that was made of these bytes of clients.yml; None where it must be made."""
    kept = read_kept(_file(workspace), _key(content), (_MODEL,))
    # By its name: where nothing is kept, the model is not imported for this question.
    return cast("Practice", kept) if kept is not None and type(kept).__name__ == "Practice" else None


def keep_practice(workspace: Workspace, content: bytes, practice: Practice) -> None:
    """Keep what was made of these bytes. One with mistakes is never made, and so never kept."""
    write_kept(_file(workspace), _key(content), practice)


def _file(workspace: Workspace) -> Path:
    return workspace.state / "practice"


def _key(content: bytes) -> bytes:
    return program_digest("model", "store") + content
