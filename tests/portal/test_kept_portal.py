"""What is kept of a portal: it comes back whole or not at all, and only what changed of it is written again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recado.model.ref import Ref
from recado.model.task import Task
from recado.portal import kept_portal
from recado.portal.kept_portal import KeptPortal, keep_portal, read_portal
from recado.store.kept_files import KeptFile, KeptFiles
from recado.store.listing import Listing

if TYPE_CHECKING:
    from pathlib import Path

STAMP = (1, 2, 3, 4)


def portal_of(titles: dict[int, str]) -> KeptPortal:
    tasks = {f"tasks/{number:04}-x.md": Task(Ref("ACME", number), f"{number:04}-x", title) for number, title in titles.items()}
    read = {path: KeptFile(STAMP, bytes([task.ref.number % 250 + 1]) * 16, task) for path, task in tasks.items()}
    return KeptPortal("site", Listing(dict.fromkeys(tasks, STAMP), "digest", frozenset()), KeptFiles("ACME", read))


@pytest.fixture(autouse=True)
def nothing_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_portal, "_held", {})


def read_anew(state: Path) -> KeptPortal | None:
    kept_portal._held.clear()  # noqa: SLF001 (as another process)
    return read_portal(state, "program")


def test_only_the_hundred_with_the_task_that_changed_is_written_again(tmp_path: Path) -> None:
    keep_portal(tmp_path, "program", portal_of({1: "One", 100: "Hundred", 200: "Two hundred"}))
    before = read_anew(tmp_path)
    assert before is not None
    names = {group: each.name for group, each in before.groups.items()}
    files = dict(before.read.files)
    files["tasks/0100-x.md"] = files["tasks/0100-x.md"]._replace(value=Task(Ref("ACME", 100), "0100-x", "Another"))
    keep_portal(tmp_path, "program", before._replace(read=KeptFiles("ACME", files)))
    after = read_anew(tmp_path)
    assert after is not None
    again = {group: each.name for group, each in after.groups.items()}
    assert {group for group, name in again.items() if names[group] != name} == {"01"}
    assert {file.name for file in tmp_path.iterdir()} == {"kept", *again.values()}
    assert [file.value.title for file in after.read.files.values()] == ["One", "Another", "Two hundred"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("spoil", ["gone", "half", "of another program"])
def test_what_lacks_one_of_its_parts_is_not_there(tmp_path: Path, spoil: str) -> None:
    keep_portal(tmp_path, "program", portal_of({1: "One", 100: "Hundred"}))
    assert read_anew(tmp_path) is not None
    part = min(tmp_path.glob("values-*"))
    if spoil == "gone":
        part.unlink()
    elif spoil == "half":
        part.write_bytes(part.read_bytes()[:-9])
    else:
        (tmp_path / "other").mkdir()
        keep_portal(tmp_path / "other", "another program", portal_of({1: "One", 100: "Hundred"}))
        part.write_bytes(min((tmp_path / "other").glob("values-*")).read_bytes())
    assert read_anew(tmp_path) is None


def test_a_process_that_kept_it_reads_it_no_more_unless_another_wrote_it(tmp_path: Path) -> None:
    keep_portal(tmp_path, "program", portal_of({1: "One"}))
    held = read_portal(tmp_path, "program")
    assert held is read_portal(tmp_path, "program")
    assert read_portal(tmp_path, "another program") is None
    keep_portal(tmp_path, "program", portal_of({1: "One"}))
    one = read_portal(tmp_path, "program")
    content = (tmp_path / "kept").read_bytes()
    (tmp_path / "kept").unlink()
    (tmp_path / "kept").write_bytes(content)
    (tmp_path / "kept").chmod(0o600)
    assert read_portal(tmp_path, "program") is not one
