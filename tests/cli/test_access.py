"""`recado access`: keys are shown, made anew and put into words, and stand nowhere but where that is asked for."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from recado.deploy.kept import Kind
from recado.deploy.keys import Keys
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = "2026-11-24T08:40:00Z"
URL = "https://portal.marta.example"
PAGES = "pages: {kind: git, remote: 'git@host:me/portals.git', branch: pages, access: encrypted}"
WEB = "web: {kind: directory, path: /srv/portal, access: nginx}"
OPEN = "open: {kind: directory, path: /srv/open}"
WORDS = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"""


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECADO_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("RECADO_NOW", NOW)


def add_places(workspace: Path, *places: str, url: str | None = URL) -> None:
    file = workspace / "clients.yml"
    text = file.read_text("utf-8")
    if url:
        text = text.replace("  country: ES\n", f"  country: ES\n  portal_url: {url}\n", 1)
    file.write_text(text + "".join(["places:\n", *(f"  {place}\n" for place in places)]), encoding="utf-8")


def keys_of(workspace: Path) -> Keys:
    space = Workspace(workspace)
    return Keys(load_practice(space), space, datetime(2026, 11, 24, 8, 40, tzinfo=UTC))


def passphrase(workspace: Path, client: str = "acme") -> str:
    return keys_of(workspace).portal_key(client).passphrase.reveal()


def password(workspace: Path, client: str = "acme") -> str | None:
    unread = keys_of(workspace).kept_or_made(client, Kind.PASSWORD).unread
    return unread.reveal() if unread else None


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


def test_the_link_to_an_encrypted_portal_carries_its_key_in_a_text_ready_to_paste(
    run: Callable[..., Any], workspace: Path
) -> None:
    add_places(workspace, PAGES, url=f"{URL}/clients/")
    said = run("access", "link", "acme", "--workspace", workspace)
    key = keys_of(workspace).portal_key("acme")
    lines = said.out.splitlines()
    assert said.status == 0
    assert lines[0] == "Hello Jane,"
    assert f"{URL}/clients/{key.folder}/#{key.passphrase.reveal()}" in lines
    assert "requests@marta.example" in said.out
    assert lines[-1] == "Marta"
    assert "{" not in said.out
    assert run("access", "link", "acme", "--workspace", workspace).out == said.out
    assert run("access", "link", "beta", "--workspace", workspace).out.startswith("Hello Beta,\n")


def test_the_text_for_a_server_has_address_and_user_and_the_password_stands_apart_and_once(
    run: Callable[..., Any], workspace: Path
) -> None:
    add_places(workspace, WEB)
    hidden = password(workspace)
    said = run("access", "link", "acme", "--workspace", workspace)
    text, apart, below = said.out.partition("----")
    assert said.status == 0
    assert f"\n{URL}/acme/\n" in text
    assert "Your user name is acme." in text
    assert hidden is not None
    assert hidden not in text
    assert apart
    assert below.endswith(f"\n{hidden}\n")
    again = run("access", "link", "acme", "--workspace", workspace)
    assert again.status == 0
    assert again.out.strip() == text.strip()
    assert "recado access rotate acme" in again.err


def own_words(workspace: Path, name: str, translated: dict[str, str]) -> None:
    folder = workspace / "site_templates" / "translations"
    folder.mkdir(parents=True, exist_ok=True)
    entries = "".join(f'\nmsgid "{one}"\nmsgstr "{other}"\n' for one, other in translated.items())
    (folder / f"{name}.po").write_text(WORDS + entries, encoding="utf-8")


