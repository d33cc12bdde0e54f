"""A clients.yml that did not change is not checked again; what is kept of it is believed only where it is ours and whole."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from recado.errors import ConfigurationError
from recado.model.address import Person, normalise_address
from recado.resources import demo_practice
from recado.store import kept_practice, kept_value, practice_file
from recado.store.kept_value import program_digest, read_kept, write_kept
from recado.store.practice_file import load_practice, parse_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = (demo_practice() / "clients.yml").read_text(encoding="utf-8")
MODULES = ("recado.model",)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "clients.yml").write_text(TEXT, encoding="utf-8")
    return Workspace(tmp_path)


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List what is checked from now on."""
    checked: list[str] = []

    def counted(text: str) -> object:
        checked.append(text)
        return parse_practice(text)

    monkeypatch.setattr(practice_file, "parse_practice", counted)
    return checked


def kept_file(workspace: Workspace) -> Path:
    return workspace.state / "practice"


def test_an_unchanged_file_is_not_checked_again_and_says_the_same(workspace: Workspace, checks: list[str]) -> None:
    first, again = load_practice(workspace), load_practice(workspace)
    assert len(checks) == 1
    assert again == first == parse_practice(TEXT)
    assert [again.record(key) for key in again.clients] == [first.record(key) for key in first.clients]
    assert kept_file(workspace).stat().st_mode & 0o777 == 0o600


def test_a_changed_file_is_checked_whatever_its_time_and_size(workspace: Workspace, checks: list[str]) -> None:
    load_practice(workspace)
    before = workspace.practice_file.stat()
    workspace.practice_file.write_text(TEXT.replace("Marta", "Berta"), encoding="utf-8")
    os.utime(workspace.practice_file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert workspace.practice_file.stat().st_size == before.st_size
    assert "Berta" in load_practice(workspace).business.owner
    assert len(checks) == 2


def test_a_file_with_mistakes_is_never_kept_and_says_them_each_time(workspace: Workspace) -> None:
    good = load_practice(workspace)
    workspace.practice_file.write_text(TEXT.replace("country:", "contry:", 1), encoding="utf-8")
    for _time in range(2):
        with pytest.raises(ConfigurationError, match="contry"):
            load_practice(workspace)
    workspace.practice_file.write_text(TEXT, encoding="utf-8")
    assert load_practice(workspace) == good


def test_the_currency_of_the_country_is_kept_too(workspace: Workspace, checks: list[str]) -> None:
    lines = [line for line in TEXT.splitlines() if not line.startswith("  currency:")]
    workspace.practice_file.write_text("\n".join(lines), encoding="utf-8")
    assert load_practice(workspace).business.currency == load_practice(workspace).business.currency == "EUR"
    assert len(checks) == 1


def _emptied(file: Path) -> None:
    file.write_bytes(b"")


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-9])


def _one_byte_other(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-100] ^= 1
    file.write_bytes(bytes(content))


def _writable_for_others(file: Path) -> None:
    file.chmod(0o622)


def _a_link(file: Path) -> None:
    file.rename(file.with_name("elsewhere"))
    file.symlink_to("elsewhere")


def _a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


@pytest.mark.parametrize("spoil", [_emptied, _cut, _one_byte_other, _writable_for_others, _a_link, _a_pipe])
def test_what_is_spoilt_or_not_ours_alone_is_not_read_and_is_made_again(
    workspace: Workspace, checks: list[str], spoil: Callable[[Path], None]
) -> None:
    practice = load_practice(workspace)
    spoil(kept_file(workspace))
    assert load_practice(workspace) == practice
    assert len(checks) == 2
    assert load_practice(workspace) == practice
    assert len(checks) == 2
    assert kept_file(workspace).stat().st_mode & 0o777 == 0o600


def test_a_folder_in_its_place_is_left_and_the_file_is_checked(workspace: Workspace, checks: list[str]) -> None:
    (kept_file(workspace) / "mine").mkdir(parents=True)
    assert load_practice(workspace) == load_practice(workspace)
    assert len(checks) == 2
    assert (kept_file(workspace) / "mine").is_dir()


