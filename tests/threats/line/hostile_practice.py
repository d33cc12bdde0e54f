"""A practice with one client, in whose every field stands what a stranger wrote: once as written, once as plain words.

Both have the same files, so that their portals differ in nothing but words.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from hostile_texts import DEEP, HOSTILE
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    # Gives what stands in a field for a text of the table.
    Says = Callable[[str], str]

STATUSES: Final = ("new", "accepted", "doing", "waiting", "review", "approval", "done", "cancelled")
KEY: Final = "acme"
MESSAGES: Final = ("request", "outgoing", "reply", "note", "command")
DEEP_TASK: Final = 99
_AT: Final = "2026-10-20T08:00:00Z"
NO_PAGE: Final = "[x](../../other/index.html)"  # that the VA's own page leads nowhere is an error of the build


def as_written(text: str) -> str:
    """Give a text as it is."""
    return text


def as_plain_words(text: str) -> str:
    """Give words that mean no harm, others for each text."""
    return f"Plain words {hashlib.sha256(text.encode()).hexdigest()[:12]}"


def in_one_line(text: str) -> str:
    """Write a text as a title holds it."""
    return " ".join(text.split())


def file_name(text: str) -> str:
    """Write a text as the name of a file can hold it."""
    name = re.sub(r"[/\x00]", "-", in_one_line(text)).encode()[:120].decode(errors="ignore").strip()
    return name or "-"


def in_tasks(texts: Sequence[str] = HOSTILE) -> list[Sequence[str]]:
    """Tell which texts stand in which task, ACME-1 first: one in each of its messages, all of them in its own words."""
    return _parted(texts, len(MESSAGES))


def write_practice(root: Path, say: Says) -> None:
    """Write the workspace. `say` gives what stands in each field in the place of a text of the table."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "clients.yml").write_text(_clients(say), encoding="utf-8")
    folder = root / "portal_src" / KEY
    changes, times = ["at,ref,by,from,to"], ["id,start,minutes,task,person,service,note,billable,source"]
    for number, some in enumerate(in_tasks(), 1):
        said = [say(text) for text in some]
        cell = _cell(" ".join(said))
        _write_task(folder, number, said)
        changes.append(f"{_since(number)},ACME-{number},{cell},,{_status(number)}")
        times.append(f"id{number},2026-11-20T09:00:00+01:00,5,ACME-{number},{cell},{cell},{cell},yes,x")
    _write_deep(folder, say)
    for number, some in enumerate(_parted(HOSTILE, 30), 1):
        _put(folder / "invoices" / f"2026-{number:04}.yml", _invoice(number, [say(text) for text in some]))
        _put(folder / "pages" / f"own-{number}.md", _own_page([say(text) for text in some if text != NO_PAGE]))
    _put(folder / "welcome.md", "\n\n".join(_apart(say(text)) for text in HOSTILE) + "\n")
    _put(folder / "history.csv", "\n".join((*changes, "")))
    _put(folder / "time" / "2026-11.csv", "\n".join((*times, "")))


def _clients(say: Says) -> str:
    def said(number: int) -> str:
        return _quoted(in_one_line(say(HOSTILE[number])))

    return f"""\
practice:
  name: Marta
  owner: Marta Ruiz
  email: marta@marta.example
  timezone: Europe/Madrid
  language: en
  country: ES
  people: {{irene: {{name: {said(1)}, email: irene@marta.example, role: {said(2)}}}}}
  channels: [{{for: {said(3)}, by: email, to: requests@marta.example}}]
  absences: [{{from: 2026-12-07, to: 2026-12-07, note: {said(4)}}}]
mailbox: {{address: requests@marta.example, host: 127.0.0.1, user: requests, password: {{env: NONE}}}}
services:
  print: {{name: {said(5)}, rate: {{EUR: "40.00"}}}}
clients:
  {KEY}:
    code: ACME
    name: {said(4)}
    contacts:
      - {{name: {said(0)}, email: jane@acme.example, role: {said(6)}}}
      - {{name: {said(7)}, email: tom@acme.example}}
    senders: ["@acme.example"]
    retainer: {{hours: 20, price: "800.00", renews: monthly, day: 1, bill: before}}
    terms: {{net: 15, late_fee: {said(8)}}}
    links: [{{name: {said(9)}, url: https://drive.example/x}}]
"""


