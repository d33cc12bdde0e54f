"""Edits of a small practice, each taking from two numbers which thing is edited, and what becomes of it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from small_practice import Bill, Customer, Job, Said, picture

from recado.resources import program_templates

if TYPE_CHECKING:
    from desk import Desk

STATUSES = ("new", "accepted", "doing", "waiting", "review", "approval", "done", "cancelled")
WORDS = ("December posts", "January posts", "A <b>bold</b> title", "Año nuevo", "Password: hunter22", "ACME-1 once more")
DUES = (
    "",
    "2026-11-23",
    "2026-11-24",
    "2026-11-25",
    "2026-11-30",
    "2027-01-04",
    "2026-11-24T23:30:00Z",
    "2026-10-25T00:30:00Z",
)
ZONES = ("Europe/Madrid", "Australia/Sydney", "America/New_York", "Pacific/Apia")
KINDS = (("request", "pass"), ("reply", "pass"), ("outgoing", "none"), ("reply", "fail"), ("note", "pass"), ("request", "fail"))
COLOURS = ("#84305f", "#1f6f5c", "#223344")
PAGES = (
    "# How\n",
    "# How\n\nSee [it](../requests/acme-1.html).\n",
    "No heading.\n",
    "---\ntitle: Prices\n---\n| a | b |\n|---|---|\n| 1 | 2 |\n",
)
INSTANTS = (
    "2026-10-25T00:59:59Z",  # Madrid goes back from summer time
    "2026-10-24T22:00:00Z",
    "2026-11-01T04:00:00Z",  # New York does
    "2026-11-01T06:30:00Z",
    "2026-10-03T15:59:59Z",  # Sydney goes forward
    "2026-11-24T12:59:59Z",
    "2026-11-24T13:00:00Z",
    "2026-12-31T23:00:00Z",
    "2027-03-28T01:00:00Z",
)
STEPS = (
    timedelta(seconds=1),
    timedelta(minutes=5),
    timedelta(hours=1),
    timedelta(hours=13),
    timedelta(days=1),
    timedelta(days=8),
    timedelta(days=31),
    timedelta(days=400),
    timedelta(hours=-1),
    timedelta(days=-2),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """Two numbers, of which an edit takes what it needs: which thing, and what becomes of it."""

    which: int
    what: int

    def of(self, things: tuple[str, ...]) -> str:
        return things[self.what % len(things)]


# ---- Edits ----


def client_of(desk: Desk, turn: Turn) -> Customer:
    return desk.office.clients[("acme", "acme", "acme", "bolt")[turn.which % 4]]


def job_of(desk: Desk, turn: Turn) -> Job:
    jobs = client_of(desk, turn).jobs
    return jobs.setdefault(1, Job("web", "A page")) if not jobs else jobs[sorted(jobs)[turn.which // 4 % len(jobs)]]


def edit_body(desk: Desk, turn: Turn) -> None:
    job_of(desk, turn).body = f"{turn.of(WORDS)}\n\n- [x] one\n- [ ] two\n"


def edit_title(desk: Desk, turn: Turn) -> None:
    job_of(desk, turn).title = turn.of(WORDS).replace(": ", " ")


def edit_status(desk: Desk, turn: Turn) -> None:
    job_of(desk, turn).status = turn.of(STATUSES)


def edit_due(desk: Desk, turn: Turn) -> None:
    job_of(desk, turn).due = turn.of(DUES)


def add_task(desk: Desk, turn: Turn) -> None:
    jobs = client_of(desk, turn).jobs
    jobs[max(jobs, default=0) + 1] = Job(
        f"task-{turn.which}", turn.of(WORDS).replace(": ", " "), STATUSES[turn.which % 8], due=""
    )


def remove_task(desk: Desk, turn: Turn) -> None:
    client, job = client_of(desk, turn), job_of(desk, turn)
    client.jobs = {number: each for number, each in client.jobs.items() if each is not job}
    client.pages.clear()  # they may link to it


def rename_task(desk: Desk, turn: Turn) -> None:
    job_of(desk, turn).slug = f"renamed-{turn.what % 3}"


def merge_tasks(desk: Desk, turn: Turn) -> None:
    client, job = client_of(desk, turn), job_of(desk, turn)
    others = [number for number, other in sorted(client.jobs.items()) if other is not job]
    job.merged = 0 if job.merged or not others else others[turn.what % len(others)]
    job.status = "cancelled" if job.merged else "doing"


def put_file(desk: Desk, turn: Turn) -> None:
    names = ("report.pdf", "a.svg", "b.svg.zip", "photo.jpg", "notes.txt", "7f3a91c2-late.txt", "aaaaaaa1-brief.pdf")
    name = turn.of(names)
    content = picture(turn.which % 3) if name.endswith("jpg") else f"%PDF {turn.which % 3}".encode()
    job_of(desk, turn).files[name] = content


def remove_file(desk: Desk, turn: Turn) -> None:
    files = job_of(desk, turn).files
    if files:
        del files[sorted(files)[turn.what % len(files)]]


def add_message(desk: Desk, turn: Turn) -> None:
    kind, verified = KINDS[turn.what % len(KINDS)]
    said = Said(f"2026-11-2{turn.what % 5}T1{turn.which % 10}:00:00Z", kind, turn.of(WORDS), verified)
    job_of(desk, turn).messages[f"{turn.which:04d}{turn.what:04d}"[:7] + "f"] = said
    desk.office.clients["acme"].pages.clear()  # they may link to a request that is withheld now


def accept_message(desk: Desk, turn: Turn) -> None:
    desk.office.clients["acme"].pages.clear()  # as above: the request may be withheld again
    for said in job_of(desk, turn).messages.values():
        said.verified = (
            ("accepted", "rejected", "fail")[turn.what % 3] if said.verified in {"fail", "accepted"} else said.verified
        )


def remove_message(desk: Desk, turn: Turn) -> None:
    messages = job_of(desk, turn).messages
    if messages:
        del messages[sorted(messages)[turn.what % len(messages)]]


def put_page(desk: Desk, turn: Turn) -> None:
    text = turn.of(PAGES)
    client = desk.office.clients["acme"]
    if "acme-1" not in text or 1 in client.jobs:
        client.pages[("how", "prices", "index")[turn.which % 3]] = text


def remove_page(desk: Desk, turn: Turn) -> None:
    pages = desk.office.clients["acme"].pages
    if pages:
        del pages[sorted(pages)[turn.what % len(pages)]]


def edit_welcome(desk: Desk, turn: Turn) -> None:
    client_of(desk, turn).welcome = turn.of(("", *WORDS))


def spend_time(desk: Desk, turn: Turn) -> None:
    client = client_of(desk, turn)
    client.minutes = [] if turn.what % 4 == 0 else [*client.minutes, (1 + turn.which % 3, 15 * (turn.what % 9 + 1))]


def bill(desk: Desk, turn: Turn) -> None:
    client_of(desk, turn).bills[1 + turn.what % 3] = Bill(("2026-11-20", "2026-11-25", "2027-01-02")[turn.which % 3])


def pay(desk: Desk, turn: Turn) -> None:
    for each in client_of(desk, turn).bills.values():
        each.paid = turn.of(("", "40.00", "100.00"))


def unbill(desk: Desk, turn: Turn) -> None:
    client_of(desk, turn).bills.clear()


def edit_client(desk: Desk, turn: Turn) -> None:
    client = client_of(desk, turn)
    match turn.what % 5:
        case 0:
            client.colour = COLOURS[turn.what % 3]
        case 1:
            client.name = f"Acme {turn.which}"
        case 2:
            client.language = ("en", "es", "cy")[turn.which % 3]
        case 3:
            client.zone = ZONES[turn.which % 4]
        case _:
            client.form = ("formal", "informal")[turn.which % 2]


def edit_service(desk: Desk, turn: Turn) -> None:
    desk.office.service = turn.of(("Posts", "Social media"))


def client_comes_or_goes(desk: Desk, turn: Turn) -> None:
    if "cork" in desk.office.clients:
        del desk.office.clients["cork"]
    else:
        desk.office.clients["cork"] = Customer("Cork", jobs={1: Job("first", turn.of(WORDS).replace(": ", " "), "new")})


def edit_templates(desk: Desk, turn: Turn) -> None:
    templates = desk.office.templates
    name = ("assets/portal.css", "parts/invoices.html.j2", "translations/es.po", "assets/hers.txt")[turn.which % 4]
    if turn.what % 3 == 0:
        templates.pop(name, None)
    else:
        ours = program_templates() / name
        text = ours.read_text(encoding="utf-8") if ours.exists() else "hers"
        templates[name] = text.replace("Inicio", ("Inicia", "Inicie")[turn.what % 2]) + "\n" * (turn.what % 2)


def time_goes_on(desk: Desk, turn: Turn) -> None:
    desk.now += STEPS[turn.what % len(STEPS)]


def it_is(desk: Desk, turn: Turn) -> None:
    desk.now = datetime.fromisoformat(turn.of(INSTANTS)).astimezone(UTC)


def touch(desk: Desk, turn: Turn) -> None:
    files = sorted(path for path in desk.root.glob("portal_src/**/*") if path.is_file())
    files[turn.which % len(files)].touch()


def take_away_what_is_kept(desk: Desk, turn: Turn) -> None:
    names = (
        "",
        "portals",
        "portals/acme",
        "portals/acme/kept",
        "portals/acme/standing.json",
        "thumbnails",
        "portals/practice.json",
    )
    place = desk.root / ".recado" / turn.of(names)
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


EDITS = (
    edit_body, edit_title, edit_status, edit_status, edit_due, add_task, remove_task, rename_task, merge_tasks, put_file,
    remove_file, add_message, accept_message, remove_message, put_page, remove_page, edit_welcome, spend_time, bill, pay,
    unbill, edit_client, edit_service, client_comes_or_goes, edit_templates, time_goes_on, time_goes_on, it_is, touch,
    take_away_what_is_kept,
)  # fmt: skip
