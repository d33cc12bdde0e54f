"""Deploys by git that are killed, and a private repository that is spoilt."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from bare_remote import git, held, new_remote, nobody, until_it_works
from published import killed, site, tree, version_of

from recado.deploy.places.git import GitPlace
from recado.deploy.tree import AwayError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def nobodys_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody(tmp_path / "home", monkeypatch)


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return new_remote(tmp_path / "remote.git")


@pytest.mark.parametrize("when", ["before", "during", "after"])
def test_a_deploy_killed_at_any_program_leaves_the_old_branch_or_the_new_and_the_next_repairs(
    tmp_path: Path, remote: Path, when: str
) -> None:
    place = GitPlace(str(remote))
    place.publish(tree(tmp_path, site("v")))
    number = 0
    while True:
        new, newer = f"w{number}", f"x{number}"
        old = version_of(held(remote))
        staged = tree(tmp_path, site(new))
        if not killed(lambda staged=staged: place.publish(staged), number, when):  # type: ignore[misc]
            break
        assert version_of(held(remote)) in {old, new}
        sent = until_it_works(place, tree(tmp_path, site(newer)))
        assert sent.altered == ()
        assert version_of(held(remote)) == newer
        number += 1
    assert number > 8  # programs that a deploy runs
    git(remote, "fsck", "--strict")
    assert not list((tmp_path / "scratch").rglob("*.lock"))


def test_what_arrives_after_its_deploy_was_given_up_is_not_taken_for_another_hands_work(
    tmp_path: Path, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, push, late = GitPlace(str(remote)), GitPlace._push, list[Any]()  # noqa: SLF001 (the step that is broken off)

    def broken_off(place: GitPlace, *what: Any) -> None:
        late.append(what)
        if len(late) == 1:
            raise AwayError("broken off")
        if len(late) == 2:
            push(place, *late[0])
        push(place, *what)

    place.publish(tree(tmp_path, site("one")))
    monkeypatch.setattr(GitPlace, "_push", broken_off)
    for version in ("two", "three"):
        with pytest.raises(AwayError):
            place.publish(tree(tmp_path, site(version)))
    assert version_of(held(remote)) == "two"
    assert place.publish(tree(tmp_path, site("three"))).altered == ()
    assert version_of(held(remote)) == "three"


@pytest.mark.parametrize("spoilt", ["objects", "index", "refs", "HEAD", "config", "packed-refs"])
def test_a_private_repository_that_is_spoilt_is_made_anew(tmp_path: Path, remote: Path, spoilt: str) -> None:
    place = GitPlace(str(remote))
    place.publish(tree(tmp_path, site("one")))
    repository = tree(tmp_path, site("two")).scratch / "repository.git"
    found = repository / spoilt
    for file in [found] if found.is_file() else [each for each in found.rglob("*") if each.is_file()]:
        file.chmod(0o644)
        file.write_bytes(b"")
    place.publish(tree(tmp_path, site("two")))
    assert version_of(held(remote)) == "two"
    assert os.access(repository / "HEAD", os.R_OK)
