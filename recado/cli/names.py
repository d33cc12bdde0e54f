"""Finding what a command line names: a task by its ref, a client by its key. What is not there is said, with what is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.cli.frame import workspace_at
from recado.errors import UsageError
from recado.speech import _

if TYPE_CHECKING:
    from pathlib import Path

    from recado.model.practice import Practice
    from recado.model.ref import Ref
    from recado.store.workspace import Workspace


def expect_client(key: str, practice: Practice) -> None:
    """See that a client has this key. Raises UsageError."""
    if key in practice.clients:
        return
    if not practice.clients:
        raise UsageError(_("There is no client {key!r}: clients.yml has none yet.").format(key=key))
    known = ", ".join(practice.clients)
    raise UsageError(_("There is no client {key!r} in clients.yml; there are: {known}.").format(key=key, known=known))


def task_at(ref: str, folder: Path | None) -> tuple[Workspace, Practice, str, Ref]:
    """Find the workspace, the client and the task that a ref names."""
    from recado.model.ref import parse_ref  # noqa: PLC0415
    from recado.store.practice_file import load_practice  # noqa: PLC0415

    workspace = workspace_at(folder)
    practice = load_practice(workspace)
    try:
        parsed = parse_ref(ref)
    except ValueError as error:
        raise UsageError(_("{ref!r} is no ref; expected one such as ACME-42.").format(ref=ref)) from error
    key = practice.key_of_code(parsed.code)
    if key is None:
        codes = ", ".join(client.code for client in practice.clients.values())
        raise UsageError(_("No client has the code {code}; there are: {codes}.").format(code=parsed.code, codes=codes))
    return workspace, practice, key, parsed
