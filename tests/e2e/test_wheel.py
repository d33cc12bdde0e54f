"""The wheel alone, outside the repository: its templates, words and demo travel in it."""

from __future__ import annotations

import json
import sys
import sysconfig
import venv
import zipfile
from typing import TYPE_CHECKING

import pytest
from own_wheel import build_wheel, run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("sources"), tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def recado(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel in an environment that has its dependencies and nothing of this checkout."""
    place = tmp_path_factory.mktemp("environment")
    venv.create(place, with_pip=False, symlinks=True)
    (packages,) = place.glob("lib/python*/site-packages")
    # A .pth adds a folder without what the .pth files in it say: the checkout that is installed there stays out of view.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    python = str(place / "bin" / "python")
    install = ("install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", str(wheel))
    run(sys.executable, "-m", "pip", "--python", python, *install, cwd=place)
    where = run(python, "-c", "import recado, ingest; print(recado.__file__, ingest.__file__)", cwd=place).stdout
    assert where.count(str(place)) == 2
    return place / "bin" / "recado"


def test_the_wheel_holds_the_program_and_what_it_shows_and_no_module_that_hides_another(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"recado", "ingest"}
    templates = ("translations/es.po", "door/sw.js", "servers/nginx.conf.j2", "servers/Caddyfile.j2", "mail/access.txt.j2")
    needed = {f"site_templates/{name}" for name in templates} | {"practice/clients.yml", "practice/portal_src/hale/history.csv"}
    assert {f"recado/_data/{name}" for name in needed} <= set(names)
    assert "recado/demo/mails/files/cuencos.jpg" in names
    assert {name for name in names if name.endswith("py.typed")} == {"recado/py.typed", "ingest/py.typed"}
    assert not [name for name in names if "/tests/" in name or "__pycache__" in name or "/site/" in name]


def test_a_new_workspace_is_made_and_built(recado: Path, tmp_path: Path) -> None:
    run(str(recado), "init", "x", "--yes", cwd=tmp_path)
    (built,) = json.loads(run(str(recado), "build", "--workspace", "x", "--json", cwd=tmp_path).stdout)
    assert (tmp_path / "x" / "site" / built["key"] / "index.html").is_file()


def test_the_demo_runs(recado: Path, tmp_path: Path) -> None:
    data = json.loads(run(str(recado), "demo", "--no-serve", "--dir", "d", "--json", cwd=tmp_path).stdout)
    assert data["delivered"] >= 24
    assert [mail["became"] for mail in data["mails"]] == [mail["expected"] for mail in data["mails"]]
    assert len(data["portals"]) == 3
