"""The workspace: the folder that holds clients.yml, and where everything in it stands."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from recado.errors import UsageError, WorkError
from recado.reasons import reason_of
from recado.speech import _

PRACTICE_FILE = "clients.yml"


@dataclass(frozen=True, slots=True)
class Workspace:
    """The paths of a workspace (DESIGN, section 4). Nothing here says that they exist."""

    root: Path

    @property
    def practice_file(self) -> Path:
        """`clients.yml`."""
        return self.root / PRACTICE_FILE

    @property
    def sources(self) -> Path:
        """`portal_src`: one folder a client, and the private ones that start with an underscore."""
        return self.root / "portal_src"

    @property
    def quarantine(self) -> Path:
        """Mail no one could file."""
        return self.sources / "_quarantine"

    @property
    def templates(self) -> Path | None:
        """The workspace's own templates, where it has any."""
        folder = self.root / "site_templates"
        return folder if folder.is_dir() else None

    @property
    def site(self) -> Path:
        """Where the portals are built."""
        return self.root / "site"

    @property
    def state(self) -> Path:
        """Caches, indexes and locks: `.recado`. It may be deleted at any time."""
        return self.root / ".recado"

    def client(self, key: str) -> ClientFolder:
        """Give one client's folder."""
        return ClientFolder(self.root, key)

    def shown(self, path: Path) -> str:
        """Write a path as errors show it: from the workspace's root where it is inside."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


@dataclass(frozen=True, slots=True)
class ClientFolder:
    """The paths of one client's files.

    `root` is `portal_src/KEY`; `tasks` holds the tasks, and beside each the folder of what hangs on it. Both are asked for many
    times a mail, and made once.
    """

    workspace: Path
    key: str
    root: Path = field(init=False, repr=False, compare=False)
    tasks: Path = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", self.workspace / "portal_src" / self.key)
        object.__setattr__(self, "tasks", self.root / "tasks")

    @property
    def highest(self) -> Path:
        """The highest number ever given to a task."""
        return self.tasks / ".highest"

    @property
    def history(self) -> Path:
        """Every change of status."""
        return self.root / "history.csv"

    @property
    def time(self) -> Path:
        """Time entries, one file a month."""
        return self.root / "time"

    @property
    def invoices(self) -> Path:
        """Invoices, and the drafts of invoices."""
        return self.root / "invoices"

    @property
    def pages(self) -> Path:
        """The VA's own pages for this client."""
        return self.root / "pages"

    @property
    def welcome(self) -> Path:
        """The VA's words of welcome."""
        return self.root / "welcome.md"

    @property
    def lock(self) -> Path:
        """The lock for giving numbers and writing history."""
        return self.workspace / ".recado" / "locks" / f"{self.key}.lock"

    def task_file(self, name: str) -> Path:
        """Give a task's file by its name, `0042-december-posts`."""
        return self.tasks / f"{name}.md"

    def thread(self, name: str) -> Path:
        """Give the folder of what hangs on a task."""
        return self.tasks / name


def practice_content(workspace: Workspace) -> bytes:
    """Read the bytes of clients.yml. Raises WorkError where it cannot be read."""
    try:
        return workspace.practice_file.read_bytes()
    except OSError as error:
        raise WorkError(_("clients.yml cannot be read: {reason}.").format(reason=reason_of(error))) from error


def find_workspace(told: Path | None, *, start: Path | None = None) -> Workspace:
    """Find the workspace: the folder told, else `RECADO_WORKSPACE`, else the nearest folder upward with a clients.yml.

    Raises UsageError where there is none.
    """
    named = told or (Path(value) if (value := os.environ.get("RECADO_WORKSPACE")) else None)
    if named is not None:
        root = named.expanduser().resolve()
        if not (root / PRACTICE_FILE).is_file():
            raise UsageError(
                _("There is no clients.yml in {folder}. `recado init {folder}` makes a workspace there.").format(folder=named)
            )
        return Workspace(root)
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / PRACTICE_FILE).is_file():
            return Workspace(folder)
    raise UsageError(
        _(
            "There is no clients.yml in {folder} or above it. Go to your workspace, or name it with --workspace DIR; "
            "`recado init DIR` makes a new one."
        ).format(folder=here)
    )
