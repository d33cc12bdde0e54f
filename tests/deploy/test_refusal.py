"""Which places are refused because something else stands there: the workspace's own folders, or another place's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recado.deploy.publishing import publish
from recado.errors import WorkError
from recado.store.practice_file import parse_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

PRACTICE = """\
practice: {{name: M, owner: Marta Ruiz, email: marta@marta.example, timezone: Europe/Madrid, language: en, country: ES}}
mailbox: {{address: requests@marta.example, host: 127.0.0.1, security: none, user: requests, password: {{env: X}}}}
places:
{places}
clients:
  acme: {{code: ACME, name: Acme, senders: ["@acme.example"]}}
"""


def refusal(root: Path, *places: str) -> str:
    """Give the words with which the last of these places is refused, before anything is written."""
    lines = [f"  p{number}: {{{place}, access: encrypted}}" for number, place in enumerate(places)]
    practice = parse_practice(PRACTICE.format(places="\n".join(lines)))
    before = sorted(root.rglob("*"))
    with pytest.raises(WorkError, match="was not published") as caught:
        publish(Workspace(root), practice, f"p{len(places) - 1}")
    assert sorted(root.rglob("*")) == before
    return str(caught.value)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "home" / "practice"
    (root / "portal_src" / "acme").mkdir(parents=True)
    (root / "elsewhere").symlink_to(root / "portal_src")
    return root


@pytest.mark.parametrize(
    "path",
    [
        *(".", "./", "..", "../..", "portal_src", "portal_src/acme", "site", "site/../site/x", ".recado", ".recado/places/web"),
        *("elsewhere", "elsewhere/acme", "site_templates", ".git", "/", "{root}", "{root}/site"),
    ],
)
def test_a_folder_that_is_the_workspace_or_holds_it_or_is_one_of_its_own_is_refused(root: Path, path: str) -> None:
    assert "belongs to your workspace" in refusal(root, f'kind: directory, path: "{path.format(root=root)}"')


@pytest.mark.parametrize("path", ["", "/portal_src", "/site/x"])
def test_the_same_by_rsync_on_this_machine(root: Path, path: str) -> None:
    assert "belongs to your workspace" in refusal(root, f'kind: rsync, to: "{root}{path}/"')


def test_her_home_is_refused_where_the_workspace_is_in_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(root.parent))
    assert "belongs to your workspace" in refusal(root, 'kind: directory, path: "~"')
    assert "belongs to your workspace" in refusal(root, 'kind: rsync, to: "~/"')


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kind: directory, path: srv", "kind: directory, path: ./srv/"),
        ("kind: directory, path: srv", "kind: directory, path: srv/portals"),
        ("kind: directory, path: srv/portals/x", "kind: directory, path: srv"),
        ('kind: rsync, to: "{root}/srv"', "kind: directory, path: srv"),
        ('kind: rsync, to: "me@host:/srv/portal"', 'kind: rsync, to: "me@host:/srv/portal/"'),
        ("kind: git, remote: a.git", "kind: git, remote: a.git, branch: pages"),
    ],
)
def test_two_places_that_are_one_are_refused(root: Path, one: str, other: str) -> None:
    assert "the place p0 goes" in refusal(root, one.replace("{root}", str(root)), other)


def test_two_branches_and_two_folders_are_two_places(root: Path) -> None:
    from recado.deploy.refusal import expect_apart  # noqa: PLC0415 (its silence is what is looked at)

    places = (
        "kind: git, remote: a.git",
        "kind: git, remote: a.git, branch: x",
        "kind: directory, path: a",
        "kind: directory, path: ab",
    )
    lines = [f"  p{number}: {{{place}, access: encrypted}}" for number, place in enumerate(places)]
    practice = parse_practice(PRACTICE.format(places="\n".join(lines)))
    for name in practice.places:
        expect_apart(Workspace(root), practice, name)
