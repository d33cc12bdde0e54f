"""What a place of kind rsync cannot be, or cannot do, and what is said then."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from published import site, tree

from recado.deploy.places.far_folder import address_of
from recado.deploy.places.rsync import RsyncPlace
from recado.errors import WorkError
from recado.speech import speak

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def must_have_rsync() -> None:
    if not any(os.access(f"{folder}/rsync", os.X_OK) for folder in os.get_exec_path()):
        pytest.skip("rsync is not installed (apt-get install rsync)")


@pytest.fixture
def there(tmp_path: Path) -> Path:
    return tmp_path / "srv" / 'it\'s a "site"'


def test_a_deploy_that_cannot_write_says_so_and_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(WorkError, match=r"did not take the pages: .*(File exists|Not a directory)"):
        RsyncPlace(str(tmp_path / "file")).publish(tree(tmp_path, site("one")))


def test_what_is_refused_there_is_said_in_the_language_that_is_spoken_here(tmp_path: Path, there: Path) -> None:
    there.mkdir(parents=True)
    (there / "current").write_text("hers", encoding="utf-8")
    speak("es")
    try:
        with pytest.raises(WorkError, match="hay algo llamado `current`"):
            RsyncPlace(str(there)).publish(tree(tmp_path, site("one")))
    finally:
        speak(None)


def test_without_rsync_it_is_said_what_to_install(tmp_path: Path, there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("sh", "ls", "mkdir", "find", "sha256sum", "readlink"):
        (programs / name).symlink_to(f"/usr/bin/{name}")
    monkeypatch.setenv("PATH", str(programs))
    with pytest.raises(WorkError, match=r"rsync is not installed here"):
        RsyncPlace(str(there)).publish(tree(tmp_path, site("one")))


@pytest.mark.parametrize(
    "to", ["rsync://host/x", "host::module", "ssh://me@host/srv", "-oProxyCommand=x:y", "host:", "x", "me@my host:/x", ""]
)
def test_what_is_no_address_over_ssh_is_refused(tmp_path: Path, to: str) -> None:
    with pytest.raises(WorkError, match="is no address for rsync over SSH"):
        RsyncPlace(to).publish(tree(tmp_path, site("one")))


@pytest.mark.parametrize(
    ("to", "host", "path"),
    [
        ("me@host:/srv/portal", "me@host", "/srv/portal"),
        ("host:portal/", "host", "portal"),
        ("host:~/portal", "host", "portal"),
        ("host:~/", "host", "."),
        ("host:/", "host", "/"),
        ("me@[2001:db8::1]:/srv", "me@[2001:db8::1]", "/srv"),
        ("host:/a b/it's: c", "host", "/a b/it's: c"),
        ("/srv/portal", None, "/srv/portal"),
        ("/srv/a:b", None, "/srv/a:b"),
    ],
)
def test_an_address_is_a_host_and_a_path(to: str, host: str | None, path: str) -> None:
    assert address_of(to) == (host, path)
