"""What was rejected is read back as it was written, whatever a mail said; a spreadsheet sees no formula in it."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from recado.store.quarantine import QuarantinedMail, note_rejected, quarantined_mails, rejected
from recado.store.workspace import Workspace

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)
LINE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=30)


def mail(folder: Path, number: int, **said: str) -> QuarantinedMail:
    return QuarantinedMail(folder / f"20261124T081209Z-{number:08x}.eml", NOW, **said)


@given(st.lists(st.tuples(LINE, LINE, LINE), min_size=1, max_size=4))
def test_rejected_mails_are_read_back_as_they_were_written(mails: list[tuple[str, str, str]]) -> None:
    with TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        for number, (message_id, sender, subject) in enumerate(mails):
            for _twice in range(2):
                one = mail(
                    workspace.quarantine, number, message_id=message_id, sender=sender, subject=subject, digest="sha256:0"
                )
                note_rejected(workspace, one, NOW)
        wanted = [(each[0].strip(), "sha256:0", f"20261124T081209Z-{number:08x}") for number, each in enumerate(mails)]
        assert [(each[0].strip(), *each[1:]) for each in rejected(workspace)] == wanted
        with (workspace.quarantine / "rejected.csv").open(encoding="utf-8", newline="") as stream:
            for row in csv.reader(stream):
                assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_a_half_row_of_a_crash_or_of_a_hand_is_passed_over_and_what_comes_stands_below_it(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    note_rejected(workspace, mail(workspace.quarantine, 1, message_id="<1@x>"), NOW)
    file = workspace.quarantine / "rejected.csv"
    file.write_text(file.read_text(encoding="utf-8") + "2026-11-24T08", encoding="utf-8")
    note_rejected(workspace, mail(workspace.quarantine, 2, message_id="<2@x>"), NOW)
    assert [each[0] for each in rejected(workspace)] == ["<1@x>", "<2@x>"]


def test_what_was_rejected_stays_known_whatever_line_ends_a_spreadsheet_left(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    note_rejected(workspace, mail(workspace.quarantine, 1, message_id="<1@x>"), NOW)
    file = workspace.quarantine / "rejected.csv"
    for number, end in ((2, b"\r"), (3, b"\r\n")):
        file.write_bytes(file.read_bytes().replace(b"\n", end))
        note_rejected(workspace, mail(workspace.quarantine, number, message_id=f"<{number}@x>"), NOW)
    assert [each[0] for each in rejected(workspace)] == ["<1@x>", "<2@x>", "<3@x>"]


def test_a_file_under_a_name_of_ones_own_is_no_quarantined_mail(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.quarantine.mkdir(parents=True)
    for name in ("20261124T081209Z-7f3a91c2", "mine", "99999999T999999Z-7f3a91c2"):
        (workspace.quarantine / f"{name}.eml").write_bytes(b"x")
    (found,) = quarantined_mails(workspace)
    assert (found.id, found.received, found.reason) == ("7f3a91c2", datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC), "")


def test_only_a_mail_that_could_not_be_read_may_say_that_it_was_too_large(tmp_path: Path) -> None:
    detail = "too-large: 30000000 bytes, at most 25000000 are read"
    assert mail(tmp_path, 1, reason="unreadable", detail=detail).is_cut
    assert not mail(tmp_path, 1, reason="unreadable", detail="too-deep: 90 nested parts").is_cut
    assert not mail(tmp_path, 1, reason="unknown-sender", detail="too-large@evil.example").is_cut
