"""Workspaces of any size to measure with, and the naive MkDocs project with the same text: what one would build by hand.

The same arguments give the same bytes.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PRACTICE = "clients.yml"
_WORDS = (
    "agenda booking calendar caption contact copy draft flight hotel image invoice meeting minutes newsletter order photo plan "
    "post quote reminder report research review schedule shop spreadsheet supplier survey travel update"
).split()
_STATUSES = ["new", "accepted", "doing", "waiting", "review", "approval"] + ["done"] * 14
_CLIENTS = [
    ("es", "Europe/Madrid", "ES"),
    ("en", "Australia/Sydney", "AU"),
    ("en", "Europe/London", "GB"),
    ("en", "America/New_York", "US"),
]
_START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
_HEAD = """practice:
  name: Marta Ruiz
  owner: Marta Ruiz
  email: marta@marta.example
  language: es
  timezone: Europe/Madrid
  country: ES
  hours: {mon-thu: "09:00-14:00 15:00-18:00", fri: "09:00-15:00"}
  response: 24h
  portal_url: https://portal.marta.example
mailbox:
  address: requests@marta.example
  host: 127.0.0.1
  security: none
  user: requests
  password: {env: RECADO_IMAP_PASSWORD}
clients:
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a practice is."""

    clients: int
    tasks: int
    messages: int = 2
    invoices: int = 0

    def __str__(self) -> str:
        """Write it as the tables do."""
        return f"{self.clients} × {self.tasks}"


def key_of(number: int) -> str:
    """Give the key of the client of that number."""
    return f"k{number:03d}"


def make_workspace(folder: Path, size: Size) -> None:
    """Write a workspace of the given size."""
    chance = random.Random(11)  # noqa: S311 (the same text each time, no secret)
    folder.mkdir(parents=True)
    clients = [_make_client(folder, number, size, chance) for number in range(size.clients)]
    (folder / PRACTICE).write_text(_HEAD + "".join(clients))


def add_client(folder: Path, number: int, size: Size) -> None:
    """Add the client of that number to a workspace, with as many tasks as `size` says a client has."""
    entry = _make_client(folder, number, size, random.Random(number))  # noqa: S311 (the same text each time, no secret)
    with (folder / PRACTICE).open("a") as file:
        file.write(entry)


def change_words(folder: Path, key: str, number: int, word: str) -> Path:
    """Add a word to a task's text, as an editor would: the file is replaced. Gives that file."""
    return _change_task(folder, key, number, lambda text: f"{text}\n{word}\n")


def change_status(folder: Path, key: str, number: int) -> Path:
    """Give a task another status than it has: `doing`, or `review` where it is that. Gives its file."""

    def other(text: str) -> str:
        status = "review" if "\nstatus: doing\n" in text else "doing"
        return re.sub(r"^status: .*$", f"status: {status}", text, count=1, flags=re.MULTILINE)

    return _change_task(folder, key, number, other)


def make_naive(folder: Path, workspace: Path) -> list[Path]:
    """Write, for each client, a plain MkDocs Material project with the same text, a page a task; gives the projects."""
    projects = []
    for client in sorted((workspace / "portal_src").iterdir()):
        project = folder / client.name
        (project / "docs" / "tasks").mkdir(parents=True)
        (project / "mkdocs.yml").write_text(
            f"site_name: {client.name}\ntheme:\n  name: material\n  font: false\nplugins: [search]\n"
        )
        links = []
        for task in sorted((client / "tasks").glob("*.md")):
            title = task.stem[5:].replace("-", " ")
            thread = [
                message.read_text().split("---\n", 2)[2] for message in sorted((client / "tasks" / task.stem).glob("*.md"))
            ]
            (project / "docs" / "tasks" / task.name).write_text(f"# {title}\n\n" + "\n\n".join(thread))
            links.append(f"- [{title}](tasks/{task.name})")
        (project / "docs" / "index.md").write_text("# Status\n\n" + "\n".join(links) + "\n")
        projects.append(project)
    return projects


