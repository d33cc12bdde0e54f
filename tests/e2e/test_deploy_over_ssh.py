"""Places behind SSH: a real sshd on loopback with throw-away keys, rsync and git, lines that are cut, deploys killed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from far_place import is_tidy
from proxy import proxy
from published import forget, killed, read, site, tree, version_of, watched
from real_server import must_be_here
from sshd import Sshd, is_installed, running_sshd

from recado.deploy.places import far_shell
from recado.deploy.places.git import GitPlace
from recado.deploy.places.rsync import RsyncPlace
from recado.deploy.tree import AwayError
from recado.errors import WorkError

if TYPE_CHECKING:
    from collections.abc import Iterator


pytestmark = pytest.mark.e2e

_FOLDER = 'it\'s a "site" $HOME'
_TO = f"server:{_FOLDER}"
_KINDS = ("rsync", "git")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sshd]:
    must_be_here("sshd", is_here=is_installed())
    must_be_here("rsync", is_here=shutil.which("rsync") is not None)
    must_be_here("git", is_here=shutil.which("git") is not None)
    with running_sshd(tmp_path / "sshd") as running:
        subprocess.run(["git", "init", "-q", "--bare", running.home / "remote.git"], check=True)  # noqa: S603, S607 (git)
        reached(monkeypatch, running.shell())
        yield running


@pytest.fixture
def short_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the folder for temporary files, where sockets have short names."""
    with tempfile.TemporaryDirectory(prefix="ssh-") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


def reached(monkeypatch: pytest.MonkeyPatch, shell: str) -> None:
    monkeypatch.setenv("RSYNC_RSH", shell)
    monkeypatch.setenv("GIT_SSH_COMMAND", shell)


def place_of(kind: str) -> RsyncPlace | GitPlace:
    return RsyncPlace(_TO) if kind == "rsync" else GitPlace("server:remote.git")


def shown(server: Sshd, kind: str, folder: Path) -> str:
    """Tell which version visitors see."""
    if kind == "rsync":
        return version_of(read(server.home / _FOLDER / "current"))
    shutil.rmtree(folder / "clone", ignore_errors=True)
    remote = server.home / "remote.git"
    subprocess.run(["git", "clone", "-q", "-b", "pages", remote, folder / "clone"], check=True)  # noqa: S603, S607 (git)
    shutil.rmtree(folder / "clone" / ".git")
    return version_of(read(folder / "clone"))


@pytest.mark.parametrize("kind", _KINDS)
def test_what_is_published_stands_there(server: Sshd, tmp_path: Path, kind: str) -> None:
    place = place_of(kind)
    for version in ("one", "two"):
        place.publish(tree(tmp_path, site(version)))
        assert shown(server, kind, tmp_path) == version
    assert place.publish(tree(tmp_path, site("two"))).is_nothing
    forget(tree(tmp_path, site("two")))
    assert place.compare(tree(tmp_path, site("two"))).is_nothing


def test_a_deploy_is_one_connection_and_leaves_nothing_here(server: Sshd, tmp_path: Path, short_folder: Path) -> None:
    RsyncPlace(_TO).publish(tree(tmp_path, site("one"), {"server/nginx.conf": b"x"}))
    RsyncPlace(_TO).publish(tree(tmp_path, site("two"), {"server/nginx.conf": b"y"}))
    assert server.log.count("Accepted publickey") == 2
    assert read(server.home / _FOLDER / "server") == {"nginx.conf": b"y"}
    assert not list(short_folder.iterdir())


