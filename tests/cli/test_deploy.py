"""`recado deploy` as a person and as a program meet it: what was sent, what would be, what is refused and what failed."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from recado.deploy.places.directory import DirectoryPlace
from recado.deploy.tree import AwayError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from recado.deploy.tree import Sent, Tree

WEB = "web: {kind: directory, path: srv, access: encrypted}"
OPEN = "open: {kind: directory, path: open}"
TASK = "---\ntitle: {title}\nstatus: doing\nreceived: 2026-11-20T08:00:00Z\n---\nTen posts\n"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RECADO_NOW", "2026-11-24T08:40:00Z")
    monkeypatch.setenv("RECADO_KEYS", str(tmp_path / "keys"))


@pytest.fixture
def places(workspace: Path) -> Callable[..., Path]:
    """Name these places in clients.yml."""

    def places(*lines: str) -> Path:
        text = (workspace / "clients.yml").read_text(encoding="utf-8")
        if lines:
            named = "".join(f"  {line}\n" for line in lines)
            text = text.replace("services:\n", f"places:\n{named}services:\n")
        (workspace / "clients.yml").write_text(text, encoding="utf-8")
        return workspace

    return places


def write_task(workspace: Path, title: str = "Posts") -> None:
    file = workspace / "portal_src" / "acme" / "tasks" / "0001-posts.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(TASK.format(title=title), encoding="utf-8")


def test_it_builds_and_sends_and_then_has_nothing_to_send(run: Callable[..., Any], places: Callable[..., Path]) -> None:
    workspace = places(WEB)
    said = run("deploy", "--workspace", workspace)
    assert said.status == 0
    assert "web: 2 portals, " in said.out
    assert "files sent" in said.out
    assert "New keys: acme, beta. What to send them, so that they can enter: recado access link acme" in said.err
    again = run("deploy", "--workspace", workspace)
    assert (again.status, again.err) == (0, "")
    assert "web: 2 portals, nothing changed" in again.out


def test_only_what_changed_is_sent(run: Callable[..., Any], places: Callable[..., Path]) -> None:
    workspace = places(WEB)
    write_task(workspace)
    run("deploy", "--workspace", workspace)
    write_task(workspace, "Other posts")
    sent = json.loads(run("deploy", "--json", "--workspace", workspace).out)[0]
    assert sent["added"] == sent["removed"] == sent["altered"] == []
    assert "acme/requests/acme-1.html" in sent["changed"]
    assert {path.split("/")[0] for path in sent["changed"]} == {"acme"}


def test_a_dry_run_lists_what_would_be_sent_and_sends_nothing(run: Callable[..., Any], places: Callable[..., Path]) -> None:
    workspace = places(WEB)
    said = run("deploy", "--dry-run", "--workspace", workspace)
    assert said.status == 0
    assert "Still without a key, which the first deploy makes: acme, beta." in said.err
    assert not (workspace / "srv").exists()
    run("deploy", "--workspace", workspace)
    write_task(workspace)
    said = run("deploy", "--dry-run", "--workspace", workspace)
    assert "+ web: acme/requests/acme-1.html\n" in said.out
    assert "~ web: acme/index.html\n" in said.out
    assert "files to send" in said.out


def test_a_place_without_access_is_refused_and_the_others_are_published(
    run: Callable[..., Any], places: Callable[..., Path]
) -> None:
    workspace = places(OPEN, WEB)
    said = run("deploy", "--workspace", workspace)
    assert said.status == 1
    assert "open was not published: it has no `access`" in said.err
    assert "access: encrypted" in said.err
    assert not (workspace / "open").exists()
    assert (workspace / "srv" / "current").exists()


@pytest.mark.parametrize("arguments", [["open"], []])
def test_where_all_are_refused_nothing_is_written(
    run: Callable[..., Any], places: Callable[..., Path], arguments: list[str]
) -> None:
    workspace = places(OPEN)
    said = run("deploy", *arguments, "--workspace", workspace)
    assert said.status == 1
    assert not (workspace / "open").exists()
    assert not (workspace / "site").exists()


@pytest.mark.parametrize(
    ("lines", "arguments", "words"),
    [
        ([], [], "names no place to publish to"),
        ([WEB], ["nowhere"], "There is no place 'nowhere' in clients.yml; there are: web."),
        ([WEB], ["--rollback"], "recado deploy web --rollback"),
        ([WEB], ["web", "--rollback", "--dry-run"], "do not go together"),
    ],
)
def test_what_cannot_be_meant_is_said_with_what_can(
    run: Callable[..., Any], places: Callable[..., Path], lines: list[str], arguments: list[str], words: str
) -> None:
    said = run("deploy", *arguments, "--workspace", places(*lines))
    assert said.status == 2
    assert words in said.err


def test_a_mistake_in_one_clients_files_keeps_that_portal_and_publishes_the_others(
    run: Callable[..., Any], places: Callable[..., Path]
) -> None:
    workspace = places(WEB)
    write_task(workspace)
    run("deploy", "--workspace", workspace)
    write_task(workspace, "Other posts\nstatus: nonsense")
    (workspace / "portal_src" / "beta" / "pages").mkdir(parents=True)
    (workspace / "portal_src" / "beta" / "pages" / "how.md").write_text("# How we work\n", encoding="utf-8")
    said = run("deploy", "--workspace", workspace)
    assert said.status == 1
    assert "portal_src/acme/tasks/0001-posts.md:" in said.err
    assert "web: 2 portals, " in said.out
    assert "files sent" in said.out


def test_going_back_and_forth(run: Callable[..., Any], places: Callable[..., Path]) -> None:
    workspace = places(WEB)
    assert run("deploy", "web", "--rollback", "--workspace", workspace).status == 1
    run("deploy", "--workspace", workspace)
    before = (workspace / "srv" / "current").readlink().name
    write_task(workspace)
    run("deploy", "--workspace", workspace)
    said = run("deploy", "web", "--rollback", "--workspace", workspace)
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("web: your clients see what was published on 24 Nov 09:40 again, until the next deploy.")
    assert (workspace / "srv" / "current").readlink().name == before


def test_what_another_hand_changed_in_a_place_is_said(run: Callable[..., Any], places: Callable[..., Path]) -> None:
    workspace = places(WEB)
    run("deploy", "--workspace", workspace)
    (workspace / "srv" / "current" / "robots.txt").unlink()
    assert "web: changed there by another hand: robots.txt" in run("deploy", "--dry-run", "--workspace", workspace).out
    said = run("deploy", "--workspace", workspace)
    assert "web: changed there by another hand, and put right: robots.txt." in said.out
    assert said.status == 0


def test_what_was_changed_by_hand_in_site_is_built_again_and_said(run: Callable[..., Any], places: Callable[..., Path]) -> None:
    workspace = places(WEB)
    run("deploy", "--workspace", workspace)
    (workspace / "site" / "acme" / "index.html").write_text("by hand", encoding="utf-8")
    said = run("deploy", "--workspace", workspace)
    assert "Changed by hand since it was built: site/acme/index.html." in said.err
    assert said.status == 0


def test_a_place_that_does_not_answer_is_tried_again(
    run: Callable[..., Any], places: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = places(WEB)
    pauses: list[float] = []
    tries: list[int] = []
    publish = DirectoryPlace.publish

    def away_twice(self: DirectoryPlace, tree: Tree) -> Sent:
        tries.append(1)
        if len(tries) < 3:
            raise AwayError("The server does not answer.")
        return publish(self, tree)

    monkeypatch.setattr(DirectoryPlace, "publish", away_twice)
    monkeypatch.setattr("time.sleep", pauses.append)
    said = run("deploy", "--workspace", workspace)
    assert said.status == 0
    assert pauses == [1, 4]
    assert "web: The server does not answer. Trying again in 1 s." in said.err
    assert "files sent" in said.out


def test_a_place_that_never_answers_fails_and_the_others_are_published(
    run: Callable[..., Any], places: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = f'far: {{kind: command, run: ["{sys.executable}", "-c", "exit(3)", "{{folder}}"], access: encrypted}}'
    workspace = places(failing, WEB)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    said = run("deploy", "--workspace", workspace)
    assert said.status == 1
    assert said.err.count("far: The command") == 3
    assert "What your clients see there has not changed. Try again later: recado deploy far" in said.err
    assert (workspace / "srv" / "current").exists()


def test_what_failed_says_at_which_place(run: Callable[..., Any], places: Callable[..., Path]) -> None:
    workspace = places(WEB, "pages: {kind: git, remote: nowhere.git, access: encrypted}")
    said = run("deploy", "--workspace", workspace)
    assert said.status == 1
    assert said.err.count("pages: There is no git repository at ") == 1
    assert "web: 2 portals" in said.out


def test_a_place_may_become_one_of_another_kind(run: Callable[..., Any], places: Callable[..., Path]) -> None:
    copy = "import shutil, sys; shutil.copytree(sys.argv[1], sys.argv[2], dirs_exist_ok=True)"
    own = f'web: {{kind: command, run: ["{sys.executable}", "-c", "{copy}", "{{folder}}", host], access: encrypted}}'
    workspace = places(own)
    assert run("deploy", "--workspace", workspace).status == 0
    text = (workspace / "clients.yml").read_text(encoding="utf-8")
    (workspace / "clients.yml").write_text(text.replace(own, WEB), encoding="utf-8")
    said = run("deploy", "--workspace", workspace)
    assert said.status == 0, said.err
    assert (workspace / "srv" / "current").exists()
    (workspace / "clients.yml").write_text(text, encoding="utf-8")
    assert run("deploy", "--workspace", workspace).status == 0


def test_a_full_disk_or_a_file_in_the_way_is_a_sentence(run: Callable[..., Any], places: Callable[..., Path]) -> None:
    workspace = places(WEB)
    (workspace / "srv").write_text("a file", encoding="utf-8")
    said = run("deploy", "--workspace", workspace)
    assert said.status == 1
    assert "srv" in said.err
    assert (workspace / "srv").read_text(encoding="utf-8") == "a file"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the command lines of all programs that are started, as every user of the machine can list them."""
    lines: list[str] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, command: Sequence[str], *arguments: Any, **named: Any) -> None:
            lines.append(" ".join(map(str, command)))
            super().__init__(command, *arguments, **named)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    return lines


