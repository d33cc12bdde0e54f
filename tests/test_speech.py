"""The program's words: catalogues and what stands in for what they lack; the language of a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recado import speech
from recado.speech import catalogue, languages, ngettext, speak, terminal_language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'


def po(**words: str) -> str:
    return HEAD + "".join(f'msgid "{key}"\nmsgstr "{value}"\n\n' for key, value in words.items())


@pytest.fixture
def overrides(tmp_path: Path) -> Path:
    folder = tmp_path / "translations"
    folder.mkdir()
    (folder / "xx.po").write_text(
        po(all="xx all", base="xx base", region="xx region", form="xx form")
        + 'msgctxt "status"\nmsgid "Done"\nmsgstr "xx done"\n\n'
        + 'msgid "{n} task"\nmsgid_plural "{n} tasks"\nmsgstr[0] "{n} xx"\nmsgstr[1] "{n} xxs"\n'
    )
    (folder / "xx-YY.po").write_text(po(region="xx-YY region", form="xx-YY form"))
    (folder / "xx@formal.po").write_text(po(form="xx formal", formal="xx formal only"))
    return tmp_path


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    yield
    speak(None)


@pytest.mark.parametrize(
    ("language", "formal", "expected"),
    [
        ("xx", False, {"base": "xx base", "region": "xx region", "form": "xx form", "formal": "formal"}),
        ("xx", True, {"base": "xx base", "region": "xx region", "form": "xx formal", "formal": "xx formal only"}),
        ("xx-YY", False, {"base": "xx base", "region": "xx-YY region", "form": "xx-YY form", "formal": "formal"}),
        ("xx-YY", True, {"base": "xx base", "region": "xx-YY region", "form": "xx formal", "formal": "xx formal only"}),
        ("xx-ZZ", False, {"base": "xx base", "region": "xx region"}),
        ("zz", False, {"base": "base", "form": "form"}),
        ("zz", True, {"base": "base", "form": "form"}),
        ("en", False, {"base": "base"}),
    ],
)
def test_the_most_particular_words_come_first_and_english_stands_in(
    overrides: Path,
    language: str,
    formal: bool,  # noqa: FBT001 (a column of the table)
    expected: dict[str, str],
) -> None:
    words = catalogue(language, formal=formal, overrides=overrides)
    assert {key: words.gettext(key) for key in expected} == expected


def test_catalogues_of_one_language_do_not_mix(overrides: Path) -> None:
    # All forms of one language in one process: the chains share files, and must not share what stands in for what.
    every = [(language, formal) for language in ("xx", "xx-YY") for formal in (True, False)]
    for language, formal in [*every, *reversed(every)]:
        words = catalogue(language, formal=formal, overrides=overrides)
        assert words.gettext("in no catalogue") == "in no catalogue"
        assert words.gettext("formal") == ("xx formal only" if formal else "formal")
        assert words.ngettext("{n} task", "{n} tasks", 2) == "{n} xxs"


def test_a_workspaces_words_stand_before_the_programs(tmp_path: Path) -> None:
    (tmp_path / "translations").mkdir()
    (tmp_path / "translations" / "es.po").write_text(po(**{"nobody says this": "lo mío"}))
    own, general = catalogue("es", overrides=tmp_path), catalogue("es")
    assert own.gettext("nobody says this") == "lo mío"
    assert general.gettext("nobody says this") == "nobody says this"


def test_plurals_and_contexts_are_translated_or_stay_english(overrides: Path) -> None:
    words, none = catalogue("xx", overrides=overrides), catalogue("zz")
    assert [words.ngettext("{n} task", "{n} tasks", n) for n in (1, 2)] == ["{n} xx", "{n} xxs"]
    assert [none.ngettext("{n} task", "{n} tasks", n) for n in (0, 1, 2)] == ["{n} tasks", "{n} task", "{n} tasks"]
    assert words.pgettext("status", "Done") == "xx done"
    assert words.pgettext("button", "Done") == "Done"
    assert none.pgettext("status", "Done") == "Done"


def test_nothing_is_translated_to_nothing(overrides: Path) -> None:
    assert catalogue("xx", overrides=overrides).gettext("") == ""


def test_the_program_speaks_english_and_spanish() -> None:
    assert {"en", "es"} <= set(languages())
    assert not any("@" in language for language in languages())


def test_the_terminal_speaks_english_until_told_otherwise() -> None:
    assert speech._("There is no task {ref}.") == "There is no task {ref}."
    assert [ngettext("one", "many", number) for number in (0, 1, 2)] == ["many", "one", "many"]


def test_the_terminal_speaks_the_language_it_is_told(monkeypatch: pytest.MonkeyPatch, overrides: Path) -> None:
    monkeypatch.setattr(speech, "program_templates", lambda: overrides)
    speak("xx-YY")
    assert speech._("region") == "xx-YY region"
    assert ngettext("{n} task", "{n} tasks", 5) == "{n} xxs"
    for english in ("en", "en-GB", None):
        speak("xx")
        speak(english)
        assert speech._("region") == "region"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "es_ES.UTF-8"}, "es-ES"),
        ({"LANG": "es"}, "es"),
        ({"LANG": "ca_ES@valencia"}, "ca-ES"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "en_GB.UTF-8"}, "en-GB"),
        ({"LANG": "es_ES.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en-US"),
        ({"LANG": "es_ES.UTF-8", "LC_ALL": "pt_BR.UTF-8"}, "pt-BR"),
        ({"LANG": "es_ES.UTF-8", "LC_ALL": ""}, "es-ES"),
        ({"LANG": "es_ES.UTF-8", "LANGUAGE": "fr:es:en"}, "fr"),
        ({"LANG": "es_ES.UTF-8", "LANGUAGE": "fr", "RECADO_LANGUAGE": "en"}, "en"),
        ({"LC_TIME": "es_ES.UTF-8"}, "en"),
    ],
)
def test_a_terminals_language_is_read_as_gettext_reads_it(environment: dict[str, str], expected: str) -> None:
    assert terminal_language(environment) == expected
