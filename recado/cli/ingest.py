"""`recado ingest`: what waits in the mailbox becomes tasks and messages."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

import click

from recado.cli.frame import json_option, workspace_at, workspace_option
from recado.cli.output import print_json
from recado.errors import UsageError
from recado.speech import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from ingest.intake import Outcome
    from recado.model.practice import Practice
    from recado.model.secret import Revealed
    from recado.store.workspace import Workspace


@click.command(
    help=_(
        "File the mail that waits in your mailbox.\n"
        "\n"
        "Each mail becomes a task (a new request), a message of a task (an answer), or goes to the "
        "quarantine with a page that says "
        "why. A mail leaves the inbox only when its files are safe on disk, and the same mail is never filed "
        "twice, so that you can "
        "run this as often as you like, and stop it at any moment.\n"
        "\n"
        "\b\n"
        "Once, now:                     recado ingest\n"
        "As mail comes, until Ctrl-C:   recado ingest --watch\n"
        "\n"
        "Afterwards `recado task list` shows what is new, and `recado build` puts it on the portals."
    )
)
@click.option("--once", is_flag=True, help=_("Look into the mailbox once and end (the default)."))
@click.option(
    "--watch",
    is_flag=True,
    help=_("Go on: file mail as it comes (IDLE; every minute where the server has no IDLE), until Ctrl-C."),
)
@workspace_option
@json_option
def ingest(once: bool, watch: bool, folder: Path | None, as_json: bool) -> None:
    """File what waits in the mailbox."""
    from ingest.worker import one_pass, only_worker  # noqa: PLC0415 (late: IMAP and mail parsing, not for --help)
    from recado.store.practice_file import load_practice  # noqa: PLC0415

    if once and watch:
        raise UsageError(_("--once ends after one look, and --watch goes on: give one of them."))
    workspace = workspace_at(folder)
    if watch:
        with only_worker(workspace):
            _watch(workspace, _say_one_as_json if as_json else _say_one)
        return
    practice = load_practice(workspace)
    with only_worker(workspace):
        outcomes = []
        try:
            for outcome in one_pass(workspace, practice, password_of(practice)):
                outcomes.append(outcome)
                if not as_json:
                    _say_one(outcome)
        finally:  # what was filed before something failed is filed
            if as_json:
                print_json([asdict(outcome) for outcome in outcomes])
    if not as_json:
        click.echo(summary(outcomes))
    if practice.mailbox.trust is None and any(outcome.client for outcome in outcomes):
        click.echo(no_trust(), err=True)


def _watch(workspace: Workspace, say: Callable[[Outcome], None]) -> None:
    from ingest.in_force import InForce  # noqa: PLC0415 (late: IMAP and mail parsing, not for --help)
    from ingest.mailbox import Mailbox  # noqa: PLC0415
    from ingest.watch import Watching, watch  # noqa: PLC0415
    from ingest.worker import Worker  # noqa: PLC0415

    note = partial(click.echo, err=True)
    in_force = InForce(workspace, note)
    if in_force.practice.mailbox.trust is None:
        note(no_trust())
    watch(
        Watching(
            in_force,
            mailbox=lambda practice: Mailbox(practice.mailbox, password_of(practice)),
            worker=lambda practice: Worker(workspace, practice),
            say=say,
            note=note,
        )
    )
    note(_("The watching has ended. What comes now waits in the mailbox."))


def password_of(practice: Practice) -> Callable[[], Revealed]:
    """Give what looks the mailbox's password up, when it is asked for."""
    from recado.store.secrets import reveal  # noqa: PLC0415 (late)

    return partial(reveal, practice.mailbox.password, user=practice.mailbox.user)


def no_trust() -> str:
    """Say that clients.yml names nobody who vouches for who sent a mail, and what to write there."""
    return _(
        "Nobody vouches for who sent these mails: `mailbox.trust` is not set in clients.yml, and anyone can write in a "
        "client's name. Set it to {provider: gmail}, {provider: microsoft365} or {provider: fastmail}, or to "
        "{authserv_id: …}: the first word of the Authentication-Results that your mail server writes at the top of each mail."
    )


def became_in_words(became: str) -> str:
    """Say what a mail became."""
    return {
        "request": _("new task"),
        "reply": _("answer"),
        "note": _("automatic answer"),
        "outgoing": _("your own answer"),
        "quarantine": _("quarantine"),
        "repeat": _("filed before"),
    }.get(became, became)


def outcome_in_words(outcome: Outcome) -> str:
    """Say what a mail became, as far as it matters to the VA: her own mail may begin a task, and an answer may be withheld."""
    if outcome.became == "outgoing" and outcome.is_new_task:
        return _("new task, from a mail of yours")
    withheld = {"reply": _("withheld answer"), "note": _("withheld automatic answer")}
    return (outcome.is_withheld and withheld.get(outcome.became)) or became_in_words(outcome.became)


def place_in_words(outcome: Outcome) -> str:
    """Say where a mail is now. A whole task is off the portal where the mail that began it is withheld."""
    if outcome.is_reopened:
        return _("{ref}, which is open again").format(ref=outcome.where)
    if outcome.is_withheld and outcome.is_new_task:
        return _("{where} (withheld)").format(where=outcome.where)
    return outcome.where


def line_of(outcome: Outcome) -> str:
    """Say in one line what became of one mail."""
    from ingest.quarantine_page import short_reason  # noqa: PLC0415 (late: with mail parsing)

    where = short_reason(outcome.why.partition(":")[0]) if outcome.is_quarantined else place_in_words(outcome)
    return f"{outcome_in_words(outcome)}: {' · '.join(filter(None, (where, outcome.sender, outcome.subject)))}"


def summary(outcomes: Iterable[Outcome]) -> str:
    """Say in one line what a pass did, and what to do next."""
    outcomes = list(outcomes)
    if not outcomes:
        return _("No new mail.")
    became = Counter(
        became_in_words(outcome.became) if outcome.is_withheld else outcome_in_words(outcome) for outcome in outcomes
    )
    said = [
        ngettext("{number} mail: {what}.", "{number} mails: {what}.", len(outcomes)).format(
            number=len(outcomes), what=", ".join(f"{number} × {what}" for what, number in became.most_common())
        )
    ]
    if reopened := len({outcome.where for outcome in outcomes if outcome.is_reopened}):
        words = ngettext("{number} finished task is open again.", "{number} finished tasks are open again.", reopened)
        said.append(words.format(number=reopened))
    if withheld := sum(outcome.is_withheld for outcome in outcomes):
        words = ngettext(
            "{number} mail failed the mail server's check and is kept from the portal.",
            "{number} mails failed the mail server's check and are kept from the portal.",
            withheld,
        )
        said.append(words.format(number=withheld))
        said.append(_("`recado message list --withheld` shows what waits for your word."))
    if any(outcome.is_quarantined for outcome in outcomes):
        said.append(_("`recado quarantine list` shows what could not be filed."))
    return " ".join(said)


def _say_one_as_json(outcome: Outcome) -> None:
    """Print one mail on one line: who goes on looking gives no end of a list."""
    click.echo(json.dumps(asdict(outcome)))


def _say_one(outcome: Outcome) -> None:
    click.echo(line_of(outcome))
