"""Numbers of tasks: no number is given twice, whatever was deleted and however many ask at once."""

from __future__ import annotations

import multiprocessing
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from recado.store.numbers import highest, next_number
from recado.store.workspace import ClientFolder

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = "at,ref,by,from,to\n"


def take_numbers(workspace: str, count: int, out: str) -> None:
    """Run in a process of its own: take numbers and write them down."""
    client = ClientFolder(Path(workspace), "acme")
    Path(out).write_text("\n".join(str(next_number(client)) for _ in range(count)))


def test_two_processes_at_once_never_get_the_same_number(client: ClientFolder, tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    outs = [tmp_path / f"out-{number}" for number in range(2)]
    workers = [spawn.Process(target=take_numbers, args=(str(tmp_path), 25, str(out))) for out in outs]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    given = [int(number) for out in outs for number in out.read_text().split()]
    assert sorted(given) == list(range(1, 51))
    assert highest(client) == 50


def test_the_first_number_is_one(client: ClientFolder) -> None:
    shutil.rmtree(client.root)
    assert highest(client) == 0
    assert next_number(client) == 1
    assert (client.tasks / ".highest").read_text() == "1\n"


def file_task(client: ClientFolder, number: int) -> None:
    (client.tasks / f"{number:04d}-x.md").write_text("---\ntitle: x\n---\n")
    (client.tasks / f"{number:04d}-x").mkdir()
    with client.history.open("a") as stream:
        stream.write(f"2026-11-24T08:00:00Z,ACME-{number},hand,,new\n")


def delete_newest_task(client: ClientFolder) -> None:
    (client.tasks / "0003-x.md").unlink()
    (client.tasks / "0003-x").rmdir()


def delete_state(client: ClientFolder) -> None:
    shutil.rmtree(client.workspace / ".recado")


def delete_highest(client: ClientFolder) -> None:
    (client.tasks / ".highest").unlink()


def delete_history(client: ClientFolder) -> None:
    client.history.unlink()


def spoil_highest(client: ClientFolder) -> None:
    (client.tasks / ".highest").write_text("<<<<<<< HEAD\n3\n")


def put_highest_back(client: ClientFolder) -> None:
    (client.tasks / ".highest").write_text("1\n")


@pytest.mark.parametrize(
    "accidents",
    [
        (),
        (delete_newest_task,),
        (delete_state,),
        (delete_highest,),
        (delete_history,),
        (delete_newest_task, delete_state),
        (delete_newest_task, delete_highest),
        (delete_newest_task, delete_history),
        (delete_highest, delete_history),
        (delete_state, delete_highest, delete_history),
        (spoil_highest, delete_newest_task),
        (put_highest_back, delete_newest_task),
        (put_highest_back, delete_history),
    ],
    ids=lambda accidents: " ".join(accident.__name__ for accident in accidents) or "nothing",
)
def test_no_number_comes_again_after(client: ClientFolder, accidents: tuple[Callable[[ClientFolder], None], ...]) -> None:
    client.history.write_text(HEAD)
    for expected in (1, 2, 3):
        assert next_number(client) == expected
        file_task(client, expected)
    for accident in accidents:
        accident(client)
    assert next_number(client) == 4


def test_a_number_that_was_given_is_gone_also_when_nothing_was_filed_under_it(client: ClientFolder) -> None:
    assert [next_number(client), next_number(client)] == [1, 2]


def test_a_folder_that_a_crash_left_without_its_task_keeps_its_number(client: ClientFolder) -> None:
    (client.tasks / "0007-half").mkdir()
    assert next_number(client) == 8


def test_what_is_no_task_gives_no_number(client: ClientFolder) -> None:
    for name in ("2026.txt", "90x.md", "notes.md", ".0099-aside.part", "0000-zero.md"):
        (client.tasks / name).write_text("x")
    assert next_number(client) == 1
