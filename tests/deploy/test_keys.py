"""The keys to portals: made once, kept apart from the workspace, made anew on purpose only; a password is read once."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import bcrypt
import pytest

from recado.deploy.kept import Kind, read_access
from recado.deploy.keys import DESK, Keys, Made, SpoiltKeyError
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
PRACTICE = """\
practice: {name: Marta Ruiz, owner: Marta Ruiz, email: marta@marta.example, timezone: Europe/Madrid, language: en, country: ES}
mailbox: {address: requests@marta.example, host: 127.0.0.1, port: 1, user: requests, password: {env: RECADO_IMAP_PASSWORD}}
clients:
  acme: {code: ACME, name: Acme, senders: ["@acme.example"]}
  beta: {code: BETA, name: Beta, senders: ["@beta.example"]}
"""
MANY = 6  # processes at once


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where keys are kept."""
    monkeypatch.setenv("RECADO_KEYS", str(tmp_path / "keys"))
    return tmp_path / "keys" / "requests@marta.example"


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return workspace_in(tmp_path / "practice")


def workspace_in(root: Path, practice: str = PRACTICE) -> Workspace:
    root.mkdir()
    (root / "clients.yml").write_text(practice, encoding="utf-8")
    return Workspace(root)


@pytest.fixture
def keys(folder: Path, space: Workspace) -> Keys:
    del folder
    return keys_of(space)


def keys_of(space: Workspace, now: datetime = NOW) -> Keys:
    return Keys(load_practice(space), space, now)


def unread(keys: Keys, portal: str = "acme") -> str:
    kept = keys.kept(portal, Kind.PASSWORD)
    assert kept is not None
    assert kept.unread is not None
    return kept.unread.reveal()


def test_a_portals_key_is_made_once_and_is_the_same_in_each_later_run(keys: Keys, space: Workspace) -> None:
    made = keys.portal_key("acme")
    later = keys_of(space, LATER)
    again = later.portal_key("acme")
    assert (again.folder, again.passphrase.reveal(), again.wrapped) == (
        made.folder,
        made.passphrase.reveal(),
        made.wrapped,
    )
    assert again.content.reveal() == made.content.reveal()
    assert keys.made == [Made("acme", Kind.ENCRYPTED)]
    assert later.made == []
    kept = later.kept("acme", Kind.ENCRYPTED)
    assert kept is not None
    assert kept.made == NOW


def test_each_portal_and_each_kind_of_access_has_its_own(keys: Keys) -> None:
    secrets = {keys.portal_key(portal).passphrase.reveal() for portal in ("acme", "beta", DESK)}
    hashes = {keys.password_hash(portal) for portal in ("acme", "beta", DESK)}
    secrets |= {unread(keys, portal) for portal in ("acme", "beta", DESK)}
    assert len(secrets) == 6
    assert len(hashes) == 3
    assert len(keys.made) == 6


def test_of_a_password_servers_get_a_hash_that_it_opens(keys: Keys) -> None:
    hashed = keys.password_hash("acme")
    assert hashed.startswith(b"$2b$")
    assert bcrypt.checkpw(unread(keys).encode(), hashed)
    assert keys.password_hash("acme") == hashed


def test_what_is_known_is_given_and_nothing_is_made(keys: Keys, folder: Path) -> None:
    assert keys.known("acme") == (None, None)
    assert not folder.parent.exists()
    made = keys.portal_key("acme")
    found, hashed = keys.known("acme")
    assert found is not None
    assert found.folder == made.folder
    assert hashed is None
    assert keys.known("beta") == (None, None)


def test_a_password_is_kept_until_it_was_shown_and_then_its_hash_alone(keys: Keys, space: Workspace, folder: Path) -> None:
    hashed, password = keys.password_hash("acme"), unread(keys)
    kept = keys.kept("acme", Kind.PASSWORD)
    assert kept is not None
    keys_of(space, LATER).mark_shown(kept)
    assert password not in everything_in(folder)
    shown = keys.kept("acme", Kind.PASSWORD)
    assert shown is not None
    assert (shown.secret, shown.shown, shown.made) == (None, LATER, NOW)
    assert keys.password_hash("acme") == hashed


