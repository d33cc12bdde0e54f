"""What links in a client's files lead to: what is that client's own, and nothing else. By the real command, as she meets it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from edited_practice import MESSAGE, TASK, build, put, told
from portal_builds import readable, site_of

if TYPE_CHECKING:
    from pathlib import Path

THEIRS = "zztheirszz"
# Where a link may stand in the place of a file or a folder, by what it would lead to in another client's folder.
LINKS = {
    "tasks/0002-linked.md": "tasks/0001-posts.md",
    "tasks/0001-posts/20261120T090000Z-00000002.md": "tasks/0001-posts/20261120T080000Z-00000001.md",
    "tasks/0001-posts/files/linked.txt": "tasks/0001-posts/files/report.txt",
    "tasks/0001-posts/files/linked": "tasks/0001-posts/files",
    "tasks/0003-thread": "tasks/0001-posts",
    "tasks/0004-files/files": "tasks/0001-posts/files",
    "history.csv": "history.csv",
    "welcome.md": "welcome.md",
    "pages/linked.md": "pages/how.md",
    "time/2026-11.csv": "time/2026-11.csv",
    "invoices/2026-0001.yml": "invoices/2026-0001.yml",
}
FOLDERS = ("tasks", "pages", "time", "invoices")


def put_theirs(root: Path) -> None:
    put(root, "beta", "tasks/0001-posts.md", TASK.format(title=THEIRS, text=THEIRS))
    put(root, "beta", "tasks/0001-posts/20261120T080000Z-00000001.md", MESSAGE.format(text=THEIRS))
    put(root, "beta", "tasks/0001-posts/files/report.txt", THEIRS)
    put(root, "beta", "history.csv", f"at,ref,by,from,to\n2026-11-20T08:00:00Z,BETA-1,{THEIRS},,doing\n")
    put(root, "beta", "welcome.md", THEIRS)
    put(root, "beta", "pages/how.md", THEIRS)
    put(root, "beta", "time/2026-11.csv", THEIRS)
    put(root, "beta", "invoices/2026-0001.yml", THEIRS)


def expect_nothing_of_theirs(root: Path, names: set[str]) -> None:
    """See that each link is told, and that no portal but theirs holds a word of what it leads to."""
    for options in ((), ("--keep-going",)):
        done = build(root, "--client", "acme", *options)
        assert done.status == 1
        assert told(done).keys() == names
        assert THEIRS not in done.err + done.out
        for name, content in readable(site_of(root / "site" / "acme")):
            assert THEIRS.encode() not in content, name
            assert b"root:x:0" not in content, name


@pytest.mark.parametrize("is_relative", [True, False])
def test_no_link_to_another_clients_file_or_folder_is_followed(root: Path, *, is_relative: bool) -> None:
    put_theirs(root)
    acme, beta = (root / "portal_src" / key for key in ("acme", "beta"))
    for number in (3, 4):
        put(root, "acme", f"tasks/{number:04}-{'thread' if number == 3 else 'files'}.md", TASK.format(title="Linked", text="x"))
    for name, there in LINKS.items():
        link = acme / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        up = "../" * (name.count("/") + 1)
        link.symlink_to(f"{up}beta/{there}" if is_relative else beta / there)
    expect_nothing_of_theirs(root, {*LINKS})


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_link_to_another_clients_whole_folder_is_followed(root: Path, folder: str) -> None:
    put_theirs(root)
    acme, beta = (root / "portal_src" / key for key in ("acme", "beta"))
    if (acme / folder).exists():
        (acme / folder).rename(acme / "private")
    (acme / folder).symlink_to(beta / folder)
    expect_nothing_of_theirs(root, {folder})


def test_a_clients_folder_that_is_a_link_to_anothers_is_not_followed(root: Path) -> None:
    put_theirs(root)
    (root / "portal_src" / "acme").rename(root / "away")
    (root / "portal_src" / "acme").symlink_to("beta")
    for options in ((), ("--keep-going",)):
        done = build(root, "--client", "acme", *options)
        assert (done.status, done.err.partition(":")[0]) == (1, "portal_src/acme")
        assert [name for name, content in readable(site_of(root / "site" / "acme")) if THEIRS.encode() in content] == []


@pytest.mark.parametrize("there", ["/etc/passwd", "/etc", "itself", "nowhere", "/dev/zero", "/proc/self/environ"])
def test_no_link_to_what_is_no_clients_is_followed(root: Path, there: str) -> None:
    names = [name for name in LINKS if name not in {"tasks/0003-thread", "tasks/0004-files/files"}]
    for name in names:
        link = root / "portal_src" / "acme" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(link.name if there == "itself" else there)
    expect_nothing_of_theirs(root, {*names})


def test_a_link_within_the_clients_own_folder_is_followed(root: Path) -> None:
    (root / "portal_src" / "acme" / "tasks" / "0001-posts" / "files" / "latest.txt").symlink_to("report.txt")
    assert build(root).status == 0
    assert site_of(root / "site" / "acme")["requests/acme-1/latest.txt"] == b"Report for acme"


@pytest.mark.parametrize("there", ["beta", "nowhere"])
def test_where_a_link_stands_in_a_portals_place_it_is_told_and_what_it_leads_to_stays(root: Path, there: str) -> None:
    before = site_of(root / "site" / "beta")
    (root / "site" / "acme").rename(root / "away")
    (root / "site" / "acme").symlink_to(there)
    done = build(root)
    assert (done.status, "site/acme is in the way" in done.err) == (1, True)
    assert sorted(path.name for path in (root / "site").iterdir()) == ["acme", "beta"]
    assert site_of(root / "site" / "beta") == before
    (root / "site" / "acme").unlink()
    assert build(root).status == 0


def test_a_build_waits_for_no_pipe_that_stands_in_the_place_of_a_file(root: Path) -> None:
    names = [name for name in LINKS if name.endswith((".md", ".csv", ".yml", ".txt"))]
    for name in names:
        pipe = root / "portal_src" / "acme" / name
        pipe.parent.mkdir(parents=True, exist_ok=True)
        pipe.unlink(missing_ok=True)
        os.mkfifo(pipe)
    assert {name for name, (_, said) in told(build(root)).items() if "expected a file" in said} == {*names}