def _write_task(folder: Path, number: int, said: Sequence[str]) -> None:
    line, name = _quoted(in_one_line(" ".join(said))), f"{number:04}-posts"
    service = "print" if number % 3 else line
    head = (
        f"title: {line}\nstatus: {_status(number)}\nreceived: {_AT}\nservice: {service}\nrequester: {line}\nassignee: {line}\n"
        f"message: {line}\nhers: {line}\ndue: 2026-11-{1 + number % 28:02}\n"
    )
    body = "As I understood it:\n\n" + "\n\n".join(map(_apart, said)) + "\n\n"
    checks = "".join(f"- [{' x'[place % 2]}] {in_one_line(text)}\n" for place, text in enumerate(said))
    _put(folder / "tasks" / f"{name}.md", f"---\n{head}---\n{body}{checks}")
    thread = folder / "tasks" / name
    for place, (kind, text) in enumerate(zip(MESSAGES, said, strict=False)):
        _put(thread / f"20261120T08000{place}Z-0000000{place}.md", _message(place, kind, text))
        for begin in (f"0000000{place}-", "sent-"):
            _put(thread / "files" / f"{begin}{file_name(text)}.txt", "x")
    Image.new("RGB", (9, 9)).save(thread / "files" / f"photo-{file_name(said[-1])}.png")


def _message(place: int, kind: str, said: str) -> str:
    line = _quoted(in_one_line(said))
    sender = "jane@acme.example" if kind == "request" else f"p{place}@elsewhere.example"
    head = (
        f"from: {_quoted(f'{in_one_line(said)} <{sender}>')}\nreceived: 2026-11-20T08:00:0{place}Z\nkind: {kind}\n"
        f"verified: pass\nsubject: {line}\nmessage_id: {line}\nto: [{line}]\nflags: [{line}]\nattachments: [{line}]\n"
    )
    return f"---\n{head}---\n{_apart(said)}\n\n<!-- recado: quoted -->\n\n{_apart(said)}\n"


def _write_deep(folder: Path, say: Says) -> None:
    _put(
        folder / "tasks" / f"{DEEP_TASK:04}-deep.md",
        f"---\ntitle: Deep\nstatus: doing\nreceived: {_AT}\n---\nAs I understood it.\n",
    )
    for place, text in enumerate(DEEP):
        head = f"from: tom@acme.example\nreceived: 2026-11-20T08:00:0{place}Z\nkind: reply\nverified: pass\n"
        _put(
            folder / "tasks" / f"{DEEP_TASK:04}-deep" / f"20261120T08000{place}Z-0000000{place}.md",
            f"---\n{head}---\n{say(text)}\n",
        )


def _invoice(number: int, said: Sequence[str]) -> str:
    first = _quoted(in_one_line(said[0]))
    lines = "".join(
        f'  - {{description: {line}, quantity: "1", unit: {line}, price: "1.00", net: "1.00", tax: {first}, tasks: [{line}]}}\n'
        for line in (_quoted(in_one_line(text)) for text in said)
    )
    total = f"{len(said)}.00"
    return f"""\
number: 2026-{number:04}
kind: invoice
issued: 2026-11-01
due: 2026-11-16
currency: EUR
seller: {{name: {first}, address: [{first}], country: ES, tax_id: {first}}}
buyer: {{name: {first}, address: [{first}], country: ES, tax_id: {first}}}
lines:
{lines}taxes: [{{name: {first}, category: G, rate: "0", base: "{total}", amount: "0.00", reason: {{en: {first}}}}}]
totals: {{net: "{total}", tax: "0.00", gross: "{total}", withheld: "0.00", payable: "{total}"}}
payments: [{{date: 2026-11-09, amount: "0.50", by: {first}, reference: {first}}}]
"""


def _own_page(said: Sequence[str]) -> str:
    title = _quoted(in_one_line(" ".join(said)))
    return f"---\ntitle: {title}\n---\n" + "\n\n".join(map(_apart, said)) + "\n\nThe last words.\n"


def _parted(texts: Sequence[str], size: int) -> list[Sequence[str]]:
    return [texts[start : start + size] for start in range(0, len(texts), size)]


def _status(number: int) -> str:
    return STATUSES[number % len(STATUSES)]


def _since(number: int) -> str:
    """Tell since when a task has its status: every fifth since a month ago, so that what was done then has its page."""
    return f"2026-{11 - (number % 5 == 0)}-20T08:00:00Z"


def _quoted(text: str) -> str:
    """Write a text in YAML, in double quotes."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in plain) + '"'


def _cell(text: str) -> str:
    return '"' + in_one_line(text).replace('"', '""') + '"'


def _apart(text: str) -> str:
    """Write a text into a file, as the program does: a merge conflict in a mail's words is none of the file's."""
    return re.sub(r"^(?=[<=>]{7})", " ", text, flags=re.MULTILINE)


def _put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
