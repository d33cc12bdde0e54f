"""Keys as files: readable by the VA alone, outside the workspace, refused where either is not so."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from recado.deploy.key_files import KeyFiles, key_folder
from recado.errors import UsageError, WorkError

ADDRESS = "requests@marta.example"
TEXT = "k7mfa-q2pdx-9tehw-4wsbn"


@pytest.fixture
def files(tmp_path: Path) -> KeyFiles:
    return KeyFiles(tmp_path / "home" / "recado" / "keys" / ADDRESS)


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_what_is_written_is_read(files: KeyFiles) -> None:
    assert files.read("acme.json") is None
    files.write("acme.json", TEXT)
    assert files.read("acme.json") == TEXT
    files.write("acme.json", "another")
    assert files.read("acme.json") == "another"
    assert files.read("beta.json") is None


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_files_and_their_folders_are_hers_alone_whatever_the_umask(files: KeyFiles, tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with files.turn():
            files.write("acme.json", TEXT)
    finally:
        os.umask(before)
    assert permissions(files.path("acme.json")) == 0o600
    for folder in (files.folder, *files.folder.parents):
        if folder == tmp_path:
            break
        assert permissions(folder) == 0o700


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o666])
def test_a_file_that_others_may_open_is_refused_with_what_closes_it(files: KeyFiles, mode: int) -> None:
    files.write("acme.json", TEXT)
    files.path("acme.json").chmod(mode)
    with pytest.raises(WorkError) as caught:
        files.read("acme.json")
    assert f"chmod 600 {files.path('acme.json')}" in str(caught.value)
    assert TEXT not in str(caught.value)
    files.path("acme.json").chmod(0o600)
    assert files.read("acme.json") == TEXT


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o701, 0o777])
def test_a_folder_that_others_may_open_is_refused_with_what_closes_it(files: KeyFiles, mode: int) -> None:
    files.write("acme.json", TEXT)
    files.folder.chmod(mode)
    with pytest.raises(WorkError) as caught:
        files.read("acme.json")
    assert f"chmod 700 {files.folder}" in str(caught.value)
    with pytest.raises(WorkError, match="chmod 700"):
        files.write("beta.json", TEXT)


def test_on_a_disk_that_knows_no_permissions_no_key_is_written(files: KeyFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    make = os.mkdir

    def open_to_all(path: Path, mode: int = 0o777) -> None:
        make(path, mode)
        path.chmod(0o777)

    monkeypatch.setattr(os, "mkdir", open_to_all)
    with pytest.raises(WorkError, match="chmod 700"):
        files.write("acme.json", TEXT)
    assert list(files.folder.iterdir()) == []


@pytest.mark.parametrize("is_folder", [False, True])
def test_what_belongs_to_another_user_is_refused(files: KeyFiles, monkeypatch: pytest.MonkeyPatch, *, is_folder: bool) -> None:
    files.write("acme.json", TEXT)
    us = os.geteuid()
    monkeypatch.setattr("os.geteuid", lambda: us + 1)
    if not is_folder:
        monkeypatch.setattr(files, "_is_there", lambda: True)
    with pytest.raises(WorkError, match="belongs to another user") as caught:
        files.read("acme.json")
    assert (f"{files.folder} belongs" in str(caught.value)) is is_folder


def test_a_link_is_refused_as_a_file_and_as_the_folder(files: KeyFiles, tmp_path: Path) -> None:
    files.write("acme.json", TEXT)
    elsewhere = tmp_path / "elsewhere.json"
    files.path("acme.json").rename(elsewhere)
    files.path("acme.json").symlink_to(elsewhere)
    with pytest.raises(WorkError, match=r"acme\.json is a link"):
        files.read("acme.json")
    files.path("beta.json").symlink_to(tmp_path / "nowhere")
    with pytest.raises(WorkError, match="is a link"):
        files.read("beta.json")
    moved = tmp_path / "moved"
    files.folder.rename(moved)
    files.folder.symlink_to(moved)
    for ask in (lambda: files.read("acme.json"), lambda: files.write("acme.json", TEXT), files.turn):
        with pytest.raises(WorkError, match="is a link"):
            ask()


def test_what_is_no_file_in_the_place_of_one_is_said_and_never_waited_for(files: KeyFiles) -> None:
    files.write("acme.json", TEXT)
    os.mkfifo(files.path("beta.json"), 0o600)
    with pytest.raises(WorkError, match="is no file"):
        files.read("beta.json")
    files.path("gamma.json").mkdir(mode=0o700)
    with pytest.raises(WorkError, match="is no file"):
        files.read("gamma.json")


def test_a_file_in_the_place_of_the_folder_is_said(files: KeyFiles) -> None:
    files.folder.parent.mkdir(parents=True)
    files.folder.write_text("in the way", encoding="utf-8")
    with pytest.raises(WorkError, match="is no folder"):
        files.read("acme.json")


def test_a_home_that_is_in_a_files_place_is_said_with_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("in the way", encoding="utf-8")
    files = KeyFiles(key_folder(ADDRESS, tmp_path / "practice", {"HOME": str(tmp_path / "home")}))
    assert files.read("acme.json") is None
    with pytest.raises(WorkError, match=r"cannot be made: .*Set RECADO_KEYS"):
        files.write("acme.json", TEXT)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_a_home_that_cannot_be_written_is_said_with_what_to_set(
    files: KeyFiles, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(path: Path, _mode: int = 0o777) -> None:
        raise OSError(number, os.strerror(number), str(path))

    with monkeypatch.context() as refusing:
        refusing.setattr(os, "mkdir", refuse)
        for ask in (files.turn, lambda: files.write("acme.json", TEXT)):
            with pytest.raises(WorkError) as caught:
                ask()
            assert os.strerror(number) in str(caught.value)
            assert "Set RECADO_KEYS" in str(caught.value)
            assert TEXT not in str(caught.value)
    files.write("acme.json", TEXT)
    assert files.read("acme.json") == TEXT


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_home_of_another_is_said(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o500)
    with pytest.raises(WorkError, match="Permission denied"):
        KeyFiles(key_folder(ADDRESS, tmp_path / "practice", {"HOME": str(tmp_path / "home")})).write("acme.json", TEXT)


def test_keys_stand_below_her_home_or_where_the_environment_says(tmp_path: Path) -> None:
    def folder(**environment: object) -> Path:
        return key_folder(ADDRESS, tmp_path / "practice", {name: str(value) for name, value in environment.items()})

    assert folder(HOME=tmp_path) == tmp_path / ".local/share/recado/keys" / ADDRESS
    assert folder(HOME=tmp_path, XDG_DATA_HOME=tmp_path / "data") == tmp_path / "data/recado/keys" / ADDRESS
    assert folder(HOME=tmp_path, XDG_DATA_HOME="data") == folder(HOME=tmp_path)
    assert folder(HOME=tmp_path, XDG_DATA_HOME=tmp_path, RECADO_KEYS=tmp_path / "keys") == tmp_path / "keys" / ADDRESS
    assert folder() == Path.home() / ".local/share/recado/keys" / ADDRESS
    with pytest.raises(UsageError, match="whole path"):
        folder(RECADO_KEYS="keys")


def test_keys_are_never_inside_the_workspace_whichever_way_leads_there(tmp_path: Path) -> None:
    workspace = tmp_path / "practice"
    (workspace / "portal_src").mkdir(parents=True)
    (tmp_path / "link").symlink_to(workspace / "portal_src")
    for environment in (
        {"RECADO_KEYS": str(workspace)},
        {"RECADO_KEYS": str(workspace / "keys")},
        {"RECADO_KEYS": str(tmp_path / "else" / ".." / "practice" / "keys")},
        {"RECADO_KEYS": str(tmp_path / "link" / "keys")},
        {"HOME": str(workspace)},
        {"HOME": str(tmp_path), "XDG_DATA_HOME": str(workspace)},
    ):
        with pytest.raises(UsageError, match="inside the workspace"):
            key_folder(ADDRESS, workspace, environment)
    assert key_folder(ADDRESS, workspace, {"RECADO_KEYS": str(tmp_path / "practice-keys")})


@pytest.mark.parametrize("address", ["../../x@b.example", "a/../../../../x@b.example", ".@b.example", f"{'/' * 64}@b.example"])
def test_no_address_leads_out_of_the_folder(tmp_path: Path, address: str) -> None:
    folder = key_folder(address, tmp_path / "practice", {"RECADO_KEYS": str(tmp_path / "keys")})
    assert folder.resolve().parent == tmp_path / "keys"
    KeyFiles(folder).write("acme.json", TEXT)
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_two_long_addresses_share_no_folder(tmp_path: Path) -> None:
    def folder(last: str) -> Path:
        return key_folder(f"x@{'long.' * 40}{last}.example", tmp_path / "practice", {"RECADO_KEYS": str(tmp_path)})

    assert folder("a") != folder("b")
    assert folder("a") == folder("a")
    KeyFiles(folder("a")).write("acme.json", TEXT)
