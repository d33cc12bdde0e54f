"""Whether the workspace stands on firm ground: it can be written, there is room, and who is at work in it now."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from recado.model.check import Check, Verdict
from recado.reasons import reason_of
from recado.speech import _, ngettext, pgettext
from recado.store.atomic import write_whole
from recado.store.lock import locked_or_busy
from recado.store.quarantine import quarantined_mails

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recado.store.workspace import Workspace

_MUCH, _ENOUGH = 1_000_000_000, 100_000_000  # bytes: below the first it is said, below the second nothing can be promised


def check_footing(workspace: Workspace) -> Iterator[Check]:
    """Look at the disk, the locks and the quarantine. Never raises for what it finds."""
    yield _writing(workspace)
    yield _room(workspace)
    yield _worker(workspace)
    yield _quarantine(workspace)


def _writing(workspace: Workspace) -> Check:
    subject = _("disk")
    try:
        for folder in (workspace.state, workspace.sources if workspace.sources.exists() else workspace.root):
            probe = folder / f".probe-{os.getpid()}.part"
            write_whole(probe, b"")
            probe.unlink()
    except OSError as error:
        said = _("{place} cannot be written ({reason})").format(place=workspace.shown(folder), reason=reason_of(error))
        return Check(subject, Verdict.BAD, said, _("Mail stays in the inbox until it can. Check whose the folder is."))
    return Check(subject, Verdict.GOOD, _("{folder} can be written").format(folder=workspace.root))


def _room(workspace: Workspace) -> Check:
    free = shutil.disk_usage(workspace.root).free
    said = _("{number} MB are free").format(number=free // 1_000_000)
    if free >= _MUCH:
        return Check(_("disk"), Verdict.GOOD, said)
    verdict = Verdict.WARNING if free >= _ENOUGH else Verdict.BAD
    return Check(_("disk"), verdict, said, _("Make room: mail that cannot be written stays in the inbox."))


def _worker(workspace: Workspace) -> Check:
    subject = _("worker")
    try:
        with locked_or_busy(workspace.state / "locks" / "ingest.lock") as is_free:
            if is_free:
                return Check(subject, Verdict.GOOD, _("no `recado ingest` is at work now"))
    except OSError as error:
        said = _("no lock can be taken ({reason})").format(reason=reason_of(error))
        return Check(subject, Verdict.BAD, said, _("Check whose {folder} is.").format(folder=workspace.state))
    return Check(subject, Verdict.GOOD, _("a `recado ingest` is at work here"))


def _quarantine(workspace: Workspace) -> Check:
    number = len(quarantined_mails(workspace))
    if not number:
        return Check(_("quarantine"), Verdict.GOOD, pgettext("quarantine", "empty"))
    said = ngettext("{number} mail waits for you", "{number} mails wait for you", number).format(number=number)
    return Check(_("quarantine"), Verdict.WARNING, said, _("`recado quarantine list` shows them."))
