"""Places in a practice's clients.yml, and what is kept of the keys to its portals."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from recado.deploy.kept import Kind
from recado.deploy.keys import Keys
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-11-24T08:40:00Z"
URL = "https://portal.marta.example"
PAGES = "pages: {kind: git, remote: 'git@host:me/portals.git', branch: pages, access: encrypted}"
WEB = "web: {kind: directory, path: /srv/portal, access: nginx}"
OPEN = "open: {kind: directory, path: /srv/open}"


def add_places(workspace: Path, *places: str, url: str | None = URL) -> None:
    file = workspace / "clients.yml"
    text = file.read_text("utf-8")
    if url:
        text = text.replace("  country: ES\n", f"  country: ES\n  portal_url: {url}\n", 1)
    file.write_text(text + "".join(["places:\n", *(f"  {place}\n" for place in places)]), encoding="utf-8")


def keys_of(workspace: Path) -> Keys:
    space = Workspace(workspace)
    return Keys(load_practice(space), space, datetime(2026, 11, 24, 8, 40, tzinfo=UTC))


def passphrase(workspace: Path, client: str = "acme") -> str:
    return keys_of(workspace).portal_key(client).passphrase.reveal()


def password(workspace: Path, client: str = "acme") -> str | None:
    unread = keys_of(workspace).kept_or_made(client, Kind.PASSWORD).unread
    return unread.reveal() if unread else None
