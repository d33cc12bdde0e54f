"""The practice in force: clients.yml as it was last read whole. It may be edited while a worker goes on for weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.errors import RecadoError
from recado.speech import _
from recado.store.practice_file import load_practice

if TYPE_CHECKING:
    from collections.abc import Callable

    from recado.model.practice import Practice
    from recado.store.workspace import Workspace


class InForce:
    """What clients.yml says, read again where the file changed. While it is broken, the practice before it stays in force."""

    def __init__(self, workspace: Workspace, note: Callable[[str], None]) -> None:
        """Read clients.yml. `note` is told once of each state of the file that cannot be used. Raises what reading raises."""
        self._workspace = workspace
        self._note = note
        self._stamp = self._stamp_now()
        self.practice: Practice = load_practice(workspace)

    def has_changed(self) -> bool:
        """Read the file again where it was written since; tells whether another practice is in force now."""
        stamp = self._stamp_now()
        if stamp == self._stamp:
            return False
        self._stamp = stamp  # taken before it is read: what is written meanwhile is seen next time
        try:
            practice = load_practice(self._workspace)
        except (RecadoError, OSError) as error:
            self._note(f"{error}\n" + _("Until that is put right, clients.yml is used as it was before."))
            return False
        before, self.practice = self.practice, practice
        return practice != before

    def _stamp_now(self) -> tuple[int, ...] | None:
        try:
            now = self._workspace.practice_file.stat()
        except OSError:
            return None
        return now.st_mtime_ns, now.st_ctime_ns, now.st_size, now.st_ino
