"""Catalogues are compiled once, kept beside themselves, and made again when they change; a broken one is told with its line."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from recado import word_file
from recado.compiled_words import translations_of
from recado.errors import FileError
from recado.speech import catalogue

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
ONE = 'msgid "one"\nmsgstr "uno"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "site_templates" / "translations" / "xx.po"
    place.parent.mkdir(parents=True)
    place.write_text(HEAD + ONE, encoding="utf-8")
    return place


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """List what is compiled from now on."""
    done: list[Path] = []
    compile_it = word_file.compiled_words

    def counted(file: Path) -> bytes:
        done.append(file)
        return compile_it(file)

    monkeypatch.setattr(word_file, "compiled_words", counted)
    return done


def kept_of(file: Path) -> Path:
    return file.parent / "__pycache__" / "xx.words"


def test_an_unchanged_catalogue_is_compiled_once(file: Path, compiled: list[Path]) -> None:
    assert [translations_of(file).gettext("one") for _time in range(3)] == ["uno"] * 3
    assert compiled == [file]
    assert sorted(path.name for path in kept_of(file).parent.iterdir()) == ["xx.words"]


def test_a_changed_catalogue_is_compiled_again(file: Path, compiled: list[Path]) -> None:
    translations_of(file)
    file.write_text(HEAD + ONE.replace("uno", "una"), encoding="utf-8")
    os.utime(file, ns=(0, 1))
    assert translations_of(file).gettext("one") == "una"
    assert len(compiled) == 2


def test_a_catalogue_rewritten_with_its_size_and_its_time_put_back_is_compiled_again(file: Path) -> None:
    translations_of(file)
    found = file.stat()
    file.write_text(HEAD + ONE.replace("uno", "una"), encoding="utf-8")
    os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert file.stat().st_size == found.st_size
    assert translations_of(file).gettext("one") == "una"


def test_a_change_is_heard_in_the_same_process(file: Path) -> None:
    assert catalogue("xx", overrides=file.parents[1]).gettext("one") == "uno"
    file.write_text(HEAD + ONE.replace("uno", "unos"), encoding="utf-8")
    assert catalogue("xx", overrides=file.parents[1]).gettext("one") == "unos"
    file.unlink()
    assert catalogue("xx", overrides=file.parents[1]).gettext("one") == "one"


@pytest.mark.parametrize("keep", [0, 10, 40, 120])
def test_what_is_kept_and_was_cut_short_is_made_again(keep: int, file: Path, compiled: list[Path]) -> None:
    translations_of(file)
    kept_of(file).write_bytes(kept_of(file).read_bytes()[:keep])
    assert translations_of(file).gettext("one") == "uno"
    assert len(compiled) == 2


def test_where_it_cannot_be_kept_the_words_are_there_all_the_same(file: Path) -> None:
    kept_of(file).parent.write_text("a file in the way")
    assert translations_of(file).gettext("one") == "uno"


def test_a_process_that_finds_it_kept_needs_no_babel(file: Path) -> None:
    translations_of(file)
    script = (
        "import sys; from pathlib import Path; from recado.compiled_words import translations_of;"
        "print(translations_of(Path(sys.argv[1])).gettext('one'), *sys.modules)"
    )
    done = subprocess.run(  # noqa: S603 (this very Python)
        [sys.executable, "-c", script, str(file)], capture_output=True, text=True, check=True
    )
    said, *loaded = done.stdout.split()
    assert said == "uno"
    assert not {"babel", "recado.word_file"} & set(loaded)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (HEAD + ONE + 'msgid "two"\nmgstr "dos"\n', 9, "no part of a catalogue"),
        (HEAD + "hello\n", 6, "no part of a catalogue"),
        (HEAD + ONE + 'msgid "two"\n\nmsgid "three"\nmsgstr "tres"\n', 8, "missing msgstr"),
        (HEAD + ONE + "<<<<<<< ours\n", 8, "no part of a catalogue"),
        (HEAD + ONE + 'msgid "two"\nmsgstr[x] "dos"\n', 9, "no part of a catalogue"),
        (HEAD + 'msgid "{n} of {all}"\nmsgstr "{n} de {todo}"\n', 6, "{todo}"),
        (HEAD + 'msgid "{n} tasks"\nmsgstr "{n tareas"\n', 6, "brace"),
        (HEAD + 'msgid "{n} task"\nmsgid_plural "{n} tasks"\nmsgstr[0] "una"\nmsgstr[1] "{m} tareas"\n', 6, "{m}"),
        (HEAD + 'msgid "%(prog)s"\nmsgstr "%(programa)s"\n', 6, "{programa}"),
        (HEAD.replace("(n != 1)", "x") + ONE, 1, "Plural-Forms"),
        (HEAD.replace("utf-8", "no-such") + ONE, 7, "catalogue"),
    ],
)
def test_what_is_wrong_in_a_catalogue_is_told_with_its_line(text: str, line: int, said: str, file: Path) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FileError) as raised:
        translations_of(file)
    (problem,) = raised.value.problems
    assert (problem.file, problem.line) == ("site_templates/translations/xx.po", line)
    assert said in problem.text
    assert not kept_of(file).exists()


def test_text_in_another_encoding_is_told_with_its_line(file: Path) -> None:
    file.write_bytes((HEAD + ONE).encode() + 'msgid "two"\nmsgstr "dós"\n'.encode("latin-1"))
    with pytest.raises(FileError, match=r"translations/xx\.po:9: this is not UTF-8 text"):
        translations_of(file)


def test_the_plurals_are_those_of_the_files_head_or_else_of_its_language(file: Path) -> None:
    three = 'msgid "{n} task"\nmsgid_plural "{n} tasks"\nmsgstr[0] "a"\nmsgstr[1] "b"\nmsgstr[2] "c"\n'
    rule = "nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2);"
    file.write_text(HEAD.replace("nplurals=2; plural=(n != 1);", rule) + three, encoding="utf-8")
    words = translations_of(file)
    assert [words.ngettext("{n} task", "{n} tasks", n) for n in (1, 2, 3)] == ["a", "b", "c"]
    polish = file.with_name("pl.po")
    polish.write_text('msgid ""\nmsgstr ""\n\n' + three, encoding="utf-8")
    words = translations_of(polish)
    assert [words.ngettext("{n} task", "{n} tasks", n) for n in (1, 2, 5, 22)] == ["a", "b", "c", "b"]


def test_every_strange_value_is_told_at_once(file: Path) -> None:
    file.write_text(HEAD + "".join(f'msgid "{{a}} {n}"\nmsgstr "{{b}}"\n' for n in range(3)), encoding="utf-8")
    with pytest.raises(FileError) as raised:
        translations_of(file)
    assert [problem.line for problem in raised.value.problems] == [6, 8, 10]


def test_a_catalogue_that_begins_with_a_byte_order_mark_is_read(file: Path) -> None:
    file.write_text(HEAD + ONE, encoding="utf-8-sig")
    assert translations_of(file).gettext("one") == "uno"
