"""What is kept between builds, spoilt or gone after a build was killed: the next one is right all the same."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from building import apart, built, built_anew
from killed_scene import NOW, kill_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from killed_scene import Scene

pytestmark = pytest.mark.usefixtures("nothing_is_synced")


def emptied(_content: bytes) -> bytes:
    return b""


def halved(content: bytes) -> bytes:
    return content[: len(content) // 2]


def garbled(content: bytes) -> bytes:
    return bytes(byte ^ 0x55 for byte in content)


def flipped(content: bytes) -> bytes:
    """Spoil one byte, in such a way that a text stays a text."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def zeroed(content: bytes) -> bytes:
    return bytes(len(content))


SPOILT = [emptied, halved, garbled, flipped, zeroed]


@pytest.mark.parametrize("spoil", SPOILT)
def test_what_is_kept_may_be_spoilt_after_a_kill(scene: Scene, spoil: Callable[[bytes], bytes]) -> None:
    deeds = scene.deeds_of_the_edit()
    for number in range(20, len(deeds), 50):
        scene.stand_at(scene.old)
        scene.edit()
        kill_at(number, scene.root)
        for file in kept_files(scene.root):
            file.write_bytes(spoil(file.read_bytes()) if file.stat().st_size else b"")
        apart(lambda: built_anew(scene.root, NOW))
        scene.expect_new()


def test_all_that_is_kept_may_be_gone_after_a_kill(scene: Scene) -> None:
    deeds = scene.deeds_of_the_edit()
    for number in range(5, len(deeds), 20):
        scene.stand_at(scene.old)
        scene.edit()
        kill_at(number, scene.root)
        shutil.rmtree(scene.root / ".recado")
        apart(lambda: built(scene.root, NOW))
        scene.expect_new()


@pytest.mark.parametrize("spoil", [*SPOILT, None])
def test_each_file_that_is_kept_may_be_spoilt_or_gone(scene: Scene, spoil: Callable[[bytes], bytes] | None) -> None:
    scene.stand_at(scene.new)
    names = [file.relative_to(scene.root) for file in kept_files(scene.root) if file.suffix != ".lock"]
    assert {name.parts[1] for name in names} >= {"practice", "portals", "thumbnails", "shells"}
    for name in names:
        scene.stand_at(scene.old)
        scene.edit()
        file = scene.root / name
        if spoil is None:
            file.unlink(missing_ok=True)
        elif file.exists():
            file.write_bytes(spoil(file.read_bytes()))
        apart(lambda: built_anew(scene.root, NOW))
        scene.expect_new()


def kept_files(root: Path) -> list[Path]:
    return [path for path in sorted((root / ".recado").rglob("*")) if path.is_file()]
