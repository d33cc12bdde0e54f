"""What the tests of threats share: a practice with two clients, mail of their making, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ingest.arrived import Arrived
from recado.portal.build import BuildOptions, build_practice
from recado.store.messages import message_files, read_messages
from recado.store.tasks import task_files

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.intake import Intake, Outcome
    from recado.errors import Problem
    from recado.model.message import Message
    from recado.model.practice import Practice
    from recado.store.workspace import Workspace

PRACTICE = """\
practice: {name: Marta Ruiz, owner: Marta Ruiz, email: marta@marta.example, timezone: Europe/Madrid, language: en, country: ES}
mailbox:
  address: requests@marta.example
  host: 127.0.0.1
  security: none
  user: requests
  password: {env: RECADO_IMAP_PASSWORD}
  trust: {authserv_id: mx.marta.example}
clients:
  acme:
    code: ACME
    name: Acme
    contacts: [{name: Jane Doe, email: jane@acme.example}]
    senders: ["@acme.example"]
  beta:
    code: BETA
    name: Beta
    senders: ["@beta.example"]
"""
RECEIVED = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PASS = "Authentication-Results: mx.marta.example; dmarc=pass header.from={domain}"
FAIL = "Authentication-Results: mx.marta.example; spf=fail; dkim=none; dmarc=fail header.from={domain}"


@dataclass(slots=True)
class Line:
    """A practice, and the line from mail to its portals, without a mailbox."""

    workspace: Workspace
    practice: Practice
    intake: Intake
    outcomes: list[Outcome] = field(default_factory=list)

    def arrives(self, raw: bytes | str) -> Outcome:
        """Let a mail arrive, a minute after the one before, and give what became of it."""
        content = raw if isinstance(raw, bytes) else raw.replace("\r\n", "\n").replace("\n", "\r\n").encode()
        at = RECEIVED + timedelta(minutes=len(self.outcomes))
        self.outcomes.append(self.intake.take(Arrived(content, at)))
        return self.outcomes[-1]

    def messages(self, client: str = "acme") -> list[Message]:
        """Read every message of a client, oldest first; none of their files may be broken."""
        folder = self.workspace.client(client)
        found: list[Message] = []
        for task in task_files(folder):
            problems: list[Problem] = []
            found += read_messages(folder, task.stem, problems)
            assert not problems
        return sorted(found, key=lambda message: message.received)

    def files(self) -> list[Path]:
        """List every file of the workspace but its state."""
        return [path for path in self.workspace.sources.rglob("*") if path.is_file()]

    def text_of(self, client: str = "acme") -> str:
        """Give what the message files of a client say, as they stand."""
        folder = self.workspace.client(client)
        names = [file for task in task_files(folder) for file in message_files(folder, task.stem)]
        return "\n".join(file.read_text(encoding="utf-8") for file in names)

    def built(self) -> bytes:
        """Build every portal, and give every byte of them, names included."""
        done = build_practice(self.workspace, self.practice, BuildOptions(RECEIVED + timedelta(days=1)))
        assert not done.errors
        files = [path for path in sorted(self.workspace.site.rglob("*")) if path.is_file()]
        return b"\n".join(str(path).encode() + b"\n" + path.read_bytes() for path in files)


def mail(
    text: str = "Please write them.",
    *,
    sender: str = "Jane Doe <jane@acme.example>",
    subject: str = "December posts",
    message_id: str = "<1@acme.example>",
    head: str = "",
    checked: str = PASS,
    to: str = "requests@marta.example",
    content_type: str = "text/plain; charset=utf-8",
) -> str:
    """Write a mail as a mail program would; `head` holds more header lines, each with its line end."""
    domain = sender.rpartition("@")[2].rstrip("> ")
    vouched = f"{checked.format(domain=domain)}\n" if checked else ""
    return (
        f"{vouched}From: {sender}\nTo: {to}\nSubject: {subject}\nMessage-ID: {message_id}\n"
        f"Date: Tue, 24 Nov 2026 08:00:00 +0000\nMIME-Version: 1.0\nContent-Type: {content_type}\n{head}\n{text}\n"
    )


def multipart(*parts: str, kind: str = "mixed", **more: str) -> str:
    """Write a mail of several parts, each with its own header."""
    body = "".join(f"--cut\n{part}\n" for part in parts) + "--cut--\n"
    return mail(body, content_type=f'multipart/{kind}; boundary="cut"', **more)


def attached(name: str, content: str = "x", content_type: str = "application/octet-stream") -> str:
    """Write a part that is a file."""
    return f'Content-Type: {content_type}\nContent-Disposition: attachment; filename="{name}"\n\n{content}'
