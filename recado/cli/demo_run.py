"""One run of the demo: deliver over SMTP, read over IMAP, file, look again, build. The same code as for real mail."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from recado.cli.output import is_terminal
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from ingest.intake import Outcome
    from recado.demo.exchanger import Reception
    from recado.demo.mailbag import DemoMail
    from recado.model.practice import Practice
    from recado.portal.build import PortalResult
    from recado.store.workspace import Workspace

T = TypeVar("T")
# Guards a mailbox in memory, on loopback, that lives as long as the demo.
PASSWORD = "demo"  # noqa: S105


@dataclass(frozen=True, slots=True)
class DemoRun:
    """What a run of the demo did. `had` is how many message files the practice had before the first mail came."""

    workspace: Workspace
    practice: Practice
    delivered: tuple[DemoMail, ...]
    outcomes: tuple[Outcome, ...]
    again: tuple[Outcome, ...]
    waiting: int
    had: int
    portals: tuple[PortalResult, ...]

    @property
    def quarantined(self) -> int:
        """Count the .eml files in the quarantine."""
        return len(list(self.workspace.quarantine.glob("*.eml")))

    @property
    def filed(self) -> int:
        """Count the message files that came by mail."""
        return count_messages(self.workspace, self.practice) - self.had

    @property
    def repeats(self) -> int:
        """Count the mails that came twice."""
        return sum(outcome.became == "repeat" for outcome in self.outcomes)

    def as_data(self) -> dict[str, Any]:
        """Give it for other programs."""
        return {
            "workspace": str(self.workspace.root),
            "delivered": len(self.delivered),
            "repeats": self.repeats,
            "messages_before": self.had,
            "messages_filed": self.filed,
            "quarantined": self.quarantined,
            "filed_by_a_second_look": len(self.again),
            "left_in_the_inbox": self.waiting,
            "mails": [
                {"mail": mail.note, "expected": mail.expected} | asdict(outcome)
                for mail, outcome in zip(self.delivered, self.outcomes, strict=True)
            ],
            "portals": [{"key": p.key, "pages": p.pages, "folder": str(p.folder)} for p in self.portals],
        }


def run_demo(folder: Path, *, quiet: bool = False) -> DemoRun:
    """Do the whole line in a folder: deliver over SMTP, read over IMAP, file, look again, build. Raises RecadoError."""
    from ingest.mailbox import Mailbox  # noqa: PLC0415 (late: not for --help)
    from ingest.worker import one_pass, only_worker  # noqa: PLC0415
    from recado.cli.build import build_portals, raise_what_went_wrong  # noqa: PLC0415
    from recado.clock import now as present  # noqa: PLC0415
    from recado.demo.mailbag import deliver, mailbag  # noqa: PLC0415
    from recado.demo.servers import demo_servers  # noqa: PLC0415
    from recado.demo.workspace import make_demo_workspace  # noqa: PLC0415
    from recado.model.secret import Revealed  # noqa: PLC0415
    from recado.resources import demo_practice  # noqa: PLC0415
    from recado.store.practice_file import load_practice  # noqa: PLC0415
    from recado.store.workspace import Workspace  # noqa: PLC0415

    now = present()
    bag = mailbag(now)
    original = load_practice(Workspace(demo_practice()))
    steps = _Steps(quiet=quiet)
    with demo_servers(original, PASSWORD, reception(original, now)) as servers:
        make_demo_workspace(folder, demo_practice(), now, servers.imap_port, servers.smtp_port)
        workspace = Workspace(folder)
        practice = load_practice(workspace)
        had = count_messages(workspace, practice)
        title = _("Three clients write: mail over SMTP to 127.0.0.1:{port}").format(port=servers.smtp_port)
        to = practice.mailbox.address
        delivered = tuple(steps.each(title, deliver(bag, to, servers.host, servers.smtp_port), len(bag)))
        with only_worker(workspace):

            def password() -> Revealed:
                return Revealed(PASSWORD)

            title = _("Reading it over IMAP from 127.0.0.1:{port}, and filing").format(port=servers.imap_port)
            outcomes = tuple(steps.each(title, one_pass(workspace, practice, password), len(bag)))
            again = tuple(one_pass(workspace, practice, password))
            with Mailbox(practice.mailbox, password) as box:
                waiting = len(box.waiting())
    done = build_portals(workspace)
    raise_what_went_wrong(done)
    return DemoRun(workspace, practice, delivered, outcomes, again, waiting, had, done.portals)


def count_messages(workspace: Workspace, practice: Practice) -> int:
    """Count the message files of a workspace."""
    from recado.store.messages import message_files  # noqa: PLC0415 (late)
    from recado.store.tasks import task_files  # noqa: PLC0415

    folders = [workspace.client(key) for key in practice.clients]
    return sum(len(message_files(each, file.name.removesuffix(".md"))) for each in folders for file in task_files(each))


def reception(practice: Practice, now: datetime) -> Reception:
    """Say how the demo's exchanger receives: the week's mail is replayed in a second, each mail arriving at its own date."""
    from recado.demo.exchanger import by_its_own_date  # noqa: PLC0415 (late)
    from recado.demo.mailbag import AUTHORISED_HOSTS  # noqa: PLC0415
    from recado.demo.servers import reception_of  # noqa: PLC0415

    return reception_of(practice, AUTHORISED_HOSTS, by_its_own_date(lambda: now))


class _Steps:
    """Shows how far the demo is: a bar on a terminal, plain lines in a pipe."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet

    def each(self, title: str, things: Iterable[T], total: int) -> Iterator[T]:
        """Give the things of one step as they come."""
        if self._quiet or not is_terminal():
            number = 0
            for number, thing in enumerate(things, 1):  # noqa: B007 (counted, to be said at the end)
                yield thing
            if not self._quiet:
                click.echo(f"{title}: {number}")
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415 (late: only a terminal)

        with Progress(TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn()) as progress:
            step = progress.add_task(title, total=total)
            for thing in things:
                yield thing
                progress.advance(step)
