"""Mails to measure with, and a workspace in which many are filed already. The same arguments give the same bytes."""

from __future__ import annotations

import base64
import os
import random
from datetime import UTC, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

from recado.model.address import Person
from recado.model.message import Kind, Message, Verified
from recado.model.ref import Ref
from recado.model.status import Status
from recado.model.task import Task
from recado.store.messages import name_of, write_message
from recado.store.tasks import write_task
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CLIENTS = 20
START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
_WORDS = (
    "agenda booking calendar caption contact copy draft flight hotel image invoice meeting minutes newsletter order photo plan "
    "post quote reminder report research review schedule shop spreadsheet supplier survey travel update"
).split()
_PRACTICE = """practice: {{name: Marta Ruiz, owner: Marta Ruiz, email: marta@marta.example, language: es, country: ES,
  timezone: Europe/Madrid}}
mailbox: {{address: requests@marta.example, host: 127.0.0.1, port: {port}, security: none, user: requests,
  password: {{env: RECADO_IMAP_PASSWORD}}, trust: {{authserv_id: mx.marta.example}}}}
clients:
"""


def write_practice(workspace: Path, port: int) -> None:
    """Write clients.yml, with the mailbox at a port of this machine."""
    workspace.mkdir(parents=True, exist_ok=True)
    clients = "".join(
        f"  client{n}: {{code: C{n:02}, name: Client {n}, senders: ['@client{n}.example']}}\n" for n in range(CLIENTS)
    )
    (workspace / "clients.yml").write_text(_PRACTICE.format(port=port) + clients, encoding="utf-8")


def mails(number: int, attached: int = 0, first: int = 0) -> Iterator[bytes]:
    """Make mails as clients write them: half requests, half answers; each with a file of `attached` bytes."""
    for n in range(first, first + number):
        some = random.Random(n)  # noqa: S311 (to measure with)
        client = some.randrange(CLIENTS) if n % 2 == 0 else random.Random(n - 1).randrange(CLIENTS)  # noqa: S311
        text = "\r\n\r\n".join(" ".join(some.choices(_WORDS, k=40)) + "." for _ in range(3))
        head = (
            f"Authentication-Results: mx.marta.example; dkim=pass header.d=client{client}.example\r\n"
            f"Received: from mail.client{client}.example by mx.marta.example; Mon, 2 Nov 2026 09:00:00 +0000\r\n"
            f"From: Jane Doe <jane@client{client}.example>\r\nTo: requests@marta.example\r\n"
            f"Date: Mon, 02 Nov 2026 09:{n // 60 % 60:02}:{n % 60:02} +0000\r\nMessage-ID: <{n}@client{client}.example>\r\n"
            "MIME-Version: 1.0\r\n"
        )
        if n % 2:
            head += f"Subject: Re: {_subject(n - 1)}\r\nIn-Reply-To: <{n - 1}@client{client}.example>\r\n"
            text += f"\r\n\r\nOn Mon, 2 Nov 2026 at 09:00, Marta Ruiz <marta@marta.example> wrote:\r\n> {text[:60]}\r\n"
        else:
            head += f"Subject: {_subject(n)}\r\n"
        yield (head + _body(text, attached, n)).encode()


def _subject(n: int) -> str:
    return " ".join(random.Random(n).sample(_WORDS, 4)).capitalize()  # noqa: S311


def _body(text: str, attached: int, n: int) -> str:
    html = "".join(f"<p>{escape(line)}</p>" for line in text.split("\r\n\r\n"))
    both = (
        'Content-Type: multipart/alternative; boundary="a"\r\n\r\n--a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n'
        f"{text}\r\n--a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body>{html}</body></html>\r\n--a--\r\n"
    )
    if not attached:
        return both
    content = base64.encodebytes(random.Random(n).randbytes(attached)).decode().replace("\n", "\r\n")  # noqa: S311
    return (
        f'Content-Type: multipart/mixed; boundary="m"\r\n\r\n--m\r\n{both}\r\n--m\r\nContent-Type: application/pdf'
        '\r\nContent-Disposition: attachment; filename="brief.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        f"{content}\r\n--m--\r\n"
    )


def fill(workspace: Path, messages: int, a_thread: int = 5) -> None:
    """Write a workspace's files as if so many messages had been filed, without syncing any."""
    for number in range(messages // a_thread):
        key, task_number = f"client{number % CLIENTS}", number // CLIENTS + 1
        client = Workspace(workspace).client(key)
        name = f"{task_number:04d}-filed-before"
        ref = Ref(f"C{number % CLIENTS:02}", task_number)
        thread = client.thread(name)
        thread.mkdir(parents=True)
        at = START + timedelta(minutes=number)
        for n in range(a_thread):
            digest = f"sha256:{os.urandom(32).hex()}"
            message = Message(
                name=name_of(at + timedelta(seconds=n), digest),
                sender=Person("Jane Doe", f"jane@{key}.example"),
                received=at + timedelta(seconds=n),
                kind=Kind.REPLY if n else Kind.REQUEST,
                verified=Verified.PASS,
                message_id=f"<before-{number}-{n}@{key}.example>",
                digest=digest,
                to=("requests@marta.example",),
                subject="Filed before",
                text="As I said.",
            )
            (thread / f"{message.name}.md").write_text(write_message(message), encoding="utf-8")
        task = Task(ref=ref, name=name, title="Filed before", status=Status.NEW, received=at)
        client.task_file(name).write_text(write_task(task), encoding="utf-8")
        with client.history.open("a", encoding="utf-8") as history:
            if task_number == 1:
                history.write("at,ref,by,from,to\n")
            history.write(f"{at:%Y-%m-%dT%H:%M:%SZ},{ref},ingest,,new\n")