def test_a_passphrase_may_be_shown_again_and_the_first_time_is_noted(keys: Keys, space: Workspace) -> None:
    for now in (NOW, LATER):
        kept = keys.kept_or_made("acme", Kind.ENCRYPTED)
        keys_of(space, now).mark_shown(kept)
    kept = keys.kept_or_made("acme", Kind.ENCRYPTED)
    assert kept.shown == NOW
    assert kept.secret is not None


def test_a_password_that_was_made_while_another_was_shown_stays_to_be_read(keys: Keys) -> None:
    shown = keys.kept_or_made("acme", Kind.PASSWORD)
    keys.rotate("acme")
    password = unread(keys)
    keys.mark_shown(shown)
    assert unread(keys) == password


def test_a_new_key_opens_with_another_passphrase_and_content_key_behind_the_same_door(keys: Keys) -> None:
    key, hashed = keys.portal_key("acme"), keys.password_hash("acme")
    others = keys.portal_key("beta")
    keys.rotate("acme")
    new_key, new_hash = keys.portal_key("acme"), keys.password_hash("acme")
    assert new_key.folder == key.folder
    assert new_key.passphrase.reveal() != key.passphrase.reveal()
    assert new_key.content.reveal() != key.content.reveal()
    assert new_key.salt != key.salt
    assert new_hash != hashed
    assert bcrypt.checkpw(unread(keys).encode(), new_hash)
    assert keys.portal_key("beta").passphrase.reveal() == others.passphrase.reveal()


def test_one_kind_is_made_anew_without_the_other(keys: Keys) -> None:
    key, hashed = keys.portal_key("acme"), keys.password_hash("acme")
    keys.rotate("acme", [Kind.PASSWORD])
    assert keys.portal_key("acme").passphrase.reveal() == key.passphrase.reveal()
    assert keys.password_hash("acme") != hashed


def test_keys_follow_the_mailbox_and_not_the_place_of_the_workspace(keys: Keys, space: Workspace, tmp_path: Path) -> None:
    made = keys.portal_key("acme").folder
    moved = workspace_in(tmp_path / "elsewhere", PRACTICE.replace("requests@marta.example", "Requests@MARTA.example"))
    assert keys_of(moved).portal_key("acme").folder == made
    other = workspace_in(tmp_path / "another", PRACTICE.replace("requests@marta.example", "hello@other.example"))
    assert keys_of(other).portal_key("acme").folder != made
    shutil.rmtree(space.root)
    assert keys_of(moved).portal_key("acme").folder == made


