"""What stands in front of a place, made of clients.yml and of the keys."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from bare_remote import git

from recado.deploy.access_kinds import access_of
from recado.deploy.places.kinds import publisher_of
from recado.deploy.tree import Tree
from recado.errors import WorkError
from recado.store.practice_file import parse_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from recado.deploy.access import Access

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


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("RECADO_KEYS", str(tmp_path / "keys"))
    (tmp_path / "practice").mkdir()
    return Workspace(tmp_path / "practice")


def access(
    workspace: Workspace, place: str, url: str | None = "https://portal.marta.example", *, is_dry: bool = False
) -> Access:
    more = f', portal_url: "{url}"' if url else ""
    return access_of(workspace, parse_practice(PRACTICE.format(place=place, more=more)), "web", NOW, is_dry=is_dry)


GIT = "{kind: git, remote: a.git, access: encrypted}"


@pytest.mark.parametrize(
    ("place", "url", "name"),
    [
        (GIT, "https://portal.marta.example", b"portal.marta.example\n"),
        (GIT, "https://Portal.Marta.example/clients", b"portal.marta.example\n"),
        (GIT, "https://marta.github.io/portals", None),
        (GIT, "http://127.0.0.1:8000", None),
        (GIT, "http://localhost:8000", None),
        (GIT, None, None),
        ("{kind: directory, path: srv, access: encrypted}", "https://portal.marta.example", None),
    ],
)
def test_a_name_of_her_own_stays_with_the_host_at_each_deploy(
    workspace: Workspace, place: str, url: str | None, name: bytes | None
) -> None:
    assert access(workspace, place, url).root().get("CNAME") == name


def test_without_a_key_nothing_is_made_in_a_dry_run_and_it_is_told(workspace: Workspace) -> None:
    dry = access(workspace, GIT, is_dry=True)
    assert dry.form("acme") is None
    told = ("Still without a key, which the first deploy makes: acme.", "Their portals are not counted above.")
    assert dry.notes() == told
    first = access(workspace, GIT)
    form = first.form("acme")
    assert form is not None
    assert first.notes()[0].startswith("New keys: acme.")
    again = access(workspace, GIT)
    same = again.form("acme")
    assert same is not None
    assert (same.folder, same.identity, again.notes()) == (form.folder, form.identity, ())


@pytest.mark.parametrize("to", ["me@host:portals", "me@host:~/portals"])
def test_a_server_has_to_be_told_the_whole_path(workspace: Workspace, to: str) -> None:
    with pytest.raises(WorkError, match="whole path"):
        access(workspace, f'{{kind: rsync, to: "{to}", access: nginx}}')


@pytest.mark.parametrize(
    ("to", "folder"),
    [
        ("me@host:/srv/portal", b"/srv/portal"),
        ("me@[2001:db8::1]:/srv/portal/", b"/srv/portal"),
        ("/srv/a:b", b"/srv/a:b"),
    ],
)
def test_a_server_is_told_of_the_folder_on_its_own_machine(workspace: Workspace, to: str, folder: bytes) -> None:
    place = f'{{kind: rsync, to: "{to}", access: nginx}}'
    assert b'alias "%s/current/' % folder in access(workspace, place).beside(["acme"])["server/nginx.conf"]


@pytest.mark.parametrize("remote", ["./here.git", "here.git"])
def test_a_repository_on_this_machine_is_found_from_where_clients_yml_stands(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, remote: str
) -> None:
    git(workspace.root, "init", "--bare", "-q", "here.git")
    monkeypatch.chdir(tmp_path)
    practice = parse_practice(PRACTICE.format(place=f"{{kind: git, remote: {remote}, access: encrypted}}", more=""))
    root, scratch = tmp_path / "tree", tmp_path / "scratch"
    root.mkdir()
    (root / "index.html").write_text("door", encoding="utf-8")
    with publisher_of(workspace, practice, "web").opened() as place:
        assert place.publish(Tree(root, "1", scratch)).added == ("index.html",)
