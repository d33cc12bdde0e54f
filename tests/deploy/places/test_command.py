"""A command of the VA's own: given the folder, run once for what changed, and heard when it fails."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from hand_built import at, texts_in

from recado.deploy import own_command
from recado.deploy.places.command import CommandPlace
from recado.deploy.tree import AwayError
from recado.errors import WorkError

if TYPE_CHECKING:
    from pathlib import Path

    from hand_built import Built

OLD = {"acme": {"index.html": "home", "a.html": "a"}}
COPY = "import shutil, sys; shutil.rmtree(sys.argv[2], ignore_errors=True); shutil.copytree(sys.argv[1], sys.argv[2])"


def place(target: Path, code: str = COPY) -> CommandPlace:
    return CommandPlace([sys.executable, "-c", code, "{folder}", str(target)], target.parent)


def test_the_command_is_given_the_whole_folder(built: Built, tmp_path: Path) -> None:
    sent = place(tmp_path / "host").publish(built.staged(OLD, top=["404.html"]))
    assert texts_in(tmp_path / "host") == at(OLD) | {"404.html": "404.html"}
    assert sent.added == ("404.html", "acme/a.html", "acme/index.html")


def test_it_does_not_run_again_for_what_it_published(built: Built, tmp_path: Path) -> None:
    place(tmp_path / "host").publish(built.staged(OLD))
    (tmp_path / "host" / "acme" / "a.html").unlink()
    assert place(tmp_path / "host").publish(built.staged(OLD)).is_nothing
    assert not (tmp_path / "host" / "acme" / "a.html").exists()
    sent = place(tmp_path / "host").publish(built.staged({"acme": {"index.html": "another"}}))
    assert (sent.changed, sent.removed) == (("acme/index.html",), ("acme/a.html",))
    assert texts_in(tmp_path / "host") == {"acme/index.html": "another"}


def test_another_command_publishes_all_of_it_for_it_may_lead_to_another_host(built: Built, tmp_path: Path) -> None:
    place(tmp_path / "host").publish(built.staged(OLD))
    assert len(place(tmp_path / "other").publish(built.staged(OLD)).added) == len(at(OLD))
    assert texts_in(tmp_path / "other") == at(OLD)


def test_a_comparison_does_not_run_it(built: Built, tmp_path: Path) -> None:
    assert place(tmp_path / "host").compare(built.staged(OLD)).added
    assert not (tmp_path / "host").exists()


def test_what_failed_is_told_with_its_last_words_and_tried_again_the_next_time(built: Built, tmp_path: Path) -> None:
    code = "import sys; print('\\n'.join(map(str, range(9)))); print('no such project', file=sys.stderr); sys.exit(3)"
    with pytest.raises(AwayError, match=r"exit status 3") as caught:
        place(tmp_path / "host", code).publish(built.staged(OLD))
    assert str(caught.value).splitlines()[1:] == ["    5", "    6", "    7", "    8", "    no such project"]
    place(tmp_path / "host").publish(built.staged(OLD))
    assert texts_in(tmp_path / "host") == at(OLD)


def test_a_command_that_is_not_there_is_told(built: Built, tmp_path: Path) -> None:
    with pytest.raises(WorkError, match="no-such-program cannot be run"):
        CommandPlace(["no-such-program", "{folder}"], tmp_path).publish(built.staged(OLD))


def test_what_a_command_leaves_behind_is_not_waited_for(built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_command, "_PATIENCE", 20.0)
    left = "import subprocess, sys; print(subprocess.Popen(['sleep', '600']).pid, file=open(sys.argv[2], 'w'))"
    try:
        assert not place(tmp_path / "left", left).publish(built.staged(OLD)).is_nothing
    finally:
        os.kill(int((tmp_path / "left").read_text(encoding="utf-8")), signal.SIGKILL)


def test_there_is_no_going_back(tmp_path: Path) -> None:
    with pytest.raises(WorkError, match="own means"):
        place(tmp_path).roll_back()
