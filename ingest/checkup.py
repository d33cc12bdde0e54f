"""Every step of the mailbox, looked at one after the other, as far as it can be made (`recado doctor`). Nothing is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.connection import TROUBLES, Connection, MailboxError, is_refusal
from ingest.headers import read_headers
from ingest.reachable import reach
from ingest.vouching import judge_trust
from recado.errors import WorkError
from recado.model.check import Check, Verdict
from recado.speech import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from recado.model.secret import Revealed
    from recado.model.servers import Mailbox

_SECONDS = 15.0
_NEWEST = 20
_RESULTS = "BODY.PEEK[HEADER.FIELDS (AUTHENTICATION-RESULTS)]"


def check_mailbox(
    settings: Mailbox, password: Callable[[], Revealed], now: datetime, *, timeout: float = _SECONDS
) -> Iterator[Check]:
    """Look at the mailbox, step by step; what cannot be looked at, for what failed before, is said to be skipped.

    `password` looks the password up. `timeout` is in seconds, for each answer. Never raises for what the server does.
    """
    is_reached = True
    for check in reach(settings, now, timeout):
        is_reached = is_reached and check.verdict is not Verdict.BAD
        yield check
    found = None
    try:
        found = password()
        said = _("found, kept as {place}").format(place=settings.password)
        yield Check(_("password"), Verdict.GOOD, said)
    except WorkError as error:
        yield Check(_("password"), Verdict.BAD, _("not found, kept as {place}").format(place=settings.password), str(error))
    if found is None or not is_reached:
        yield from _skipped(_("login"), _("folders"), _("new mail"), _("moving mail"), _("trust"))
        return
    revealed = found
    connection = Connection(settings, lambda: revealed, timeout)
    try:
        yield from _logged_in(connection)
    finally:
        connection.close(politely=False)


def _logged_in(connection: Connection) -> Iterator[Check]:
    try:
        connection.open()
    except MailboxError as error:
        yield Check(_("login"), Verdict.BAD, _("as {user}, it failed").format(user=connection.settings.user), str(error))
        yield from _skipped(_("folders"), _("new mail"), _("moving mail"), _("trust"))
        return
    yield Check(_("login"), Verdict.GOOD, _("as {user}").format(user=connection.settings.user))
    steps = (
        (_("folders"), _folders),
        (_("new mail"), _new_mail),
        (_("moving mail"), _moving),
        (_("trust"), _trust),
    )
    for number, (subject, step) in enumerate(steps):
        try:
            yield from step(connection)
        except TROUBLES as error:
            said = _("the server did not do what was asked ({reason})").format(reason=error)
            yield Check(subject, Verdict.BAD, said, _("Run this again. If it stays so, ask whoever runs the server."))
            if not is_refusal(error):  # the line is broken
                yield from _skipped(*(later for later, _step in steps[number + 1 :]))
                return


def _folders(connection: Connection) -> Iterator[Check]:
    settings, client = connection.settings, connection.client
    subject = _("folders")
    if client.folder_exists(connection.named(settings.inbox)):
        connection.select(settings.inbox, read_only=True)
        waiting = len(client.search(["UNDELETED"]))
        said = ngettext("{folder} is there: {number} mail waits", "{folder} is there: {number} mails wait", waiting)
        said = said.format(folder=connection.named(settings.inbox), number=waiting)
        yield Check(subject, Verdict.GOOD, said)
    else:
        said = _("there is no {folder}").format(folder=connection.named(settings.inbox))
        yield Check(subject, Verdict.BAD, said, _("Check `mailbox.inbox` in clients.yml; almost everywhere it is INBOX."))
    for folder in (settings.done, settings.quarantine):
        name = connection.named(folder)
        is_there = client.folder_exists(name)
        said = _("{folder} is there") if is_there else _("{folder} will be made when mail is filed")
        yield Check(subject, Verdict.GOOD, said.format(folder=name))
    yield _sent_folder(connection)


def _sent_folder(connection: Connection) -> Check:
    subject, sent = _("folders"), connection.settings.sent
    if sent is not None and connection.client.folder_exists(connection.named(sent)):
        said = _("{folder} is there: your answers to clients are read from it").format(folder=connection.named(sent))
        return Check(subject, Verdict.GOOD, said)
    special = connection.client.find_special_folder(b"\\Sent")
    named = connection.written(special) if special else ""
    if sent is None:
        said = _("`mailbox.sent` is not set: your answers are filed only where the request address is in copy")
        advice = _(
            "If you answer from this mailbox's own account, all of them are filed by this line under `mailbox:` in "
            "clients.yml:  sent: {folder}\nAnswers from another account are not in that folder: put the request address in "
            "copy."
        ).format(folder=named or "Sent")
        return Check(subject, Verdict.GOOD, said, advice)
    said = _("there is no {folder}").format(folder=connection.named(sent))
    advice = _("Check `mailbox.sent` in clients.yml.")
    if named:
        advice = _("Write under `mailbox:` in clients.yml:  sent: {folder}").format(folder=named)
    return Check(subject, Verdict.BAD, said, advice)


def _new_mail(connection: Connection) -> Iterator[Check]:
    if connection.can("IDLE"):
        yield Check(_("new mail"), Verdict.GOOD, _("the server says when it comes (IDLE)"))
        return
    said = _("the server does not say when it comes (no IDLE): `recado ingest --watch` looks again and again")
    yield Check(_("new mail"), Verdict.WARNING, said)


def _moving(connection: Connection) -> Iterator[Check]:
    subject = _("moving mail")
    if connection.can("MOVE"):
        yield Check(subject, Verdict.GOOD, _("the server can move mail (MOVE)"))
    elif connection.can("UIDPLUS"):
        yield Check(subject, Verdict.GOOD, _("mail is copied, then deleted by its number (UIDPLUS): the server has no MOVE"))
    else:
        said = _("the server has neither MOVE nor UIDPLUS: filed mail is copied, and stays in the inbox marked as deleted")
        advice = _("Let your mail program clear away (expunge) the inbox now and then.")
        yield Check(subject, Verdict.WARNING, said, advice)


def _trust(connection: Connection) -> Iterator[Check]:
    mails: list[tuple[str, ...]] = []
    for folder in (connection.settings.inbox, connection.settings.done):
        if len(mails) < _NEWEST and connection.client.folder_exists(connection.named(folder)):
            connection.select(folder, read_only=True)
            uids = sorted(connection.client.search(["UNDELETED"]))[len(mails) - _NEWEST :]
            answers = connection.client.fetch(uids, [_RESULTS]) if uids else {}
            mails += [_results(answers[uid]) for uid in uids if uid in answers]
    yield judge_trust(connection.settings.trust, mails)


def _results(answer: dict[bytes, object]) -> tuple[str, ...]:
    """Give the Authentication-Results of a mail, top to bottom, unfolded."""
    raw = next((value for key, value in answer.items() if key.startswith(b"BODY[")), b"")
    headers = read_headers(raw if isinstance(raw, bytes) else b"")
    return tuple(value.decode("latin-1") for value in headers.all("authentication-results"))


def _skipped(*subjects: str) -> Iterator[Check]:
    for subject in subjects:
        yield Check(subject, Verdict.SKIPPED, _("not looked at, for what failed above"))
