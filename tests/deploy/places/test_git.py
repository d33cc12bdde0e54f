"""A branch of a git repository as a place: real git, a bare repository for the remote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bare_remote import git, held, new_remote, newest_pack, nobody, pushes
from published import forget, site, tree, version_of

from recado.deploy.places.git import GitPlace

if TYPE_CHECKING:
    from pathlib import Path

    from published import Files


_ODD: Files = {
    ".nojekyll": b"",
    ".gitignore": b"*\n",
    ".gitattributes": b"* text=auto eol=crlf filter=shout\n",
    "a b/ñandú – “x”.html": b"one\r\ntwo\n",
    "a b/.hidden": b"\x00\xff",
    "a b/'q' \\ \"$HOME\".txt": b"q",
}


@pytest.fixture(autouse=True)
def nobodys_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a home in which nothing is set up."""
    return nobody(tmp_path / "home", monkeypatch)


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return new_remote(tmp_path / "remote.git")


def test_the_branch_becomes_the_tree_byte_for_byte_whatever_the_files_are_called(tmp_path: Path, remote: Path) -> None:
    staged = tree(tmp_path, _ODD)
    (staged.root / ".nojekyll").chmod(0o755)
    sent = GitPlace(str(remote)).publish(staged)
    assert held(remote) == _ODD
    assert (sorted(sent.added), sent.changed, sent.removed) == (sorted(_ODD), (), ())
    assert sent.size == sum(map(len, _ODD.values()))


def test_what_is_unchanged_is_not_pushed(tmp_path: Path, remote: Path) -> None:
    place = GitPlace(str(remote))
    place.publish(tree(tmp_path, site("one")))
    before = git(remote, "rev-parse", "pages")
    assert place.publish(tree(tmp_path, site("one"))).is_nothing
    forget(tree(tmp_path, site("one")))
    assert place.publish(tree(tmp_path, site("one"))).is_nothing
    assert (git(remote, "rev-parse", "pages"), pushes(remote)) == (before, 1)


@pytest.mark.parametrize("is_forgotten", [False, True])
def test_only_what_changed_is_pushed(tmp_path: Path, remote: Path, is_forgotten: bool) -> None:  # noqa: FBT001 (a table's)
    files = {
        f"{portal}/{folder}/{page}.html": f"{portal} {folder} {page}".encode()
        for portal in range(5)
        for folder in range(4)
        for page in range(20)
    }
    place = GitPlace(str(remote))
    place.publish(tree(tmp_path, files))
    assert newest_pack(remote) > len(files)
    if is_forgotten:
        forget(tree(tmp_path, files))
    sent = place.publish(tree(tmp_path, files | {"3/2/7.html": b"new", "3/2/8.html": b"new too"}))
    assert (sent.added, sent.changed, sent.removed, sent.altered) == ((), ("3/2/7.html", "3/2/8.html"), (), ())
    # The commit, three folders, two files; and what the remote adds by itself to understand a difference.
    assert newest_pack(remote) <= 6 + 3


def test_the_branch_has_no_past(tmp_path: Path, remote: Path) -> None:
    place = GitPlace(str(remote))
    place.publish(tree(tmp_path, site("one")))
    place.publish(tree(tmp_path, site("two")))
    assert git(remote, "rev-list", "--all", "--count") == "1"
    assert version_of(held(remote)) == "two"


def test_two_hundred_files_removed_a_folder_that_became_a_file_and_a_file_that_became_a_folder(
    tmp_path: Path, remote: Path
) -> None:
    many = {f"acme/old/{number}.html": b"old" for number in range(200)}
    place = GitPlace(str(remote))
    place.publish(tree(tmp_path, {"stays": b"1", "x/y": b"2", "z": b"3", **many}))
    sent = place.publish(tree(tmp_path, {"stays": b"1", "x": b"4", "z/y": b"5"}))
    assert held(remote) == {"stays": b"1", "x": b"4", "z/y": b"5"}
    assert set(sent.removed) == {"x/y", "z", *many}
    assert set(sent.added) == {"x", "z/y"}


