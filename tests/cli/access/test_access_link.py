"""`recado access link`: a text for the client, in their language, ready to be pasted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kept_access import PAGES, URL, WEB, add_places, keys_of, passphrase, password

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


WORDS = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"""


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
