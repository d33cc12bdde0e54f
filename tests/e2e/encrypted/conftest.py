"""What the tests of encrypted portals in a browser share: the demo's portals, one of them in a place, and who visits it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sealed_place import build_demo, put_root, static_host
from visited_portal import CLIENT, Portal, Visitor

from recado.deploy.sealed.door import Door, the_door
from recado.deploy.sealed.packing import HELD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's portals, and in one of them files too large to be held, which a client may have been sent."""
    site = build_demo(tmp_path_factory.mktemp("demo"))
    folder = site / CLIENT / "requests" / "tom-31"
    (folder / "fotos.zip").write_bytes(bytes(range(256)) * (HELD // 256) + b"the last photo")
    (folder / "tamaño & 100% – маки.jpg").write_bytes(b"a picture")
    (folder / "existencias.csv").write_bytes(b"vela,romero,12\n" * (HELD // 12))
    return site


@pytest.fixture(scope="session")
def door() -> Door:
    return the_door()


@pytest.fixture
def portal(built: Path, door: Door, tmp_path: Path) -> Iterator[Portal]:
    place = tmp_path / "place"
    put_root(place, door)
    with static_host(place) as host:
        portal = Portal(built / CLIENT, place, door, host)
        portal.publish()
        yield portal


@pytest.fixture
def visitor(browser: Browser, portal: Portal) -> Iterator[Visitor]:
    with browser.new_context(locale="en-GB") as context:
        visitor = Visitor(context, portal)
        yield visitor
        assert visitor.complaints == []
