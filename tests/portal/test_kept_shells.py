"""One run of the site generator for every language: kept, filled as a run in that language would have been, made aside."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import OrderedDict
from pathlib import Path

import pytest

from recado.errors import FileError, WorkError
from recado.portal import shell_run, shells
from recado.portal.generator import Built, Project, generate
from recado.portal.pages import KINDS as KINDS_OF_PAGES
from recado.portal.shells import ShellWork, begin_shells, ensure_shells, make_shells, shells_digest
from recado.resources import program_templates
from recado.speech import catalogue

ROOT = Path(__file__).parents[2]
KINDS = {kind.name: kind.url for kind in KINDS_OF_PAGES} | {"own": "pages/any.html"}
FRONT = "---\ntitle: {title}\nicon: material/home-outline\n---\n"


@pytest.fixture(autouse=True)
def _no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    forget(monkeypatch)


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin as a new process does, with nothing in memory."""
    monkeypatch.setattr(shells, "_runs", OrderedDict())
    monkeypatch.setattr(shells, "_shells", OrderedDict())


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each run of the generator in this process."""
    noted: list[str] = []

    def noting(project: Project) -> dict[str, Built]:
        noted.append("later" if project.later else project.language)
        return generate(project)

    monkeypatch.setattr(shell_run, "generate", noting)
    return noted


def own_templates(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def work(language: str, *, is_formal: bool = False, overrides: Path | None = None) -> ShellWork:
    words = catalogue(language, formal=is_formal, overrides=overrides)
    return ShellWork.of(language, words, is_formal=is_formal, overrides=overrides)


@pytest.mark.parametrize(
    ("language", "address"), [("en", ""), ("es", ""), ("es", "formal"), ("es-MX", ""), ("he", ""), ("xx", "")]
)
def test_filled_shells_are_byte_for_byte_those_of_a_run_in_that_language(
    language: str, address: str, runs: list[str], tmp_path: Path
) -> None:
    wanted = work(language, is_formal=address == "formal")
    filled = shells.shells(wanted, KINDS, tmp_path)
    assert runs == ["later"]
    assert filled == make_shells(wanted, KINDS)


def test_one_run_serves_every_language(runs: list[str]) -> None:
    made = [shells.shells(work(*asked), KINDS) for asked in (("en",), ("es",), ("es-MX",))]
    made.append(shells.shells(work("es", is_formal=True), KINDS))
    assert runs == ["later"]
    informal, formal = ("".join(found["ask"].pieces) for found in made[1:4:2])
    assert "Cómo lo quieres" in informal
    assert "Cómo lo quiere," in formal


ODD_WORDS = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Home"
msgstr "{home}"

msgid "Invoices"
msgstr "{bills}"
"""


@pytest.mark.parametrize(
    ("bills", "expected"),
    [("Factures", ["later"]), ("Q&A", ["later", "fr"]), ("<b>Factures</b>", ["later", "fr"]), ("“F” l'a 5 %", ["later"])],
)
def test_a_workspaces_own_translation_is_filled_or_where_it_holds_markup_made(
    bills: str, expected: list[str], runs: list[str], tmp_path: Path
) -> None:
    overrides = own_templates(tmp_path, {"translations/fr.po": ODD_WORDS.format(home="Q & <A>", bills=bills)})
    wanted = work("fr", overrides=overrides)
    filled = shells.shells(wanted, KINDS)
    assert runs == expected
    assert filled == make_shells(wanted, KINDS)
    assert "Q &amp;" in "".join(filled["home"].pieces)


HOME = FRONT.format(title='{{ _("Home") | tojson }}')
FOOT = "theme/partials/footer.html"


