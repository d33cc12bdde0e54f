"""What the tests of the command line share: a workspace, and `recado` run in this process as a terminal would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from recado.cli.frame import status_of
from recado.cli.root import recado
from recado.speech import speak

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PRACTICE = """\
practice:
  name: Marta Ruiz
  owner: Marta Ruiz
  email: marta@marta.example
  timezone: Europe/Madrid
  language: en
  country: ES
mailbox:
  address: requests@marta.example
  host: 127.0.0.1
  port: 1
  security: none
  user: requests
  password: {env: RECADO_IMAP_PASSWORD}
services:
  print: {name: Printing}
clients:
  acme:
    code: ACME
    name: Acme
    contacts:
      - {name: Jane Doe, email: jane@acme.example}
  beta:
    code: BETA
    name: Beta
    senders: ["@beta.example"]
"""


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("RECADO_WORKSPACE", "RECADO_NOW", "LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RECADO_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "100")
    yield
    speak(None)  # whatever language a command spoke, the next test hears English


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "practice"
    folder.mkdir()
    (folder / "clients.yml").write_text(PRACTICE, encoding="utf-8")
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run a command; whatever it raises that is no error for the reader fails the test."""

    def run(*arguments: Any) -> Said:
        capsys.readouterr()
        status = status_of(recado, [str(argument) for argument in arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Said(status, said.out, said.err)

    return run
