"""`recado access`: who has a key, since when, and whether it was shown; no key is in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kept_access import NOW, PAGES, WEB, add_places, passphrase, password

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_the_list_says_who_has_what_since_when_and_whether_it_was_shown(run: Callable[..., Any], workspace: Path) -> None:
    add_places(workspace, WEB, PAGES)
    run("access", "show", "acme", "--place", "pages", "--workspace", workspace)
    hidden = password(workspace)
    said = run("access", "--workspace", workspace)
    assert said.status == 0
    assert said.out.splitlines()[:5] == [
        "Client  Access     Places  Made          Shown",
        "acme    password   web     24 Nov 09:40  not yet",
        "acme    encrypted  pages   24 Nov 09:40  24 Nov 09:40",
        "beta    password   web     not yet       not yet",
        "beta    encrypted  pages   not yet       not yet",
    ]
    for arguments in (("list",), ("--workspace", workspace, "list")):
        assert run("access", *arguments, *(("--workspace", workspace) if len(arguments) == 1 else ())).out == said.out
    listed = run("access", "--json", "--workspace", workspace)
    assert json.loads(listed.out)[:2] == [
        {"key": "acme", "access": "password", "places": ["web"], "made": NOW, "shown": None, "readable": True},
        {"key": "acme", "access": "encrypted", "places": ["pages"], "made": NOW, "shown": NOW, "readable": True},
    ]
    assert run("access", "list", "--json", "--workspace", workspace).out == listed.out
    for secret in (hidden, passphrase(workspace)):
        assert secret is not None
        assert secret not in said.out + said.err + listed.out


def test_the_list_makes_no_key(run: Callable[..., Any], workspace: Path, tmp_path: Path) -> None:
    add_places(workspace, WEB, PAGES)
    assert run("access", "--workspace", workspace).status == 0
    assert not (tmp_path / "keys").exists()
