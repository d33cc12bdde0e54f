"""The power goes while a key is made: one that was given to a client is there afterwards, and none is half there."""

from __future__ import annotations

import random
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from disk_journal import Journal, cut_before, half, new, old, put_in_place, zeros

from recado.deploy.kept import Kind
from recado.deploy.keys import Keys, SpoiltKeyError
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from disk_journal import Cut, Tree

PRACTICE = """\
practice: {name: Marta Ruiz, owner: Marta Ruiz, email: marta@marta.example, timezone: Europe/Madrid, language: en, country: ES}
mailbox: {address: requests@marta.example, host: 127.0.0.1, port: 1, user: requests, password: {env: RECADO_IMAP_PASSWORD}}
clients:
  acme: {code: ACME, name: Acme, senders: ["@acme.example"]}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """What the power is cut from."""
    (tmp_path / "home").mkdir(mode=0o700)
    return tmp_path / "home"


@pytest.fixture
def keys(tmp_path: Path, home: Path) -> Keys:
    space = Workspace(tmp_path / "practice")
    space.root.mkdir()
    space.practice_file.write_text(PRACTICE, encoding="utf-8")
    now = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)
    return Keys(load_practice(space), space, now, environment={"RECADO_KEYS": str(home / "keys")})


def passphrase_in(keys: Keys) -> str | None:
    key = keys.known("acme").key
    return key and key.passphrase.reveal()


def states(cut: Cut) -> Iterator[Tree]:
    deeds = cut.deeds
    kept = [[], list(deeds), *([deed] for deed in deeds), *([each for each in deeds if each != deed] for deed in deeds)]
    for selection in kept:
        for data in (old, new, half, zeros) if cut.written else (old,):
            yield cut.left(selection, data)


def put_back(tree: Tree, root: Path) -> None:
    shutil.rmtree(root)
    put_in_place(tree, root)
    for path in (root, *root.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)


@pytest.mark.parametrize("is_first", [True, False])
def test_a_key_that_was_given_is_there_after_a_power_cut(keys: Keys, home: Path, *, is_first: bool) -> None:
    if not is_first:
        keys.portal_key("acme")
    before = passphrase_in(keys)
    with Journal(home, lambda: None) as journal:
        if is_first:
            keys.portal_key("acme")
        else:
            keys.rotate("acme", [Kind.ENCRYPTED])
    given, last = passphrase_in(keys), len(journal.operations)
    everything = [(number, tree) for number in range(last + 1) for tree in states(cut_before(journal, number))]
    chance = random.Random(2026)  # noqa: S311 (a choice of states)
    ends = [each for each in everything if each[0] == last]
    for number, tree in (*chance.sample(everything, min(60, len(everything))), *ends):
        put_back(tree, home)
        said = passphrase_in(keys)
        assert said in {given, before}, number
        assert said == given or number < last


def test_a_password_that_was_shown_is_wiped_also_after_a_power_cut(keys: Keys, home: Path) -> None:
    kept = keys.kept_or_made("acme", Kind.PASSWORD)
    assert kept.secret is not None
    with Journal(home, lambda: None) as journal:
        keys.mark_shown(kept)
    for tree in states(cut_before(journal, len(journal.operations))):
        put_back(tree, home)
        assert keys.kept("acme", Kind.PASSWORD) is not None
        assert kept.secret.reveal().encode() not in b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def test_on_a_disk_that_syncs_nothing_a_key_is_lost_and_the_replay_shows_it(keys: Keys, home: Path) -> None:
    with Journal(home, lambda: None, no_fsync=True) as journal:
        keys.portal_key("acme")
    lost = 0
    for tree in states(cut_before(journal, len(journal.operations))):
        put_back(tree, home)
        try:
            lost += passphrase_in(keys) is None
        except SpoiltKeyError:
            lost += 1
    assert lost
