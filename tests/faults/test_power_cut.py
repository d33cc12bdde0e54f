"""The power goes: whatever a file system may leave of what was not synced, the next pass files each mail exactly once.

A kill -9 cannot show this. So every operation on the disk is written down, and each state that a cut may leave is put in place,
with the mailbox as it was at that moment; then the worker starts again.
"""

from __future__ import annotations

import copy
import os
import random
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from disk_journal import Journal, cut_before, half, new, old, put_in_place, zeros
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mail_kinds import MAIL_KINDS, PASSWORD, a_mail
from reader_twin import ReaderTwin
from verdict import Delivered, verdict

from ingest.worker import one_pass, only_worker
from recado.errors import RecadoError
from recado.model.secret import Revealed
from recado.store.client_work import load_client_work
from recado.store.status import notice_hand_edits
from recado.store.steps import observed
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from disk_journal import Cut, Tree
    from imap_twin import Folder
    from scene import Scene

IS_NIGHTLY = bool(os.environ.get("RECADO_NIGHTLY"))
pytestmark = pytest.mark.timeout(3600 if IS_NIGHTLY else 240)
# By day, the kinds that go through every step between them; by night all of them, at both servers.
KINDS = [(kind, server) for kind in MAIL_KINDS for server in ("move", "no move")] if IS_NIGHTLY else [("all at once", "move")]
AT_RANDOM = 20 if IS_NIGHTLY else 2
SHARE = 1.0 if IS_NIGHTLY else 0.1
_LATER = Delivered.of(a_mail(9, "When the power was back"))
DATA = {"old": old, "new": new, "half": half, "zeros": zeros}


@pytest.fixture
def _reads_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.worker.Reader", ReaderTwin)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A pass without a fault: its operations, and the mailbox's folders at each of them."""

    scene: Scene
    journal: Journal[dict[str, Folder]]

    def mailbox(self, number: int) -> dict[str, Folder]:
        """Give the mailbox as it was before an operation."""
        return self.journal.seen[min(number, len(self.journal.seen) - 1)]

    def cut(self, number: int) -> Cut:
        return cut_before(self.journal, number)

    def complaints(self, number: int, tree: Tree) -> list[str]:
        """Let the power go before an operation, leave a state, and start again; a new mail came meanwhile."""
        scene = self.scene
        root = scene.root / "after the cut"
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir()
        shutil.copy(scene.root / "template" / "clients.yml", root)
        put_in_place(tree, root / "portal_src")
        scene.twin.clear()
        scene.twin.folders = copy.deepcopy(self.mailbox(number))
        scene.twin.deliver(_LATER.raw, scene.now)
        workspace = Workspace(root)
        try:
            make_a_pass(scene, workspace)
        except (RecadoError, OSError) as error:
            return [f"the next pass fails: {error}"]
        return verdict(workspace, scene.practice, scene.twin, [*scene.mails, _LATER], moved=[*scene.kind.waiting, _LATER.raw])


def make_a_pass(scene: Scene, workspace: Workspace) -> None:
    with only_worker(workspace):
        list(one_pass(workspace, scene.practice, lambda: Revealed(PASSWORD)))
    # A row that was lost is written again by whoever looks next: a build, which does this first.
    for key in scene.practice.clients:
        client = workspace.client(key)
        work = load_client_work(client, scene.practice.record(key))
        notice_hand_edits(client, [thread.task for thread in work.threads], scene.now)


def recorded(scene: Scene, *, no_fsync: bool = False) -> Recorded:
    workspace = scene.begin("recorded")
    journal = Journal(workspace.sources, lambda: copy.deepcopy(scene.twin.folders), no_fsync=no_fsync)
    workspace.sources.mkdir(exist_ok=True)
    with journal, observed(lambda _step: journal.moment()):
        with only_worker(workspace):
            list(one_pass(workspace, scene.practice, lambda: Revealed(PASSWORD)))
        journal.moment()
    return Recorded(scene, journal)


