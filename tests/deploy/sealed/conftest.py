"""What the tests of encrypted portals share: a door, which is the same for all, and the demo's portals, built once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sealed_place import build_demo

from recado.deploy.sealed.door import Door, the_door

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def door() -> Door:
    return the_door()


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_demo(tmp_path_factory.mktemp("demo"))
