"""A sender whose domain looks like a client's: the quarantine shows it as the network knows it too."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from ingest.arrived import Arrived
from ingest.intake import Intake
from recado.cli.quarantine_senders import ascii_domains, with_ascii_domains
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOOKALIKE = "x@\u0430cme.example"  # a Cyrillic letter for the a
IN_ASCII = "xn--cme-5cd.example"
RAW = f"From: Jane <{LOOKALIKE}>\r\nTo: requests@marta.example\r\nSubject: Pay\r\nMessage-ID: <1@x>\r\n\r\nPay.\r\n".encode()


@pytest.fixture
def mail(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let the mail go to the quarantine, and give its ID."""
    monkeypatch.setenv("RECADO_NOW", "2026-11-24T08:40:00Z")
    whole = Workspace(workspace)
    outcome = Intake(whole, load_practice(whole)).take(Arrived(RAW, datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)))
    assert outcome.is_quarantined
    return outcome.where.rpartition("-")[2]


def test_a_lookalike_is_shown_in_ascii_too(run: Callable[..., Any], workspace: Path, mail: str) -> None:
    listed = run("quarantine", "list", "--workspace", workspace).out
    assert f"Jane <{LOOKALIKE}> ({IN_ASCII})" in listed
    shown = run("quarantine", "show", mail, "--workspace", workspace).out
    assert f"From: Jane <{LOOKALIKE}> ({IN_ASCII})\n" in shown
    (data,) = json.loads(run("quarantine", "list", "--json", "--workspace", workspace).out)
    assert data["ascii_domains"] == [IN_ASCII]


@pytest.mark.parametrize(
    ("option", "said_of_them"), [("--remember", f"{LOOKALIKE} ({IN_ASCII})"), ("--remember-domain", f"@{IN_ASCII}")]
)
def test_a_lookalike_that_is_remembered_is_said_in_ascii_too(
    run: Callable[..., Any], workspace: Path, mail: str, option: str, said_of_them: str
) -> None:
    said = run("quarantine", "accept", mail, "--client", "acme", option, "--workspace", workspace).out
    assert f"{said_of_them} may write for acme from now on." in said


@pytest.mark.parametrize(
    ("text", "domains"),
    [
        ("Jane <jane@acme.example>", ()),
        ("Nu\u00f1o <nu\u00f1o@acme.example>", ()),
        ("x@b\u00fccher.example", ("xn--bcher-kva.example",)),
        ("x@\uff41cme.example", ("acme.example",)),
        ("x@\u0430cme..example", ("\\u0430cme..example",)),
        (f"a@acme.example | {LOOKALIKE}, {LOOKALIKE}", (IN_ASCII,)),
    ],
)
def test_only_domains_beyond_ascii_are_written_twice(text: str, domains: tuple[str, ...]) -> None:
    assert ascii_domains(text) == domains
    assert with_ascii_domains(text) == (f"{text} ({domains[0]})" if domains else text)