def test_no_passphrase_is_in_anything_that_is_said_or_published_nor_in_the_list_of_processes(
    run: Callable[..., Any], places: Callable[..., Path], tmp_path: Path, started: list[str]
) -> None:
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "remote.git")], check=True)  # noqa: S603, S607 (git)
    workspace = places(
        WEB,
        "server: {kind: directory, path: asked, access: nginx}",
        f'pages: {{kind: git, remote: "{tmp_path}/remote.git", access: encrypted}}',
        f'host: {{kind: command, run: [{json.dumps(sys.executable)}, -c, "1", "{{folder}}"], access: encrypted}}',
    )
    text = (workspace / "clients.yml").read_text(encoding="utf-8")
    text = text.replace("  country: ES\n", "  country: ES\n  portal_url: https://portal.marta.example\n", 1)
    (workspace / "clients.yml").write_text(text, encoding="utf-8")
    said = run("deploy", "--workspace", workspace)
    assert said.status == 0, said.err
    shown = run("access", "show", "acme", "--workspace", workspace).out
    secrets = [line.split()[-1] for line in shown.splitlines() if line.startswith(("Passphrase", "Password"))]
    assert len(secrets) == 2
    for file in (path for path in workspace.rglob("*") if path.is_file()):
        for secret in secrets:
            assert secret.encode() not in file.read_bytes(), file
    assert all(secret not in said.out + said.err for secret in secrets)
    assert len(started) > 4
    assert all(secret not in line for secret in secrets for line in started)


