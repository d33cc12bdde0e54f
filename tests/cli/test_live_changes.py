"""What a changed file asks for: everything, one client's files, a file told by name, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from recado.cli.live_changes import EVERYTHING, Look, look_for

ROOT = Path("/home/marta/practice")
TASK = "portal_src/acme/tasks/0042-posts.md"


def asked(*paths: str, files: bool = True) -> Look | None:
    return look_for([ROOT / path for path in paths], ROOT, lambda _path: files)


def told(key: str, *paths: str) -> Look:
    return Look(frozenset({key}), frozenset(ROOT / path for path in paths))


@pytest.mark.parametrize(
    "path",
    [
        TASK,
        "portal_src/acme/tasks/0042-posts/20261124T081209Z-7f3a91c2.md",
        "portal_src/acme/tasks/0042-posts/files/report.pdf",
        "portal_src/acme/history.csv",
        "portal_src/acme/time/2026-11.csv",
        "portal_src/acme/invoices/2026-0007.yml",
        "portal_src/acme/pages/returns.md",
        "portal_src/acme/welcome.md",
    ],
)
def test_a_file_of_a_client_is_looked_at_alone(path: str) -> None:
    assert asked(path) == told("acme", path)


def test_files_of_two_clients_are_looked_at_together() -> None:
    other = "portal_src/beta/welcome.md"
    assert asked(TASK, other) == Look(frozenset({"acme", "beta"}), frozenset({ROOT / TASK, ROOT / other}))


def test_a_folder_that_came_or_a_file_that_went_asks_for_all_that_clients_files() -> None:
    assert asked(TASK, files=False) == Look(frozenset({"acme"}), None)
    assert asked("portal_src/acme") == Look(frozenset({"acme"}), None)


@pytest.mark.parametrize(
    "path", ["clients.yml", "logo.svg", "portal_src", "site_templates", "site_templates/parts/home.html.j2", "."]
)
def test_what_concerns_every_portal_asks_for_everything(path: str) -> None:
    assert asked(path) == EVERYTHING
    assert asked(TASK, path) == EVERYTHING


@pytest.mark.parametrize(
    "path",
    [
        "portal_src/acme/private/call.md",
        "portal_src/acme/private",
        "portal_src/acme/sent/2026/digest.eml",
        "portal_src/acme/tasks/0042-posts/private.md",
        "portal_src/acme/tasks/.highest",
        "portal_src/_desk/ideas.md",
        "portal_src/_quarantine/7f3a91c2.eml",
        "site",
        "site/acme/index.html",
        ".recado",
        ".recado/locks/acme.lock",
        ".git",
        "outbox",
        "portal_src/.DS_Store",
        "portal_src/acme/tasks/.0042-posts.md.swp",
        "portal_src/acme/tasks/0042-posts.md~",
        "portal_src/acme/tasks/4913",
        "portal_src/acme/tasks/#0042-posts.md#",
        "portal_src/acme/tasks/.#0042-posts.md",
        "portal_src/acme/tasks/0042-posts.md.tmp",
        "portal_src/acme/tasks/.goutputstream-7F3A91",
        "portal_src/acme/tasks/0042-posts.md___jb_tmp___",
        "portal_src/acme/tasks/0042-posts/files/report.pdf.part",
        "portal_src/acme/tasks/0042-posts/files/report.pdf.crdownload",
        "portal_src/acme/tasks/0042-posts/files/.~lock.report.odt#",
        ".clients.yml.swx",
        "clients.yml~",
    ],
)
@pytest.mark.parametrize("is_file", [True, False])
def test_what_no_portal_is_made_from_asks_for_nothing(path: str, *, is_file: bool) -> None:
    assert asked(path, files=is_file) is None
    assert asked(path, TASK) == told("acme", TASK)


def test_nothing_asks_for_nothing() -> None:
    assert asked() is None