SPOILT: dict[str, Callable[[str], str]] = {
    "empty": lambda _text: "",
    "cut off": lambda text: text[: len(text) // 2],
    "zeros": lambda text: "\0" * len(text),
    "another letter": lambda text: text.replace('"folder', '"golder').replace("$2b$", "$2y$"),
    "no bytes of a text": lambda text: "\udcff\udcfe" + text,
    "JSON of another kind": lambda _text: "[1, 2]",
    "an instant that is none": lambda text: text.replace("2026-11-24", "2026-13-24"),
}


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("kind", Kind)
def test_a_spoilt_key_is_said_and_no_other_is_made_in_its_place(keys: Keys, folder: Path, kind: Kind, how: str) -> None:
    secret = keys.kept_or_made("acme", kind).secret
    assert secret is not None
    path = folder / f"acme.{kind.value}.json"
    spoilt = SPOILT[how](path.read_text("utf-8")).encode("utf-8", errors="surrogateescape")
    path.write_bytes(spoilt)
    keys.made.clear()
    with pytest.raises(SpoiltKeyError) as caught:
        keys.kept_or_made("acme", kind)
    assert str(path) in str(caught.value)
    assert "recado access rotate acme" in str(caught.value)
    assert secret.reveal() not in str(caught.value)
    assert caught.value.__cause__ is None
    assert path.read_bytes() == spoilt
    assert keys.made == []
    keys.rotate("acme", [kind])
    made = keys.kept_or_made("acme", kind).secret
    assert made is not None
    assert made.reveal() != secret.reveal()
    assert (folder / f"acme.{kind.value}.json.spoilt").read_bytes() == spoilt
    assert (folder / f"acme.{kind.value}.json.spoilt").stat().st_mode & 0o077 == 0


def test_a_key_that_was_copied_to_another_client_opens_nothing_for_them(keys: Keys, folder: Path) -> None:
    keys.portal_key("acme")
    shutil.copy2(folder / "acme.encrypted.json", folder / "beta.encrypted.json")
    with pytest.raises(SpoiltKeyError, match="beta"):
        keys.portal_key("beta")
    shutil.copy2(folder / "acme.encrypted.json", folder / "acme.password.json")
    with pytest.raises(SpoiltKeyError):
        keys.password_hash("acme")


def test_what_is_kept_prints_and_pickles_without_its_secret(keys: Keys, folder: Path) -> None:
    for kind in Kind:
        kept = keys.kept_or_made("acme", kind)
        assert kept.secret is not None
        secret = kept.secret.reveal()
        assert secret in everything_in(folder)
        content = kept.key.content.reveal() if kept.key else secret
        for said in (repr(kept), str(kept), f"{kept}", repr(keys), repr(keys.made), repr(keys.known("acme"))):
            assert secret not in said
            assert content not in said
        with pytest.raises(TypeError):
            pickle.dumps(kept)


def test_a_text_that_is_none_of_ours_is_refused_in_words_that_repeat_nothing() -> None:
    with pytest.raises(ValueError, match=r"^not a portal's access$") as caught:
        read_access(json.dumps({"password": "k7mfa"}), "acme", Kind.PASSWORD)
    assert caught.value.__suppress_context__


PROCESS = """\
import sys
from datetime import UTC, datetime
from pathlib import Path
from recado.deploy.keys import Keys
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace
space = Workspace(Path(sys.argv[1]))
keys = Keys(load_practice(space), space, datetime.now(UTC))
print("ready", flush=True)
sys.stdin.readline()
print(keys.portal_key("acme").passphrase.reveal(), keys.password_hash("acme").decode(), len(keys.made))
"""


def test_processes_at_once_make_one_key(folder: Path, space: Workspace) -> None:
    command = [sys.executable, "-c", PROCESS, str(space.root)]
    with ExitStack() as all_of_them:
        running = [
            all_of_them.enter_context(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 (this Python)
            )
            for _number in range(MANY)
        ]
        for each in running:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"
        for each in running:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        said = [each.communicate()[0].split() for each in running]
    assert {tuple(words[:2]) for words in said} == {tuple(said[0][:2])}
    assert sum(int(words[2]) for words in said) == 2
    assert sorted(path.name for path in folder.iterdir()) == [".lock", "acme.encrypted.json", "acme.password.json"]


def test_what_a_process_left_that_died_while_it_wrote_is_cleared_away(keys: Keys, folder: Path) -> None:
    keys.portal_key("acme")
    left = folder / ".beta.encrypted.json.0123456789ab.part"
    left.write_text("half of a key", encoding="utf-8")
    left.chmod(0o600)
    keys.portal_key("beta")
    assert not left.exists()


class DiedError(Exception):
    """The process died here."""


def test_a_process_that_dies_at_any_step_of_making_a_new_key_leaves_the_old_or_the_new_one(
    keys: Keys, space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = ("open", "fsync", "replace")
    for number in range(1, 20):
        before = (keys.portal_key("acme").passphrase.reveal(), keys.portal_key("acme").folder)
        left = [number]
        with monkeypatch.context() as dying:
            for step in steps:
                dying.setattr(os, step, _dies_after(left, getattr(os, step)))
            try:
                keys.rotate("acme", [Kind.ENCRYPTED])
            except DiedError:
                pass
            else:
                assert number > len(steps)  # it was killed at several steps before it got through
                return
        after = keys_of(space).portal_key("acme")
        assert after.folder == before[1]
        if after.passphrase.reveal() != before[0]:
            assert number > len(steps)
    pytest.fail("it never got through")


def _dies_after(left: list[int], real: Callable[..., object]) -> Callable[..., object]:
    def step(*arguments: object, **more: object) -> object:
        left[0] -= 1
        if left[0] == 0:
            raise DiedError
        return real(*arguments, **more)

    return step


def everything_in(folder: Path) -> str:
    return "".join(path.read_text("utf-8") for path in folder.rglob("*") if path.is_file())
