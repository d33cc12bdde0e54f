"""The demo as a newcomer runs it: a week of mail accounted for, twice, in a pipe, and the clone left clean."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (our own program)
        arguments,
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "HOME": str(cwd), "RECADO_LANGUAGE": "en", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def accounted_for(data: dict[str, Any]) -> None:
    mails = data["mails"]
    assert data["delivered"] == len(mails) >= 24
    assert [mail["became"] for mail in mails] == [mail["expected"] for mail in mails]
    assert data["messages_filed"] + data["quarantined"] == data["delivered"] - data["repeats"]
    assert data["repeats"] == sum(mail["expected"] == "repeat" for mail in mails) == 1
    assert (data["filed_by_a_second_look"], data["left_in_the_inbox"]) == (0, 0)
    assert sum(mail["is_withheld"] for mail in mails) == 1
    assert {"request", "reply", "note", "quarantine", "repeat"} == {mail["became"] for mail in mails}
    # What was not understood is no part of it: a stranger, one nobody sent, one that answers nothing.
    assert data["quarantined"] <= 4


def test_every_mail_of_the_demo_is_accounted_for_and_a_second_run_works_too(tmp_path: Path) -> None:
    arguments = (sys.executable, "-m", "recado", "demo", "--no-serve", "--dir", "d", "--json")
    seen = []
    for _time in range(2):
        done = run(*arguments, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        data = json.loads(done.stdout)
        accounted_for(data)
        workspace = tmp_path / "d"
        assert data["workspace"] == str(workspace)
        assert len(list((workspace / "portal_src" / "_quarantine").glob("*.eml"))) == data["quarantined"]
        files = [path for path in (workspace / "portal_src").glob("*/tasks/*/*.md") if path.name != "private.md"]
        assert len(files) == data["messages_before"] + data["messages_filed"]
        assert not list((workspace / "portal_src").rglob("*.part"))
        for portal in data["portals"]:
            assert (Path(portal["folder"]) / "index.html").is_file()
        seen.append([(mail["mail"], mail["became"], mail["client"]) for mail in data["mails"]])
    assert seen[0] == seen[1]


def test_a_pipe_sees_plain_lines_and_the_demo_ends_by_itself(tmp_path: Path) -> None:
    done = run("/bin/bash", "-c", f"set -o pipefail; {sys.executable} -m recado demo | cat", cwd=tmp_path, TMPDIR=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert "\r" not in done.stdout
    assert "Accounted for:" in done.stdout
    assert "recado serve --workspace" in done.stdout


def test_a_workspace_that_is_no_demos_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "clients.yml").write_text("mine", encoding="utf-8")
    done = run(sys.executable, "-m", "recado", "demo", "--no-serve", "--dir", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert "clients.yml" in done.stderr
    assert (tmp_path / "clients.yml").read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(not (ROOT / ".git").exists() or shutil.which("git") is None, reason="this is no clone")
def test_the_clone_stays_clean(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    listed = run("git", "ls-files", "-co", "--exclude-standard", "-z", cwd=ROOT).stdout.split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, clone / name)
    git = ("git", "-c", "user.name=x", "-c", "user.email=x@x.example")
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "as it is")):
        assert run(*git, *arguments, cwd=clone).returncode == 0
    assert run(sys.executable, "-m", "recado", "demo", "--no-serve", cwd=clone, TMPDIR=str(tmp_path)).returncode == 0
    built = run(sys.executable, "build.py", cwd=clone)
    assert (built.returncode, built.stderr) == (0, "")
    looked = run(sys.executable, "-m", "ingest", "--once", cwd=clone, RECADO_IMAP_PASSWORD="x")
    assert looked.returncode == 1
    assert "does not answer" in looked.stderr
    assert run("git", "status", "--porcelain", cwd=clone).stdout == ""
    imported = run(sys.executable, "-c", "import recado; print(recado.__file__)", cwd=clone).stdout
    assert imported.startswith(str(clone))


def test_the_mailbox_alone_can_be_read_by_hand(tmp_path: Path) -> None:
    command = (sys.executable, "-u", "-m", "recado", "demo", "--mailbox", "--dir", "by-hand")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "RECADO_LANGUAGE": "en"}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as servers:  # noqa: S603
        try:
            assert servers.stdout is not None
            said: list[str] = []
            while not (said and "recado serve" in said[-1]):
                said.append(servers.stdout.readline())
                assert said[-1], said
            assert "127.0.0.1:11143" in said[0]
            ingest = (sys.executable, "-m", "ingest", "--once", "--workspace", "by-hand")
            first = run(*ingest, cwd=tmp_path, RECADO_IMAP_PASSWORD="demo")
            assert (first.returncode, first.stderr) == (0, "")
            assert "30 mails" in first.stdout
            assert run(*ingest, cwd=tmp_path, RECADO_IMAP_PASSWORD="demo").stdout == "No new mail.\n"
        finally:
            servers.terminate()
        assert servers.wait(30) == 0