def states(cut: Cut, chance: random.Random) -> Iterator[tuple[str, Tree]]:
    """Give states that a cut may leave: each selection of deeds where there are few, else the plain ones and some at random."""
    deeds = cut.deeds
    if len(deeds) <= 3:
        selections = [[deed for place, deed in enumerate(deeds) if bits >> place & 1] for bits in range(2 ** len(deeds))]
    else:
        selections = [[], list(deeds), *([deed] for deed in deeds), *([d for d in deeds if d != deed] for deed in deeds)]
        selections += [[deed for deed in deeds if chance.random() < 0.5] for _turn in range(AT_RANDOM)]
    for kept in selections:
        for name, data in DATA.items() if cut.written else [("old", old)]:
            yield f"deeds {kept} of {deeds}, data {name}", cut.left(kept, data)


@pytest.fixture
def record_of(scenes: dict[tuple[str, str], Scene], _reads_here: None) -> Callable[[str], Recorded]:
    """Record a pass of each kind of mail that changes the disk, at the server that takes the most steps."""
    records = {kind: recorded(scenes[kind, "no move"]) for kind in MAIL_KINDS if kind != "repeat"}
    return lambda kind: records[kind]  # a function: Hypothesis writes out what it is given, and these are long


@pytest.mark.usefixtures("_reads_here")
@pytest.mark.parametrize(("kind", "server"), KINDS)
def test_whatever_a_power_cut_leaves_each_mail_is_filed_exactly_once(
    scenes: dict[tuple[str, str], Scene], kind: str, server: str
) -> None:
    record = recorded(scenes[kind, server])
    complaints, runs = every_complaint(record)
    assert not complaints, f"{len(complaints)} of {runs}:\n" + "\n".join(complaints[:12])
    assert runs >= len(record.journal.operations) * SHARE / 3


def every_complaint(record: Recorded) -> tuple[list[str], int]:
    """Replay every cut, by day a share of the states; those met before, with the same mailbox, are not run again."""
    chance = random.Random(2026)  # noqa: S311 (a choice of states)
    met: set[int] = set()
    complaints: list[str] = []
    runs = 0
    for number in range(len(record.journal.operations) + 1):
        mailbox = repr(record.mailbox(number))
        for said, tree in states(record.cut(number), chance):
            state = hash((mailbox, tuple(sorted((path, content or b"") for path, content in tree.files().items()))))
            is_new = state not in met
            met.add(state)
            if not is_new or chance.random() > SHARE:
                continue
            runs += 1
            found = record.complaints(number, tree)
            complaints += [f"before operation {number}, {said}: {complaint}" for complaint in found]
    return complaints, runs


def test_a_disk_that_syncs_nothing_loses_mail_and_the_replay_shows_it(
    scenes: dict[tuple[str, str], Scene], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.worker.Reader", ReaderTwin)
    record = recorded(scenes["request with attachments", "move"], no_fsync=True)
    end = len(record.journal.operations)  # the mail has left the inbox
    cut = record.cut(end)
    everything = cut.deeds
    assert "lost: <4@acme.example>" in record.complaints(end, cut.left([], old))
    for data in (old, half, zeros):
        assert record.complaints(end, cut.left(everything, data)) != []
    assert record.complaints(end, cut.left(everything, new)) == []


@pytest.mark.usefixtures("_reads_here")
@settings(max_examples=400 if IS_NIGHTLY else 60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from([kind for kind in MAIL_KINDS if kind != "repeat"]),
    at=st.floats(0, 1, exclude_max=True),
    bits=st.integers(0, 2**12 - 1),
    written=st.sampled_from(sorted(DATA)),
)
def test_whatever_selection_of_unsynced_changes_a_disk_keeps_nothing_is_lost(
    record_of: Callable[[str], Recorded], kind: str, at: float, bits: int, written: str
) -> None:
    record = record_of(kind)
    number = int(at * (len(record.journal.operations) + 1))
    cut = record.cut(number)
    kept = [deed for place, deed in enumerate(cut.deeds) if bits >> place & 1]
    assert record.complaints(number, cut.left(kept, DATA[written])) == []