@pytest.mark.parametrize(
    "files",
    [
        {"shells/home.md.j2": HOME + '# {{ _("Home") }}\n'},
        {"shells/home.md.j2": HOME + '<h1>{{ _("Home") | upper }}</h1>\n'},
        {"shells/home.md.j2": HOME + '<h1>{{ _("Home") + "!" }}</h1>\n'},
        {"shells/home.md.j2": HOME + '<h1>{{ "a" if _("Home") == "Inicio" else "b" }}</h1>\n'},
        {"shells/home.md.j2": HOME + '<h1 title={{ _("Home") | tojson }}>x</h1>\n'},
        {FOOT: '{{ _("Home") | length }}'},
        {FOOT: '{{ "yes" if page.title == "Inicio" else "no" }}'},
        {FOOT: "{{ page.title.upper() }}"},
        {FOOT: '{{ "yes" if lang.t("language") == "es" else "no" }}'},
        {FOOT: '{{ "ja" if config.theme.language == "es" else "no" }}'},
    ],
)
def test_templates_that_do_more_with_a_word_than_show_it_are_run_once_a_language(
    files: dict[str, str], runs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overrides, cache = own_templates(tmp_path / "site_templates", files), tmp_path / "cache"
    wanted = work("es", overrides=overrides)
    made = shells.shells(wanted, KINDS, cache)
    assert runs[-1] == "es"
    assert made == make_shells(wanted, KINDS)
    forget(monkeypatch)
    runs.clear()
    assert shells.shells(wanted, KINDS, cache) == made
    assert runs == []


@pytest.mark.parametrize(
    "files",
    [
        {"shells/home.md.j2": HOME + '<h1>{% trans %}Home{% endtrans %}</h1><p>{{ slot("main") }}</p>\n'},
        {"shells/home.md.j2": HOME + '<h1>{% trans name="x" %}Portal of {{ name }}{% endtrans %}</h1>\n'},
        {"shells/home.md.j2": HOME + '<h1 title="{{ _("Portal of {client}").format(client=slot("main")) | e }}">x</h1>\n'},
        {"shells/home.md.j2": HOME + '<p>{{ ngettext("one thing from you", "{number} things from you", 1) }}</p>\n'},
        {"shells/home.md.j2": HOME + '{% set word = _("Home") ~ "!" %}<p>{{ word | e }}</p>\n'},
        {
            FOOT: '{% macro said(word) %}<i>{{ word | e }}</i>{% endmacro %}{{ said(_("Home")) }} {{ page.title }}'
            "{{ page.title | e }}"
        },
    ],
)
def test_templates_that_show_words_escape_or_format_them_are_filled(
    files: dict[str, str], runs: list[str], tmp_path: Path
) -> None:
    overrides = own_templates(tmp_path, files)
    wanted = work("es", overrides=overrides)
    filled = shells.shells(wanted, KINDS)
    assert runs == ["later"]
    assert filled == make_shells(wanted, KINDS)


def test_shells_are_kept_until_something_they_depend_on_changes(
    runs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overrides, cache = own_templates(tmp_path / "site_templates", {FOOT: "<p>one</p>"}), tmp_path / "cache"
    wanted = work("es", overrides=overrides)
    first = shells.shells(wanted, KINDS, cache)
    forget(monkeypatch)
    assert shells.shells(wanted, KINDS, cache) == first
    assert runs == ["later"]
    (overrides / FOOT).write_text("<p>two</p>")
    assert shells.shells(wanted, KINDS, cache) != first
    assert runs == ["later", "later"]


@pytest.mark.parametrize("broken", ["", "{", "[]", json.dumps({"pages": {"home": ""}, "asked": {}, "sayings": []})])
def test_a_broken_cache_is_made_again(broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = shells.shells(work("en"), KINDS, tmp_path)
    for file in tmp_path.iterdir():
        file.write_text(broken)
    forget(monkeypatch)
    assert shells.shells(work("en"), KINDS, tmp_path) == first


def test_what_was_kept_for_templates_that_are_no_more_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shells, "_MOST_KEPT", 3)
    for number in range(5):
        (tmp_path / f"old-{number}.json").write_text("{}")
    shells.shells(work("en"), KINDS, tmp_path)
    names = {file.name for file in tmp_path.iterdir()}
    assert len(names) == 3
    assert any(not name.startswith("old-") for name in names)


def test_what_is_in_memory_is_kept_again_where_the_cache_was_deleted(tmp_path: Path) -> None:
    ensure_shells(None, KINDS, tmp_path / "cache")
    shutil.rmtree(tmp_path / "cache")
    ensure_shells(None, KINDS, tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_a_digest_tells_templates_words_and_kinds_apart_and_nothing_else(tmp_path: Path) -> None:
    overrides = own_templates(tmp_path, {FOOT: "<p>one</p>", "translations/fr.po": ODD_WORDS.format(home="A", bills="B")})
    english, french = work("en", overrides=overrides), work("fr", overrides=overrides)
    before = shells_digest(english, KINDS), shells_digest(french, KINDS)
    assert before[0] != before[1]
    assert shells_digest(english, KINDS | {"home": "other.html"}) != before[0]
    own_templates(tmp_path, {"translations/fr.po": ODD_WORDS.format(home="A", bills="C"), "parts/home.html.j2": "x"})
    assert shells_digest(english, KINDS) == before[0]
    assert shells_digest(french, KINDS) != before[1]
    own_templates(tmp_path, {FOOT: "<p>two</p>"})
    assert shells_digest(english, KINDS) != before[0]


def test_a_digest_does_not_depend_on_where_templates_are(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    shutil.copytree(program_templates(), here)
    shutil.copytree(program_templates(), there)
    assert shells_digest(work("es", overrides=here), KINDS) == shells_digest(work("es", overrides=there), KINDS)


def test_the_generator_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from recado.portal.shells import ShellWork, ensure_shells, shells
from recado.speech import catalogue
kinds = {"home": "index.html", "requests": "requests/index.html", "ask": "new.html", "invoices": "invoices/index.html",
         "guide": "welcome.html"}
ensure_shells(None, kinds, Path(sys.argv[1]))
assert len(shells(ShellWork.of("es", catalogue("es")), kinds, Path(sys.argv[1]))) == 5
print(*[name for name in ("mkdocs", "markdown", "material", "jinja2") if name in sys.modules])
"""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program, tmp_path / "cache"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (done.returncode, done.stderr, done.stdout.strip()) == (0, "", "")
    assert len(list((tmp_path / "cache").iterdir())) == 1


@pytest.mark.parametrize(
    ("files", "error", "said"),
    [
        ({FOOT: "\n{% if %}"}, FileError, "site_templates/theme/partials/footer.html:2: "),
        ({"shells/home.md.j2": HOME + "{{ nothing }}"}, FileError, "site_templates/shells/home.md.j2:5: "),
        ({"shells/request.md.j2": '---\ntitle: x\nx: {{ slot("main") }}\n---\n# x\n'}, WorkError, "request has lost main"),
        ({"shells/request.md.j2": "---\ntitle: x\n---\n[x](nowhere.md)\n"}, WorkError, "nowhere.md"),
    ],
)
def test_what_is_wrong_with_a_template_is_told_to_who_waits(
    files: dict[str, str], error: type[Exception], said: str, tmp_path: Path
) -> None:
    overrides = own_templates(tmp_path / "site_templates", files)
    wait = begin_shells(overrides, KINDS, tmp_path / "cache")
    with pytest.raises(error, match=said):
        wait()
    assert not (tmp_path / "cache").exists()
