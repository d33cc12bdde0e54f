"""An IMAP server on loopback that does as a test tells it: what it can do, where it stops, and what was asked of it."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from io import BufferedRWPair

_SECONDS = 30
_DATE = 'INTERNALDATE "24-Nov-2026 09:12:09 +0100"'


class ScriptedImap:
    """A server that a test can stop, at any command, in any way.

    `folders` holds each folder's mails by UID. `refuses`, `hangs_up_at`, `hangs_at`, `cuts_at` (it hangs up in the middle of
    its answer) and `repeats` (it says the command again and goes) name commands (`UID FETCH`, `LOGIN`, or `greeting`);
    `refused_uids` are mails that it will neither give nor move; `says_with` holds lines to be said once with the answer to a
    command. Each of these may be changed at any time.
    """

    def __init__(self, *, capabilities: str = "", prefix: str = "", separator: str = "/") -> None:
        self.capabilities = f"IMAP4rev1 {capabilities}".strip()
        self.prefix, self.separator = prefix, separator
        self.folders: dict[str, dict[int, bytes]] = {"INBOX": {}}
        self.uidvalidity: dict[str, int] = {}
        self.deleted: set[int] = set()
        self.commands: list[str] = []
        self.refuses = self.hangs_up_at = self.hangs_at = self.cuts_at = self.repeats = ""
        self.refused_uids: set[int] = set()
        self.went_away: set[int] = set()
        self.says_before_idling = self.says_with_idling = ""
        self.says_with: dict[str, str] = {}
        self.was_asked = threading.Event()
        self.is_idling = threading.Event()
        self.connections = 0
        self._connections: list[socket.socket] = []
        self._idlers: list[BufferedRWPair] = []
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """End it, and every connection."""
        self._ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join(5)

    def deliver(self, uid: int, raw: bytes) -> None:
        """Put a mail into the inbox, and tell whoever waits in IDLE."""
        self.folders["INBOX"][uid] = raw
        self.say(f"* {len(self.folders['INBOX'])} EXISTS")

    def say(self, line: str) -> None:
        """Say a line to whoever waits in IDLE."""
        for stream in list(self._idlers):
            with suppress(OSError, ValueError):
                _write(stream, line)

    def cut(self) -> None:
        """Hang up on everyone who is connected."""
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # it answers in many small writes
            self.connections += 1
            self._connections.append(connection)
            thread = threading.Thread(target=self._talk, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError), connection, connection.makefile("rwb") as stream:
            if not self._goes_on("greeting"):
                return
            _write(stream, f"* OK [CAPABILITY {self.capabilities}] ready")
            session = _Session(self, stream)
            for line in stream:
                tag, _, said = line.decode("latin-1").strip().partition(" ")
                self.commands.append(said)
                answer = self._answer(session, said.split(" "))
                if answer is None:
                    return
                _write(stream, f"{tag} {answer}")
                if said == "LOGOUT":
                    return

    def _answer(self, session: _Session, words: list[str]) -> str | None:
        """Answer a command but for its last line, which this gives. None: it hangs up."""
        command = " ".join(words[: 2 if words[0].upper() == "UID" else 1]).upper()
        if not self._goes_on(command):
            return None
        if command == self.repeats:
            session.say(f"* BYE what is {' '.join(words)}?")
            return None
        if command == self.cuts_at:
            session.say("* 1 FETCH (UID 1 BODY[] {1000}", b"half of i")
            return None
        if command == self.refuses or session.is_refused(command, words):
            return "NO not here"
        if command == "IDLE":
            return "OK done" if self._idle(session.stream) else None
        if line := self.says_with.pop(command, ""):
            session.say(line)
        return "OK done" if session.does(command, words) else "NO [TRYCREATE] no such folder"

    def _goes_on(self, command: str) -> bool:
        if command == self.hangs_at:
            self.was_asked.set()
            self._ended.wait(_SECONDS)
            return False
        return command != self.hangs_up_at

    def _idle(self, stream: BufferedRWPair) -> bool:
        if self.says_before_idling:
            _write(stream, self.says_before_idling)
        lines = ["+ idling"] + ([self.says_with_idling] if self.says_with_idling else [])
        stream.write("".join(f"{line}\r\n" for line in lines).encode())
        stream.flush()
        self._idlers.append(stream)
        self.is_idling.set()
        said = stream.readline()
        self._idlers.remove(stream)
        return self._goes_on("DONE") and said == b"DONE\r\n"


class _Session:
    """What one connection asks, and the folder that it has open."""

    def __init__(self, server: ScriptedImap, stream: BufferedRWPair) -> None:
        self.stream = stream
        self._server = server
        self._folder = "INBOX"

    def say(self, line: str, more: bytes = b"") -> None:
        """Say a line."""
        _write(self.stream, line, more)

    def is_refused(self, command: str, words: list[str]) -> bool:
        """Tell whether a command is about a mail that is refused."""
        is_about_mails = command in {"UID FETCH", "UID MOVE", "UID COPY"} and "RFC822.SIZE" not in words[-1]
        return is_about_mails and bool(self._server.refused_uids & set(_uids(words[2])))

    def does(self, command: str, words: list[str]) -> bool:
        """Do a command, but for the last line; tells whether it could be done."""
        mails = self._server.folders[self._folder]
        match command:
            case "UID SEARCH":
                self.say(" ".join(["* SEARCH", *(str(uid) for uid in mails if uid not in self._server.deleted)]))
            case "UID FETCH":
                for uid in _uids(words[2]):
                    self._give(uid, " ".join(words[3:]))
            case "UID COPY" | "UID MOVE" | "UID STORE" | "UID EXPUNGE":
                folder = words[-1].strip('"')
                if command in {"UID COPY", "UID MOVE"} and folder not in self._server.folders:
                    return False
                for uid in _uids(words[2]):
                    if uid in mails:
                        self._change(command, uid, folder)
            case _:
                return self._does_of_folders(command, words[-1].strip('"'))
        return True

    def _does_of_folders(self, command: str, name: str) -> bool:
        server = self._server
        match command:
            case "CAPABILITY":
                self.say(f"* CAPABILITY {server.capabilities}")
            case "NAMESPACE":
                self.say(f'* NAMESPACE (("{server.prefix}" "{server.separator}")) NIL NIL')
            case "LIST":
                for folder in (each for each in server.folders if name in {"*", each}):
                    flags = r"\Sent" if folder.endswith("Gesendet") else ""
                    self.say(f'* LIST ({flags}) "{server.separator}" "{folder}"')
            case "SELECT" | "EXAMINE":
                if name not in server.folders:
                    return False
                self._folder = name
                self.say(f"* {len(server.folders[name])} EXISTS")
                self.say(f"* OK [UIDVALIDITY {server.uidvalidity.get(name, 1)}] ok")
            case "AUTHENTICATE":
                self.say("+ ")
                server.commands.append(self.stream.readline().decode().strip())
            case "CREATE":
                server.folders[name] = {}
        return True

    def _change(self, command: str, uid: int, folder: str) -> None:
        server, mails = self._server, self._server.folders[self._folder]
        match command:
            case "UID COPY":
                server.folders[folder][uid] = mails[uid]
            case "UID STORE":
                server.deleted.add(uid)
            case "UID EXPUNGE":
                del mails[uid]
            case "UID MOVE":
                server.folders[folder][uid] = mails.pop(uid)

    def _give(self, uid: int, wanted: str) -> None:
        raw = self._server.folders[self._folder].get(uid)
        if raw is None:
            return
        if "SIZE" in wanted:
            self.say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(raw)})")
        elif uid not in self._server.went_away:
            part = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in wanted else raw
            self.say(f"* {uid} FETCH (UID {uid} {_DATE} BODY[] {{{len(part)}}}", part + b")")


def _uids(text: str) -> list[int]:
    found: list[int] = []
    for part in text.split(","):
        if numbers := re.fullmatch(r"(\d+)(?::(\d+))?", part):
            found += range(int(numbers[1]), int(numbers[2] or numbers[1]) + 1)
    return found


def _write(stream: BufferedRWPair, line: str, more: bytes = b"") -> None:
    stream.write(line.encode() + b"\r\n" + (more + b"\r\n" if more else b""))
    stream.flush()
