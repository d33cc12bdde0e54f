"""A practice whose files are edited by hand, built by the real command, and what the command said of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from portal_builds import recado

if TYPE_CHECKING:
    from pathlib import Path

    from portal_builds import Ended

PRACTICE = """\
practice: {name: Marta, owner: Marta Ruiz, email: marta@marta.example, timezone: Europe/Madrid, language: en, country: ES}
mailbox: {address: requests@marta.example, host: 127.0.0.1, user: requests, password: {env: NONE}}
clients:
  acme: {code: ACME, name: Acme, senders: ["@acme.example"]}
  beta: {code: BETA, name: Beta, senders: ["@beta.example"]}
"""
TASK = "---\ntitle: {title}\nstatus: doing\nreceived: 2026-11-20T08:00:00Z\n---\n{text}\n"
MESSAGE = "---\nfrom: jane@acme.example\nreceived: 2026-11-20T08:00:00Z\nkind: request\nverified: pass\n---\n{text}\n"


def write_practice(root: Path) -> None:
    """Write two clients, each with one request, a message and a file."""
    root.mkdir()
    (root / "clients.yml").write_text(PRACTICE, encoding="utf-8")
    for key in ("acme", "beta"):
        put(root, key, "tasks/0001-posts.md", TASK.format(title=f"Posts of {key}", text=f"Words of {key}"))
        put(root, key, "tasks/0001-posts/20261120T080000Z-00000001.md", MESSAGE.format(text=f"Asked by {key}"))
        put(root, key, "tasks/0001-posts/files/report.txt", f"Report for {key}")


def put(root: Path, key: str, name: str, content: str | bytes) -> Path:
    """Write a file of a client's."""
    file = root / "portal_src" / key / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def build(root: Path, *options: str, language: str = "en") -> Ended:
    """Build the portals in a process of its own."""
    environment = {"RECADO_NOW": "2026-11-24T08:40:00Z", "RECADO_LANGUAGE": language}
    done = recado("build", *options, "--workspace", root, environment=environment)
    assert "Traceback" not in done.err
    return done


def told(done: Ended) -> dict[str, tuple[int, str]]:
    """Read what was said of each file of acme: its line, and what is wrong with it."""
    lines = [re.fullmatch(r"portal_src/acme/(.+?):(\d+): (.+)", line) for line in done.err.splitlines()]
    assert all(lines), done.err
    return {found[1]: (int(found[2]), found[3]) for found in lines if found}
