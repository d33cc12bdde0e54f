"""What breaks a rule of filing exactly once is caught by the same verdict: were it not, the other tests would show nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fault_runner import Fault
from verdict import half_written, lost, verdict

from recado.store.steps import Step

if TYPE_CHECKING:
    from scene import Scene


@pytest.mark.parametrize("server", ["move", "no move"])
def test_a_worker_that_moves_a_mail_before_it_is_filed_loses_it(scenes: dict[tuple[str, str], Scene], server: str) -> None:
    scene = scenes["request with attachments", server]
    workspace = scene.begin("moves first")
    assert scene.run(workspace, Fault.KILLED, Step.DECIDED, variant="moves_first").how == "killed"
    assert list(lost(workspace, scene.practice, scene.twin, scene.mails)) == ["lost: <4@acme.example>"]
    assert scene.run(workspace).how == "done"
    assert "lost: <4@acme.example>" in verdict(workspace, scene.practice, scene.twin, scene.mails, moved=scene.kind.waiting)


def test_a_worker_that_moves_first_is_no_worse_where_nothing_fails(scenes: dict[tuple[str, str], Scene]) -> None:
    scene = scenes["request with attachments", "move"]
    workspace = scene.begin("moves first, and lives")
    assert scene.run(workspace, variant="moves_first").how == "done"
    assert verdict(workspace, scene.practice, scene.twin, scene.mails, moved=scene.kind.waiting) == []


@pytest.mark.parametrize("step", [Step.FINISHED, Step.MOVING])
def test_a_worker_that_knows_no_repeats_doubles_what_it_filed_before_it_died(
    scenes: dict[tuple[str, str], Scene], step: Step
) -> None:
    scene = scenes["request", "move"]
    workspace = scene.begin("knows no repeats")
    assert scene.run(workspace, Fault.KILLED, step, variant="knows_no_repeats").how == "killed"
    assert scene.run(workspace, variant="knows_no_repeats").how == "done"
    complaints = verdict(workspace, scene.practice, scene.twin, scene.mails, moved=scene.kind.waiting)
    assert "doubled: <7@beta.example> is there 2 times" in complaints


def test_a_worker_that_writes_a_message_before_its_attachments_shows_half_of_it(scenes: dict[tuple[str, str], Scene]) -> None:
    scene = scenes["reply with attachments", "move"]
    workspace = scene.begin("attachments last")
    assert scene.run(workspace, Fault.KILLED, Step.MADE_ASIDE, variant="writes_attachments_last").how == "killed"
    complaints = list(half_written(workspace, scene.practice, scene.mails))
    assert [complaint for complaint in complaints if complaint.endswith("is not whole")]
