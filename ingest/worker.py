"""One pass over the inbox: fetch, decide, file, and only then move. What stops in between is met again on the next pass."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ingest.intake import Intake
from ingest.mailbox import Mailbox
from recado.errors import WorkError
from recado.speech import _
from recado.store.lock import locked_or_busy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ingest.intake import Outcome
    from recado.model.practice import Practice
    from recado.model.secret import Revealed
    from recado.store.workspace import Workspace


@contextmanager
def only_worker(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace's ingest lock: one worker at a time. Raises WorkError where another one holds it."""
    with locked_or_busy(workspace.state / "locks" / "ingest.lock") as is_ours:
        if not is_ours:
            raise WorkError(
                _("Another `recado ingest` is already at work in {folder}. Wait for it, or stop it.").format(
                    folder=workspace.root
                )
            )
        yield


def one_pass(workspace: Workspace, practice: Practice, password: Callable[[], Revealed]) -> Iterator[Outcome]:
    """File every mail that waits in the inbox, giving what became of each as soon as it is safe. Raises MailboxError, OSError.

    `password` looks the mailbox's password up. The caller holds `only_worker`.
    """
    with Mailbox(practice.mailbox, password) as mailbox:
        envelopes = mailbox.waiting()
        if not envelopes:
            return
        intake = Intake(workspace, practice)
        for envelope, arrived in mailbox.fetch(envelopes, practice.mailbox.max_message):
            outcome = intake.take(arrived)
            if outcome.is_quarantined:
                mailbox.move_to_quarantine([envelope.uid])
            else:
                mailbox.move_to_done([envelope.uid])
            yield outcome
