"""The child that reads mails is killed, or its parent is: no mail is lost for it, and nothing is left that holds the lock."""

from __future__ import annotations

import os
import select
from typing import TYPE_CHECKING

import pytest
from fault_runner import Fault
from verdict import verdict

from recado.store.steps import Step

if TYPE_CHECKING:
    from scene import Scene

PATIENCE_SECONDS = 10.0


@pytest.mark.parametrize("step", [Step.LISTED, Step.FETCHED, Step.DECIDED, Step.PLACED, Step.MOVING])
def test_where_the_reader_is_killed_each_mail_is_filed_exactly_once(scenes: dict[tuple[str, str], Scene], step: Step) -> None:
    scene = scenes["all at once", "move"]
    workspace = scene.begin("reader killed")
    ended = scene.run(workspace, Fault.READER_KILLED, step, reads_apart=True)
    assert ended.how in {"done", "refused"}, ended
    assert scene.run(workspace, reads_apart=True).how == "done"
    assert verdict(workspace, scene.practice, scene.twin, scene.mails, moved=scene.kind.waiting) == []


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells when another's child ends")
@pytest.mark.parametrize("step", [Step.FETCHED, Step.PLACED, Step.MOVING])
def test_where_the_worker_is_killed_its_reader_ends_and_the_next_worker_begins_at_once(
    scenes: dict[tuple[str, str], Scene], step: Step
) -> None:
    scene = scenes["all at once", "move"]
    workspace = scene.begin("worker killed")
    ended = scene.run(workspace, Fault.KILLED, step, reads_apart=True)
    assert ended.how == "killed", ended
    assert ended.children  # its reader; on a machine that is held up, perhaps a second one
    assert scene.run(workspace, reads_apart=True).how == "done"
    assert verdict(workspace, scene.practice, scene.twin, scene.mails, moved=scene.kind.waiting) == []
    assert all(has_ended(child) for child in ended.children)


def has_ended(process: int) -> bool:
    """Wait until a process of someone else's has ended."""
    try:
        watched = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], PATIENCE_SECONDS)[0])
    finally:
        os.close(watched)
