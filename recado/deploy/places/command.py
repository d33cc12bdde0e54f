"""A command of the VA's own, for a host that has one (Netlify, Cloudflare, anything): it is given the folder to publish."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from recado.deploy.own_command import run_own
from recado.deploy.tree import Sent
from recado.deploy.walk import contents_in, differences
from recado.errors import WorkError
from recado.portal.kept_json import read_json, write_json
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from recado.deploy.tree import Tree

_FOLDER = "{folder}"


class CommandPlace:
    """A command that publishes a folder, and is trusted to do so whole."""

    def __init__(self, command: Sequence[str], home: Path, secrets: Collection[str] = ()) -> None:
        """Take the command, the folder in which it runs, and the variables that it is not to see (`run_own`)."""
        self._command = command
        self._home = home
        self._secrets = secrets

    def opened(self) -> AbstractContextManager[CommandPlace]:
        """Give itself: it is always ready."""
        return nullcontext(self)

    def publish(self, tree: Tree) -> Sent:
        """Run the command, unless it published this very tree last. Raises WorkError, AwayError."""
        sent = self.compare(tree)
        if not sent.is_nothing:
            run_own([part.replace(_FOLDER, str(tree.root)) for part in self._command], self._home, self._secrets)
            write_json(tree.scratch / "sent.json", {"command": list(self._command), "sent": contents_in(tree.root)})
        return sent

    def compare(self, tree: Tree) -> Sent:
        """Tell what changed since this very command ran last: another may lead elsewhere. What its host holds is not known."""
        kept = read_json(tree.scratch / "sent.json")
        sent = kept.get("sent", {}) if kept.get("command") == list(self._command) else {}
        wanted = contents_in(tree.root)
        added, changed, removed = differences({path: tuple(content) for path, content in sent.items()}, wanted)
        size = sum(wanted[path][0] for path in (*added, *changed))
        return Sent(tuple(added), tuple(changed), tuple(removed), size=size)

    def roll_back(self) -> str:
        """Refuse: what its host keeps is not known here. Raises WorkError."""
        raise WorkError(_("A place of kind command keeps no older releases here; go back with your host's own means."))
