"""What stands beside the files: secrets that the program looks up, what it keeps between builds, and tables it writes."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
from typing import TYPE_CHECKING

import pytest
from edited_practice import TASK, build, put
from mail_line import mail
from portal_builds import recado, site_of
from scripted_imap import ScriptedImap

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mail_line import Line

SECRET = "zzsecretzz"
WORDS = {"RECADO_NOW": "2026-11-24T08:40:00Z", "RECADO_LANGUAGE": "en"}


# ---- Secrets ----


@pytest.fixture
def imap() -> Iterator[ScriptedImap]:
    server = ScriptedImap()
    yield server
    server.close()


@pytest.mark.parametrize("kept", ["{env: RECADO_IMAP_PASSWORD}", "{command: [cat, FILE]}"], ids=["env", "command"])
def test_a_secret_is_in_no_text_that_is_said_and_in_no_file_that_is_written(
    root: Path, tmp_path: Path, imap: ScriptedImap, kept: str
) -> None:
    (tmp_path / "secret").write_text(SECRET, encoding="utf-8")
    password = kept.replace("FILE", str(tmp_path / "secret"))
    practice = (root / "clients.yml").read_text(encoding="utf-8")
    asked = f"host: 127.0.0.1, port: {imap.port}, security: none"
    practice = practice.replace("host: 127.0.0.1", asked).replace("{env: NONE}", password)
    environment = {**WORDS, "RECADO_IMAP_PASSWORD": SECRET}
    imap.repeats = "LOGIN"  # it says the command again, the password with it
    said = []
    for text in (
        practice,
        practice.replace("country: ES", "country: Spain"),
        practice.replace("security: none", "security: odd"),
    ):
        (root / "clients.yml").write_text(text, encoding="utf-8")
        for command in (["build"], ["build", "--json", "--keep-going"], ["ingest", "--once"], ["doctor"], ["task", "list"]):
            done = recado(*command, "--workspace", root, environment=environment)
            assert "Traceback" not in done.err
            said.append(done.out + done.err)
    assert any(SECRET in command for command in imap.commands)  # it was looked up, and given to the server alone
    assert [text for text in said if SECRET in text] == []
    assert [name for name, content in site_of(root).items() if SECRET.encode() in content] == []


# ---- What is kept in .recado ----


class Runs:
    """Does something as soon as it is read from a pickle."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.file),)


def kept_files(root: Path) -> list[Path]:
    return [file for file in sorted((root / ".recado").rglob("*")) if file.is_file() and file.suffix != ".lock"]


def test_what_a_stranger_kept_in_a_workspace_runs_nothing_when_it_is_built(root: Path, tmp_path: Path) -> None:
    for number in (2, 3):
        put(root, "acme", f"tasks/{number:04}-more.md", TASK.format(title="More", text="x"))
        build(root)
    before, ran = site_of(root / "site"), tmp_path / "ran"
    pickles = []
    for file in kept_files(root):
        content, hostile = file.read_bytes(), pickle.dumps(Runs(ran))
        if content[64:66] == b"\x80\x05":  # the digests of its key and of its value stand before it: the right ones here too
            file.write_bytes(content[:32] + hashlib.blake2b(hostile, digest_size=32).digest() + hostile)
            pickles.append(file.name)
        elif content.startswith(b"\x80"):
            file.write_bytes(hostile)
    assert len(pickles) >= 2
    put(root, "acme", "tasks/0003-more.md", TASK.format(title="More", text="x"))
    assert build(root).err == ""
    assert not ran.exists()
    assert site_of(root / "site") == before


@pytest.mark.parametrize("spoil", ["nothing", "half", "zeros", "another", "folder", "link"])
def test_what_is_spoilt_among_what_is_kept_changes_no_portal_and_is_made_again(root: Path, tmp_path: Path, spoil: str) -> None:
    build(root)
    before = site_of(root / "site")
    files = kept_files(root)
    assert files
    (tmp_path / "elsewhere").write_bytes(b"elsewhere")
    for file in files:
        content = file.read_bytes()
        file.unlink()
        if spoil == "folder":
            file.mkdir()
        elif spoil == "link":
            file.symlink_to(tmp_path / "elsewhere")
        else:
            spoilt = {"nothing": b"", "half": content[: len(content) // 2], "zeros": bytes(len(content))}
            file.write_bytes(spoilt.get(spoil, json.dumps({"site": "../..", "pages": -1}).encode()))
    done = build(root)
    assert (done.status, done.err) == (0, "")
    assert site_of(root / "site") == before
    assert (tmp_path / "elsewhere").read_bytes() == b"elsewhere"


def test_the_whole_of_it_can_be_deleted_at_any_time(root: Path) -> None:
    before = site_of(root / "site")
    shutil.rmtree(root / ".recado")
    assert build(root).status == 0
    assert site_of(root / "site") == before


# ---- Tables ----


@pytest.mark.parametrize("formula", ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1+1"])
def test_no_table_that_the_program_writes_holds_a_cell_of_a_strangers(line: Line, formula: str) -> None:
    line.arrives(mail(formula, subject=formula, sender=f'"{formula}" <jane@acme.example>'))
    line.built()
    tables = list(line.workspace.sources.rglob("*.csv"))
    assert [table.name for table in tables] == ["history.csv"]
    cells = [cell for table in tables for row in table.read_text(encoding="utf-8").splitlines() for cell in row.split(",")]
    assert [cell for cell in cells if cell.strip('" \t').startswith(("=", "+", "-", "@"))] == []