def test_the_text_is_in_the_clients_language_and_form_of_address_or_in_the_one_asked_for(
    run: Callable[..., Any], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_places(workspace, PAGES)
    own_words(workspace, "es", {"Hello {name},": "Hola, {name}: te escribo.", "Kind regards,": "Un abrazo,"})
    own_words(workspace, "es@formal", {"Hello {name},": "Hola, {name}: le escribo."})
    file = workspace / "clients.yml"
    plain = file.read_text("utf-8")
    for form, greeting in (("", "Hola, Jane: te escribo."), ("    address_form: formal\n", "Hola, Jane: le escribo.")):
        file.write_text(plain.replace("    name: Acme\n", f"    name: Acme\n    language: es\n{form}"), encoding="utf-8")
        said = run("access", "link", "acme", "--workspace", workspace)
        assert said.out.startswith(f"{greeting}\n")
        assert "\nUn abrazo,\nMarta\n" in said.out
    assert run("access", "link", "acme", "--language", "en", "--workspace", workspace).out.startswith("Hello Jane,\n")
    assert run("access", "link", "beta", "--workspace", workspace).out.startswith("Hello Beta,\n")
    monkeypatch.setenv("RECADO_LANGUAGE", "es")  # the terminal's: that of the VA, who reads another than her client
    assert run("access", "link", "beta", "--workspace", workspace).out.startswith("Hello Beta,\n")
    said = run("access", "link", "beta", "--language", "es-MX", "--workspace", workspace)
    assert said.out.startswith("Hola, Beta: te escribo.\n")


def test_a_language_that_is_not_there_is_said_before_a_key_is_made(
    run: Callable[..., Any], workspace: Path, tmp_path: Path
) -> None:
    add_places(workspace, PAGES)
    said = run("access", "link", "acme", "--language", "fr", "--workspace", workspace)
    assert said.status == 2
    assert "there are: en, es" in said.err
    assert not (tmp_path / "keys").exists()


def test_the_vas_own_words_stand_in_the_place_of_the_programs_and_mistakes_in_them_are_said(
    run: Callable[..., Any], workspace: Path, tmp_path: Path
) -> None:
    add_places(workspace, PAGES)
    own = workspace / "site_templates" / "mail" / "access.txt.j2"
    own.parent.mkdir(parents=True)
    for text, what in (
        ("{{ adress }}", "adress"),
        ("Hi\n{% if %}", "access.txt.j2:2"),
        ("{{ {}[address] ~ '' }}", "xxxxx-xxxxx"),
    ):
        own.write_text(text, encoding="utf-8")
        said = run("access", "link", "acme", "--workspace", workspace)
        assert said.status == 1
        assert said.err.startswith("site_templates/mail/access.txt.j2:")
        assert what in said.err
        assert not (tmp_path / "keys").exists()
    own.write_text("Your door: {{ address }}\n", encoding="utf-8")
    said = run("access", "link", "acme", "--workspace", workspace)
    assert said.out == f"Your door: {URL}/{keys_of(workspace).portal_key('acme').folder}/#{passphrase(workspace)}\n"


def test_where_places_ask_for_different_keys_a_text_needs_to_know_to_which_it_leads(
    run: Callable[..., Any], workspace: Path
) -> None:
    add_places(workspace, WEB, PAGES)
    said = run("access", "link", "acme", "--workspace", workspace)
    assert said.status == 2
    assert "--place: web, pages" in said.err
    assert "#" in run("access", "link", "acme", "--place", "pages", "--workspace", workspace).out


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


def test_the_list_says_who_has_what_since_when_and_whether_it_was_shown(run: Callable[..., Any], workspace: Path) -> None:
    add_places(workspace, WEB, PAGES)
    run("access", "show", "acme", "--place", "pages", "--workspace", workspace)
    hidden = password(workspace)
    said = run("access", "--workspace", workspace)
    assert said.status == 0
    assert said.out.splitlines()[:5] == [
        "Client  Access     Places  Made          Shown",
        "acme    password   web     24 Nov 09:40  not yet",
        "acme    encrypted  pages   24 Nov 09:40  24 Nov 09:40",
        "beta    password   web     not yet       not yet",
        "beta    encrypted  pages   not yet       not yet",
    ]
    for arguments in (("list",), ("--workspace", workspace, "list")):
        assert run("access", *arguments, *(("--workspace", workspace) if len(arguments) == 1 else ())).out == said.out
    listed = run("access", "--json", "--workspace", workspace)
    assert json.loads(listed.out)[:2] == [
        {"key": "acme", "access": "password", "places": ["web"], "made": NOW, "shown": None, "readable": True},
        {"key": "acme", "access": "encrypted", "places": ["pages"], "made": NOW, "shown": NOW, "readable": True},
    ]
    assert run("access", "list", "--json", "--workspace", workspace).out == listed.out
    for secret in (hidden, passphrase(workspace)):
        assert secret is not None
        assert secret not in said.out + said.err + listed.out


def test_the_list_makes_no_key(run: Callable[..., Any], workspace: Path, tmp_path: Path) -> None:
    add_places(workspace, WEB, PAGES)
    assert run("access", "--workspace", workspace).status == 0
    assert not (tmp_path / "keys").exists()


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
