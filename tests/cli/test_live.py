"""Building again what changed: what the terminal and open pages are told, whatever the files say in between."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import pytest

from recado.cli import live
from recado.cli.build import build_portals
from recado.cli.live import Live
from recado.cli.live_changes import EVERYTHING, Look, look_for
from recado.resources import program_templates
from recado.speech import speak
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TASK = "---\ntitle: December posts\nstatus: {status}\nreceived: 2026-11-20T08:00:00Z\n---\n{body}\n"
NOTHING: frozenset[Path] = frozenset()


@dataclass(slots=True)
class Watched:
    """A workspace, and what happens in the moments that a mistake is given."""

    root: Path
    capsys: pytest.CaptureFixture[str]
    live: Live
    moments: list[Callable[[], frozenset[Path]]] = field(default_factory=list)

    @property
    def task(self) -> Path:
        return self.root / "portal_src" / "acme" / "tasks" / "0001-posts.md"

    @property
    def practice(self) -> Path:
        return self.root / "clients.yml"

    def write(self, status: str = "doing", body: str = "Twelve posts") -> frozenset[Path]:
        self.task.write_text(TASK.format(status=status, body=body), encoding="utf-8")
        return frozenset({self.task})

    def look(self, paths: frozenset[Path], look: Look | None = None) -> tuple[str, str]:
        self.capsys.readouterr()
        asked = look or look_for(paths, self.root, lambda path: path.is_file())
        assert asked is not None
        self.live.look(asked, paths, lambda _seconds: self.moments.pop(0)() if self.moments else NOTHING)
        said = self.capsys.readouterr()
        return said.out, said.err

    def wrong(self, key: str) -> bool:
        return '"lines": []' not in (next(self.live.board.messages(key, "")) or "")


@pytest.fixture
def watched(workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Watched:
    monkeypatch.setenv("RECADO_NOW", "2026-11-24T08:40:00Z")
    (workspace / "portal_src" / "acme" / "tasks").mkdir(parents=True)
    (workspace / "portal_src" / "acme" / "tasks" / "0001-posts.md").write_text(
        TASK.format(status="doing", body="Ten posts"), encoding="utf-8"
    )
    found = Workspace(workspace.resolve())
    return Watched(found.root, capsys, Live(found, build_portals(found)))


def test_a_task_that_changed_is_on_the_portal_and_only_that_portal_is_told(watched: Watched) -> None:
    before = {key: watched.live.board.version(key) for key in ("acme", "beta")}
    out, err = watched.look(watched.write(body="Thirteen posts"))
    assert "  acme: " in out
    assert "beta" not in out
    assert err == ""
    assert "Thirteen posts" in (watched.root / "site" / "acme" / "requests" / "acme-1.html").read_text(encoding="utf-8")
    assert watched.live.board.version("acme") != before["acme"]
    assert watched.live.board.version("beta") == before["beta"]


def test_nothing_is_said_where_nothing_changed(watched: Watched) -> None:
    version = watched.live.board.version("acme")
    assert watched.look(frozenset({watched.task})) == ("", "")
    assert watched.look(NOTHING, EVERYTHING) == ("", "")
    assert watched.live.board.version("acme") == version


def test_a_mistake_is_said_once_and_shown_until_it_is_put_right_and_the_old_portal_stays(watched: Watched) -> None:
    paths = watched.write(status="odd")
    version = watched.live.board.version("acme")
    out, err = watched.look(paths)
    assert out == ""
    assert err.startswith("portal_src/acme/tasks/0001-posts.md:3: ")
    assert err.endswith("Until this is put right, what was built before stays.\n")
    assert watched.look(paths) == ("", "")
    assert watched.look(NOTHING, EVERYTHING) == ("", "")
    assert (watched.wrong("acme"), watched.wrong("beta"), watched.wrong("")) == (True, False, True)
    assert watched.live.board.version("acme") == version
    out, err = watched.look(watched.write(body="Ten posts"))
    assert "acme: put right" in out
    assert not watched.wrong("acme")


def test_a_mistake_that_lasts_a_moment_is_not_said(watched: Watched) -> None:
    """An editor empties a file, and then writes it."""
    watched.task.write_text("", encoding="utf-8")
    watched.moments = [lambda: watched.write(body="Thirteen posts")]
    out, err = watched.look(frozenset({watched.task}))
    assert "acme: " in out
    assert err == ""
    assert not watched.wrong("acme")


def test_what_is_saved_while_a_mistake_stands_hides_no_mistake_and_is_built_once_it_is_put_right(watched: Watched) -> None:
    other = watched.task.with_name("0002-logo.md")
    watched.look(watched.write(status="odd"))
    other.write_text(TASK.format(status="new", body="A logo"), encoding="utf-8")
    assert watched.look(frozenset({other})) == ("", "")
    assert watched.wrong("acme")
    watched.look(watched.write())
    assert not watched.wrong("acme")
    assert "A logo" in (watched.root / "site" / "acme" / "requests" / "acme-2.html").read_text(encoding="utf-8")


def test_a_practice_that_cannot_be_read_leaves_all_portals_and_is_shown_on_each(watched: Watched) -> None:
    good = watched.practice.read_text(encoding="utf-8")
    watched.practice.write_text(good.replace("code: ACME", "coda: ACME"), encoding="utf-8")
    out, err = watched.look(frozenset({watched.practice}))
    assert out == ""
    assert "clients.yml:19: " in err
    assert (watched.wrong("acme"), watched.wrong("beta"), watched.wrong("")) == (True, True, True)
    assert list(watched.live.board.names) == ["acme", "beta"]
    watched.practice.write_text(good, encoding="utf-8")
    out, err = watched.look(frozenset({watched.practice}))
    assert "clients.yml: put right" in out
    assert not watched.wrong("beta")


def test_a_practice_that_is_away_for_a_moment_is_waited_for(watched: Watched) -> None:
    aside = watched.practice.rename(watched.root / "clients.bak")

    def back() -> frozenset[Path]:
        aside.rename(watched.practice)
        return frozenset({watched.practice})

    watched.moments = [back]
    assert watched.look(frozenset({watched.practice})) == ("", "")


def test_clients_come_and_go_while_it_runs(watched: Watched) -> None:
    good = watched.practice.read_text(encoding="utf-8")
    watched.practice.write_text(
        good.replace("  beta:\n    code: BETA", "  gamma:\n    code: GAMMA").replace("name: Beta", "name: Gamma"),
        encoding="utf-8",
    )
    out, err = watched.look(frozenset({watched.practice}))
    assert err == ""
    assert "  gamma: " in out
    assert "beta: taken away, for clients.yml has no such client" in out
    assert dict(watched.live.board.names) == {"acme": "Acme", "gamma": "Gamma"}
    watched.practice.write_text(good.replace("    code: BETA", "    ended: 2026-11-01\n    code: BETA"), encoding="utf-8")
    watched.look(frozenset({watched.practice}))
    assert dict(watched.live.board.names) == {"acme": "Acme"}


def test_a_client_who_is_new_while_a_mistake_is_waited_for_is_known_too(watched: Watched) -> None:
    good = watched.practice.read_text(encoding="utf-8")
    paths = watched.write(status="odd") | {watched.practice}
    watched.practice.write_text(good.replace("name: Beta", "name: Beth"), encoding="utf-8")
    watched.moments = [lambda: watched.write(body="Thirteen posts")]
    assert watched.look(paths)[1] == ""
    assert watched.live.board.names["beta"] == "Beth"


def test_a_folder_of_nobodys_is_no_concern(watched: Watched) -> None:
    assert watched.look(frozenset({watched.root / "portal_src" / "nobody" / "welcome.md"})) == ("", "")


def test_files_in_a_folder_that_was_moved_here_are_seen(watched: Watched) -> None:
    thread = watched.root / "portal_src" / "acme" / "tasks" / "0001-posts"
    thread.mkdir()
    (thread / "20261120T080000Z-0badc0de.md").write_text(
        "---\nfrom: Jane Doe <jane@acme.example>\nreceived: 2026-11-20T08:00:00Z\nkind: request\n---\nPlease, fourteen\n",
        encoding="utf-8",
    )
    assert "acme: " in watched.look(frozenset({thread}))[0]
    assert "fourteen" in (watched.root / "site" / "acme" / "requests" / "acme-1.html").read_text(encoding="utf-8")


PART = (program_templates() / "parts" / "home.html.j2").read_text(encoding="utf-8")
SHELL = (program_templates() / "shells" / "home.md.j2").read_text(encoding="utf-8")
CATALOGUE = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n\nmsgid "Home"\nmsgstr "{words}"\n'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("parts/home.html.j2", PART.replace("</h1>", "</h1>{words}")),
        ("shells/home.md.j2", SHELL + "\n{words}\n"),
        ("translations/en.po", CATALOGUE),
    ],
)
def test_a_template_of_her_own_that_is_changed_is_on_the_portals_though_the_process_goes_on(
    watched: Watched, name: str, text: str
) -> None:
    own = watched.root / "site_templates" / name
    own.parent.mkdir(parents=True)
    for words in ("Wordsone", "Wordstwo"):
        own.write_text(text.replace("{words}", words), encoding="utf-8")
        os.utime(own, (0, 0))  # its time says nothing
        out, err = watched.look(frozenset({own}))
        assert ("acme: " in out, "beta: " in out, err) == (True, True, "")
        assert words in (watched.root / "site" / "acme" / "index.html").read_text(encoding="utf-8")


def test_a_day_that_turns_is_seen_on_the_portals(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECADO_NOW", "2026-11-25T08:40:00Z")
    assert "acme: " in watched.look(NOTHING, EVERYTHING)[0]


def test_it_speaks_the_language_of_who_looks(watched: Watched) -> None:
    speak("es")
    assert "construida" in watched.look(watched.write(body="Trece"))[0]
    watched.look(watched.write(status="odd"))
    assert "Este portal se queda como estaba" in (next(watched.live.board.messages("acme", "")) or "")


# ---- Watching on and on ----


@dataclass(slots=True)
class Told:
    """Takes the place of a watch: tells what it is told to tell, then ends everything as Ctrl-C does."""

    batches: list[frozenset[Path]]
    failure: str | None = None
    begun: int = 0
    waited: list[float] = field(default_factory=list)
    is_outdated: bool = False

    def changes(self, seconds: float) -> frozenset[Path]:
        self.waited.append(seconds)
        if not self.batches:
            raise KeyboardInterrupt
        return self.batches.pop(0)

    def __enter__(self) -> Self:
        self.begun += 1
        self.is_outdated = False
        return self

    def __exit__(self, *_: object) -> None:
        return


def go_on(watched: Watched, told: Told, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    monkeypatch.setattr(live, "Watch", lambda _root: told)
    watched.capsys.readouterr()
    with pytest.raises(KeyboardInterrupt):
        watched.live.go_on()
    said = watched.capsys.readouterr()
    return said.out, said.err


def test_each_change_is_built_as_it_comes(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = watched.write(body="Thirteen posts")
    out, err = go_on(watched, Told([NOTHING, frozenset({watched.root / "site"}), paths, paths]), monkeypatch)
    assert (out.count("acme: "), err) == (1, "")


def test_where_nothing_can_be_watched_it_is_said_once_and_files_are_looked_at_often(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.write(body="Thirteen posts")
    told = Told([frozenset({watched.root}), NOTHING, NOTHING], failure="limit reached")
    out, err = go_on(watched, told, monkeypatch)
    assert out.count("acme: ") == 1
    assert err == "Changes cannot be watched here (limit reached); your files are looked at every 2 seconds instead.\n"
    assert max(told.waited) <= live.UNWATCHED


def test_folders_that_were_replaced_are_watched_anew(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told([frozenset({watched.root / "portal_src"}), NOTHING])
    first = told.changes

    def replaced(seconds: float) -> frozenset[Path]:
        told.is_outdated = told.begun == 1
        return first(seconds)

    monkeypatch.setattr(Told, "changes", lambda _told, seconds: replaced(seconds))
    go_on(watched, told, monkeypatch)
    assert told.begun == 2


def test_what_changed_while_a_portal_could_not_be_built_is_on_it_once_it_can_be(watched: Watched) -> None:
    other = watched.task.with_name("0002-logo.md")
    other.write_text(TASK.format(status="odd", body="A logo"), encoding="utf-8")
    _out, err = watched.look(watched.write(body="Thirteen posts") | {other})
    assert "0002-logo.md" in err
    other.write_text(TASK.format(status="doing", body="A logo"), encoding="utf-8")
    assert watched.look(frozenset({other}))[1] == ""
    assert "Thirteen posts" in (watched.root / "site" / "acme" / "requests" / "acme-1.html").read_text(encoding="utf-8")
