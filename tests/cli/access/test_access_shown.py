"""`recado access show` and `rotate`: keys are shown, the password once, and made anew; they stand nowhere else."""

from __future__ import annotations

import io
import logging
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from kept_access import PAGES, URL, WEB, add_places, keys_of, passphrase, password

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


def test_the_passphrase_of_an_encrypted_portal_is_shown_with_its_address_as_often_as_asked(
    run: Callable[..., Any], workspace: Path
) -> None:
    add_places(workspace, PAGES)
    said = run("access", "show", "acme", "--workspace", workspace)
    key = keys_of(workspace).portal_key("acme")
    assert said.status == 0
    assert said.out.splitlines() == [
        "Client      acme",
        "Access      encrypted (pages)",
        f"Address     {URL}/{key.folder}/",
        f"Passphrase  {key.passphrase.reveal()}",
        "Made        24 Nov 09:40",
    ]
    assert "recado deploy" in said.err  # it was made just now
    again = run("access", "show", "acme", "--workspace", workspace)
    assert again.out == said.out
    assert again.err == ""


def test_a_password_is_shown_once_and_then_it_says_when_and_how_to_make_another(
    run: Callable[..., Any], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_places(workspace, WEB)
    keys_of(workspace).password_hash("acme")  # by a first deploy, without a terminal
    hidden = password(workspace)
    said = run("access", "show", "acme", "--workspace", workspace)
    assert said.status == 0
    assert f"Address    {URL}/acme/\nUser name  acme\nPassword   {hidden}\n" in said.out
    assert "never again" in said.err
    assert "made just now" not in said.err
    assert password(workspace) is None
    monkeypatch.setenv("RECADO_NOW", "2026-11-26T10:00:00Z")
    again = run("access", "show", "acme", "--workspace", workspace)
    assert again.status == 1
    assert "Password   shown on 24 Nov 09:40, and not kept since" in again.out
    assert "recado access rotate acme" in again.err
    assert hidden not in again.out + again.err


def test_a_password_that_nobody_could_read_is_not_taken_for_shown(workspace: Path) -> None:
    add_places(workspace, WEB)
    hidden = password(workspace)
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(  # noqa: S603 (this very Python)
            [sys.executable, "-m", "recado", "access", "show", "acme", "--workspace", workspace],
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writer)
    assert "Traceback" not in done.stderr
    assert password(workspace) == hidden


def test_where_places_ask_for_different_keys_both_are_shown_or_that_of_one_place(
    run: Callable[..., Any], workspace: Path
) -> None:
    add_places(workspace, WEB, PAGES, "other: {kind: rsync, to: 'me@host:/srv', access: caddy}")
    only = run("access", "show", "acme", "--place", "pages", "--workspace", workspace)
    assert passphrase(workspace) in only.out
    assert "Password " not in only.out
    hidden = password(workspace)
    both = run("access", "show", "acme", "--workspace", workspace)
    assert "Access     password (web, other)" in both.out
    assert "Access      encrypted (pages)" in both.out
    assert hidden is not None
    assert hidden in both.out
    assert passphrase(workspace) in both.out
    again = run("access", "show", "acme", "--workspace", workspace)
    assert again.status == 0  # the passphrase is there


def test_a_new_key_is_made_with_yes_and_says_what_to_do_next(run: Callable[..., Any], workspace: Path) -> None:
    add_places(workspace, PAGES, WEB)
    before, folder, hashed = (
        passphrase(workspace),
        keys_of(workspace).portal_key("acme").folder,
        keys_of(workspace).password_hash("acme"),
    )
    said = run("access", "rotate", "acme", "--yes", "--workspace", workspace)
    assert said.status == 0
    assert "recado deploy" in said.out
    assert "recado access link acme" in said.out
    assert passphrase(workspace) != before
    assert keys_of(workspace).portal_key("acme").folder == folder
    assert keys_of(workspace).password_hash("acme") != hashed
    assert passphrase(workspace) not in said.out
    assert (password(workspace) or "?") not in said.out
    said = run("access", "rotate", "acme", "--yes", "--place", "web", "--workspace", workspace)
    assert "`recado access link acme --place web` writes the text" in said.out


class _Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_it_asks_and_without_one_it_makes_nothing_unasked(
    run: Callable[..., Any], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_places(workspace, PAGES)
    before = passphrase(workspace)
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    said = run("access", "rotate", "acme", "--workspace", workspace)
    assert said.status == 2
    assert "--yes" in said.err
    monkeypatch.setattr(sys, "stdin", _Keyboard("n\n"))
    said = run("access", "rotate", "acme", "--workspace", workspace)
    assert said.status == 130
    assert "opens nothing any more" in said.out
    assert passphrase(workspace) == before
    monkeypatch.setattr(sys, "stdin", _Keyboard("y\n"))
    assert run("access", "rotate", "acme", "--workspace", workspace).status == 0
    assert passphrase(workspace) != before


def test_a_spoilt_key_is_said_and_a_new_one_is_the_way_out(run: Callable[..., Any], workspace: Path, tmp_path: Path) -> None:
    add_places(workspace, PAGES)
    before = passphrase(workspace)
    (file,) = (tmp_path / "keys").rglob("acme.encrypted.json")
    file.write_text(file.read_text("utf-8")[:-40], encoding="utf-8")
    for command in ("show", "link"):
        said = run("access", command, "acme", "--workspace", workspace)
        assert said.status == 1
        assert str(file) in said.err
        assert "recado access rotate acme" in said.err
        assert before not in said.out + said.err
    listed = run("access", "--workspace", workspace)
    assert listed.status == 1
    assert "acme    encrypted  pages   cannot be read" in listed.out
    assert "beta    encrypted  pages   not yet" in listed.out
    assert str(file) in listed.err
    assert run("access", "rotate", "acme", "--yes", "--workspace", workspace).status == 0
    assert run("access", "show", "acme", "--workspace", workspace).status == 0


def test_the_desk_has_a_key_at_a_private_place_and_at_no_other(run: Callable[..., Any], workspace: Path) -> None:
    add_places(workspace, WEB, PAGES.replace("encrypted}", "encrypted, private: true}"))
    said = run("access", "show", "_desk", "--workspace", workspace)
    assert said.status == 0
    assert passphrase(workspace, "_desk") in said.out
    assert "User name" not in said.out
    assert "_desk   encrypted  pages" in run("access", "--workspace", workspace).out
    for arguments, what in (
        (("show", "_desk", "--place", "web"), "private: true"),
        (("link", "_desk"), "access show _desk"),
    ):
        said = run("access", *arguments, "--workspace", workspace)
        assert said.status == 2
        assert what in said.err


def test_no_secret_stands_anywhere_but_in_what_show_and_link_print(
    run: Callable[..., Any], workspace: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    add_places(workspace, WEB, PAGES)
    keys_of(workspace).password_hash("acme")
    secrets: set[str] = set()
    said = []

    def also(*arguments: Any, shows: bool = False) -> None:
        for secret in (passphrase(workspace), password(workspace), keys_of(workspace).portal_key("acme").content.reveal()):
            secrets.update({secret} if secret else ())
        done = run(*arguments, "--workspace", workspace)
        said.append(done.err if shows else done.out + done.err)

    also("access")
    also("access", "--json")
    also("access", "rotate", "acme", "--yes")
    also("access", "show", "acme", shows=True)
    also("access", "show", "acme", "--place", "web")
    also("access", "link", "acme", "--place", "pages", shows=True)
    also("access", "link", "acme", "--place", "web")
    also("access", "list", "--json")
    also("client", "list", "--json")
    also("build", "--jobs", "1")
    assert len(secrets) == 6  # of each of both keys: a passphrase, a password, a content key
    everything = "".join(said) + caplog.text
    for path in workspace.rglob("*"):
        if path.is_file():
            everything += path.read_bytes().decode("latin-1")
    for secret in secrets:
        assert secret not in everything
