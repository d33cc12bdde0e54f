"""A branch of a git repository as a place: real git, a bare repository for the remote."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from published import forget, killed, site, tree, version_of

from recado.deploy.places.git import GitPlace
from recado.deploy.tree import AwayError
from recado.errors import WorkError

if TYPE_CHECKING:
    from pathlib import Path

    from published import Files

    from recado.deploy.tree import Sent, Tree

_ODD: Files = {
    ".nojekyll": b"",
    ".gitignore": b"*\n",
    ".gitattributes": b"* text=auto eol=crlf filter=shout\n",
    "a b/ñandú – “x”.html": b"one\r\ntwo\n",
    "a b/.hidden": b"\x00\xff",
    "a b/'q' \\ \"$HOME\".txt": b"q",
}


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=Jane", "-c", "user.email=jane@acme.example", "-c", "commit.gpgSign=false")
    command = ["git", *who, "-C", str(folder), *words]
    done = subprocess.run(command, check=True, capture_output=True)  # noqa: S603 (git)
    return done.stdout.decode().strip()


@pytest.fixture(autouse=True)
def nobodys_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a home in which nothing is set up."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / ".gitconfig"))
    return home


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """Make a bare repository that keeps each push as a pack, and writes down that it came."""
    folder = tmp_path / "remote.git"
    git(tmp_path, "init", "-q", "--bare", str(folder))
    git(folder, "config", "receive.unpackLimit", "1")
    git(folder, "config", "receive.autogc", "false")
    hook = folder / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\necho push >>'{folder}/pushes'\n", encoding="utf-8")
    hook.chmod(0o755)
    return folder


def pushes(remote: Path) -> int:
    file = remote / "pushes"
    return len(file.read_text().splitlines()) if file.exists() else 0


def held(remote: Path, branch: str = "pages") -> Files:
    listed = git(remote, "ls-tree", "-r", "-z", "--full-tree", branch).split("\0")
    entries = [line.split("\t", 1) for line in listed if line]
    assert {entry.split()[0] for entry, _path in entries} <= {"100644"}
    return {path: _blob(remote, entry.split()[2]) for entry, path in entries}


def _blob(remote: Path, name: str) -> bytes:
    command = ["git", "-C", str(remote), "cat-file", "blob", name]
    return subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603 (git)


def newest_pack(remote: Path) -> int:
    """Count the objects of the last push."""
    packs = sorted((remote / "objects" / "pack").glob("*.pack"), key=lambda pack: pack.stat().st_mtime_ns)
    return int.from_bytes(packs[-1].read_bytes()[8:12], "big")


def until_it_works(place: GitPlace, staged: Tree) -> Sent:
    """Deploy; again where a program that was left behind pushed at the same moment."""
    while True:
        try:
            return place.publish(staged)
        except AwayError as error:
            assert "at the same moment" in str(error)  # noqa: PT017 (another reason is a fault)


def edited_by_hand(remote: Path, folder: Path, path: str, branch: str = "pages") -> None:
    git(folder, "clone", "-q", "-b", branch, str(remote), "clone")
    file = folder / "clone" / path
    file.write_text("by hand", encoding="utf-8")
    git(folder / "clone", "add", "--force", path)
    git(folder / "clone", "commit", "-q", "-m", "Edited on the web")
    git(folder / "clone", "push", "-q")


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
