"""A password that a client wrote stays in the VA's files; no byte of the portal holds it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from recado.model.secrets_in_text import MASK
from recado.portal.build import BuildOptions, build_portal
from recado.store.practice_file import load_practice

if TYPE_CHECKING:
    from recado.store.workspace import Workspace

OPTIONS = BuildOptions(datetime(2026, 11, 24, 8, 40, tzinfo=UTC))
TASK = """\
---
title: "The password is Zebra2026 for the shop"
status: new
important: true
urgent: true
received: 2026-11-23T09:00:00Z
---
Do what they ask with password: Zebra2026, then tell them.

- [ ] log in, password: Zebra2026
"""
MESSAGE = """\
---
from: Lucía Ferrer <lucia@casatomillo.example>
to: [requests@marta.example]
received: {received}
kind: {kind}
verified: pass
flags: [secret-masked]
---
Can you log in? The password is **Zebra2026**, the card 4111 1111 1111 1111.

<!-- recado: quoted -->
> password: Zebra2026
"""


def test_no_page_index_or_file_name_of_the_portal_holds_it(workspace: Workspace) -> None:
    folder = workspace.client("tomillo")
    task = folder.tasks / "0900-shop-login.md"
    task.write_text(TASK)
    thread = task.with_suffix("")
    thread.mkdir()
    for name, kind, received in (
        ("20261123T090000Z-0badcafe", "request", "2026-11-23T09:00:00Z"),
        ("20261123T100000Z-1badcafe", "outgoing", "2026-11-23T10:00:00Z"),
        ("20261123T110000Z-2badcafe", "reply", "2026-11-23T11:00:00Z"),
    ):
        (thread / f"{name}.md").write_text(MESSAGE.format(kind=kind, received=received))
    build_portal(workspace, load_practice(workspace).record("tomillo"), OPTIONS)
    pages = [file for file in (workspace.site / "tomillo").rglob("*") if file.is_file()]
    shown = {file.name: file.read_bytes() for file in pages}
    assert not [name for name, content in shown.items() if b"Zebra2026" in content or b"4111 1111" in content]
    assert any(MASK.encode() in content for content in shown.values())
    assert "Zebra2026" in task.read_text()
