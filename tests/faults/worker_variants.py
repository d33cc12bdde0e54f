"""Workers that a verdict must tell apart: the real one, and those that break a rule of filing exactly once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.filed import Filed
from ingest.intake import Intake, Outcome
from ingest.mailbox import Mailbox
from ingest.worker import one_pass
from recado.store import atomic, batch
from recado.store.steps import Step, reached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from recado.model.practice import Practice
    from recado.model.secret import Revealed
    from recado.store.workspace import Workspace

__all__ = ["knows_no_repeats", "moves_first", "one_pass", "writes_attachments_last"]


def moves_first(workspace: Workspace, practice: Practice, password: Callable[[], Revealed]) -> Iterator[Outcome]:
    """Move a mail before it is filed."""
    with Mailbox(practice.mailbox, password) as mailbox:
        intake = Intake(workspace, practice)
        for envelope, arrived in mailbox.fetch(mailbox.waiting(), practice.mailbox.max_message):
            mailbox.move_to_done([envelope.uid])
            reached(Step.MOVED)
            yield intake.take(arrived)


def knows_no_repeats(workspace: Workspace, practice: Practice, password: Callable[[], Revealed]) -> Iterator[Outcome]:
    """File every mail that waits, whether it was filed before or not."""

    def where(_self: Filed, *_mail: object) -> str | None:
        return None

    setattr(Filed, "where", where)  # noqa: B010 (in this process alone; mypy has no word for it)
    yield from one_pass(workspace, practice, password)


def writes_attachments_last(workspace: Workspace, practice: Practice, password: Callable[[], Revealed]) -> Iterator[Outcome]:
    """Write a message before its attachments."""
    put_off: list[tuple[Path, Path]] = []

    def place_new(beside: Path, path: Path) -> bool:
        if path.parent.name == "files":
            put_off.append((beside, path))
            return True
        is_new = atomic.place_new(beside, path)
        reached(Step.MADE_ASIDE)
        while put_off:
            atomic.place_new(*put_off.pop())
        return is_new

    batch.place_new = place_new  # type: ignore[attr-defined] # what a batch places with
    yield from one_pass(workspace, practice, password)
