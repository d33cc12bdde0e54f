"""What other hands did to the branch of a git place: their work is left alone, what they changed in ours is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bare_remote import edited_by_hand, git, held, new_remote, nobody
from published import forget, site, tree, version_of

from recado.deploy.places.git import GitPlace
from recado.errors import WorkError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def nobodys_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody(tmp_path / "home", monkeypatch)


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return new_remote(tmp_path / "remote.git")


def test_a_branch_that_somebody_else_made_is_left_alone(tmp_path: Path, remote: Path) -> None:
    work = tmp_path / "work"
    git(tmp_path, "init", "-q", "-b", "pages", str(work))
    (work / "thesis.txt").write_text("years", encoding="utf-8")
    git(work, "add", ".")
    git(work, "commit", "-q", "-m", "Years of work")
    git(work, "push", "-q", str(remote), "pages")
    for place in (GitPlace(str(remote)).publish, GitPlace(str(remote)).compare):
        with pytest.raises(WorkError, match=r"was not made by Recado.*Name another branch"):
            place(tree(tmp_path, site("one")))
    assert held(remote) == {"thesis.txt": b"years"}
    GitPlace(str(remote), "portals").publish(tree(tmp_path, site("one")))
    assert version_of(held(remote, "portals")) == "one"


def test_a_branch_that_holds_somebodys_work_beside_ours_is_left_alone(tmp_path: Path, remote: Path) -> None:
    GitPlace(str(remote)).publish(tree(tmp_path, site("one")))
    git(tmp_path, "clone", "-q", "-b", "pages", str(remote), "clone")
    clone = tmp_path / "clone"
    git(clone, "checkout", "-q", "--orphan", "mine")
    (clone / "thesis.txt").write_text("years", encoding="utf-8")
    git(clone, "add", "thesis.txt")
    git(clone, "commit", "-q", "-m", "Years of work")
    git(clone, "merge", "-q", "--allow-unrelated-histories", "-m", "All in one", "pages", "-X", "ours")
    git(clone, "push", "-q", "origin", "mine:pages")
    with pytest.raises(WorkError, match="was not made by Recado"):
        GitPlace(str(remote)).publish(tree(tmp_path, site("two")))


@pytest.mark.parametrize("is_forgotten", [False, True])
def test_what_was_edited_on_the_web_is_told_and_replaced(tmp_path: Path, remote: Path, is_forgotten: bool) -> None:  # noqa: FBT001
    place = GitPlace(str(remote))
    place.publish(tree(tmp_path, site("one")))
    edited_by_hand(remote, tmp_path, "a/0/page-1.html")
    if is_forgotten:
        forget(tree(tmp_path, site("one")))
    assert place.compare(tree(tmp_path, site("one"))).altered == ("a/0/page-1.html",)
    sent = place.publish(tree(tmp_path, site("one")))
    assert (sent.added, sent.changed, sent.removed, sent.altered) == ((), ("a/0/page-1.html",), (), ("a/0/page-1.html",))
    assert version_of(held(remote)) == "one"
    assert git(remote, "rev-list", "--count", "pages") == "1"
    assert place.publish(tree(tmp_path, site("one"))).altered == ()


def test_a_file_added_on_the_web_goes_again(tmp_path: Path, remote: Path) -> None:
    place = GitPlace(str(remote))
    place.publish(tree(tmp_path, site("one")))
    edited_by_hand(remote, tmp_path, "CNAME")
    sent = place.publish(tree(tmp_path, site("two")))
    assert sent.altered == ("CNAME",)
    assert "CNAME" in sent.removed
    assert version_of(held(remote)) == "two"


def test_what_another_machine_deployed_is_told_and_replaced(tmp_path: Path, remote: Path) -> None:
    place = GitPlace(str(remote))
    place.publish(tree(tmp_path, site("one")))
    other = tree(tmp_path / "other", site("one") | {"b/0/page-0.html": b"from there"})
    assert place.publish(other).altered == ()
    assert place.publish(tree(tmp_path, site("one"))).altered == ("b/0/page-0.html",)
    assert version_of(held(remote)) == "one"


def test_what_a_stranger_wrote_into_the_kept_repository_runs_nothing_and_leads_nowhere(tmp_path: Path, remote: Path) -> None:
    place, staged = GitPlace(str(remote)), tree(tmp_path, site("one"))
    place.publish(staged)
    command = f'url "ext::sh -c touch% {tmp_path}/ran"'
    config = f'[protocol "ext"]\n\tallow = always\n[{command}]\n\tinsteadOf = {remote}\n[core]\n\tsshCommand = false\n'
    with (staged.scratch / "repository.git" / "config").open("a", encoding="utf-8") as stream:
        stream.write(config)
    place.publish(tree(tmp_path, site("two")))
    assert not (tmp_path / "ran").exists()
    assert version_of(held(remote)) == "two"
