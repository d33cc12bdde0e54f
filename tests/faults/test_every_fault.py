"""A fault at every step of filing, then a restart: no mail is lost, doubled or half-written.

A part of all runs, chosen evenly, is made by `make test`; all of them where RECADO_NIGHTLY is set.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from fault_runner import Fault
from mail_kinds import MAIL_KINDS
from scene import SERVERS
from verdict import half_written, lost, told, verdict

from recado.store.steps import Step

if TYPE_CHECKING:
    from scene import Scene

    from recado.store.workspace import Workspace

IS_NIGHTLY = bool(os.environ.get("RECADO_NIGHTLY"))
pytestmark = pytest.mark.timeout(3600 if IS_NIGHTLY else 240)
RUNS_AT_LEAST = 2000 if IS_NIGHTLY else 200
RUNS_BY_DAY = 240
FAULTS = tuple(fault for fault in Fault if fault not in {Fault.NONE, Fault.READER_KILLED})
# What may become of the state folder between the death of one worker and the start of the next.
STATES = ("kept", "deleted", "damaged", "older")


@dataclass(frozen=True, slots=True)
class Run:
    """One run: the fault and where, what became of `.recado`, and a second fault that the recovery meets (its nth step)."""

    kind: str
    server: str
    fault: Fault
    step: str
    nth: int
    state: str = "kept"
    second: tuple[Fault, int] | None = None

    def __str__(self) -> str:
        then = f", then {self.second[0]} at step {self.second[1]} of the recovery" if self.second else ""
        return f"{self.kind}, {self.server}: {self.fault} at {self.step} {self.nth}, .recado {self.state}{then}"


def planned(scenes: dict[tuple[str, str], Scene]) -> list[Run]:
    """List the runs to make, always the same."""
    chance = random.Random(2026)  # noqa: S311 (a choice of runs)
    runs = []
    for (kind, server), scene in scenes.items():
        counted: Counter[str] = Counter()
        for step in scene.steps:
            counted[step] += 1
            runs += [Run(kind, server, fault, step, counted[step]) for fault in FAULTS]
    chance.shuffle(runs)
    runs = [replace(run, state=STATES[place % len(STATES)]) for place, run in enumerate(runs)]
    if not IS_NIGHTLY:
        runs = _evenly(runs, RUNS_BY_DAY)
    return [
        replace(run, second=(chance.choice(FAULTS), chance.randint(1, 12))) if place % 3 == 0 else run
        for place, run in enumerate(runs)
    ]


def _evenly(runs: list[Run], most: int) -> list[Run]:
    """Choose runs so that each fault meets each step, and each kind of mail each fault, before any does twice."""
    seen: Counter[tuple[str, str]] = Counter()
    chosen: list[Run] = []
    left = list(runs)
    while left and len(chosen) < most:
        best = min(
            range(len(left)),
            key=lambda place: (
                seen["step " + left[place].step, left[place].fault],
                seen[left[place].kind, left[place].server],
                seen[left[place].kind, left[place].fault],
            ),
        )
        run = left.pop(best)
        seen.update([("step " + run.step, run.fault), (run.kind, run.server), (run.kind, run.fault)])
        chosen.append(run)
    return chosen


@pytest.fixture(scope="session")
def plan(scenes: dict[tuple[str, str], Scene]) -> list[Run]:
    return planned(scenes)


def test_the_runs_are_as_many_as_promised_and_each_fault_meets_each_step(plan: list[Run]) -> None:
    assert len(plan) >= RUNS_AT_LEAST
    assert {(run.fault, run.step) for run in plan} == {(fault, step.value) for fault in FAULTS for step in Step}


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("kind", MAIL_KINDS)
def test_whatever_fails_at_whatever_step_each_mail_is_filed_exactly_once(
    scenes: dict[tuple[str, str], Scene], plan: list[Run], kind: str, server: str
) -> None:
    scene = scenes[kind, server]
    mine = [run for run in plan if (run.kind, run.server) == (kind, server)]
    complaints = [f"{run}\n    {complaint}" for run in mine for complaint in complaints_of(scene, run)]
    assert not complaints, "\n".join(complaints)


def complaints_of(scene: Scene, run: Run) -> list[str]:
    """Make one run and give every complaint."""
    workspace = scene.begin("run")
    found = _failing_pass(scene, workspace, run.fault, run.step, run.nth)
    _change_state(scene, workspace, run.state)
    if run.second is not None:
        fault, place = run.second
        step, nth = _step_of_recovery(scene, place)
        found += _failing_pass(scene, workspace, fault, step, nth)
    ended = scene.run(workspace)
    if ended.how != "done":
        return [*found, f"the clean pass ended {ended.how}: {ended.said}"]
    found += verdict(workspace, scene.practice, scene.twin, scene.mails, moved=scene.kind.waiting)
    if not found and told(workspace, scene.practice) != scene.undisturbed:
        found.append(f"the files say something else than without the fault: {told(workspace, scene.practice)}")
    again = scene.run(workspace)
    if again.how != "done" or again.became:
        found.append(f"a second clean pass found something to do: {again}")
    return found


def _failing_pass(scene: Scene, workspace: Workspace, fault: Fault, step: str, nth: int) -> list[str]:
    ended = scene.run(workspace, fault, step, nth)
    scene.twin.heal()
    found = [*half_written(workspace, scene.practice, scene.mails), *_lost(scene, workspace)]
    expected = {"killed"} if fault is Fault.KILLED else {"done", "refused"}
    # In a recovery there may be no such step: then it ends well.
    if ended.how not in expected | {"done"}:
        found.append(f"it ended {ended.how} by {fault}: {ended.said}")
    return found


def _lost(scene: Scene, workspace: Workspace) -> list[str]:
    return list(lost(workspace, scene.practice, scene.twin, scene.mails[len(scene.kind.before) :]))


def _step_of_recovery(scene: Scene, place: int) -> tuple[str, int]:
    steps = scene.steps[:place]
    step = steps[-1]
    return step, steps.count(step)


def _change_state(scene: Scene, workspace: Workspace, state: str) -> None:
    import shutil  # noqa: PLC0415

    folder = workspace.state
    match state:
        case "deleted":
            shutil.rmtree(folder, ignore_errors=True)
        case "damaged":
            for file in (path for path in folder.rglob("*") if path.is_file()):
                content = bytearray(file.read_bytes())
                content[len(content) // 3 : len(content) // 2] = b"\xff" * (len(content) // 2 - len(content) // 3)
                file.write_bytes(content)
        case "older":
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(scene.root / "template" / ".recado", folder, dirs_exist_ok=True)
