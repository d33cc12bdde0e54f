"""Which messages a command is about, and a message as data for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recado.cli.frame import workspace_at
from recado.cli.names import expect_client, task_at
from recado.errors import UsageError
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from recado.model.message import Message
    from recado.model.practice import Practice
    from recado.store.message_search import MessagePlace
    from recado.store.workspace import Workspace


def chosen_places(
    client_key: str | None, task_ref: str | None, folder: Path | None
) -> tuple[Workspace, Practice, Sequence[MessagePlace]]:
    """Find the messages of a client or of a task, or all of them, the newest first. None is opened. Raises UsageError."""
    from recado.store.message_search import message_places  # noqa: PLC0415
    from recado.store.practice_file import load_practice  # noqa: PLC0415
    from recado.store.tasks import find_task  # noqa: PLC0415

    if task_ref is not None:
        workspace, practice, key, ref = task_at(task_ref, folder)
        if client_key not in {None, key}:
            raise UsageError(_("{ref} is a task of {owner}, not of {client}.").format(ref=ref, owner=key, client=client_key))
        places = [place for place in message_places(workspace, practice, [key]) if place.ref == ref]
        if not places:
            find_task(workspace.client(key), ref)  # one without messages is there; else it says that there is none
        return workspace, practice, places
    workspace = workspace_at(folder)
    practice = load_practice(workspace)
    if client_key is not None:
        expect_client(client_key, practice)
    return workspace, practice, message_places(workspace, practice, None if client_key is None else [client_key])


def message_data(workspace: Workspace, place: MessagePlace, each: Message) -> dict[str, Any]:
    """Give a message for other programs."""
    from recado.model.instant import format_instant  # noqa: PLC0415

    return {
        "id": each.id,
        "ref": str(place.ref),
        "client": place.client.key,
        "from": str(each.sender),
        "subject": each.subject,
        "received": format_instant(each.received),
        "kind": each.kind,
        "verified": each.verified,
        "withheld": each.is_withheld,
        "flags": list(each.flags),
        "attachments": list(each.attachments),
        "file": workspace.shown(place.path),
    }
