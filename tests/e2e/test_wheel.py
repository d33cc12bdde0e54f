"""The wheel alone, outside the repository: its templates, words and demo travel in it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("wheel")]

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(  # noqa: S603 (our own program)
        arguments,
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "HOME": str(cwd), "TMPDIR": str(cwd), "RECADO_LANGUAGE": "en"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("this is no clone")
    sources, out = tmp_path_factory.mktemp("sources"), tmp_path_factory.mktemp("wheel")
    for name in run("git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z", cwd=out).stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (sources / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, sources / name)
    # Not from the sources' own folder: the build script there hides the builder's name.
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(sources), cwd=out)
    (made,) = out.glob("*.whl")
    return made


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
    for needed in ("site_templates/translations/es.po", "practice/clients.yml", "practice/portal_src/hale/history.csv"):
        assert f"recado/_data/{needed}" in names
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