def test_a_release_comes_back_over_the_line(server: Sshd, tmp_path: Path) -> None:
    for version in ("one", "two"):
        RsyncPlace(_TO).publish(tree(tmp_path, site(version)))
    RsyncPlace(_TO).roll_back()
    assert shown(server, "rsync", tmp_path) == "one"


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("direction", ["cut_after_said", "cut_after_answer"])
def test_a_line_cut_anywhere_leaves_the_old_site_or_the_new_and_the_next_try_repairs(
    server: Sshd, tmp_path: Path, kind: str, direction: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = place_of(kind)
    place.publish(tree(tmp_path, site("v")))
    last, cuts = "v", 0
    with proxy(server.port) as line:
        bad, good = server.shell(port=line.port), server.shell()
        for passing in range(1, 200_000, 1700):
            setattr(line, direction, passing)
            reached(monkeypatch, bad)
            try:
                place.publish(tree(tmp_path, site(f"w{passing}")))
            except AwayError:
                cuts += 1
            else:
                break
            finally:
                setattr(line, direction, None)
            assert shown(server, kind, tmp_path) in {last, f"w{passing}"}
            reached(monkeypatch, good)
            last = f"x{passing}"
            assert place.publish(tree(tmp_path, site(last))).altered == ()
            assert shown(server, kind, tmp_path) == last
    assert cuts >= 3
    if kind == "rsync":
        assert is_tidy(server.home / _FOLDER)


def test_a_deploy_killed_at_any_program_shows_the_old_site_or_the_new_and_the_next_repairs(
    server: Sshd, tmp_path: Path, short_folder: Path
) -> None:
    place = RsyncPlace(_TO)
    place.publish(tree(tmp_path, site("v")))
    number = 0
    with watched(server.home / _FOLDER / "current") as seen:
        while True:
            staged = tree(tmp_path, site(f"w{number}"))
            if not killed(lambda staged=staged: place.publish(staged), number, "during"):  # type: ignore[misc]
                break
            place.publish(tree(tmp_path, site(f"x{number}")))
            assert shown(server, "rsync", tmp_path) == f"x{number}"
            number += 1
    assert number >= 5
    assert "v" in seen
    place.publish(tree(tmp_path, site("last")))
    assert is_tidy(server.home / _FOLDER)
    assert all(not list(left.iterdir()) or [each.name for each in left.iterdir()] == ["s"] for left in short_folder.iterdir())


@pytest.mark.parametrize("kind", _KINDS)
def test_a_host_whose_key_is_not_known_gets_nothing(
    server: Sshd, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached(monkeypatch, server.shell(without_host_key=True))
    with pytest.raises(WorkError, match=r"host key of server:.* is not known here yet.*Connect once by hand") as told:
        place_of(kind).publish(tree(tmp_path, site("one")))
    assert not isinstance(told.value, AwayError)


@pytest.mark.parametrize("kind", _KINDS)
def test_a_host_with_another_key_than_before_gets_nothing(
    server: Sshd, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = (server.folder / "other_key.pub").read_text(encoding="utf-8")
    (server.folder / "known_hosts").write_text(f"server {other}", encoding="utf-8")
    reached(monkeypatch, server.shell())
    with pytest.raises(WorkError, match="shows another host key than it used to"):
        place_of(kind).publish(tree(tmp_path, site("one")))


@pytest.mark.parametrize("kind", _KINDS)
def test_a_key_that_is_not_let_in_is_told(server: Sshd, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reached(monkeypatch, server.shell(without_key=True))
    with pytest.raises(WorkError, match="lets nobody in with the keys of this account") as told:
        place_of(kind).publish(tree(tmp_path, site("one")))
    assert not isinstance(told.value, AwayError)


@pytest.mark.parametrize("kind", _KINDS)
def test_a_host_that_does_not_answer_may_do_so_later(
    server: Sshd, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with proxy(server.port) as line:
        port = line.port
    reached(monkeypatch, server.shell(port=port))
    with pytest.raises(AwayError, match=r"does not answer, or broke off .*Connection refused"):
        place_of(kind).publish(tree(tmp_path, site("one")))


def test_a_repository_that_is_not_there_is_told(server: Sshd, tmp_path: Path) -> None:
    assert server.port
    with pytest.raises(WorkError, match="There is no git repository at server:nowhere"):
        GitPlace("server:nowhere").publish(tree(tmp_path, site("one")))


def test_a_server_without_rsync_is_told(server: Sshd, tmp_path: Path) -> None:
    programs = server.home / "programs"
    programs.mkdir()
    for name in ("sh", "ls", "mkdir", "find", "readlink", "cp", "rm"):
        (programs / name).symlink_to(f"/usr/bin/{name}")
    (server.home / ".profile").write_text(f"PATH={programs}\nexport PATH\n", encoding="utf-8")
    with pytest.raises(WorkError, match=r"There is no rsync at server:.*Install it there"):
        RsyncPlace(_TO).publish(tree(tmp_path, site("one")))


def test_a_shell_that_greets_is_understood_where_that_can_be(server: Sshd, tmp_path: Path) -> None:
    (server.home / ".profile").write_text("echo Welcome to this server\n", encoding="utf-8")
    with pytest.raises(WorkError, match=r"prints something when one logs in without a terminal"):
        RsyncPlace(_TO).publish(tree(tmp_path, site("one")))


@pytest.mark.parametrize("start", ["read x; cat >/dev/null", "exit 0"])
def test_a_shell_that_does_nothing_is_not_taken_for_an_empty_place(
    server: Sshd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: str
) -> None:
    monkeypatch.setattr(far_shell, "PATIENCE", 3.0)
    (server.home / ".profile").write_text(f"{start}\n", encoding="utf-8")
    with pytest.raises(WorkError, match="does not run what it is asked to"):
        RsyncPlace(_TO).publish(tree(tmp_path, site("one")))


def test_without_ssh_it_is_said_what_to_install(server: Sshd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert server.port
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WorkError, match=r"ssh is not installed here.*openssh-client"):
        RsyncPlace(_TO).publish(tree(tmp_path, site("one")))
