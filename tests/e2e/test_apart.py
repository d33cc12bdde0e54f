"""No one sees another's: every byte and every file name of every portal is searched (DESIGN, promise 2)."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from made_workspace import Size, make_workspace

from recado.portal.build import BuildOptions, build_practice
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)
PRIVATE = "zzprivatezz"


def own_marker(key: str) -> str:
    return f"qq{key}qq"


def mark(workspace: Path) -> None:
    """Put a word of each client's own wherever a client can be seen, and another wherever nobody may look."""
    for client in sorted((workspace / "portal_src").iterdir()):
        word = own_marker(client.name)
        for file in [*client.glob("tasks/*.md"), *client.glob("tasks/*/*.md"), *client.glob("invoices/*.yml")]:
            text = file.read_text()
            text = re.sub(r"^title: (.*)$", rf"title: \1 {word}", text, flags=re.MULTILINE)
            text = re.sub(r"^(requester|from): (Jane \d+)", rf"\1: \2 {word}", text, flags=re.MULTILINE)
            text = text.replace("description: Work", f"description: Work {word}")
            file.write_text(text + (f"\n{word}\n" if file.suffix == ".md" else ""))
        (client / "welcome.md").write_text(f"Welcome, {word}\n")
        (client / "pages").mkdir()
        (client / "pages" / f"how-{word}.md").write_text(f"# How {word}\n\nSo {word}.\n")
        thread = next(path for path in sorted(client.glob("tasks/*")) if path.is_dir())
        (thread / "files").mkdir()
        (thread / "files" / f"delivery-{word}.txt").write_text(word)
        (thread / "files" / f"drawing-{word}.svg").write_text(f"<svg>{word}</svg>")
        (thread / "private.md").write_text(PRIVATE)
        for hidden in (client / "private", client / "sent" / "2026"):
            hidden.mkdir(parents=True)
            (hidden / f"{PRIVATE}.md").write_text(PRIVATE)
    for name in ("_desk", "_quarantine"):
        (workspace / "portal_src" / name).mkdir()
        (workspace / "portal_src" / name / f"{PRIVATE}.md").write_text(PRIVATE)


def contents(site: Path) -> dict[str, bytes]:
    """Read every file of a portal, what is zipped too, by its name."""
    found = {}
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        name = path.relative_to(site).as_posix()
        found[name] = path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                found |= {f"{name}!{inner}": archive.read(inner) for inner in archive.namelist()}
    return found


def test_each_portal_shows_its_own_words_and_no_one_elses(tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    make_workspace(folder, Size(clients=8, tasks=12, invoices=3))
    mark(folder)
    workspace = Workspace(folder)
    practice = load_practice(workspace)

    done = build_practice(workspace, practice, BuildOptions(NOW), jobs=2)

    assert not done.errors
    assert len(done.portals) == len(practice.clients) == 8
    for key in practice.clients:
        files = contents(workspace.site / key)
        own = own_marker(key).encode()
        for page in ("index.html", "requests/index.html", "welcome.html", f"pages/how-{own_marker(key)}.html"):
            assert own in files[page], (key, page)
        for kind in ("requests/k", "invoices/2026"):
            shown = [content for name, content in files.items() if name.startswith(kind) and name.endswith(".html")]
            assert shown, (key, kind)
            assert all(own in content for content in shown), (key, kind)
        strange = re.compile(rb"qqk\d{3}qq|" + PRIVATE.encode())
        for name, content in files.items():
            words = set(strange.findall(content)) | set(strange.findall(name.encode()))
            assert words <= {own}, (key, name)


def test_a_portal_holds_no_trace_of_the_practice_s_other_clients_names(tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    make_workspace(folder, Size(clients=3, tasks=2))
    workspace = Workspace(folder)
    practice = load_practice(workspace)

    build_practice(workspace, practice, BuildOptions(NOW))

    for key in practice.clients:
        strangers = [client for other, client in practice.clients.items() if other != key]
        for name, content in contents(workspace.site / key).items():
            for stranger in strangers:
                assert stranger.name.encode() not in content, (key, name)
                assert stranger.contacts[0].email.encode() not in content, (key, name)
