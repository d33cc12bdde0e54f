"""A scene: one kind of mail at one kind of server, with all as it was before the fault, to be begun as often as wanted."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fault_runner import Ended, Fault, Order, Runner
from imap_twin import SENT
from mail_kinds import MailKind, finish_first_task, new_workspace, received
from verdict import Delivered, told

from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from imap_twin import ImapTwin

    from recado.model.practice import Practice

SERVERS = {"move": True, "no move": False}


@dataclass(slots=True)
class Scene:
    """What a run of a fault needs. `steps` are those of the pass without a fault, `undisturbed` what its files say then."""

    runner: Runner
    twin: ImapTwin
    kind: MailKind
    root: Path
    practice: Practice
    mails: list[Delivered]
    steps: tuple[str, ...]
    undisturbed: list[object]
    now: datetime

    def begin(self, name: str) -> Workspace:
        """Put a fresh copy of the workspace in place, and the mail into the inbox."""
        root = self.root / name
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(self.root / "template", root)
        self.twin.clear()
        for place, raw in enumerate(self.kind.waiting, len(self.kind.before)):
            self.twin.deliver(raw, received(place))
        for place, raw in enumerate(self.kind.sent, 30):
            self.twin.deliver(raw, received(place), SENT)
        return Workspace(root)

    def run(self, workspace: Workspace, fault: Fault = Fault.NONE, step: str = "", nth: int = 1, **how: bool | str) -> Ended:
        order = Order(str(workspace.root), self.twin.port, fault, step, nth, **how)  # type: ignore[arg-type] # names of Order
        return self.runner.run(order)


def new_scene(runner: Runner, twin: ImapTwin, kind: MailKind, root: Path) -> Scene:
    """File what came before, then make the pass once without a fault: its steps, and what its files say."""
    template = new_workspace(root / "template", twin.port)
    practice = load_practice(template)
    mails = [Delivered.of(raw) for raw in (*kind.before, *kind.waiting, *kind.sent)]
    scene = Scene(runner, twin, kind, root, practice, mails, (), [], received(60))
    twin.clear()
    for place, raw in enumerate(kind.before):
        twin.deliver(raw, received(place))
    before = scene.run(template)
    assert before.how == "done", before
    if kind.is_done:
        finish_first_task(template)
    workspace = scene.begin("undisturbed")
    ended = scene.run(workspace)
    assert ended.how == "done", ended
    scene.steps = ended.steps
    scene.undisturbed = told(workspace, practice)
    return scene
