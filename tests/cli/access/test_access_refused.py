"""`recado access`, where there is no key to be had: what is said, with what to do, and that none is made."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from kept_access import OPEN, PAGES, add_places, passphrase

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


PLACES: dict[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    "an unknown client": ((PAGES,), ("nobody",), "there are: acme, beta"),
    "an unknown place": ((PAGES,), ("acme", "--place", "moon"), "there are: pages"),
    "a place that anyone could open": ((OPEN,), ("acme",), "Give the place an `access`"),
    "the same among others": ((PAGES, OPEN), ("acme", "--place", "open"), "Give the place an `access`"),
    "no private place": ((PAGES,), ("_desk",), "private: true"),
}


@pytest.mark.parametrize("case", PLACES)
@pytest.mark.parametrize("command", ["show", "rotate"])
def test_what_has_no_door_is_said_with_what_to_do(
    run: Callable[..., Any], workspace: Path, tmp_path: Path, command: str, case: str
) -> None:
    places, arguments, what = PLACES[case]
    add_places(workspace, *places)
    said = run("access", command, *arguments, "--workspace", workspace)
    assert said.status == 2
    assert what in said.err
    assert not (tmp_path / "keys").exists()


def test_without_places_and_without_an_address_it_says_what_to_write(run: Callable[..., Any], workspace: Path) -> None:
    for command in (("show", "acme"), ("rotate", "acme"), ("link", "acme"), ("list",)):
        said = run("access", *command, "--workspace", workspace)
        assert said.status == 2
        assert "under `places:`" in said.err
    add_places(workspace, PAGES, url=None)
    shown = run("access", "show", "acme", "--workspace", workspace)
    assert shown.status == 0
    assert passphrase(workspace) in shown.out
    assert "portal_url" in shown.err
    linked = run("access", "link", "acme", "--workspace", workspace)
    assert (linked.status, linked.out) == (2, "")
    assert "portal_url" in linked.err


def test_a_client_that_has_ended_needs_no_key(run: Callable[..., Any], workspace: Path, tmp_path: Path) -> None:
    add_places(workspace, PAGES)
    file = workspace / "clients.yml"
    file.write_text(file.read_text("utf-8").replace("    name: Acme\n", "    name: Acme\n    ended: 2026-11-23\n"), "utf-8")
    for command in (("show", "acme"), ("link", "acme"), ("rotate", "acme", "--yes")):
        said = run("access", *command, "--workspace", workspace)
        assert said.status == 2
        assert "ended on 2026-11-23" in said.err
    assert not (tmp_path / "keys").exists()
    assert "acme" not in run("access", "--workspace", workspace).out


def test_keys_that_would_be_in_the_workspace_or_that_others_may_open_are_refused(
    run: Callable[..., Any], workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_places(workspace, PAGES)
    hidden = passphrase(workspace)
    (file,) = (tmp_path / "keys").rglob("acme.encrypted.json")
    file.chmod(0o644)
    for command in (("show", "acme"), ("link", "acme"), ("rotate", "acme", "--yes"), ("list",)):
        said = run("access", *command, "--workspace", workspace)
        assert said.status == 1
        assert f"chmod 600 {file}" in said.err
        assert hidden not in said.out + said.err
    monkeypatch.setenv("RECADO_KEYS", str(workspace / "keys"))
    said = run("access", "show", "acme", "--workspace", workspace)
    assert said.status == 2
    assert "inside the workspace" in said.err
    assert not (workspace / "keys").exists()


def test_a_home_that_cannot_be_written_is_said(
    run: Callable[..., Any], workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_places(workspace, PAGES)
    monkeypatch.delenv("RECADO_KEYS")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setitem(sys.modules, "keyring", None)
    (tmp_path / "home").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    said = run("access", "show", "acme", "--workspace", workspace)
    assert (said.status, said.out) == (1, "")
    assert "Set RECADO_KEYS" in said.err
