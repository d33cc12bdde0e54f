"""What the tests of ingest share: a small practice with two clients, and an IMAP server that does as it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scripted_imap import ScriptedImap

from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from recado.model.practice import Practice

PRACTICE = """\
practice:
  name: Marta Ruiz
  owner: Marta Ruiz
  email: marta@marta.example
  timezone: Europe/Madrid
  language: en
  country: ES
  people:
    luis: {name: Luis Gil, email: luis@marta.example}
mailbox:
  address: requests@marta.example
  host: 127.0.0.1
  port: 11143
  security: none
  user: requests
  password: {env: RECADO_IMAP_PASSWORD}
  trust: {authserv_id: mx.marta.example}
clients:
  acme:
    code: ACME
    name: Acme
    contacts:
      - {name: Jane Doe, email: jane@acme.example}
      - {name: Sam Both, email: sam@shared.example}
    senders: ["@acme.example", "@bücher.example"]
  beta:
    code: BETA
    name: Beta
    contacts:
      - {name: Bob, email: bob@beta.example}
      - {name: Sam Both, email: sam@shared.example}
    senders: ["@beta.example", "helper@acme.example"]
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "clients.yml").write_text(PRACTICE, encoding="utf-8")
    return Workspace(tmp_path)


@pytest.fixture
def practice(workspace: Workspace) -> Practice:
    return load_practice(workspace)


@pytest.fixture
def scripted_imap() -> Iterator[Callable[..., ScriptedImap]]:
    """Make scripted servers; they end with the test."""
    servers: list[ScriptedImap] = []

    def make(**how: str) -> ScriptedImap:
        servers.append(ScriptedImap(**how))
        return servers[-1]

    yield make
    for server in servers:
        server.close()
