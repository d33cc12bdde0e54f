"""A blob opens as what was put into it, under its own name, whole; anything else does not open."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from independent_reader import IndependentReader
from sealed_place import quick_key

from recado.deploy.sealed.blob import CHUNK, blob_of, write_blob
from recado.deploy.sealed.content_key import ContentKey
from recado.deploy.sealed.door import Door
from recado.deploy.sealed.form import Sealed
from recado.deploy.sealed.packing import HELD, packed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATH = "requests/tom-31/macetas-tamaño.jpg"
PIECE = 16 + CHUNK  # a chunk as it is published
KEY = quick_key()
CONTENT = ContentKey(KEY.content)
NO_DOOR = Door({}, {"en": {"forget": "Forget"}})


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str, bytes], bytes]:
    """Give what the independent reader makes of a blob that stands under a path's name."""
    folder = tmp_path / "folder"
    (folder / "f").mkdir(parents=True)
    (folder / "portal.json").write_bytes(Sealed(KEY, NO_DOOR).besides([])["portal.json"])
    reader = IndependentReader(folder, KEY.passphrase.reveal())

    def read_it(path: str, blob: bytes) -> bytes:
        (folder / "f" / reader.name(path)).write_bytes(blob)
        return reader.read(path)

    return read_it


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=4096), path=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_what_is_put_in_comes_out_under_its_path(read: Callable[[str, bytes], bytes], content: bytes, path: str) -> None:
    assert read(path, blob_of(CONTENT, path, packed(content, path))) == content


@pytest.mark.parametrize("path", [PATH, "search.json"])
@pytest.mark.parametrize("size", [0, 1, CHUNK - 2, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK - 1])
def test_a_file_of_any_size_comes_out(read: Callable[[str, bytes], bytes], path: str, size: int) -> None:
    content = bytes(range(256)) * (size // 256) + bytes(size % 256)
    assert read(path, blob_of(CONTENT, path, packed(content, path))) == content


@pytest.mark.parametrize("name", ["long.csv", "photo.jpg"])
def test_a_file_too_large_to_be_held_is_the_same_in_pieces(
    tmp_path: Path, read: Callable[[str, bytes], bytes], name: str
) -> None:
    source, target = tmp_path / name, tmp_path / "target"
    source.write_bytes(b"one line and another\n" * (HELD // 20))
    assert source.stat().st_size > HELD
    Sealed(KEY, NO_DOOR).put(source, name, target)
    assert read(name, target.read_bytes()) == source.read_bytes()


TAMPERED: dict[str, Callable[[bytes], bytes]] = {
    "a byte of the nonce": lambda blob: bytes([blob[0] ^ 1]) + blob[1:],
    "a byte of the first chunk": lambda blob: blob[:40] + bytes([blob[40] ^ 1]) + blob[41:],
    "the last byte": lambda blob: blob[:-1] + bytes([blob[-1] ^ 128]),
    "the last byte cut off": lambda blob: blob[:-1],
    "the last chunk cut off": lambda blob: blob[: 16 + 2 * PIECE],
    "all chunks cut off": lambda blob: blob[:16],
    "a byte more": lambda blob: blob + b"\x00",
    "its last chunk twice": lambda blob: blob + blob[16 + 2 * PIECE :],
    "two chunks in each other's place": lambda blob: (
        blob[:16] + blob[16 + PIECE : 16 + 2 * PIECE] + blob[16 : 16 + PIECE] + blob[16 + 2 * PIECE :]
    ),
    "a chunk left out": lambda blob: blob[:16] + blob[16 + PIECE :],
    "another's nonce": lambda blob: blob_of(CONTENT, PATH, b"\x00other")[:16] + blob[16:],
}


@pytest.mark.parametrize("how", TAMPERED)
def test_what_was_altered_does_not_open(read: Callable[[str, bytes], bytes], how: str) -> None:
    content = bytes(2 * CHUNK) + b"the end"
    blob = blob_of(CONTENT, PATH, packed(content, PATH))
    assert read(PATH, blob) == content
    with pytest.raises(InvalidTag):
        read(PATH, TAMPERED[how](blob))


def test_a_blob_under_another_name_does_not_open(read: Callable[[str, bytes], bytes]) -> None:
    with pytest.raises(InvalidTag):
        read("invoices/2026-0002.html", blob_of(CONTENT, "invoices/2026-0001.html", packed(b"100", "invoices/2026-0001.html")))


def test_a_blob_of_another_portal_does_not_open(read: Callable[[str, bytes], bytes]) -> None:
    with pytest.raises(InvalidTag):
        read(PATH, blob_of(ContentKey(quick_key().content), PATH, packed(b"theirs", PATH)))


def test_no_two_plaintexts_and_no_two_paths_meet_under_one_nonce() -> None:
    plaintexts = [b"\x00one", b"\x00two", b"\x01one", b"\x00"]
    nonces = {blob_of(CONTENT, path, plaintext)[:16] for path in ("a", "b") for plaintext in plaintexts}
    assert len(nonces) == 8


def test_the_nonce_is_of_what_is_encrypted_and_not_of_the_file() -> None:
    """Another version of the packer gives another plaintext of the same file: under one nonce, both would be open."""
    file, path = b"words and more words " * 50, "index.html"
    other_packing = packed(file, "photo.jpg")
    assert other_packing != packed(file, path)
    assert blob_of(CONTENT, path, packed(file, path))[:16] != blob_of(CONTENT, path, other_packing)[:16]


def test_a_large_file_that_changes_between_its_two_readings_is_refused() -> None:
    with pytest.raises(OSError, match="Run it again"):
        write_blob(CONTENT, PATH, [b"\x00before"], [b"\x00after"], io.BytesIO())
