"""A practice so small that all of it is built in a moment, as values that a test edits, and as the files they stand in."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

_MESSAGE = """\
---
message_id: <{digits}@acme.example>
from: Jane Doe <jane@acme.example>
to: [requests@marta.example]
received: {received}
kind: {kind}
verified: {verified}
attachments: []
---
{text}
"""


@dataclass(slots=True)
class Said:
    """A message, known by its eight digits."""

    received: str
    kind: str
    text: str
    verified: str = "pass"


@dataclass(slots=True)
class Job:
    """A task, its messages by their digits, and its files by their names."""

    slug: str
    title: str
    status: str = "doing"
    due: str = "2026-11-26"
    body: str = "What is to be done."
    merged: int = 0
    messages: dict[str, Said] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class Bill:
    """An invoice, and what was paid of its 100.00."""

    due: str = "2026-11-25"
    paid: str = ""


@dataclass(slots=True)
class Customer:
    """A client: what clients.yml says of it, and what its folder holds."""

    name: str
    language: str = "en"
    zone: str = "Europe/Madrid"
    form: str = "informal"
    colour: str = "#84305f"
    jobs: dict[int, Job] = field(default_factory=dict)
    bills: dict[int, Bill] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    minutes: list[tuple[int, int]] = field(default_factory=list)
    welcome: str = ""


@dataclass(slots=True)
class Office:
    """All of it. `service` is how the only one is called; `templates` are the workspace's own, by their path."""

    clients: dict[str, Customer] = field(default_factory=dict)
    service: str = "Posts"
    templates: dict[str, str] = field(default_factory=dict)

    def files(self) -> dict[str, bytes]:
        """Give all that is written by hand or by ingest, by its path; a client's history is the build's to write."""
        texts = {"clients.yml": _practice(self)} | {f"site_templates/{name}": text for name, text in self.templates.items()}
        found = {path: text.encode() for path, text in texts.items()}
        for key, client in self.clients.items():
            found |= {f"portal_src/{key}/{path}": content for path, content in _of_client(key, client).items()}
        return found


def small_office() -> Office:
    """Give two clients, one of whom has little of anything."""
    asked = Said("2026-11-20T09:00:00Z", "request", "Could you write twelve posts?")
    posts = Job(
        "posts", "December posts", messages={"aaaaaaa1": asked}, files={"report.pdf": b"%PDF report", "a.svg": b"<svg/>"}
    )
    asking = Said("2026-11-23T09:00:00Z", "outgoing", "Which colour?", "none")
    forged = Said("2026-11-23T10:00:00Z", "reply", "Pay elsewhere!", "fail")
    logo = Job(
        "logo", "A new logo", "waiting", messages={"bbbbbbb1": asking, "bbbbbbb2": forged}, files={"photo.jpg": picture(1)}
    )
    acme = Customer(
        "Acme Ltd",
        jobs={1: posts, 2: logo, 3: Job("minutes", "Minutes of the meeting", "done", due="2026-11-10")},
        bills={1: Bill()},
        pages={"how-we-post": "# How we post\n\nSee [the logo](../requests/acme-2.html).\n"},
        minutes=[(1, 60)],
        welcome="Welcome!\n",
    )
    bolt = Customer("Bolt", "es", "Australia/Sydney", "formal", jobs={1: Job("web", "A page", "new", due="")})
    return Office({"acme": acme, "bolt": bolt})


def picture(number: int) -> bytes:
    """Give a photo that is like no other, and larger than its thumbnail."""
    made = io.BytesIO()
    Image.linear_gradient("L").resize((700, 500 + number)).save(made, "JPEG")
    return made.getvalue()


def put(root: Path, before: dict[str, bytes], after: dict[str, bytes], *, in_place: bool = False) -> frozenset[Path]:
    """Bring a workspace's files from one state to another, touching only what differs; gives what it touched.

    `in_place`: a file's bytes are written over, and where they are as many its time is put back.
    """
    touched = set()
    for path in sorted(before.keys() | after.keys()):
        file, content = root / path, after.get(path)
        if before.get(path) == content:
            continue
        touched.add(file)
        if content is None:
            file.unlink()
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        if in_place and path in before:
            found = file.stat()
            file.write_bytes(content)
            if len(before[path]) == len(content):
                os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))
            continue
        aside = file.with_name(f".{file.name}.aside")
        aside.write_bytes(content)
        aside.replace(file)
    return frozenset(touched)


