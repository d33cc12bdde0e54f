"""The web server behind a place: it reads its configuration again where that changed, and never for nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from recado.deploy.tree import AwayError

if TYPE_CHECKING:
    from pathlib import Path

    from publishing_scene import Scene


def reloading(folder: Path, status: int = 0) -> tuple[str, ...]:
    code = f"import sys; open({str(folder / 'reloads')!r}, 'a').write('x'); print('bad config'); sys.exit({status})"
    return (sys.executable, "-c", code)


def reloads(scene: Scene) -> int:
    file = scene.workspace.root / "reloads"
    return len(file.read_text()) if file.exists() else 0


def test_the_server_reads_its_configuration_again_where_that_changed(scene: Scene) -> None:
    scene.place(reload=reloading(scene.workspace.root))
    scene.door.server = {"server/nginx.conf": b"1"}
    scene.at().publish()
    scene.at().publish()
    assert reloads(scene) == 1
    scene.door.server = {"server/nginx.conf": b"2"}
    scene.at().publish()
    assert reloads(scene) == 2


def test_for_passwords_alone_it_need_not(scene: Scene) -> None:
    scene.place(reload=reloading(scene.workspace.root))
    scene.at().publish()
    assert reloads(scene) == 0


def test_a_reload_that_failed_is_told_and_tried_again(scene: Scene) -> None:
    scene.place(reload=reloading(scene.workspace.root, status=1))
    scene.door.server = {"server/nginx.conf": b"1"}
    with pytest.raises(AwayError, match="bad config"):
        scene.at().publish()
    assert scene.portals() == {"acme", "beta"}
    scene.place(reload=reloading(scene.workspace.root))
    scene.at().publish()
    assert reloads(scene) == 2


def test_without_a_command_for_it_the_va_is_told_once(scene: Scene) -> None:
    scene.door.server = {"server/nginx.conf": b"1"}
    first, reload, *_others = scene.at().publish().notes
    assert "the first lines of server/nginx.conf, in this place, say how" in first
    assert "sudo systemctl reload nginx" in reload
    assert scene.at().publish().notes == ("From the door.",)


def test_a_place_that_is_encrypted_from_now_on_needs_no_server_and_says_so(scene: Scene) -> None:
    scene.door.server = {"server/nginx.conf": b"1"}
    scene.at().publish()
    scene.door.server = {}
    scene.place(access="encrypted")
    assert "Take its line out" in scene.at().publish().notes[0]
    assert scene.at().publish().notes == ("From the door.",)
