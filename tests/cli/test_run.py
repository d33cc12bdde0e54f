"""`recado run`: who may run it, how its lines look, and its files part with a practice that changes under it."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from heard_log import Heard

from recado.backoff import Backoff
from recado.cli import run_files
from recado.cli.build import build_portals
from recado.cli.live_build import Building
from recado.cli.run_files import Files
from recado.cli.run_line import only_run
from recado.cli.run_words import show_json, show_line
from recado.running.journal import Entry, Level, Part
from recado.running.report import Report
from recado.running.standing import Standing
from recado.running.threads import begin_thread
from recado.speech import speak
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from recado.model.practice import Practice

    Run = Callable[..., Any]

SECONDS = 30
TASK = "---\ntitle: Logo\nstatus: {status}\nreceived: 2026-11-20T08:00:00Z\n---\nA logo.\n"


# ---- The command ----


def test_a_second_run_is_refused(run: Run, workspace: Path) -> None:
    with only_run(Workspace(workspace.resolve())):
        said = run("run", "--workspace", workspace)
    assert said.status == 1
    assert "Another `recado run` is already at work" in said.err


def test_a_practice_that_cannot_be_read_as_it_begins_is_told_with_its_line(run: Run, workspace: Path) -> None:
    file = workspace / "clients.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("code: ACME", "coda: ACME"), encoding="utf-8")
    said = run("run", "--workspace", workspace)
    assert said.status == 2
    assert said.err.startswith("clients.yml:19: ")


# ---- Its lines ----

ENTRY = Entry(
    datetime(2026, 11, 24, 8, 40, tzinfo=UTC), Part.MAIL, Level.INFO, "filed", "ñ: ACME-1\nand more", {"where": "ACME-1"}
)


def test_a_line_says_when_who_and_what(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    show_line(ENTRY)
    at = ENTRY.at.astimezone().strftime("%H:%M:%S")
    assert capsys.readouterr().out == f"{at}  mail     ñ: ACME-1 · and more\n"


def test_a_line_is_told_by_the_practices_clock(capsys: pytest.CaptureFixture[str]) -> None:
    show_line(ENTRY, ZoneInfo("Europe/Madrid"))
    assert capsys.readouterr().out.startswith("09:40:00  mail ")


def test_json_is_one_line_of_letters_that_every_terminal_has(capsys: pytest.CaptureFixture[str]) -> None:
    show_json(ENTRY)
    out = capsys.readouterr().out
    assert out.isascii()
    assert out.count("\n") == 1
    assert json.loads(out)["said"] == ENTRY.said


# ---- Its files ----


class Told:
    """Stands for the places: what they were told, in order."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self._came = threading.Condition()

    def take(self, practice: Practice) -> None:
        self._note(f"practice {' '.join(practice.clients)}")

    def news(self) -> None:
        self._note("news")

    def until(self, what: str, times: int = 1) -> None:
        with self._came:
            assert self._came.wait_for(lambda: self.told.count(what) >= times, SECONDS), self.told

    def _note(self, what: str) -> None:
        with self._came:
            self.told.append(what)
            self._came.notify_all()


class Scene(NamedTuple):
    root: Path
    files: Files
    places: Told
    journal: Heard
    report: Report
    building: Building

    @property
    def task(self) -> Path:
        return self.root / "portal_src" / "acme" / "tasks" / "0001-logo.md"

    @property
    def practice(self) -> Path:
        return self.root / "clients.yml"

    def save(self, file: Path, text: str) -> None:
        beside = file.with_suffix(".tmp")
        beside.write_text(text, encoding="utf-8")
        beside.replace(file)

    def page(self) -> str:
        page = self.root / "site" / "acme" / "requests" / "acme-1.html"
        return page.read_text(encoding="utf-8") if page.exists() else ""


