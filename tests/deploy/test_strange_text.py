"""What a server, a remote or a command says is text, whatever a terminal would make of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from recado.cli.deploy_words import changes_in_words, result_in_words
from recado.deploy.own_command import run_own
from recado.deploy.places import git_words
from recado.deploy.places.far_shell import FarShell
from recado.deploy.places.running import Ended, environment, run
from recado.deploy.publishing import PlaceResult
from recado.deploy.strange_text import in_one_line, plainly
from recado.deploy.tree import AwayError, Sent

_SAID = "\x1b[2J\x1b]0;owned\x07web: nothing changed\rno room\u202e\x9b31m"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("año ☃ “x”\nno room", "año ☃ “x”\nno room"),
        ("a\tb\r\nc\rd", "a b\nc\nd"),
        ("\x1b[2Jx\x07\x9b\u202e\udce9\x00", "�[2Jx�����"),
    ],
)
def test_letters_of_any_script_stay_and_what_steers_a_terminal_does_not(text: str, shown: str) -> None:
    assert plainly(text) == shown
    assert in_one_line(text).replace("\n", "").isprintable()


def test_names_have_no_lines() -> None:
    assert in_one_line("a\nweb: nothing changed") == "a�web: nothing changed"


def test_what_a_program_complains_of_is_plain() -> None:
    ended = run((sys.executable, "-c", f"import sys; sys.stderr.write({_SAID!r})"), environment("X_"))
    assert steers_nothing(ended.complaint)


def test_what_a_shell_on_a_server_complains_of_is_plain_and_a_status_that_is_none_is_not_believed() -> None:
    code = f"import sys; print('recado:ended no'); sys.stderr.write({_SAID!r}); sys.exit(3)"
    far = FarShell((sys.executable, "-c", code), {})
    ended = far.ask(b"true")
    far.close()
    assert ended.status == 3
    assert ended.complaint
    assert steers_nothing(ended.complaint)


def test_what_a_remote_refuses_with_is_plain() -> None:
    told = f"To x\n!\trefs/heads/pages:refs/heads/pages\t[remote rejected] ({_SAID})\nDone\n".encode()
    assert steers_nothing(str(git_words.refusal_of(Ended(1, told, ""), "x", "pages")))


def test_what_a_command_of_hers_says_last_is_plain() -> None:
    with pytest.raises(AwayError) as caught:
        run_own((sys.executable, "-c", f"print({_SAID!r}); raise SystemExit(1)"), Path())
    assert steers_nothing(str(caught.value))


def test_names_that_a_server_gave_are_plain() -> None:
    sent = Sent(removed=(_SAID,), altered=(f"{_SAID}\nweb: nothing changed",))
    result = PlaceResult("web", sent, (), 0.0)
    assert all(steers_nothing(line) for line in changes_in_words(result))
    assert steers_nothing(said := result_in_words(result, is_dry=False))
    assert len(said.splitlines()) == 2


def steers_nothing(text: str) -> bool:
    return text.replace("\n", "").isprintable()