def _make_client(folder: Path, number: int, size: Size, chance: random.Random) -> str:
    """Write a client's files; gives the client's entry of clients.yml."""
    language, zone, country = _CLIENTS[number % len(_CLIENTS)]
    source = folder / "portal_src" / key_of(number)
    _make_tasks(source / "tasks", number, size, chance)
    for index in range(1, size.invoices + 1):
        (source / "invoices").mkdir(exist_ok=True)
        (source / "invoices" / f"2026-{number:03d}-{index:04d}.yml").write_text(_invoice(number, index))
    return (
        f"  {key_of(number)}:\n    code: K{number:03d}\n    name: Client {number:03d} Ltd\n"
        f"    contacts: [{{name: Jane {number:03d}, email: jane@k{number:03d}.example}}]\n"
        f"    language: {language}\n    timezone: {zone}\n    country: {country}\n"
    )


def _change_task(folder: Path, key: str, number: int, change: Callable[[str], str]) -> Path:
    (task,) = (folder / "portal_src" / key / "tasks").glob(f"{number:04d}-*.md")
    written = task.with_suffix(".tmp")
    written.write_text(change(task.read_text()))
    return written.replace(task)


def _make_tasks(folder: Path, client: int, size: Size, chance: random.Random) -> None:
    key = key_of(client)
    for number in range(1, size.tasks + 1):
        at = _START + timedelta(hours=6 * number + client)
        title = " ".join(chance.choices(_WORDS, k=4))
        name = f"{number:04d}-{title.replace(' ', '-')}"
        body = f"{_text(chance, 45)}\n\n{_text(chance, 45)}"
        thread = folder / name
        thread.mkdir(parents=True)
        (folder / f"{name}.md").write_text(
            f"---\nref: {key.upper()}-{number}\ntitle: {title.capitalize()}\nstatus: {chance.choice(_STATUSES)}\n"
            f"received: {at:%Y-%m-%dT%H:%M:%SZ}\ndue: {at + timedelta(days=5):%Y-%m-%d}\n"
            f"requester: Jane {client:03d} <jane@{key}.example>\n---\n{body}\n"
        )
        for index in range(size.messages):
            sent = at + timedelta(minutes=90 * index)
            (thread / f"{sent:%Y%m%dT%H%M%SZ}-{chance.getrandbits(32):08x}.md").write_text(
                f"---\nmessage_id: <t{number}.{index}@{key}.example>\nfrom: Jane {client:03d} <jane@{key}.example>\n"
                f"received: {sent:%Y-%m-%dT%H:%M:%SZ}\nkind: {'request' if index == 0 else 'reply'}\nverified: pass\n---\n"
                f"{body if index == 0 else _text(chance, 40)}\n"
            )


def _invoice(client: int, index: int) -> str:
    issued = (_START + timedelta(days=30 * index)).date()
    net = f"{(5 + index) * (40 + client)}.00"
    payments = f'\n  - {{date: {issued + timedelta(days=9)}, amount: "{net}", by: transfer}}' if index % 3 else " []"
    return (
        f"number: 2026-{client:03d}-{index:04d}\nkind: invoice\nissued: {issued}\ndue: {issued + timedelta(days=15)}\n"
        f"currency: EUR\nseller: {{name: Marta Ruiz, country: ES}}\nbuyer: {{name: Client {client:03d} Ltd}}\n"
        f'lines:\n  - {{description: Work {index}, quantity: "{5 + index}", unit: hour, price: "{40 + client}.00", '
        f'net: "{net}", tax: none}}\n'
        f'taxes:\n  - {{name: none, rate: "0", base: "{net}", amount: "0.00"}}\nwithholdings: []\n'
        f'totals: {{net: "{net}", tax: "0.00", gross: "{net}", withheld: "0.00", payable: "{net}"}}\npayments:{payments}\n'
    )


def _text(chance: random.Random, words: int) -> str:
    return f"{' '.join(chance.choices(_WORDS, k=words)).capitalize()}."
