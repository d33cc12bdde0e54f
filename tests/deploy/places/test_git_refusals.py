"""What a git place cannot do, and what is said then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bare_remote import git, held, new_remote, nobody
from published import site, tree, version_of

from recado.deploy.places.git import GitPlace
from recado.deploy.tree import AwayError
from recado.errors import WorkError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def nobodys_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody(tmp_path / "home", monkeypatch)


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return new_remote(tmp_path / "remote.git")


def test_no_old_release_comes_back(remote: Path) -> None:
    with pytest.raises(WorkError, match="keeps no old release"):
        GitPlace(str(remote)).roll_back()


def test_what_cannot_be_pushed_to_is_said_and_no_password_with_it(tmp_path: Path) -> None:
    with pytest.raises(WorkError, match=r"There is no git repository at /.*nowhere"):
        GitPlace(str(tmp_path / "nowhere")).publish(tree(tmp_path, site("one")))
    with pytest.raises(AwayError) as told:
        GitPlace("http://marta:s3cret@127.0.0.1:1/x.git").publish(tree(tmp_path, site("one")))
    assert "s3cret" not in str(told.value)
    with pytest.raises(WorkError, match="is no name for a git branch"):
        GitPlace(str(tmp_path), "a..b").publish(tree(tmp_path, site("one")))


def test_an_address_is_never_taken_for_an_option(tmp_path: Path) -> None:
    with pytest.raises(WorkError):
        GitPlace(f"--upload-pack=touch {tmp_path}/done;").publish(tree(tmp_path, site("one")))
    assert not (tmp_path / "done").exists()


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (("receive.denyNonFastForwards", "true"), "Allow force pushes to this branch"),
        (("core.bare", "false"), "has the branch pages checked out"),
        (("hook", "echo 'error: quota of the host' >&2; exit 1"), "quota of the host"),
        (("hook", "echo 'no pushes on Mondays' >&2; exit 1"), "no pushes on Mondays"),
        (("receive.maxInputSize", "10"), "did not take the pages"),
    ],
)
def test_a_remote_that_refuses_is_understood(tmp_path: Path, remote: Path, setting: tuple[str, str], said: str) -> None:
    place = GitPlace(str(remote))
    place.publish(tree(tmp_path, site("one")))
    git(remote, "symbolic-ref", "HEAD", "refs/heads/pages")
    if setting[0] == "hook":
        (remote / "hooks" / "pre-receive").write_text(f"#!/bin/sh\n{setting[1]}\n", encoding="utf-8")
    else:
        git(remote, "config", *setting)
    with pytest.raises(WorkError, match=said) as told:
        place.publish(tree(tmp_path, site("two")))
    assert not isinstance(told.value, AwayError)
    assert version_of(held(remote)) == "one"


def test_without_git_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WorkError, match="git is not installed here"):
        GitPlace("anywhere").publish(tree(tmp_path, site("one")))
