"""What the tests of ingest share: a small practice with two clients, and an IMAP server that does as it is told."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedRWPair
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


class ScriptedImap:
    """An IMAP server on loopback that does as a test tells it: what it can do, where it stops, and what was asked of it.

    `folders` holds each folder's mails by UID. `refuses`, `hangs_up_at`, `hangs_at` and `repeats` (it says the command again
    and goes) name commands (`UID FETCH`, `LOGIN`, or `greeting`).
    """

    def __init__(self, *, capabilities: str = "", prefix: str = "", separator: str = "/") -> None:
        self.capabilities = f"IMAP4rev1 {capabilities}".strip()
        self.prefix, self.separator = prefix, separator
        self.folders: dict[str, dict[int, bytes]] = {"INBOX": {}}
        self.deleted: set[int] = set()
        self.commands: list[str] = []
        self.refuses = self.hangs_up_at = self.hangs_at = self.repeats = ""
        self.went_away: set[int] = set()
        self.was_asked = threading.Event()
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        self._ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._talk, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError), connection, connection.makefile("rwb") as stream:
            if not self._goes_on("greeting"):
                return
            self._write(stream, f"* OK [CAPABILITY {self.capabilities}] ready")
            for line in stream:
                tag, _, said = line.decode("latin-1").strip().partition(" ")
                words = said.split(" ")
                command = " ".join(words[: 2 if words[0].upper() == "UID" else 1]).upper()
                self.commands.append(said)
                if not self._goes_on(command):
                    return
                if command == self.repeats:
                    self._write(stream, f"* BYE what is {said}?")
                    return
                if command == self.refuses:
                    self._write(stream, f"{tag} NO not here")
                    continue
                self._answer(stream, command, words)
                self._write(stream, f"{tag} OK done")
                if command == "LOGOUT":
                    return

    def _goes_on(self, command: str) -> bool:
        if command == self.hangs_at:
            self.was_asked.set()
            self._ended.wait(30)
            return False
        return command != self.hangs_up_at

    def _answer(self, stream: BufferedRWPair, command: str, words: list[str]) -> None:
        name = words[-1].strip('"')
        lines = {
            "CAPABILITY": [f"* CAPABILITY {self.capabilities}"],
            "NAMESPACE": [f'* NAMESPACE (("{self.prefix}" "{self.separator}")) NIL NIL'],
            "LIST": [f'* LIST () "{self.separator}" "{name}"'] if name in self.folders else [],
            "SELECT": [f"* {len(self.folders.get(name, {}))} EXISTS"],
            "UID SEARCH": [" ".join(["* SEARCH", *(str(uid) for uid in self.folders["INBOX"])])],
            "AUTHENTICATE": ["+ "],
        }
        for line in lines.get(command, []):
            self._write(stream, line)
        if command == "AUTHENTICATE":
            self.commands.append(stream.readline().decode().strip())
        elif command == "CREATE":
            self.folders[name] = {}
        elif command == "UID FETCH":
            for uid in words[2].split(","):
                self._fetched(stream, int(uid), " ".join(words[3:]))
        elif command.startswith("UID") and command != "UID SEARCH":
            for uid in words[2].split(","):
                if int(uid) in self.folders["INBOX"]:
                    self._change(command, int(uid), name)

    def _change(self, command: str, uid: int, folder: str) -> None:
        match command:
            case "UID COPY":
                self.folders[folder][uid] = self.folders["INBOX"][uid]
            case "UID STORE":
                self.deleted.add(uid)
            case "UID EXPUNGE":
                del self.folders["INBOX"][uid]
            case "UID MOVE":
                self.folders[folder][uid] = self.folders["INBOX"].pop(uid)

    def _fetched(self, stream: BufferedRWPair, uid: int, wanted: str) -> None:
        raw = self.folders["INBOX"].get(uid)
        if raw is None:
            return
        if "SIZE" in wanted:
            self._write(stream, f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(raw)})")
        elif uid not in self.went_away:
            date = 'INTERNALDATE "24-Nov-2026 09:12:09 +0100"'
            self._write(stream, f"* {uid} FETCH (UID {uid} {date} BODY[] {{{len(raw)}}}", raw + b")")

    def _write(self, stream: BufferedRWPair, line: str, more: bytes = b"") -> None:
        stream.write(line.encode() + b"\r\n" + (more + b"\r\n" if more else b""))
        stream.flush()


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
