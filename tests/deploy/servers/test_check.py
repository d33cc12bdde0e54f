"""A configuration judged by the real server: what is right passes, what is not is told in the server's words."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import caddy
import nginx
import pytest

from recado.deploy.servers import check as checking
from recado.deploy.servers.check import check
from recado.deploy.servers.configuration import NAMES, Kind, configured
from recado.errors import WorkError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HASH = b"$2b$05$nRo5fhdo2jmlC.mP.jtXZumUTLT4ULvnclmWePXjnYsM.4OnYzI6e"
INSTALLED = {"nginx": nginx.is_installed, "caddy": caddy.is_installed}
KINDS = ("nginx", "caddy")


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    kind: Kind = request.param
    if not INSTALLED[kind]():
        pytest.skip(f"Debian's {kind} is not installed (apt-get install {kind})")
    return kind


def files(
    kind: Kind, address: str = "https://portal.marta.example", base: str = "/nowhere/por\"tal's; #1"
) -> Mapping[str, bytes]:
    return configured(kind, base, address, {"acme": HASH, "_desk": HASH})


@pytest.mark.parametrize(
    "address",
    [
        "https://portal.marta.example",
        "https://marta.example:8443/my/clients-1.2~x",
        "http://127.0.0.1:8080",
        "http://localhost",
        "http://[::1]:8080/a",
    ],
)
def test_what_is_made_is_right_by_the_servers_own_word(kind: Kind, address: str) -> None:
    assert check(kind, files(kind, address)) is None


def test_a_configuration_without_a_portal_is_right_too(kind: Kind) -> None:
    assert check(kind, configured(kind, "/srv/portal", "https://portal.marta.example", {})) is None


def test_a_mistake_is_told_in_the_servers_words(kind: Kind) -> None:
    spoilt = dict(files(kind))
    spoilt[NAMES[kind]] = spoilt[NAMES[kind]].replace(b"index index.html", b"indecks index.html")
    with pytest.raises(WorkError, match=r"nothing was sent(?s:.*)indecks"):
        check(kind, spoilt)


def test_a_password_that_caddy_cannot_read_is_told() -> None:
    if not caddy.is_installed():
        pytest.skip("Debian's caddy is not installed (apt-get install caddy)")
    spoilt = {NAMES["caddy"]: files("caddy")[NAMES["caddy"]].replace(b"acme $2b$", b"acme ")}
    with pytest.raises(WorkError, match="Caddy refuses"):
        check("caddy", spoilt)


def test_nothing_of_it_is_left_behind(kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    check(kind, files(kind))
    assert list(tmp_path.iterdir()) == []


def test_it_needs_no_port(kind: Kind) -> None:
    import socket  # noqa: PLC0415 (this test's own)

    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert check(kind, files(kind, f"http://127.0.0.1:{taken.getsockname()[1]}")) is None


@pytest.mark.parametrize("kind", KINDS)
def test_where_the_server_is_not_installed_that_is_said(kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(checking, "_ALSO", ())
    said = check(kind, files(kind))
    assert said is not None
    assert "was not checked" in said
    assert said.count("nginx" if kind == "nginx" else "Caddy") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_cannot_be_started_is_told(kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / kind
    broken.write_text("#!/nowhere/at/all\n", encoding="utf-8")
    broken.chmod(0o755)
    assert shutil.which(kind, path=str(tmp_path)) == str(broken)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(WorkError, match=r"could not be asked .*try again"):
        check(kind, files(kind))
