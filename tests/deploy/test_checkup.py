"""What `recado doctor` says of the places: refused, lacking a program or a folder, or ready."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from recado.deploy.checkup import check_places
from recado.model.check import Verdict
from recado.store.practice_file import parse_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)
PRACTICE = """\
practice:
  {{name: M, owner: Marta Ruiz, email: marta@marta.example, timezone: Europe/Madrid, language: en, country: ES{more}}}
mailbox: {{address: requests@marta.example, host: 127.0.0.1, security: none, user: requests, password: {{env: X}}}}
places:
  web: {place}
clients:
  acme: {{code: ACME, name: Acme, senders: ["@acme.example"]}}
"""
URL = ', portal_url: "https://portal.marta.example"'


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RECADO_KEYS", str(tmp_path / "keys"))


@pytest.mark.parametrize(
    ("place", "more", "verdict", "words"),
    [
        ("{kind: directory, path: srv}", URL, Verdict.BAD, "refused"),
        ("{kind: command, run: [true, '{folder}'], access: caddy}", URL, Verdict.BAD, "refused"),
        (
            "{kind: command, run: [no-such-program, '{folder}'], access: encrypted}",
            URL,
            Verdict.BAD,
            "no-such-program is not installed",
        ),
        (
            "{kind: directory, path: srv, access: nginx, reload: [nothing-here]}",
            URL,
            Verdict.BAD,
            "nothing-here is not installed",
        ),
        ("{kind: directory, path: clients.yml, access: nginx}", URL, Verdict.BAD, "clients.yml cannot be written"),
        ("{kind: directory, path: srv, access: nginx}", "", Verdict.BAD, "on the web is not known"),
        ("{kind: directory, path: srv, access: encrypted}", "", Verdict.WARNING, "on the web is not known"),
        ("{kind: directory, path: srv/deep/down, access: encrypted}", URL, Verdict.GOOD, "directory, encrypted"),
        ("{kind: git, remote: a.git, access: encrypted}", URL, Verdict.GOOD, "git, encrypted"),
    ],
)
def test_a_place_is_judged_without_touching_it(tmp_path: Path, place: str, more: str, verdict: Verdict, words: str) -> None:
    root = tmp_path / "practice"
    root.mkdir()
    (root / "clients.yml").write_text("", encoding="utf-8")
    first, keys = check_places(Workspace(root), parse_practice(PRACTICE.format(place=place, more=more)), NOW)
    assert (first.subject, first.verdict) == ("place web", verdict)
    assert words in first.said
    assert (verdict is Verdict.GOOD) is (first.advice == "")
    assert (keys.verdict, keys.said) == (Verdict.GOOD, "none yet; the first deploy makes them")
    assert [path.name for path in root.iterdir()] == ["clients.yml"]


def test_keys_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "keys" / "requests@marta.example"
    folder.mkdir(parents=True, mode=0o700)
    (tmp_path / "keys").chmod(0o700)
    (folder / "acme.encrypted.json").write_text("spoilt", encoding="utf-8")
    (folder / "acme.encrypted.json").chmod(0o600)
    practice = parse_practice(PRACTICE.format(place="{kind: directory, path: srv, access: encrypted}", more=URL))
    *_places, keys = check_places(Workspace(tmp_path / "practice"), practice, NOW)
    assert keys.verdict is Verdict.BAD
    assert "recado access rotate acme" in keys.advice
