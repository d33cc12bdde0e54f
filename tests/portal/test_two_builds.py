"""Builds beside one another, and readers beside builds: what stands is whole at any moment, and in the end it is the newest."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from building import apart, begun_apart, built, portals_of, walked
from desk import NOW, Desk
from portal_builds import site_of
from small_practice import Job, put

from recado.portal import making
from recado.portal.build import BuildOptions, build_workspace
from recado.portal.folder import Folder
from recado.portal.place import locked_place
from recado.portal.portal_build import PortalBuild
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from recado.portal.build import PortalResult


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.build()
    return desk


# ---- Two builds ----


@pytest.mark.parametrize("ways", [("", ""), ("full", ""), ("full", "full"), ("jobs", "full")])
def test_two_builds_at_once_end_well_and_leave_the_same_as_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, ways: tuple[str, str]
) -> None:
    monkeypatch.setattr(making, "_WORTH_A_PROCESS", 2)
    monkeypatch.setattr(making, "_AT_ONCE", 2)
    for number in range(4):
        for client in desk.office.clients.values():
            client.jobs[1].title, client.jobs[1].status = f"Title {number}", ("waiting", "doing")[number % 2]
        desk.save()
        for wait in [begun_apart(lambda way=way: build(desk, way)) for way in ways]:  # type: ignore[misc] # (a default binds it)
            wait()
        desk.expect_right()


def build(desk: Desk, way: str) -> None:
    built(desk.root, NOW, is_full=way == "full", jobs=2 if way == "jobs" else 1)


def test_threads_of_one_process_take_turns(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work = threading.Lock()
    overlaps: list[bool] = []

    def result(self: PortalBuild, whole: Callable[[PortalBuild], PortalResult] = PortalBuild.result) -> PortalResult:
        is_free = at_work.acquire(blocking=False)
        overlaps.append(not is_free)
        try:
            both.wait(1)  # who could come in meanwhile does
        except threading.BrokenBarrierError:
            return whole(self)
        finally:
            if is_free:
                at_work.release()
        raise AssertionError

    both = threading.Barrier(2)
    monkeypatch.setattr(PortalBuild, "result", result)
    options = BuildOptions(NOW, is_full=True)
    threads = [
        threading.Thread(target=build_workspace, args=(Workspace(desk.root), options), kwargs={"keys": (key,)})
        for key in list(desk.office.clients)[:2]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert overlaps == [False, False]


def test_a_build_that_waited_for_another_takes_nothing_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def edited_and_built_meanwhile() -> None:
        desk.office.clients["acme"].jobs[1].title = "Edited meanwhile"
        desk.office.clients["acme"].jobs[9] = Job("new", "Come meanwhile")
        del desk.office.clients["acme"].jobs[3]
        desk.save()
        built(desk.root, NOW)

    desk.office.clients["acme"].jobs[2].title = "Edited before"
    desk.save()
    before_its_turn(monkeypatch, edited_and_built_meanwhile)
    built(desk.root, NOW)
    desk.expect_right()


def before_its_turn(monkeypatch: pytest.MonkeyPatch, work: Callable[[], None]) -> None:
    """Do some work at the moment when the next build of acme's portal would begin to wait for its turn."""
    left = [work]

    @contextmanager
    def in_turn(workspace: Workspace, key: str) -> Iterator[None]:
        if key == "acme" and left:
            left.pop()()
        with locked_place(workspace, key):
            yield

    monkeypatch.setattr("recado.portal.portal_build.locked_place", in_turn)


@pytest.mark.parametrize("path", ["index.html", "requests/acme-1.html", "requests/acme-1/report.pdf", "sitemap.xml"])
def test_a_build_that_lost_its_lock_with_all_that_is_kept_leaves_the_portal_to_the_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    left = [path]

    def lost_after(real: Callable[[Folder, str, Any], Any]) -> Callable[[Folder, str, Any], Any]:
        def write(folder: Folder, to: str, content: Any) -> Any:
            digest = real(folder, to, content)
            if left and to == left[0]:
                left.pop()
                shutil.rmtree(desk.root / ".recado")
                built(desk.root, NOW)
            return digest

        return write

    monkeypatch.setattr(Folder, "write", lost_after(Folder.write))
    monkeypatch.setattr(Folder, "copy", lost_after(Folder.copy))
    result = build_workspace(Workspace(desk.root), BuildOptions(NOW, is_full=True))
    assert not left
    assert [str(error) for error in result.errors if "could not be written" in str(error)]
    desk.expect_right()


# ---- Readers ----


def test_whoever_reads_a_portal_while_it_is_built_sees_a_whole_one(desk: Desk) -> None:
    office, states = desk.office, []
    for title in ("One", "Another"):
        office.clients["acme"].jobs[1].title = title
        office.clients["acme"].jobs[8] = Job("more", f"More of {title}")
        if title == "Another":
            del office.clients["acme"].jobs[3]
        desk.save()
        built(desk.root, NOW)
        states.append((desk.files, portals_of(site_of(desk.site))["acme"]))
    until, end = os.pipe()
    wait = begun_apart(lambda: Reading(desk.site / "acme", [site for _files, site in states]).go_on(until, end))
    os.close(until)
    try:
        for number in range(14):
            files, _site = states[number % 2]
            put(desk.root, states[(number + 1) % 2][0], files)
            built(desk.root, NOW, is_full=number % 3 == 0)
    finally:
        os.close(end)
    seen, wrong = wait()
    assert wrong == []
    assert seen == {0, 1}


class Reading:
    """Someone who reads a portal, again and again."""

    def __init__(self, place: Path, allowed: list[dict[str, bytes]]) -> None:
        self._place = place
        self._allowed = allowed
        self._seen: set[int] = set()
        self._wrong: list[str] = []

    def go_on(self, until: int, end: int) -> tuple[set[int], list[str]]:
        """Read until the other side of a pipe is closed. Gives which of the portals was seen, and what was none of them."""
        os.close(end)
        os.set_blocking(until, False)
        while True:
            self._walk()
            self._go_from_page_to_page()
            try:
                if not os.read(until, 1):
                    return self._seen, self._wrong
            except BlockingIOError:
                continue

    def _walk(self) -> None:
        """Read the whole folder, as it was opened. One that was exchanged meanwhile is being deleted: it is opened again."""
        folder = os.open(self._place, os.O_RDONLY | os.O_DIRECTORY)
        try:
            found = None
            with suppress(FileNotFoundError):
                found = walked(folder)
            if found in self._allowed:
                self._seen.add(self._allowed.index(found))
            elif os.path.samestat(os.fstat(folder), self._place.stat()):
                self._wrong.append(f"a portal of {sorted(found or {})}")
        finally:
            os.close(folder)

    def _go_from_page_to_page(self) -> None:
        """Read what every portal has, page by page, each as it stands at that moment."""
        for path in sorted(set.intersection(*map(set, self._allowed))):
            try:
                content = (self._place / path).read_bytes()
            except FileNotFoundError:
                self._wrong.append(f"{path} is not there")
                continue
            if content not in [site[path] for site in self._allowed]:
                self._wrong.append(f"{path} is neither old nor new")


def test_a_reader_of_the_test_before_would_see_half_a_portal(desk: Desk) -> None:
    whole = portals_of(site_of(desk.site))["acme"]
    (desk.site / "acme" / "welcome.html").unlink()

    def read() -> tuple[set[int], list[str]]:
        until, end = os.pipe()
        return Reading(desk.site / "acme", [whole]).go_on(until, end)

    seen, wrong = apart(read)
    assert seen == set()
    assert wrong[1:] == ["welcome.html is not there"]
