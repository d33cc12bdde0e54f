"""`recado run` with places that copy the portals to `path`, and do as a file in the workspace says: fail, hang, hold a child.

Run as a program: `copied_places.py WORKSPACE [--json]`. WORKSPACE/places/NAME says what a place does; without it, it copies.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.worker import only_worker
from recado.cli.run import leave
from recado.cli.run_line import only_run, run_line
from recado.cli.run_words import show_json, show_line
from recado.deploy.publishing import PlaceResult
from recado.deploy.tree import AwayError, Sent
from recado.errors import WorkError
from recado.speech import speak, terminal_language
from recado.store.atomic import write_whole
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from recado.model.practice import Practice


FAILURES: dict[str, Exception] = {
    "away": AwayError("The host does not answer."),
    "refused": WorkError("The key is refused."),
    "bug": KeyError("December posts"),
    "full": OSError(28, "No space left on device"),
}


class CopiedPlaces:
    """Publishes by copying each file that is not there as it should be."""

    def __init__(self, root: Path) -> None:
        """Take the workspace's folder."""
        self._root = root

    def __call__(self, practice: Practice, name: str, /) -> PlaceResult:
        """Publish."""
        begun = time.monotonic()
        told = self._root / "places" / name
        doing = told.read_text(encoding="utf-8").strip() if told.exists() else ""
        if practice.places[name].access is None:
            raise WorkError(f"{name} has no `access`.")
        if doing in FAILURES:
            raise FAILURES[doing]
        if doing == "hang":
            (self._root / f"hanging-{name}").touch()
            subprocess.run(["sleep", "600"], check=True)  # noqa: S607 (wherever it stands)
        target = Path(practice.places[name].path or "")
        added, removed = [], []
        site = self._root / "site"
        wanted = {path.relative_to(site): path for path in site.rglob("*") if path.is_file() and path.name != ".portal"}
        for path, source in wanted.items():
            if not (target / path).exists() or (target / path).read_bytes() != source.read_bytes():
                write_whole(target / path, source.read_bytes(), is_lasting=False)
                added.append(str(path))
        for path in [each for each in target.rglob("*") if each.is_file()]:
            if path.relative_to(target) not in wanted:
                path.unlink()
                removed.append(str(path))
        return PlaceResult(
            name, Sent(added=tuple(added), removed=tuple(removed)), tuple(practice.clients), time.monotonic() - begun
        )


def main(root: Path, *, as_json: bool) -> None:
    """Run until told to end."""
    speak(terminal_language())
    workspace = Workspace(root)
    with only_run(workspace), only_worker(workspace):
        run_line(workspace, CopiedPlaces(root), show_json if as_json else show_line)
        leave()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), as_json="--json" in sys.argv)
