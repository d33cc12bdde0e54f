"""Keys in a keyring: kept there where there is one, and never made anew because it cannot be reached."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from recado.deploy.kept import Kind
from recado.deploy.key_files import KeyFiles
from recado.deploy.keys import Keys, SpoiltKeyError
from recado.errors import WorkError
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)
SERVICE = "recado requests@marta.example"
PRACTICE = """\
practice: {name: Marta Ruiz, owner: Marta Ruiz, email: marta@marta.example, timezone: Europe/Madrid, language: en, country: ES}
mailbox: {address: requests@marta.example, host: 127.0.0.1, port: 1, user: requests, password: {env: RECADO_IMAP_PASSWORD}}
clients:
  acme: {code: ACME, name: Acme, senders: ["@acme.example"]}
"""


class KeyringError(Exception):
    """What the keyring package raises."""


class Keyring:
    """A keyring, and the library that leads to it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.is_locked = False
        self.loses = False
        self.backend = SimpleNamespace(priority=5)
        self.library = ModuleType("keyring")
        for name in ("get_password", "set_password"):
            monkeypatch.setattr(self.library, name, getattr(self, name), raising=False)
        monkeypatch.setattr(self.library, "get_keyring", lambda: self.backend, raising=False)
        monkeypatch.setitem(sys.modules, "keyring", self.library)

    def get_password(self, service: str, name: str) -> str | None:
        self._expect_open(service, name)
        return self.entries.get((service, name))

    def set_password(self, service: str, name: str, password: str) -> None:
        self._expect_open(service, name)
        if not self.loses:
            self.entries[service, name] = password

    def _expect_open(self, service: str, name: str) -> None:
        if self.is_locked:
            raise KeyringError(f"locked: {self.entries.get((service, name))}")


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    return Keyring(monkeypatch)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("RECADO_KEYS", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    (tmp_path / "practice").mkdir()
    (tmp_path / "practice" / "clients.yml").write_text(PRACTICE, encoding="utf-8")
    return Workspace(tmp_path / "practice")


@pytest.fixture
def keys(home: Path, space: Workspace) -> Keys:
    del home
    return keys_of(space)


def keys_of(space: Workspace) -> Keys:
    return Keys(load_practice(space), space, NOW)


def written_below(folder: Path) -> str:
    return "".join(path.read_text("utf-8") for path in folder.rglob("*") if path.is_file())


def test_keys_are_in_the_keyring_and_the_files_tell_only_that_they_are(
    keys: Keys, space: Workspace, home: Path, keyring: Keyring
) -> None:
    key = keys.portal_key("acme")
    keys.password_hash("acme")
    assert set(keyring.entries) == {(SERVICE, "acme.encrypted.json"), (SERVICE, "acme.password.json")}
    assert key.passphrase.reveal() in keyring.entries[SERVICE, "acme.encrypted.json"]
    said = written_below(home)
    for hidden in (key.passphrase.reveal(), key.content.reveal(), "$2b$"):
        assert hidden not in said
    assert keys_of(space).portal_key("acme").passphrase.reveal() == key.passphrase.reveal()


def test_a_password_that_was_shown_is_no_more_in_the_keyring(keys: Keys, keyring: Keyring) -> None:
    kept = keys.kept_or_made("acme", Kind.PASSWORD)
    assert kept.secret is not None
    keys.mark_shown(kept)
    assert kept.secret.reveal() not in "".join(keyring.entries.values())
    assert keys.password_hash("acme") == kept.hashed.encode()


def test_a_new_key_takes_the_place_of_the_old_one(keys: Keys, keyring: Keyring) -> None:
    key = keys.portal_key("acme")
    keys.rotate("acme", [Kind.ENCRYPTED])
    new = keys.portal_key("acme")
    assert new.folder == key.folder
    assert key.passphrase.reveal() not in "".join(keyring.entries.values())
    assert len(keyring.entries) == 1


def test_a_locked_keyring_is_said_without_its_words_and_nothing_is_kept_elsewhere(
    keys: Keys, home: Path, keyring: Keyring
) -> None:
    keyring.is_locked = True
    with pytest.raises(WorkError, match="Unlock it") as caught:
        keys.portal_key("acme")
    assert caught.value.__suppress_context__
    assert not list(home.rglob("*.json"))
    keyring.is_locked = False
    hidden = keys.portal_key("acme").passphrase.reveal()
    keyring.is_locked = True
    for ask in (lambda: keys.portal_key("acme"), lambda: keys.rotate("acme")):
        with pytest.raises(WorkError, match="Unlock it") as caught:
            ask()
        assert hidden not in str(caught.value)
    keyring.is_locked = False
    assert keys.portal_key("acme").passphrase.reveal() == hidden


@pytest.mark.parametrize("how", ["no library", "no keyring", "a library that is broken"])
def test_where_the_keyring_cannot_be_reached_no_other_key_is_made(
    keys: Keys, home: Path, keyring: Keyring, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    given = keys.portal_key("acme").passphrase.reveal()
    before = written_below(home)
    with monkeypatch.context() as away:
        if how == "no keyring":  # as in cron, or over SSH
            away.setattr(keyring, "backend", SimpleNamespace(priority=0))
        elif how == "no library":
            away.setitem(sys.modules, "keyring", None)
        else:
            away.setitem(sys.modules, "keyring", ModuleType("keyring"))
        for ask in (lambda: keys.portal_key("acme"), lambda: keys.known("acme"), lambda: keys.rotate("acme")):
            with pytest.raises(WorkError, match=r"in the keyring of your desktop.*pip install keyring") as caught:
                ask()
            assert str(keys.folder / "acme.encrypted.json") in str(caught.value)
        assert written_below(home) == before
    assert keys.portal_key("acme").passphrase.reveal() == given


def test_an_entry_that_is_gone_or_spoilt_is_said_until_a_new_key_is_asked_for(keys: Keys, keyring: Keyring) -> None:
    given = keys.portal_key("acme").passphrase.reveal()
    for spoil in (keyring.entries.clear, lambda: keyring.entries.update({(SERVICE, "acme.encrypted.json"): "{}"})):
        spoil()
        with pytest.raises(SpoiltKeyError, match=r"keyring.*recado access rotate acme"):
            keys.portal_key("acme")
        keys.rotate("acme", [Kind.ENCRYPTED])
        assert keys.portal_key("acme").passphrase.reveal() != given


def test_a_process_that_dies_between_the_keyring_and_the_file_loses_no_key(
    keys: Keys, space: Workspace, home: Path, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    class DiedError(Exception):
        pass

    def die(*_arguments: object) -> None:
        raise DiedError

    with monkeypatch.context() as dying:
        dying.setattr(KeyFiles, "write", die)
        with pytest.raises(DiedError):
            keys.portal_key("acme")
    (entry,) = keyring.entries.values()
    later = keys_of(space)
    assert later.portal_key("acme").passphrase.reveal() in entry
    assert later.made == []
    assert len(list(home.rglob("acme.encrypted.json"))) == 1  # so that it is known where no keyring can be reached


@pytest.mark.parametrize(
    "backend",
    [
        SimpleNamespace(priority=0),
        SimpleNamespace(priority=0.5),
        SimpleNamespace(priority=10, backends=[SimpleNamespace(priority=0.5)]),
        None,
    ],
)
def test_a_keyring_that_is_not_recommended_is_left_alone(keys: Keys, home: Path, keyring: Keyring, backend: object) -> None:
    keyring.backend = backend  # type: ignore[assignment]  # what the library may say
    hidden = keys.portal_key("acme").passphrase.reveal()
    assert keyring.entries == {}
    assert hidden in written_below(home)


def test_a_chain_of_keyrings_is_used_by_its_first(keys: Keys, keyring: Keyring) -> None:
    keyring.backend = SimpleNamespace(priority=10, backends=[SimpleNamespace(priority=5), SimpleNamespace(priority=0.5)])
    keys.portal_key("acme")
    assert len(keyring.entries) == 1


def test_a_keyring_that_keeps_nothing_is_noticed(keys: Keys, home: Path, keyring: Keyring) -> None:
    keyring.loses = True
    with pytest.raises(WorkError, match="did not keep"):
        keys.portal_key("acme")
    assert not list(home.rglob("*.json"))


def test_a_folder_that_was_named_is_used_although_there_is_a_keyring(
    keys: Keys, space: Workspace, home: Path, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECADO_KEYS", str(home.parent / "keys"))
    keys = keys_of(space)
    hidden = keys.portal_key("acme").passphrase.reveal()
    assert keyring.entries == {}
    assert hidden in written_below(home.parent / "keys")


def test_a_key_that_is_in_a_file_stays_there_when_a_keyring_comes(
    keys: Keys, home: Path, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "keyring", None)
        given = keys.portal_key("acme").passphrase.reveal()
    assert keys.portal_key("acme").passphrase.reveal() == given
    keys.rotate("acme", [Kind.ENCRYPTED])
    assert keyring.entries == {}
    assert keys.portal_key("acme").passphrase.reveal() in written_below(home)
