"""An IMAP server in this process, whose mailbox outlives whoever talks to it, and which fails when it is told to.

Told by a test through `ImapTwin`, or by the process that is to meet the fault: a connection that says `FAULT how` (and needs no
login) sets it off.
"""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedRWPair

DELETED = r"\Deleted"
SENT = "Sent"
_INBOX = "INBOX"
_CHANGING = {"UID MOVE", "UID COPY", "UID STORE", "UID EXPUNGE"}


class Break(StrEnum):
    """How the server fails."""

    CUT = auto()  # every connection is cut now
    CUT_AFTER = auto()  # the next command is obeyed, its answer never comes
    CUT_WITHIN = auto()  # the next command is obeyed, half of the answer comes
    CUT_CHANGE = auto()  # the next command that changes a folder is obeyed, its answer never comes
    REFUSED = auto()  # NO to everything from now on
    NO_CHANGE = auto()  # NO to every command that changes a folder


@dataclass(slots=True)
class Stored:
    """A mail in a folder. `flags` are the server's words."""

    raw: bytes
    received: datetime
    flags: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Folder:
    """A folder: its mails by UID."""

    validity: int
    mails: dict[int, Stored] = field(default_factory=dict)
    next_uid: int = 1

    def add(self, mail: Stored) -> int:
        """Give a mail the next UID here."""
        uid, self.next_uid = self.next_uid, self.next_uid + 1
        self.mails[uid] = mail
        return uid


@dataclass(slots=True)
class Session:
    """One connection: the folder it has open."""

    selected: str = _INBOX
    is_over: bool = False


