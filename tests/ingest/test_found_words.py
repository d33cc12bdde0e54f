"""What was found in a quarantined mail: all that decisions write is said in the reader's words, and the data stays data."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

import ingest
from ingest.decision import Reason
from ingest.found_words import answered_ref, found_in_words
from ingest.quarantine_page import reason_in_words
from recado.speech import catalogue

if TYPE_CHECKING:
    from recado.speech import Catalogue

PACKAGE = Path(ingest.__file__).parent
ENGLISH = catalogue("en")


class _Marked:
    """Words that are known again: each is put between brackets, as a translation would change it."""

    def gettext(self, text: str) -> str:
        return f"[{text}]"


@pytest.mark.parametrize(
    ("reason", "detail", "said"),
    [
        (Reason.UNKNOWN_SENDER, "ann@x.example", "ann@x.example"),
        (Reason.UNKNOWN_SENDER, "ann@x.example, answering TOM-1", "[ann@x.example, answering TOM-1]"),
        (
            Reason.FORWARD_UNKNOWN,
            "ann@x.example, forwarded by me@y.example, answering TOM-1",
            "[[ann@x.example, forwarded by me@y.example], answering TOM-1]",
        ),
        (Reason.FORWARD_UNKNOWN, "forwarded by me@y.example", "[forwarded by me@y.example]"),
        (
            Reason.FORWARD_UNKNOWN,
            "Ann, forwarded by a friend <ann@x.example>, forwarded by me@y.example",
            "[Ann, forwarded by a friend <ann@x.example>, forwarded by me@y.example]",
        ),
        (Reason.TWO_CLIENTS, "ann@x.example: acme, beta", "ann@x.example: acme, beta"),
        (
            Reason.TWO_CLIENTS,
            "ann@x.example, forwarded by me@y.example: acme, beta",
            "[ann@x.example, forwarded by me@y.example]: acme, beta",
        ),
        (Reason.OWN_UNVERIFIED, "me@y.example: none", "me@y.example: [nobody vouches for the sender]"),
        (Reason.OWN_ELSEWHERE, "me@y.example answering TOM-1, TOM-2, to a@b.example", None),
        (Reason.OWN_SEVERAL, "me@y.example answering TOM-1, ACME-2", "[me@y.example, answering TOM-1, ACME-2]"),
        (Reason.OWN_SEVERAL, "me@y.example: acme, beta", "me@y.example: acme, beta"),
        (Reason.EXECUTABLE, "run.exe", "run.exe"),
        (Reason.NO_SENDER, "several-addresses: a@x | b@x", "a@x | b@x"),
        (Reason.UNREADABLE, "too-many-parts: 2000 parts, at most 1000 are read", "[2000; at most 1000 are read]"),
        (Reason.UNREADABLE, "too-many-parts: more than 200 files", "[more than 200 files]"),
        (Reason.UNREADABLE, "too-large: more than 25 MB", "[more than 25 MB]"),
        (Reason.UNREADABLE, "broken", "broken"),
        ("made-up", "of a later version", "of a later version"),
    ],
)
def test_what_was_found_goes_through_words_and_what_was_written_stays(reason: str, detail: str, said: str | None) -> None:
    expected = said or "[me@y.example, answering TOM-1, TOM-2, to a@b.example]"
    assert found_in_words(reason, detail, cast("Catalogue", _Marked())) == expected


def test_every_mark_of_automatic_mail_has_its_words() -> None:
    text = (PACKAGE / "automatic.py").read_text(encoding="utf-8")
    codes = re.findall(r'^        \("([a-z-]+)",', text, re.MULTILINE)
    assert {"auto-submitted", "report", "list", "postmaster"} <= {*codes}
    for code in codes:
        assert found_in_words(Reason.AUTOMATIC, code, ENGLISH) != code


@pytest.mark.parametrize("reason", [Reason.UNKNOWN_SENDER, Reason.FORWARD_UNKNOWN])
def test_a_strangers_answer_is_to_stay_in_its_thread_and_nobody_is_advised_to_be_remembered(reason: Reason) -> None:
    detail = "ann@x.example, answering TOM-1"
    assert answered_ref(reason, detail) == "TOM-1"
    why, what_to_do = reason_in_words(reason, ENGLISH, detail)
    assert "TOM-1" in why
    assert "--task" in what_to_do
    assert "--remember" not in what_to_do
    assert answered_ref(Reason.EXECUTABLE, detail) == ""
    assert "--remember" in reason_in_words(reason, ENGLISH, "ann@x.example")[1]