def test_a_look_pushes_nothing(tmp_path: Path, remote: Path) -> None:
    place = GitPlace(str(remote))
    assert len(place.compare(tree(tmp_path, site("one"))).added) == len(site("one"))
    assert git(remote, "for-each-ref") == ""
    place.publish(tree(tmp_path, site("one")))
    before = git(remote, "rev-parse", "pages")
    told = place.compare(tree(tmp_path, site("two")))
    assert told == place.compare(tree(tmp_path, site("two")))
    assert git(remote, "rev-parse", "pages") == before
    assert told == place.publish(tree(tmp_path, site("two")))


def test_nothing_that_is_set_up_for_git_changes_a_byte_or_stands_in_the_way(
    tmp_path: Path, remote: Path, nobodys_configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = nobodys_configuration
    hooks = home / "hooks"
    hooks.mkdir()
    for name in ("pre-push", "pre-commit", "commit-msg", "reference-transaction", "post-index-change"):
        (hooks / name).write_text("#!/bin/sh\ncase $PWD in */remote.git) ;; *) exit 1 ;; esac\n", encoding="utf-8")
        (hooks / name).chmod(0o755)
    (home / "everything").write_text("*\n", encoding="utf-8")
    (home / "attributes").write_text("* text eol=crlf ident filter=shout\n", encoding="utf-8")
    settings = {
        "core.autocrlf": "true",
        "core.hooksPath": str(hooks),
        "core.excludesFile": str(home / "everything"),
        "core.attributesFile": str(home / "attributes"),
        "filter.shout.clean": "tr a-z A-Z",
        "filter.shout.required": "true",
        "commit.gpgSign": "true",
        "push.gpgSign": "true",
        "gpg.program": "/bin/false",
        "init.templateDir": str(hooks),
        "user.useConfigOnly": "true",
        "push.default": "nothing",
        "push.followTags": "true",
        "color.ui": "always",
        "core.bare": "true",
        "core.quotePath": "true",
        "core.compression": "9",
        "remote.pushDefault": "nowhere",
    }
    for name, value in settings.items():
        git(tmp_path, "config", "--global", name, value)
    for name, value in {
        "GIT_DIR": "/nowhere",
        "GIT_WORK_TREE": "/nowhere",
        "GIT_INDEX_FILE": "/nowhere/index",
        "GIT_AUTHOR_NAME": "Jane Doe",
        "GIT_COMMITTER_EMAIL": "jane@acme.example",
        "GIT_AUTHOR_DATE": "never",
        "GIT_EXTERNAL_DIFF": "/bin/false",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.ignoreCase",
        "GIT_CONFIG_VALUE_0": "true",
        "GIT_LITERAL_PATHSPECS": "1",
        "LC_ALL": "",
        "LANGUAGE": "es",
        "SOURCE_DATE_EPOCH": "1764000000",
    }.items():
        monkeypatch.setenv(name, value)
    files = _ODD | {"a.html": b"$Id$\nx\r\ny\n", "A.html": b"A"}
    GitPlace(str(remote)).publish(tree(tmp_path, files))
    GitPlace(str(remote)).publish(tree(tmp_path, files | {"b": b"b"}))
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_WORK_TREE")
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert held(remote) == files | {"b": b"b"}
    made = git(remote, "log", "-1", "--format=%an %ae %cn %ce %at %ct", "pages")
    assert made == "Recado recado@localhost Recado recado@localhost 1764000000 1764000000"


def test_her_own_words_for_an_address_count(tmp_path: Path, remote: Path) -> None:
    git(tmp_path, "config", "--global", f"url.{remote.parent}/.insteadOf", "pages:")
    GitPlace("pages:remote.git").publish(tree(tmp_path, site("one")))
    assert version_of(held(remote)) == "one"
