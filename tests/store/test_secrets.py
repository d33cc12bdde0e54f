"""Looking a secret up: where it is kept, and what is said when it is not there. Never what was found."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from recado.errors import WorkError
from recado.model.secret import SecretPlace
from recado.store import secrets
from recado.store.secrets import reveal

if TYPE_CHECKING:
    from pathlib import Path

HIDDEN = "correct-horse-battery"


def command(*words: str) -> SecretPlace:
    return SecretPlace(command=words)


def python(code: str) -> SecretPlace:
    return command(sys.executable, "-c", code)


def test_an_environment_variable_gives_its_value() -> None:
    assert reveal(SecretPlace(env="RECADO_IMAP_PASSWORD"), environment={"RECADO_IMAP_PASSWORD": HIDDEN}).reveal() == HIDDEN


@pytest.mark.parametrize("environment", [{}, {"RECADO_IMAP_PASSWORD": ""}])
def test_a_variable_that_is_not_set_is_named_with_the_way_to_set_it(environment: dict[str, str]) -> None:
    with pytest.raises(WorkError, match="RECADO_IMAP_PASSWORD") as caught:
        reveal(SecretPlace(env="RECADO_IMAP_PASSWORD"), environment=environment)
    assert "export RECADO_IMAP_PASSWORD=" in str(caught.value)
    assert caught.value.exit_status == 1


def test_the_environment_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECADO_TEST_SECRET", HIDDEN)
    assert reveal(SecretPlace(env="RECADO_TEST_SECRET")).reveal() == HIDDEN


@pytest.mark.parametrize("printed", [HIDDEN, f"{HIDDEN}\n", f"{HIDDEN}\r\n", f"{HIDDEN}\nuser: marta\nurl: x\n"])
def test_a_command_gives_its_first_line(printed: str) -> None:
    assert reveal(python(f"import sys; sys.stdout.write({printed!r})")).reveal() == HIDDEN


def test_spaces_belong_to_a_secret() -> None:
    assert reveal(python("print(' two words ')")).reveal() == " two words "


def test_no_shell_reads_a_command(tmp_path: Path) -> None:
    hurt = tmp_path / "hurt"
    assert reveal(command("echo", f"$(touch {hurt}); touch {hurt}")).reveal() == f"$(touch {hurt}); touch {hurt}"
    assert not hurt.exists()


def test_a_command_that_fails_is_named_with_its_status_and_without_its_output() -> None:
    with pytest.raises(WorkError) as caught:
        reveal(python(f"import sys; print({HIDDEN!r}); print({HIDDEN!r}, file=sys.stderr); sys.exit(3)"))
    assert sys.executable in str(caught.value)
    assert "3" in str(caught.value)
    assert HIDDEN not in str(caught.value)


def test_what_a_command_says_on_standard_error_reaches_no_one(capfd: pytest.CaptureFixture[str]) -> None:
    reveal(python(f"import sys; print('x'); print({HIDDEN!r}, file=sys.stderr)"))
    assert HIDDEN not in "".join(capfd.readouterr())


def test_a_command_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_PATIENCE", 0.2)
    with pytest.raises(WorkError, match="seconds") as caught:
        reveal(python(f"import os, signal; print({HIDDEN!r}, flush=True); signal.pause()"))
    assert HIDDEN not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("words", [("/nowhere/pass", HIDDEN), ("/", HIDDEN)])
def test_a_command_that_cannot_be_run_is_named_and_its_arguments_are_not(words: tuple[str, ...]) -> None:
    with pytest.raises(WorkError, match="cannot be run") as caught:
        reveal(command(*words))
    assert words[0] in str(caught.value)
    assert HIDDEN not in str(caught.value)


@pytest.mark.parametrize("code", ["pass", "print()", "print(); print('second')", "import os; os.write(1, b'\\xff\\xfe\\n')"])
def test_a_command_that_prints_no_secret_says_so(code: str) -> None:
    with pytest.raises(WorkError, match="first line"):
        reveal(python(code))


def test_a_command_never_waits_for_the_keyboard() -> None:
    assert reveal(python("import sys; print(repr(sys.stdin.read()))")).reveal() == "''"


def test_oauth2_says_what_to_use_instead() -> None:
    with pytest.raises(WorkError, match="not supported yet; use an app password"):
        reveal(SecretPlace(oauth2="marta"))


class KeyringError(Exception):
    """What the keyring package raises."""


def install_keyring(
    monkeypatch: pytest.MonkeyPatch, entries: dict[tuple[str, str | None], str], *, locked: bool = False
) -> None:
    """Put a keyring with these entries where `import keyring` finds it."""

    def get_credential(service: str, user: str | None) -> SimpleNamespace | None:
        if locked:
            raise KeyringError(f"locked: {HIDDEN}")
        password = entries.get((service, user))
        return None if password is None else SimpleNamespace(username=user, password=password)

    module = ModuleType("keyring")
    monkeypatch.setattr(module, "get_credential", get_credential, raising=False)
    monkeypatch.setattr(module, "errors", SimpleNamespace(KeyringError=KeyringError), raising=False)
    monkeypatch.setitem(sys.modules, "keyring", module)


def test_a_keyring_gives_the_entry_of_a_service_and_its_user(monkeypatch: pytest.MonkeyPatch) -> None:
    install_keyring(monkeypatch, {("recado", "marta"): HIDDEN, ("recado", None): "another"})
    assert reveal(SecretPlace(keyring="recado"), user="marta").reveal() == HIDDEN
    assert reveal(SecretPlace(keyring="recado")).reveal() == "another"


def test_a_keyring_without_the_entry_says_how_to_make_it(monkeypatch: pytest.MonkeyPatch) -> None:
    install_keyring(monkeypatch, {})
    with pytest.raises(WorkError, match="keyring set recado marta"):
        reveal(SecretPlace(keyring="recado"), user="marta")


def test_a_locked_keyring_is_said_without_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    install_keyring(monkeypatch, {}, locked=True)
    with pytest.raises(WorkError, match="Unlock it") as caught:
        reveal(SecretPlace(keyring="recado"))
    assert HIDDEN not in str(caught.value)


def test_without_the_keyring_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(WorkError, match="pip install keyring"):
        reveal(SecretPlace(keyring="recado"))


def test_looking_up_an_environment_variable_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr("subprocess.run", refuse)
    assert reveal(SecretPlace(env="A"), environment={"A": HIDDEN}).reveal() == HIDDEN