def _practice(office: Office) -> str:
    clients = "".join(
        f"  {key}:\n    code: {key.upper()}\n    name: {client.name}\n"
        f"    contacts: [{{name: Jane Doe, email: jane@{key}.example}}]\n"
        f"    language: {client.language}\n    address_form: {client.form}\n    timezone: {client.zone}\n"
        f'    country: AU\n    currency: AUD\n    since: 2026-05-04\n    brand: {{colour: "{client.colour}"}}\n'
        '    retainer: {hours: 20, price: "1240.00", renews: monthly, day: 1, bill: before}\n'
        for key, client in office.clients.items()
    )
    return f"""\
practice:
  {{name: Marta Ruiz, owner: Marta Ruiz, email: marta@marta.example, timezone: Europe/Madrid, language: en, country: ES,
   portal_url: "https://portal.marta.example"}}
mailbox:
  {{address: requests@marta.example, host: mail.marta.example, user: marta, password: {{env: PASSWORD}}}}
services:
  social: {{name: {office.service}}}
clients:
{clients}"""


def _of_client(key: str, client: Customer) -> dict[str, bytes]:
    texts: dict[str, str] = {f"pages/{slug}.md": text for slug, text in client.pages.items()}
    files: dict[str, bytes] = {}
    for number, job in client.jobs.items():
        thread = f"tasks/{number:04d}-{job.slug}"
        texts[f"{thread}.md"] = _task(key, job)
        texts |= {f"{thread}/{_stamp(said)}-{digits}.md": _message(digits, said) for digits, said in job.messages.items()}
        files |= {f"{thread}/files/{name}": content for name, content in job.files.items()}
    texts |= {f"invoices/2026-{number:04d}.yml": _invoice(key, number, bill) for number, bill in client.bills.items()}
    if client.minutes:
        rows = [
            f"t{number},2026-11-12T09:00:00+01:00,{minutes},{key.upper()}-{job},marta,social,note,yes,manual\n"
            for number, (job, minutes) in enumerate(client.minutes)
        ]
        texts["time/2026-11.csv"] = "id,start,minutes,task,person,service,note,billable,source\n" + "".join(rows)
    if client.welcome:
        texts["welcome.md"] = client.welcome
    return files | {path: text.encode() for path, text in texts.items()}


def _task(key: str, job: Job) -> str:
    due = f"due: {job.due}\n" if job.due else ""
    merged = f"merged: {key.upper()}-{job.merged}\n" if job.merged else ""
    return (
        f"---\ntitle: {job.title}\nstatus: {job.status}\nreceived: 2026-11-20T09:00:00Z\n{due}{merged}service: social\n"
        f"requester: Jane Doe <jane@{key}.example>\n---\n{job.body}\n"
    )


def _stamp(said: Said) -> str:
    return said.received.replace("-", "").replace(":", "")


def _message(digits: str, said: Said) -> str:
    return _MESSAGE.format(digits=digits, received=said.received, kind=said.kind, verified=said.verified, text=said.text)


def _invoice(key: str, number: int, bill: Bill) -> str:
    payments = f'payments: [{{date: 2026-11-20, amount: "{bill.paid}"}}]\n' if bill.paid else ""
    return f"""\
number: 2026-{number:04d}
issued: 2026-11-01
due: {bill.due}
kind: invoice
currency: AUD
seller: {{name: Marta Ruiz, country: ES}}
buyer: {{name: Acme Ltd, country: AU}}
lines:
  - {{description: Posts, quantity: "1", price: "100.00", net: "100.00", tasks: [{key.upper()}-1]}}
totals: {{net: "100.00", tax: "0.00", gross: "100.00", withheld: "0.00", payable: "100.00"}}
{payments}"""