@pytest.fixture
def scene(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """Give a practice whose files are watched; it is begun by `begin_thread("files", scene.files.go_on)`."""
    monkeypatch.setattr(run_files, "SOON", Backoff(0.001, 0.001))
    monkeypatch.setattr(run_files, "_PASSING", Backoff(0.01, 0.01))
    root = workspace.resolve()
    (root / "portal_src" / "acme" / "tasks").mkdir(parents=True)
    building = Building(Workspace(root), build_portals(Workspace(root)))
    places: Any = Told()
    journal, report = Heard(tmp_path / "log"), Report(Standing(1, "0", "2026-11-24T08:00:00Z"))
    files = Files(building, places, journal, report)
    before = set(threading.enumerate())
    yield Scene(root, files, places, journal, report, building)
    files.end()
    for thread in set(threading.enumerate()) - before:
        thread.join(SECONDS)
        assert not thread.is_alive()


def test_what_was_built_at_first_is_published_and_then_what_is_saved(scene: Scene) -> None:
    assert scene.places.told == ["practice acme beta"]
    begin_thread("files", scene.files.go_on)
    scene.save(scene.task, TASK.format(status="doing"))
    scene.journal.until("acme: ")
    scene.places.until("news")
    assert "A logo." in scene.page()
    assert scene.report.copied().builds.seconds > 0


def test_a_mistake_is_told_once_reported_while_it_lasts_and_told_when_it_is_put_right(scene: Scene) -> None:
    begin_thread("files", scene.files.go_on)
    scene.save(scene.task, TASK.format(status="odd"))
    scene.journal.until("portal_src/acme/tasks/0001-logo.md:3: ")
    scene.journal.until("what was built before stays")
    while not scene.report.copied().builds.trouble:
        scene.report.wait(-1, SECONDS)
    assert scene.report.copied().builds.since
    scene.files.look_at_everything()
    scene.save(scene.task, TASK.format(status="doing"))
    scene.journal.until("acme: ")
    scene.places.until("news")
    assert sum("0001-logo.md:3" in line for line in scene.journal.said()) == 1
    assert scene.report.copied().builds.trouble == {}


def test_another_practice_is_given_to_the_places_and_a_mistake_in_it_is_not(scene: Scene) -> None:
    begin_thread("files", scene.files.go_on)
    good = scene.practice.read_text(encoding="utf-8")
    scene.save(scene.practice, good.replace("code: ACME", "coda: ACME"))
    scene.journal.until("clients.yml:19: ")
    assert scene.places.told[0] == "practice acme beta"
    assert len([told for told in scene.places.told if told.startswith("practice")]) == 1
    scene.save(scene.practice, good.replace("  beta:", "  gamma:"))
    scene.places.until("practice acme gamma")
    scene.journal.until("beta: taken away")


def test_what_another_process_built_is_published_too(scene: Scene) -> None:
    scene.save(scene.task, TASK.format(status="doing"))
    build_portals(Workspace(scene.root))
    begin_thread("files", scene.files.go_on)
    scene.places.until("news")


def test_a_mistake_of_the_program_in_one_build_is_told_and_all_is_looked_at_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, failures = scene.building.look, [ZeroDivisionError("December posts")]

    def look(*arguments: Any) -> Any:
        if failures and scene.task.exists():
            raise failures.pop()
        return whole(*arguments)

    monkeypatch.setattr(scene.building, "look", look)
    begin_thread("files", scene.files.go_on)
    scene.save(scene.task, TASK.format(status="doing"))
    assert scene.journal.until("ZeroDivisionError").level is Level.BUG
    scene.places.until("news")
    assert "A logo." in scene.page()
    assert not any("December" in line for line in scene.journal.said())


def test_what_may_pass_by_itself_is_tried_again_by_itself(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    from recado.portal import place  # noqa: PLC0415 (its function is replaced)

    is_full = threading.Event()
    is_full.set()
    whole = place.beside

    def beside(folder: Path) -> Path:
        if is_full.is_set():
            raise OSError(28, "No space left on device")
        return whole(folder)

    monkeypatch.setattr("recado.portal.portal_build.beside", beside)
    begin_thread("files", scene.files.go_on)
    scene.save(scene.task, TASK.format(status="doing"))
    scene.journal.until("No space left on device")
    is_full.clear()
    scene.places.until("news")
    assert sum("No space left" in line for line in scene.journal.said()) == 1


def test_it_speaks_the_language_of_who_began_it(scene: Scene) -> None:
    speak("es")
    begin_thread("files", scene.files.go_on)
    scene.save(scene.task, TASK.format(status="doing"))
    scene.journal.until("construida")