class ImapTwin:
    """The server. `has_move` and `has_uidplus` say what it can do."""

    def __init__(self, *, has_move: bool = True, has_uidplus: bool = True) -> None:
        can = ["IMAP4rev1", "NAMESPACE", *(["MOVE"] if has_move else []), *(["UIDPLUS"] if has_uidplus else [])]
        self._capabilities = " ".join(can)
        self.folders = _empty()
        self._break: Break | None = None
        self._connections: set[socket.socket] = set()
        self._lock = threading.RLock()
        self._is_open = True
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    # ---- For tests ----

    def close(self) -> None:
        self._is_open = False
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join(5)

    def deliver(self, raw: bytes, received: datetime, folder: str = _INBOX) -> int:
        with self._lock:
            return self.folders[folder].add(Stored(raw, received))

    def waiting(self) -> list[bytes]:
        """Give the mails that no one marked as deleted in the inbox."""
        with self._lock:
            return [mail.raw for mail in self.folders[_INBOX].mails.values() if DELETED not in mail.flags]

    def kept(self, folder: str) -> list[bytes]:
        with self._lock:
            return [mail.raw for mail in self.folders[folder].mails.values()] if folder in self.folders else []

    def everything(self) -> list[bytes]:
        with self._lock:
            return [mail.raw for folder in self.folders.values() for mail in folder.mails.values()]

    def shift(self, raw: bytes, source: str, target: str) -> bool:
        """Move a mail as another program does. Tells whether it was there."""
        with self._lock:
            found = [uid for uid, mail in self.folders.get(source, Folder(0)).mails.items() if mail.raw == raw]
            for uid in found[:1]:
                self.folders.setdefault(target, Folder(validity=1)).add(self.folders[source].mails.pop(uid))
            return bool(found)

    def renumber(self) -> None:
        """Give the inbox another UIDVALIDITY, and each mail another UID."""
        with self._lock:
            inbox = self.folders[_INBOX]
            mails = list(inbox.mails.values())
            self.folders[_INBOX] = fresh = Folder(validity=inbox.validity + 1)
            for mail in reversed(mails):
                fresh.add(mail)

    def clear(self) -> None:
        """Begin anew: an empty inbox, nothing sent, no fault."""
        with self._lock:
            self.folders = _empty()
        self.heal()

    def heal(self) -> None:
        """End every fault, and every connection that is left."""
        self._break = None
        self.cut()

    def fail(self, how: Break) -> None:
        self._break = None if how is Break.CUT else how
        if how is Break.CUT:
            self.cut()

    def cut(self) -> None:
        for connection in tuple(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    # ---- The server ----

    def _accept(self) -> None:
        while self._is_open:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._talk, args=(connection,), daemon=True)
            self._threads = [each for each in self._threads if each.is_alive()] + [thread]
            thread.start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError, ValueError), connection, connection.makefile("rwb") as stream:
            try:
                self._connections.add(connection)
                self._converse(connection, stream)
            finally:
                self._connections.discard(connection)

    def _converse(self, connection: socket.socket, stream: BufferedRWPair) -> None:
        stream.write(f"* OK [CAPABILITY {self._capabilities}] ready\r\n".encode())
        stream.flush()
        session = Session()
        for line in stream:
            tag, _, said = line.decode("latin-1").strip().partition(" ")
            words = said.split(" ")
            command = " ".join(words[: 2 if words[0].upper() == "UID" else 1]).upper()
            if command == "FAULT":
                self._connections.discard(connection)
                self.fail(Break(words[1]))
                stream.write(f"{tag} OK\r\n".encode())
                stream.flush()
                return
            answer, is_cut = self._answered(session, tag, command, words)
            stream.write(answer)
            stream.flush()
            if is_cut or session.is_over:
                connection.shutdown(socket.SHUT_RDWR)
                return

    def _answered(self, session: Session, tag: str, command: str, words: list[str]) -> tuple[bytes, bool]:
        """Give what goes out, and whether the connection ends with it."""
        how, changes = self._break, command in _CHANGING
        if how is Break.REFUSED or (how is Break.NO_CHANGE and changes):
            return f"{tag} NO not now\r\n".encode(), False
        with self._lock:
            answer = b"".join(self._lines(session, command, words)) + f"{tag} OK done\r\n".encode()
        if how in {Break.CUT_AFTER, Break.CUT_WITHIN} or (how is Break.CUT_CHANGE and changes):
            self._break = None
            return (answer[: len(answer) // 2] if how is Break.CUT_WITHIN else b""), True
        return answer, False

    def _lines(self, session: Session, command: str, words: list[str]) -> Iterator[bytes]:
        folder = self.folders[session.selected]
        name = words[-1].strip('"')
        match command:
            case "CAPABILITY":
                yield f"* CAPABILITY {self._capabilities}\r\n".encode()
            case "NAMESPACE":
                yield b'* NAMESPACE (("" "/")) NIL NIL\r\n'
            case "LIST":
                wanted = [each for each in self.folders if name in {each, "*", "%"}]
                yield from (f'* LIST () "/" "{each}"\r\n'.encode() for each in wanted)
            case "CREATE":
                self.folders.setdefault(name, Folder(validity=1))
            case "SELECT" | "EXAMINE":
                session.selected = name
                opened = self.folders[name]
                yield f"* {len(opened.mails)} EXISTS\r\n* OK [UIDVALIDITY {opened.validity}] here\r\n".encode()
                yield f"* OK [UIDNEXT {opened.next_uid}] next\r\n".encode()
            case "LOGOUT":
                session.is_over = True
                yield b"* BYE\r\n"
            case _:
                yield from self._lines_by_uid(folder, command, words)

    def _lines_by_uid(self, folder: Folder, command: str, words: list[str]) -> Iterator[bytes]:
        match command:
            case "UID SEARCH":
                yield " ".join(["* SEARCH", *(str(uid) for uid in _searched(folder, words[2:]))]).encode() + b"\r\n"
            case "UID FETCH":
                yield from _fetched(folder, words[2], " ".join(words[3:]).upper())
            case "UID STORE":
                for uid in _uids(folder, words[2]):
                    folder.mails[uid].flags |= set(re.findall(r"\\?\w+", " ".join(words[4:])))
            case "UID COPY" | "UID MOVE":
                name = words[-1].strip('"')
                yield from self._transfer(folder, _uids(folder, words[2]), name, is_move=command == "UID MOVE")
            case "UID EXPUNGE":
                yield from _expunged(folder, _uids(folder, words[2]), lambda mail: DELETED in mail.flags)

    def _transfer(self, folder: Folder, uids: list[int], name: str, *, is_move: bool) -> Iterator[bytes]:
        for uid in uids:
            mail = folder.mails[uid]
            self.folders[name].add(Stored(mail.raw, mail.received, set(mail.flags)))
        if is_move:
            yield from _expunged(folder, uids, lambda _mail: True)


def _empty() -> dict[str, Folder]:
    return {name: Folder(validity=1) for name in (_INBOX, SENT)}


def _expunged(folder: Folder, uids: list[int], goes: Callable[[Stored], bool]) -> Iterator[bytes]:
    for uid in uids:
        if goes(folder.mails[uid]):
            number = sorted(folder.mails).index(uid) + 1
            del folder.mails[uid]
            yield f"* {number} EXPUNGE\r\n".encode()


def _searched(folder: Folder, words: list[str]) -> list[int]:
    criteria = [word.upper().strip("()") for word in words]
    found = sorted(folder.mails)
    if "UID" in criteria:
        found = _uids(folder, words[criteria.index("UID") + 1].strip("()"))
    if "UNDELETED" in criteria:
        found = [uid for uid in found if DELETED not in folder.mails[uid].flags]
    return [uid for uid in found if DELETED in folder.mails[uid].flags] if "DELETED" in criteria else found


def _uids(folder: Folder, said: str) -> list[int]:
    """Read a set such as `1:3,7,9:*` (RFC 3501): those that are there."""
    wanted: set[int] = set()
    for part in said.split(","):
        first, _, last = (each.replace("*", str(folder.next_uid)) for each in part.partition(":"))
        ends = sorted((int(first), int(last or first)))
        wanted |= set(range(ends[0], ends[1] + 1))
    return sorted(wanted & set(folder.mails))


def _fetched(folder: Folder, said: str, wanted: str) -> Iterator[bytes]:
    for uid in _uids(folder, said):
        mail = folder.mails[uid]
        items = [f"UID {uid}".encode()]
        if "RFC822.SIZE" in wanted:
            items.append(f"RFC822.SIZE {len(mail.raw)}".encode())
        if "FLAGS" in wanted:
            items.append(f"FLAGS ({' '.join(sorted(mail.flags))})".encode())
        if "INTERNALDATE" in wanted:
            items.append(f'INTERNALDATE "{mail.received.astimezone(UTC):%d-%b-%Y %H:%M:%S +0000}"'.encode())
        if found := re.search(r"BODY(?:\.PEEK)?\[(HEADER)?\](<0)?", wanted):
            section = "BODY[HEADER]" if found[1] else "BODY[]"
            content = mail.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if found[1] else mail.raw
            items.append(f"{section}{'<0>' if found[2] else ''} {{{len(content)}}}\r\n".encode() + content)
        number = sorted(folder.mails).index(uid) + 1
        yield f"* {number} FETCH (".encode() + b" ".join(items) + b")\r\n"
