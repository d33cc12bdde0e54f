"""What waits in the quarantine, found by its ID; taken out of it when it was filed elsewhere, or when the VA rejected it.

A quarantined mail is there while its `.eml` is: its page goes first, so that what a crash leaves can be named again.
What was rejected leaves a row in `rejected.csv`, so that the same mail is known when it comes again.
"""

from __future__ import annotations

import csv
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING

from recado.errors import UsageError
from recado.model.instant import format_instant
from recado.speech import _
from recado.store.atomic import make_folder, sync_folder, write_new, write_whole
from recado.store.csv_rows import read_rows
from recado.store.front_matter import front_of
from recado.store.messages import MESSAGE_NAME, expect_long_enough, is_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from recado.errors import Problem
    from recado.store.workspace import ClientFolder, Workspace

_COLUMNS = ("received", "rejected", "message_id", "digest", "from", "subject", "reason", "name")
# What a spreadsheet takes for a formula when it stands first in a cell; ' itself, so that every cell can be read back.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")


@dataclass(frozen=True, slots=True)
class QuarantinedMail:
    """A mail no one could file, as its page says: all of it may be empty where the page is gone.

    `received` is UTC, from the name. `digest` is that of the mail, or of its bytes where nothing was made of it.
    """

    eml: Path
    received: datetime
    reason: str = ""
    detail: str = ""
    sender: str = ""
    subject: str = ""
    verified: str = ""
    message_id: str = ""
    digest: str = ""

    @property
    def name(self) -> str:
        """Give its name there."""
        return self.eml.stem

    @property
    def id(self) -> str:
        """Give the 8 digits by which commands name it."""
        return self.name.rpartition("-")[2]

    @property
    def page(self) -> Path:
        """Give the page that says why it is there."""
        return self.eml.with_suffix(".md")

    @property
    def is_cut(self) -> bool:
        """Tell whether only its header was fetched, for it is too large; with other reasons, `detail` is the sender's words."""
        return self.reason == "unreadable" and self.detail.startswith("too-large")


def quarantined_mails(workspace: Workspace) -> tuple[QuarantinedMail, ...]:
    """List what waits in the quarantine, oldest first."""
    if not workspace.quarantine.is_dir():
        return ()
    return tuple(found for eml in sorted(workspace.quarantine.glob("*.eml")) if (found := _quarantined(eml)))


def find_quarantined(mails: Sequence[QuarantinedMail], named: str) -> QuarantinedMail:
    """Find a mail by its ID, or by the beginning of it (4 digits or more), or by its whole name. Raises UsageError."""
    found = [mail for mail in mails if is_named(mail.name, named)]
    if not found:
        expect_long_enough(named)
        raise UsageError(
            _("There is no mail {named!r} in the quarantine. `recado quarantine list` shows what is there.").format(named=named)
        )
    if len(found) > 1:
        names = ", ".join(mail.name for mail in found)
        raise UsageError(_("{named!r} could be several: {names}. Give more of it.").format(named=named, names=names))
    return found[0]


def take_out(mail: QuarantinedMail) -> None:
    """Remove a mail from the quarantine, for it is filed elsewhere, or is not wanted. Raises OSError."""
    take_out_of(mail.eml.parent, mail.name)


def take_out_of(quarantine: Path, name: str) -> None:
    """Remove the mail of this name, its page first: what a crash leaves can be named again. Raises OSError."""
    for file in (quarantine / f"{name}.md", quarantine / f"{name}.eml"):
        with suppress(FileNotFoundError):
            file.unlink()
    sync_folder(quarantine)


def keep_private(mail: QuarantinedMail, client: ClientFolder) -> Path:
    """Keep a mail's bytes among what is the VA's own about a client, and give the place. It is never built. Raises OSError."""
    folder = client.root / "private" / "mail"
    make_folder(folder)
    place = folder / mail.eml.name
    write_new(place, mail.eml.read_bytes())
    return place


def note_rejected(workspace: Workspace, mail: QuarantinedMail, now: datetime) -> None:
    """Write down that the VA is done with a mail, once. Raises OSError; the caller holds the turn (`filing_turn`)."""
    file = workspace.quarantine / "rejected.csv"
    before = file.read_bytes().decode("utf-8-sig", errors="replace") if file.is_file() else ""
    if any(row["name"] == mail.name for row in _rows(before)):
        return
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    if not before.strip():
        writer.writerow(_COLUMNS)
    elif not before.endswith("\n"):
        out.write("\n")
    cells = (
        format_instant(mail.received),
        format_instant(now),
        mail.message_id,
        mail.digest,
        mail.sender,
        mail.subject,
        mail.reason,
        mail.name,
    )
    writer.writerow([_as_text(cell) for cell in cells])
    write_whole(file, (before + out.getvalue()).encode())


def rejected(workspace: Workspace) -> Iterator[tuple[str, str, str]]:
    """Give Message-ID, digest and name of every mail that was rejected. A row that cannot be read is passed over."""
    file = workspace.quarantine / "rejected.csv"
    if not file.is_file():
        return
    for row in _rows(file.read_bytes().decode("utf-8-sig", errors="replace")):
        yield row["message_id"], row["digest"], row["name"]


def _rows(text: str) -> Iterator[dict[str, str]]:
    problems: list[Problem] = []
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # whatever line ends a spreadsheet left
    for row in read_rows(text, _COLUMNS, "rejected.csv", problems):
        yield {name: _as_written(cell) for name, cell in row.cells.items()}


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _as_written(cell: str) -> str:
    return cell.removeprefix("'")


def _quarantined(eml: Path) -> QuarantinedMail | None:
    """Read what a mail's page says. A file that someone put there under a name of their own is none of ours: None."""
    if not MESSAGE_NAME.fullmatch(eml.stem):
        return None
    try:
        received = datetime.strptime(eml.stem[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    page = eml.with_suffix(".md")
    front = front_of(page) if page.is_file() else {}
    said = {key: value for key, value in front.items() if isinstance(value, str)}
    return QuarantinedMail(
        eml=eml,
        received=received,
        reason=said.get("reason", ""),
        detail=said.get("detail", ""),
        sender=said.get("from", ""),
        subject=said.get("subject", ""),
        verified=said.get("verified", ""),
        message_id=said.get("message_id", ""),
        digest=said.get("digest", ""),
    )
