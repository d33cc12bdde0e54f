"""What stands in front of a place: which folder the web server is told of, wherever that place is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from recado.deploy.access_kinds import access_of
from recado.errors import WorkError
from recado.model.servers import Place
from recado.store.practice_file import parse_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)
PRACTICE = """\
practice:
  {name: M, owner: Marta Ruiz, email: marta@marta.example, timezone: Europe/Madrid, language: en, country: ES,
   portal_url: "https://portal.marta.example"}
mailbox: {address: requests@marta.example, host: 127.0.0.1, security: none, user: requests, password: {env: X}}
"""


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECADO_KEYS", str(tmp_path / "keys"))


def written(root: Path, place: Place) -> str:
    practice = replace(parse_practice(PRACTICE), places={"web": place})
    return access_of(Workspace(root), practice, "web", NOW, is_dry=True).beside([])["server/nginx.conf"].decode()


@pytest.mark.parametrize(
    ("to", "folder"),
    [
        ("me@host:/srv/portal", "/srv/portal"),
        ("me@[2001:db8::1]:/srv/portal/", "/srv/portal"),
        ("/srv/a:b", "/srv/a:b"),
    ],
)
def test_the_server_is_told_of_the_folder_on_its_own_machine(tmp_path: Path, to: str, folder: str) -> None:
    assert f'alias "{folder}/current/' in written(tmp_path / "practice", Place(kind="rsync", to=to, access="nginx"))


@pytest.mark.parametrize("to", ["me@host:portal", "me@host:~/portal"])
def test_a_folder_that_only_ssh_can_find_is_refused(tmp_path: Path, to: str) -> None:
    with pytest.raises(WorkError, match="Write the whole path"):
        written(tmp_path / "practice", Place(kind="rsync", to=to, access="nginx"))