def test_another_persons_file_is_not_read(workspace: Workspace, checks: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    load_practice(workspace)
    monkeypatch.setattr("os.geteuid", lambda: os.getuid() + 1)
    load_practice(workspace)
    assert len(checks) == 2


def test_another_program_makes_it_anew(workspace: Workspace, checks: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    load_practice(workspace)
    monkeypatch.setattr(kept_value, "__version__", "99.0")
    load_practice(workspace)
    assert len(checks) == 2


def test_the_digest_of_the_program_is_that_of_its_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_value, "_PROGRAM", tmp_path)
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "a.py").write_text("A = 1\n")
    before = program_digest("model")
    (tmp_path / "model" / "a.txt").write_text("no code")
    assert program_digest("model") == before
    (tmp_path / "model" / "a.py").write_text("A = 12\n")
    assert program_digest("model") != before


def test_where_nothing_can_be_kept_the_practice_is_read_all_the_same(workspace: Workspace) -> None:
    workspace.state.write_text("a file where the folder would be")
    assert load_practice(workspace) == parse_practice(TEXT)


def test_a_value_comes_back_as_it_was(tmp_path: Path) -> None:
    value = (
        Person("Jane", "jane@acme.example"),
        [ZoneInfo("Europe/Madrid"), date(2026, 11, 25), time(9, 30), datetime(2026, 11, 25, tzinfo=UTC)],
        {"a": Decimal("1.50"), "b": frozenset({1}), "c": {2}, "d": timedelta(hours=1)},
    )
    write_kept(tmp_path / "value", b"key", value)
    assert read_kept(tmp_path / "value", b"key", MODULES) == value
    assert read_kept(tmp_path / "value", b"another", MODULES) is None
    assert read_kept(tmp_path / "value", b"key", ("recado.store",)) is None


@dataclass(frozen=True)
class Runs:
    """Something that does what its pickle says, once it is read."""

    function: Callable[..., object]
    arguments: tuple[object, ...]

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.function, self.arguments


@pytest.mark.parametrize(
    "hostile",
    [
        Runs(os.system, ("touch ran",)),
        Runs(eval, ("open('ran', 'w')",)),
        Runs(getattr, (ZoneInfo, "_unpickle")),
        Runs(normalise_address, ("a@b.example",)),
        Runs(subprocess.Popen, (["touch", "ran"],)),
        Runs(pickle.loads, (pickle.dumps(Runs(os.system, ("touch ran",))),)),
    ],
    ids=["a command", "eval", "getattr", "a function of ours", "a process", "a pickle in a pickle"],
)
def test_what_a_stranger_kept_runs_nothing(hostile: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_kept(tmp_path / "value", b"key", [hostile])
    assert (tmp_path / "value").is_file()
    assert read_kept(tmp_path / "value", b"key", MODULES) is None
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("name", ["re.compile", "Line.__class__", "annotations", "parse_amount", "BaseModel", "missing"])
def test_a_name_that_is_no_class_of_that_module_is_no_value(name: str, tmp_path: Path) -> None:
    # What `pickle` writes for a class, by hand: protocol 4, two short texts, STACK_GLOBAL, STOP.
    short = [bytes([0x8C, len(text)]) + text.encode() for text in ("recado.model.written", name)]
    pickled = b"\x80\x04" + short[0] + short[1] + b"\x93."
    content = kept_value._digest(b"key") + kept_value._digest(pickled) + pickled  # noqa: SLF001 (what only the module writes)
    (tmp_path / "value").write_bytes(content)
    (tmp_path / "value").chmod(0o600)
    assert read_kept(tmp_path / "value", b"key", MODULES) is None


def test_another_value_under_its_key_is_no_practice(workspace: Workspace) -> None:
    content = workspace.practice_file.read_bytes()
    write_kept(kept_file(workspace), kept_practice._key(content), Person("Jane", "jane@acme.example"))  # noqa: SLF001 (its key)
    assert load_practice(workspace) == parse_practice(TEXT)


def test_a_kept_practice_needs_neither_yaml_nor_the_checks(workspace: Workspace) -> None:
    load_practice(workspace)
    script = (
        "import sys; from pathlib import Path; from recado.store.workspace import Workspace;"
        "from recado.store.practice_file import load_practice;"
        "load_practice(Workspace(Path(sys.argv[1]))); print(*sys.modules)"
    )
    done = subprocess.run(  # noqa: S603 (this very Python)
        [sys.executable, "-c", script, str(workspace.root)], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "recado.model.practice" in loaded
    assert not loaded & {"yaml", "babel", "idna", "recado.store.checked", "recado.store.practice_checks"}
