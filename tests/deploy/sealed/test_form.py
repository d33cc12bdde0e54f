"""An encrypted portal in its place: another program opens it whole, and nothing of it can be read without the key."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from cryptography.exceptions import InvalidTag
from independent_reader import IndependentReader
from sealed_place import paths_of, put_root, quick_key, seal

from recado.deploy.sealed.form import MAIN, Sealed
from recado.deploy.sealed.packing import HELD
from recado.deploy.sealed.pages import is_page

if TYPE_CHECKING:
    from pathlib import Path

    from recado.deploy.sealed.door import Door

MARKER = "Zarzaparrilla-4711"


def tree(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("client", ["tomillo", "southerly", "hale"])
def test_another_program_opens_the_whole_portal(tmp_path: Path, demo_site: Path, door: Door, client: str) -> None:
    key = quick_key()
    portal = demo_site / client
    reader = IndependentReader(seal(portal, Sealed(key, door), tmp_path), key.passphrase.reveal())
    paths = paths_of(portal)
    assert len(paths) > 30
    for path in paths:
        read, built = reader.read(path), (portal / path).read_bytes()
        if not is_page(path):
            assert read == built, path
        elif path != "404.html":
            added = [line for line in read.splitlines() if line not in built.splitlines()]
            assert read.endswith(b"</html>")
            assert len(added) == 2, path
            assert b"door/forget.html#" in added[0]
            assert b"door/page.js" in added[1]


def test_another_passphrase_opens_nothing(tmp_path: Path, demo_site: Path, door: Door) -> None:
    folder = seal(demo_site / "hale", Sealed(quick_key(), door), tmp_path)
    with pytest.raises(InvalidTag):
        IndependentReader(folder, quick_key().passphrase.reveal())


def test_the_same_portal_under_the_same_key_is_the_same_bytes(tmp_path: Path, demo_site: Path, door: Door) -> None:
    key = quick_key()
    first = tree(seal(demo_site / "hale", Sealed(key, door), tmp_path / "first"))
    assert first == tree(seal(demo_site / "hale", Sealed(key, door), tmp_path / "second"))
    other = tree(seal(demo_site / "hale", Sealed(quick_key(), door), tmp_path / "third"))
    assert {name for name in other if name.startswith("f/")} & first.keys() == set()


def test_only_the_blob_of_what_changed_is_another(tmp_path: Path, demo_site: Path, door: Door) -> None:
    form = Sealed(quick_key(), door)
    before = tree(seal(demo_site / "hale", form, tmp_path / "before"))
    portal = tmp_path / "portal"
    for path in paths_of(demo_site / "hale"):
        (portal / path).parent.mkdir(parents=True, exist_ok=True)
        (portal / path).write_bytes((demo_site / "hale" / path).read_bytes())
    changed = next(path for path in paths_of(portal) if path.startswith("requests/hale-"))
    (portal / changed).write_bytes((portal / changed).read_bytes() + b" ")
    after = tree(seal(portal, form, tmp_path / "after"))
    assert [name for name in after if after[name] != before.get(name)] == [form.name(changed)]
    assert after.keys() == before.keys()


def test_nothing_of_a_portal_can_be_read_in_what_is_published(tmp_path: Path, door: Door) -> None:
    portal, place, key = tmp_path / "portal", tmp_path / "place", quick_key()
    for path in ("index.html", f"requests/{MARKER}.html", f"requests/tom-1/{MARKER}.pdf", "assets/search.json", "large.bin"):
        (portal / path).parent.mkdir(parents=True, exist_ok=True)
        (portal / path).write_text(f"<title>{MARKER}</title><body>{MARKER}</body>", encoding="utf-8")
    (portal / "large.bin").write_bytes(MARKER.encode() * (HELD // 10))
    put_root(place, door)
    seal(portal, Sealed(key, door), place)
    for path, content in tree(place).items():
        assert MARKER.lower() not in path.lower()
        assert not re.search("request|invoice|search|large", path)
        for hidden in (MARKER, MARKER[:12], "requests/tom-1", key.passphrase.reveal(), key.content.reveal()):
            assert hidden.encode() not in content, path


def test_what_is_public_says_nothing_but_the_version_and_what_the_passphrase_opens(door: Door) -> None:
    key = quick_key()
    opened = json.loads(Sealed(key, door).besides([])["portal.json"])
    assert opened == {"version": 1, "salt": key.salt, "iterations": key.iterations, "wrapped": key.wrapped}


def test_two_portals_differ_in_public_in_their_keys_alone(door: Door) -> None:
    one, other = (Sealed(quick_key(), door).besides(["index.html"]) for _ in range(2))
    doors = [
        {name: content for name, content in each.items() if not name.startswith(("f/", "portal.json"))} for each in (one, other)
    ]
    assert doors[0] == doors[1] == door.files


def test_the_pages_to_keep_are_named_where_only_the_key_reads_them(tmp_path: Path, demo_site: Path, door: Door) -> None:
    key = quick_key()
    reader = IndependentReader(seal(demo_site / "tomillo", Sealed(key, door), tmp_path), key.passphrase.reveal())
    kept = json.loads(reader.read(MAIN))
    assert {"index.html", "404.html", "new.html", "welcome.html", "requests/index.html", "invoices/index.html"} <= set(kept)
    assert {"assets/search.json", "assets/portal.css", "assets/brand.css", "assets/mark.svg"} <= set(kept)
    assert not [path for path in kept if path.startswith("requests/tom")]


def test_a_file_that_cannot_be_read_leaves_nothing_there(tmp_path: Path, door: Door) -> None:
    with pytest.raises(FileNotFoundError):
        Sealed(quick_key(), door).put(tmp_path / "not-there", "index.html", tmp_path / "target")
    assert list(tmp_path.iterdir()) == []


def test_where_something_stands_nothing_is_put(tmp_path: Path, door: Door) -> None:
    (tmp_path / "target").write_bytes(b"there")
    (tmp_path / "source").write_bytes(b"new")
    with pytest.raises(FileExistsError):
        Sealed(quick_key(), door).put(tmp_path / "source", "index.html", tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == b"there"


def test_the_identity_is_another_with_the_key_the_folder_and_what_pages_are_given(door: Door) -> None:
    key = quick_key()
    told = door._replace(words={**door.words, "en": {**door.words["en"], "forget": "Log out"}})
    forms = [Sealed(key, door), Sealed(quick_key(), door), Sealed(key._replace(folder="a" * 26), door), Sealed(key, told)]
    assert len({form.identity for form in forms}) == 4
    assert Sealed(key, door).identity == forms[0].identity
    assert Sealed(key._replace(passphrase=quick_key().passphrase), door).identity == forms[0].identity
    assert key.content.reveal() not in forms[0].identity
