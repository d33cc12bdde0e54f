"""Whose a place is: another practice's, or somebody's own folders, are left as they are."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from bare_remote import git, held, new_remote, nobody
from hand_built import texts_in
from published import forget, site, tree, version_of

from recado.deploy.places.directory import DirectoryPlace
from recado.deploy.places.git import GitPlace
from recado.deploy.places.rsync import RsyncPlace
from recado.deploy.whose import mark_of
from recado.errors import WorkError
from recado.store.practice_file import parse_practice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Kind = Callable[[Path, str], DirectoryPlace | RsyncPlace]

KINDS = [
    pytest.param(DirectoryPlace, id="directory"),
    pytest.param(
        lambda base, mark: RsyncPlace(str(base), mark),
        id="rsync",
        marks=pytest.mark.skipif(shutil.which("rsync") is None, reason="rsync is not installed (apt-get install rsync)"),
    ),
]
PRACTICE = """\
practice: {{name: M, owner: Marta Ruiz, email: marta@marta.example, timezone: Europe/Madrid, language: en, country: ES}}
mailbox: {{address: {address}, host: 127.0.0.1, security: none, user: requests, password: {{env: X}}}}
clients:
  acme: {{code: ACME, name: Acme, senders: ["@acme.example"]}}
"""


def test_a_practice_is_known_by_its_mailbox_however_that_is_written() -> None:
    marks = [
        mark_of(parse_practice(PRACTICE.format(address=address)))
        for address in ("requests@marta.example", "requests@Marta.Example", "requests@jane.example")
    ]
    assert marks[0] == marks[1] != marks[2]
    assert "marta" not in marks[0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_practice_is_refused_before_it_withdraws_the_portals_of_the_first(tmp_path: Path, kind: Kind) -> None:
    base = tmp_path / "srv"
    kind(base, "martas").publish(tree(tmp_path, site("one")))
    kind(base, "martas").publish(tree(tmp_path, site("two"), {"server/nginx.conf": b"x"}))
    before = texts_in(base)
    janes = tree(tmp_path / "janes", {"j/index.html": b"hers"}, {"server/nginx.conf": b"y"})
    for work in (kind(base, "janes").compare, kind(base, "janes").publish, lambda _tree: kind(base, "janes").roll_back()):
        with pytest.raises(WorkError, match=r"another practice.*remove the file .*whose\.txt"):
            work(janes)
    assert texts_in(base) == before
    (base / "whose.txt").unlink()  # as the message says
    kind(base, "janes").publish(janes)
    assert texts_in(base / "current") == {"j/index.html": "hers"}
    with pytest.raises(WorkError, match="another practice"):
        kind(base, "martas").publish(tree(tmp_path, site("two")))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["releases", "server"])
def test_a_folder_of_hers_in_which_our_names_stand_already_is_left_alone(tmp_path: Path, kind: Kind, name: str) -> None:
    base = tmp_path / "home"
    (base / name / "20260101T000000Z-0001").mkdir(parents=True)
    (base / name / "20260101T000000Z-0001" / "thesis.txt").write_text("years", encoding="utf-8")
    before = texts_in(base)
    with pytest.raises(WorkError, match="was not made by `recado deploy`"):
        kind(base, "martas").publish(tree(tmp_path, site("one"), {"server/nginx.conf": b"x"}))
    assert texts_in(base) == before


def test_projects_of_hers_in_a_folder_called_portals_are_left_alone(tmp_path: Path) -> None:
    base = tmp_path / "home"
    (base / "portals" / "thesis" / "chapters").mkdir(parents=True)
    with pytest.raises(WorkError, match="was not made by `recado deploy`"):
        DirectoryPlace(base, "martas").publish(tree(tmp_path, site("one")))
    assert (base / "portals" / "thesis" / "chapters").is_dir()


@pytest.mark.parametrize("kind", KINDS)
def test_releases_that_another_program_made_in_the_same_way_are_left_alone(tmp_path: Path, kind: Kind) -> None:
    release = tmp_path / "app" / "releases" / "20260101120000"
    release.mkdir(parents=True)
    (release / "app.rb").write_text("hers", encoding="utf-8")
    (tmp_path / "app" / "current").symlink_to("releases/20260101120000")
    before = texts_in(tmp_path / "app")
    with pytest.raises(WorkError, match="was not made by `recado deploy`"):
        kind(tmp_path / "app", "martas").publish(tree(tmp_path, site("one")))
    assert texts_in(tmp_path / "app") == before


def test_a_second_practice_is_refused_on_the_same_branch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody(tmp_path / "home", monkeypatch)
    remote = new_remote(tmp_path / "remote.git")
    GitPlace(str(remote), mark="martas").publish(tree(tmp_path, site("one")))
    janes = tree(tmp_path / "janes", site("two"))
    for work in (GitPlace(str(remote), mark="janes").compare, GitPlace(str(remote), mark="janes").publish):
        with pytest.raises(WorkError, match=r"another practice.*delete that branch"):
            work(janes)
    assert version_of(held(remote)) == "one"
    forget(tree(tmp_path, site("one")))
    GitPlace(str(remote), mark="martas").publish(tree(tmp_path, site("one")))
    git(remote, "branch", "-D", "pages")
    GitPlace(str(remote), mark="janes").publish(janes)
    assert version_of(held(remote)) == "two"


def test_a_second_practice_is_refused_where_somebody_edited_the_branch_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody(tmp_path / "home", monkeypatch)
    remote = new_remote(tmp_path / "remote.git")
    GitPlace(str(remote), mark="martas").publish(tree(tmp_path, site("one")))
    git(tmp_path, "clone", "-q", "-b", "pages", str(remote), "clone")
    git(tmp_path / "clone", "commit", "-q", "--allow-empty", "-m", "Edited on the web")
    git(tmp_path / "clone", "push", "-q")
    with pytest.raises(WorkError, match="another practice"):
        GitPlace(str(remote), mark="janes").publish(tree(tmp_path / "janes", site("two")))
    assert version_of(held(remote)) == "one"
