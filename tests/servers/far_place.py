"""A place of releases as its server has it, and what a deploy tells of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from published import read

from recado.deploy.places.running import run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pytest
    from published import Files

    from recado.deploy.places.running import Ended
    from recado.deploy.tree import Sent


def shown(there: Path) -> Files:
    return read(there / "current")


def releases(there: Path) -> list[str]:
    return sorted(each.name for each in (there / "releases").iterdir())


def is_tidy(there: Path) -> bool:
    """Tell whether nothing is left of a deploy that broke off."""
    names = releases(there)
    return (
        not any(name.startswith(".") for name in names)
        and len(names) <= 5
        and {each.name for each in there.iterdir()} <= {"releases", "current", "server", "whose.txt"}
    )


def told(sent: Sent) -> dict[str, list[str]]:
    return {kind: sorted(paths) for kind, paths in sent._asdict().items() if kind != "size" and paths}


def statistics(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let rsync count what it transfers, and write that down."""
    said: list[str] = []

    def counted(command: Sequence[str], *arguments: object, **named: object) -> Ended:
        ended = run([command[0], "--stats", *command[1:]] if command[0] == "rsync" else command, *arguments, **named)  # type: ignore[arg-type]
        said.extend(ended.output.decode(errors="replace").splitlines())
        return ended

    monkeypatch.setattr("recado.deploy.places.far_folder.run", counted)
    return said
