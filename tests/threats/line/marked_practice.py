"""A practice whose every field holds a word that stands nowhere else: whose it is and which field it is can be read off it.

`ana`, `bob` and `cat` are clients, `dan`'s work has ended. What nobody may see has the words of `p`.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Marked = Callable[[str], str]

PRIVATE = "p"
CLIENTS = ("ana", "bob", "cat")
ENDED = "dan"
_MARK = re.compile(rb"zq([a-z])(\d{3})qz", re.IGNORECASE)


@dataclass(slots=True)
class Marks:
    """The words given so far: `fields` tells by a word's owner and number which field it is."""

    fields: dict[tuple[str, int], str] = field(default_factory=dict)

    def of(self, owner: str, name: str) -> str:
        """Give a new word for a field of someone: of a client by key, or `p` for what is private."""
        number = len(self.fields)
        self.fields[owner[0], number] = name
        return f"zq{owner[0]}{number:03d}qz"

    def found(self, content: bytes) -> set[tuple[str, str]]:
        """Find whose words stand in this, and which fields'."""
        return {
            (owner, self.fields.get((owner, int(number)), "?"))
            for owner, number in ((found[0].decode().lower(), found[1]) for found in _MARK.findall(content))
        }


def write_practice(root: Path) -> Marks:
    """Write the workspace; gives its words."""
    marks = Marks()
    root.mkdir(parents=True, exist_ok=True)
    clients = "".join(_client(root, key, marks) for key in (*CLIENTS, ENDED))
    (root / "clients.yml").write_text(_head(marks) + clients, encoding="utf-8")
    for key in (*CLIENTS, ENDED):
        _write_client(root / "portal_src" / key, key, marks)
    for name in (
        "portal_src/_desk/ideas.md",
        "portal_src/_quarantine/20261124T081209Z-7f3a91c2.md",
        "portal_src/_quarantine/20261124T081209Z-7f3a91c2.eml",
        "outbox/0001.eml",
        "notes.md",
        ".env",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(marks.of(PRIVATE, name), encoding="utf-8")
    return marks


def _head(marks: Marks) -> str:
    def private(name: str) -> str:
        return marks.of(PRIVATE, name)

    return f"""\
# {private("a comment of clients.yml")}
practice:
  {{name: Marta Ruiz, owner: Marta Ruiz, email: marta@marta.example, timezone: Europe/Madrid, language: en, country: ES}}
mailbox:
  address: requests@marta.example
  host: {private("mailbox host")}.example
  user: {private("mailbox user")}
  password: {{command: [pass, show, {private("mailbox password")}]}}
  inbox: {private("mailbox inbox")}
outgoing:
  host: {private("outgoing host")}.example
  user: {private("outgoing user")}
  password: {{env: {private("outgoing password").upper()}}}
  from: Marta Ruiz <requests@marta.example>
places:
  web: {{kind: directory, path: /srv/{private("place")}, access: caddy}}
services:
  social: {{name: Posts, stages: [brief, approval]}}
clients:
"""


def _client(root: Path, key: str, marks: Marks) -> str:
    """Give one client's part of clients.yml, each of its keys with a word of its own."""

    def mark(name: str) -> str:
        return marks.of(key, name)

    logo, font = f"{mark('logo name')}.svg", f"{mark('font name')}.woff2"
    (root / logo).write_text(f"<svg xmlns='http://www.w3.org/2000/svg'><text>{mark('logo')}</text></svg>", encoding="utf-8")
    (root / font).write_text(mark("font"), encoding="utf-8")
    language, form = ("es", "formal") if key == "bob" else ("en", "informal")
    return f"""\
  {key}:
    code: {key.upper()}
    name: {mark("client name")} Ltd  # {mark("comment on a client")}
    contacts:
      - {{name: Jane {mark("contact name")}, email: {mark("contact address")}@{key}.example, role: {mark("contact role")}}}
      - {{name: Tom {mark("second contact")}, email: tom@{key}.example, invoices: true}}
    senders: [{mark("sender")}@{key}.example, "@{mark("sender domain")}.example"]
    language: {language}
    address_form: {form}
    timezone: Australia/Sydney
    country: AU
    currency: AUD
    since: 2026-05-04
    {"ended: 2026-11-01" if key == ENDED else ""}
    brand: {{colour: "#84305f", logo: {logo}, font: {font}}}
    address: [18 {mark("client street")} Street]
    tax_id: {mark("client tax id")}
    rate: "66.00"
    retainer: {{hours: 20, price: "1240.00", renews: monthly, day: 1, bill: before}}
    terms: {{net: 15, deposit: none, late_fee: {mark("late fee")}}}
    digest: {{day: fri, at: "15:00"}}
    links: [{{name: {mark("link name")}, url: https://drive.example/{mark("link address")}}}]
"""


def _write_client(folder: Path, key: str, marks: Marks) -> None:
    def mark(name: str) -> str:
        return marks.of(key, name)

    def private(name: str) -> str:
        return marks.of(PRIVATE, f"{name} of {key}")

    def write(name: str, content: str | bytes) -> None:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    thread = f"tasks/0001-{mark('task slug')}"
    for number, status in enumerate(("doing", "waiting", "approval", "done", "new"), start=1):
        name = thread if number == 1 else f"tasks/{number:04d}-{mark('task slug')}"
        write(
            f"{name}.md",
            f"---\nref: {key.upper()}-{number}\ntitle: {mark(f'title of {status}')}\nstatus: {status}\n"
            f"received: 2026-11-{10 + number}T08:00:00Z\ndue: 2026-11-{20 + number}\nservice: social\nestimate: 2h\n"
            f"requester: Jane {mark('requester')} <{mark('requester address')}@{key}.example>\nassignee: marta\n"
            f"message: <{mark('message of task')}@{key}.example>\nhers: {mark('unknown key')}  # {mark('comment')}\n---\n"
            f"{mark(f'body of {status}')}\n\n- [ ] {mark('check')}\n- [x] {mark('ticked')}\n",
        )
    brief = f"{mark('attachment name')}.txt"
    for number, (kind, verified) in enumerate(
        (("request", "pass"), ("outgoing", "none"), ("reply", "accepted"), ("command", "pass"), ("note", "pass"))
    ):
        write(
            f"{thread}/20261111T08000{number}Z-0000000{number}.md",
            _message(mark, kind, verified, number, f"[0000000{number}-{brief}]" if number == 0 else "[]"),
        )
    write(f"{thread}/files/00000000-{brief}", mark("attachment"))
    write(f"{thread}/files/report-{mark('delivery name')}.txt", mark("delivery"))
    write(f"{thread}/files/{mark('drawing name')}.svg", f"<svg>{mark('drawing')}</svg>")
    write(f"{thread}/files/photo-{mark('photo name')}.jpg", _photo(mark("photo comment")))
    write(f"{thread}/files/pack-{mark('archive name')}.zip", _archive(f"{mark('archived name')}.txt", mark("archived")))
    write(f"{thread}/files/.{private('hidden file')}", private("hidden file"))
    for name in (f"{thread}/private.md", f"{thread}/notes-of-hers.md", "private/notes.md", "sent/2026/0001.eml"):
        write(name, private(name.rpartition("/")[2]))
    write(f"private/{private('private file name')}.md", private("private file"))
    write(f"tasks/0009-{private('unfinished')}/20261111T080000Z-99999999.md", _message(private, "request", "pass", 9, "[]"))

    # Withheld: an answer that failed, one that the VA rejected, and a whole request.
    for number, verified in ((7, "fail"), (8, "rejected")):
        name = f"{private('withheld file name')}.txt"
        withheld = _message(private, "reply", verified, number, f"[0000000{number}-{name}]")
        write(f"{thread}/20261111T08000{number}Z-0000000{number}.md", withheld)
        write(f"{thread}/files/0000000{number}-{name}", private("withheld file"))
    forged = f"tasks/0006-{private('slug of a withheld request')}"
    write(
        f"{forged}.md",
        f"---\ntitle: {private('title of a withheld request')}\nstatus: new\nreceived: 2026-11-16T08:00:00Z\n"
        f"requester: {private('requester of it')} <{private('address of it')}@{key}.example>\n---\n{private('body of it')}\n",
    )
    write(f"{forged}/20261116T080000Z-0000000a.md", _message(private, "request", "fail", 10, "[]"))
    write(f"{forged}/files/0000000a-{private('file of it')}.txt", private("content of it"))
    write(f"{forged}/files/late-{private('delivery of it')}.txt", private("delivery's content"))

    write("history.csv", f"at,ref,by,from,to\n2026-11-14T09:00:00Z,{key.upper()}-4,{mark('by')},doing,done\n")
    head = "id,start,minutes,task,person,service,note,billable,source"
    row = f"2026-11-12T09:00:00+01:00,60,{key.upper()}-1,{mark('time person')},{mark('time service')}"
    write("time/2026-11.csv", f"{head}\n{mark('time id')},{row},{mark('time note')},yes,{mark('time source')}\n")
    write("time/running.csv", f"{head}\n{private('running timer')}\n")
    write("invoices/2026-0001.yml", _invoice(mark, key, "number: 2026-0001\nissued: 2026-11-01\ndue: 2026-11-16\n"))
    write("invoices/draft-november.yml", _invoice(private, key, ""))
    write(
        f"pages/how-{mark('own page slug')}.md",
        f"---\ntitle: {mark('own page title')}\nhers: {mark('own page key')}\n---\n# Heading {mark('own page heading')}\n\n"
        f"{mark('own page text')}\n",
    )
    write(f"pages/.{private('hidden page')}.md", private("hidden page"))
    write("welcome.md", f"Welcome, {mark('welcome')}\n")


def _message(mark: Marked, kind: str, verified: str, number: int, attachments: str) -> str:
    return (
        f"---\nmessage_id: <{mark('message id')}@x.example>\ndigest: sha256:{mark('digest')}\n"
        f"from: Jane {mark('sender name')} <{mark('sender address')}@x.example>\nto: [{mark('recipient')}@x.example]\n"
        f"date: 2026-11-11T08:00:00Z\nreceived: 2026-11-11T08:00:{number:02d}Z\nsubject: {mark('subject')}\nkind: {kind}\n"
        f"verified: {verified}\nflags: [{mark('flag')}]\nattachments: {attachments}\nmore: {mark('unknown key')}\n---\n"
        f"{mark(f'text of {kind}')}\n\n<!-- recado: quoted -->\n> {mark(f'quoted in {kind}')}\n"
    )


def _invoice(mark: Marked, key: str, number: str) -> str:
    return f"""\
{number}kind: invoice
currency: AUD
seller: {{name: Marta {mark("seller")}, address: [{mark("seller street")}], country: ES, tax_id: {mark("seller tax id")}}}
buyer:
  {{name: {mark("buyer")}, address: [{mark("buyer street")}], country: AU, tax_id: {mark("buyer tax id")},
   more: {mark("buyer key")}}}
lines:
  - {{description: {mark("line")}, quantity: "1", unit: {mark("unit")}, price: "10.00", net: "10.00",
     tax: {(tax := mark("tax"))}, tasks: [{key.upper()}-1]}}
taxes:
  - {{name: {tax}, category: G, rate: "0", base: "10.00", amount: "0.00", reason: {{en: {mark("reason")}}}}}
totals: {{net: "10.00", tax: "0.00", gross: "10.00", withheld: "0.00", payable: "10.00"}}
payments: [{{date: 2026-11-09, amount: "4.00", by: {mark("paid by")}, reference: {mark("payment reference")}}}]
links: {{wise: https://wise.example/{mark("payment link")}}}
digest: sha256:{mark("invoice digest")}
"""


def _photo(comment: str) -> bytes:
    made = io.BytesIO()
    Image.linear_gradient("L").resize((1200, 900)).save(made, "JPEG", comment=comment.encode())
    return made.getvalue()


def _archive(name: str, content: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return made.getvalue()
