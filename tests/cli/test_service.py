"""The systemd unit of a workspace: what it says, that it is never overwritten where she changed it, and where there is none."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from recado.cli import service as command
from recado.cli.service_unit import is_as_made, marked, unit_name
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a home of its own, on a machine with systemd; what it is told is kept in `told`."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    told = home / "told"
    monkeypatch.setattr(command, "_has_systemd", lambda: True)
    monkeypatch.setattr(command, "_may_make_namespaces", lambda: True)
    monkeypatch.setattr(command, "_run_systemctl", lambda *what: keep(told, " ".join(what)))
    return home


def keep(file: Path, line: str) -> None:
    with file.open("a", encoding="utf-8") as lines:
        lines.write(f"{line}\n")


def unit_of(home: Path) -> Path:
    return home / ".config" / "systemd" / "user" / "recado-practice.service"


def add_places(workspace: Path, places: str) -> None:
    file = workspace / "clients.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("services:", f"places:\n{places}services:"), encoding="utf-8")


def test_it_is_written_and_the_next_commands_are_said(run: Run, workspace: Path, home: Path) -> None:
    said = run("service", "install", "--workspace", workspace)
    assert (said.status, said.err) == (0, "")
    text = unit_of(home).read_text(encoding="utf-8")
    assert f"\nExecStart={' '.join(command._program())} run --workspace {workspace.resolve()}\n" in text  # noqa: SLF001
    assert "Type=notify" in text
    assert "Restart=on-failure" in text
    assert "NoNewPrivileges=yes" in text
    assert f"ReadWritePaths=-{workspace.resolve()} -{home}/.local/share/recado/keys\n" in text
    assert f"EnvironmentFile=-{home}/.config/recado/environment" in text
    assert (home / "told").read_text() == "daemon-reload\n"
    for words in ("systemctl --user enable --now recado-practice", "loginctl enable-linger", "install -D -m 600"):
        assert words in said.out
    assert stat.S_IMODE((home / ".local" / "share" / "recado" / "keys").stat().st_mode) == 0o700


def test_it_may_be_written_again_after_the_places_changed(run: Run, workspace: Path, home: Path, tmp_path: Path) -> None:
    run("service", "install", "--workspace", workspace)
    (tmp_path / "portal").mkdir()
    add_places(workspace, f"  web: {{kind: directory, path: {tmp_path}/portal, access: nginx, reload: [caddy, reload]}}\n")
    said = run("service", "install", "--workspace", workspace)
    assert (said.status, said.err) == (0, "")
    text = unit_of(home).read_text(encoding="utf-8")
    assert f" -{tmp_path}/portal\n" in text
    assert "MemoryDenyWriteExecute" not in text  # a command of hers may make code


def test_a_command_that_becomes_another_user_works_and_the_unit_that_lets_it_is_told_of(
    run: Run, workspace: Path, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "portal").mkdir()
    add_places(workspace, f"  web: {{kind: directory, path: {tmp_path}/portal, access: nginx, reload: [sudo, x]}}\n")
    said = run("service", "install", "--workspace", workspace)
    assert "web: its command becomes another user (sudo)" in said.err
    text = unit_of(home).read_text(encoding="utf-8")
    implies_no_new_privileges = r"^(?:NoNew|Private|Protect|Restrict(?!art)|SystemCall|MemoryDeny|LockPersonality|Capability)"
    assert not re.search(implies_no_new_privileges, text, re.MULTILINE)
    verify(tmp_path, "recado-practice", text)


def test_a_place_whose_folder_is_missing_is_told(run: Run, workspace: Path, home: Path, tmp_path: Path) -> None:
    del home
    add_places(workspace, f"  web: {{kind: directory, path: {tmp_path}/portal, access: nginx}}\n")
    assert f"{tmp_path}/portal is not there yet." in run("service", "install", "--workspace", workspace).err


def test_one_that_she_changed_stays_but_by_force(run: Run, workspace: Path, home: Path) -> None:
    run("service", "install", "--workspace", workspace)
    hers = unit_of(home).read_text(encoding="utf-8").replace("RestartSec=30", "RestartSec=5")
    unit_of(home).write_text(hers, encoding="utf-8")
    for verb in ("install", "uninstall"):
        said = run("service", verb, "--workspace", workspace)
        assert said.status == 1
        assert "was changed by hand, and stays as it is" in said.err
        assert unit_of(home).read_text(encoding="utf-8") == hers
    assert run("service", "install", "--force", "--workspace", workspace).status == 0
    assert "RestartSec=30" in unit_of(home).read_text(encoding="utf-8")


def test_that_of_another_workspace_of_the_same_name_stays(run: Run, workspace: Path, home: Path, tmp_path: Path) -> None:
    run("service", "install", "--workspace", workspace)
    before = unit_of(home).read_text(encoding="utf-8")
    other = tmp_path / "elsewhere" / "practice"
    shutil.copytree(workspace, other)
    said = run("service", "install", "--workspace", other)
    assert said.status == 1
    assert "is the service of another workspace" in said.err
    assert unit_of(home).read_text(encoding="utf-8") == before


def test_it_is_taken_away(run: Run, workspace: Path, home: Path) -> None:
    run("service", "install", "--workspace", workspace)
    assert run("service", "uninstall", "--workspace", workspace).status == 0
    assert not unit_of(home).exists()
    assert (home / "told").read_text().splitlines() == ["daemon-reload", "disable --now recado-practice", "daemon-reload"]
    said = run("service", "uninstall", "--workspace", workspace)
    assert (said.status, said.out.startswith("There is no service of this workspace")) == (0, True)


def test_it_is_only_shown_where_that_is_asked_for(run: Run, workspace: Path, home: Path) -> None:
    said = run("service", "install", "--print", "--workspace", workspace)
    assert is_as_made(said.out)
    assert not (home / ".config").exists()
    assert not (home / "told").exists()


def test_where_there_is_no_systemd_it_says_what_else(
    run: Run, workspace: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_has_systemd", lambda: False)
    said = run("service", "install", "--workspace", workspace)
    assert said.status == 1
    assert f"@reboot {' '.join(command._program())} run --workspace {workspace.resolve()}" in said.err  # noqa: SLF001
    assert "tmux" in said.err
    assert not unit_of(home).exists()


def test_where_no_user_may_make_namespaces_it_starts_without_them_and_says_so(
    run: Run, workspace: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_may_make_namespaces", lambda: False)
    said = run("service", "install", "--workspace", workspace)
    text = unit_of(home).read_text(encoding="utf-8")
    assert not re.search(r"^(?:Private|Protect|ReadWritePaths|RestrictNamespaces)", text, re.MULTILINE)
    assert "NoNewPrivileges=yes" in text
    assert "user namespaces" in said.err


@pytest.mark.parametrize("name", ["my practice", 'quotes "and" %h $HOME', "ñandú", "-"])
@pytest.mark.usefixtures("home")
def test_a_folder_of_any_name_has_a_unit_that_systemd_understands(run: Run, workspace: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    workspace.rename(folder)
    said = run("service", "install", "--print", "--workspace", folder)
    assert said.status == 0
    unit = unit_name(Workspace(folder))
    assert re.fullmatch(r"recado-[a-z0-9-]+", unit)
    verify(tmp_path, unit, said.out)


@pytest.mark.usefixtures("home")
def test_it_is_a_unit_that_systemd_understands_and_finds_safe(run: Run, workspace: Path, tmp_path: Path) -> None:
    text = run("service", "install", "--print", "--workspace", workspace).out
    file = verify(tmp_path, "recado-practice", text)
    done = subprocess.run(  # noqa: S603 (systemd's)
        ["/usr/bin/systemd-analyze", "--user", "security", "--offline=true", "--threshold=50", str(file)],
        capture_output=True,
        text=True,
        env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 0, done.stdout[-300:]


def verify(folder: Path, name: str, text: str) -> Path:
    """See that systemd reads a unit without a word. Gives its file."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    file = folder / f"{name}.service"
    file.write_text(text, encoding="utf-8")
    done = subprocess.run(  # noqa: S603 (systemd's)
        ["/usr/bin/systemd-analyze", "--user", "verify", str(file)],
        capture_output=True,
        text=True,
        env=os.environ | {"XDG_RUNTIME_DIR": str(folder)},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return file


def test_a_digest_tells_what_was_made_from_what_was_changed() -> None:
    text = marked("[Unit]\nDescription=x\n")
    assert is_as_made(text)
    assert not is_as_made(text.replace("x", "y"))
    assert not is_as_made("[Unit]\n")