@pytest.mark.parametrize("access", ["encrypted", "caddy"])
def test_where_all_keys_are_gone_it_is_said_and_nobody_is_locked_out_unasked(
    run: Callable[..., Any], places: Callable[..., Path], tmp_path: Path, access: str
) -> None:
    workspace = places(WEB.replace("encrypted", access))
    file = workspace / "clients.yml"
    file.write_text(file.read_text().replace("practice:\n", "practice:\n  portal_url: https://portal.marta.example\n"))
    assert run("deploy", "--workspace", workspace, "--dry-run").status == 0
    assert run("deploy", "--workspace", workspace).status == 0
    before = (workspace / "srv" / "current").readlink()
    (tmp_path / "keys").rename(tmp_path / "elsewhere")
    said = run("deploy", "--workspace", workspace)
    assert said.status == 1
    assert "are gone (acme, beta)" in said.err
    assert (workspace / "srv" / "current").readlink() == before
    assert not (tmp_path / "keys").exists()
    for client in ("acme", "beta"):
        assert run("access", "rotate", client, "--yes", "--workspace", workspace).status == 0
    assert run("deploy", "--workspace", workspace).status == 0


def test_no_command_of_hers_is_given_the_mailboxs_password(
    run: Callable[..., Any], places: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECADO_IMAP_PASSWORD", "s3cret")
    monkeypatch.setenv("NETLIFY_TOKEN", "t0ken")
    tell = "import os, sys; open(sys.argv[1], 'w').write(str(dict(os.environ)))"
    command = f'[{json.dumps(sys.executable)}, -c, {json.dumps(tell)}, told-NAME, "{{folder}}"]'
    workspace = places(
        f"host: {{kind: command, run: {command.replace('NAME', 'run')}, access: encrypted}}",
        f"web: {{kind: directory, path: srv, access: caddy, reload: {command.replace('NAME', 'reload')}}}",
    )
    file = workspace / "clients.yml"
    file.write_text(file.read_text().replace("practice:\n", "practice:\n  portal_url: https://portal.marta.example\n"))
    assert run("deploy", "--workspace", workspace).status == 0
    for name in ("told-run", "told-reload"):
        told = (workspace / name).read_text(encoding="utf-8")
        assert "t0ken" in told
        assert "s3cret" not in told


def test_a_key_that_is_newer_than_what_is_published_is_not_sent_without_a_word(
    run: Callable[..., Any], places: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = places(WEB)
    run("deploy", "--workspace", workspace)
    assert run("access", "show", "acme", "--workspace", workspace).err.count("newer") == 0
    monkeypatch.setenv("RECADO_NOW", "2026-11-24T09:00:00Z")
    run("access", "rotate", "acme", "--yes", "--workspace", workspace)
    said = "This key is newer than what is published: it opens the portal once you have run `recado deploy`."
    assert said in run("access", "show", "acme", "--workspace", workspace).err
    assert said not in run("access", "show", "beta", "--workspace", workspace).err
    monkeypatch.setenv("RECADO_NOW", "2026-11-24T09:01:00Z")
    run("deploy", "--workspace", workspace)
    assert said not in run("access", "show", "acme", "--workspace", workspace).err
