"""Shells: pages of our own words, built once by the site generator and cut where data goes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from recado.errors import WorkError
from recado.portal.fill import fill
from recado.portal.page import Shell
from recado.portal.shells import FRAME_SLOTS, ShellWork, make_shells
from recado.speech import catalogue

if TYPE_CHECKING:
    from pathlib import Path

KINDS = {
    "home": "index.html",
    "requests": "requests/index.html",
    "ask": "new.html",
    "invoices": "invoices/index.html",
    "guide": "welcome.html",
    "request": "requests/any.html",
}
FRONT = "---\ntitle: {title}\nicon: material/plus\n---\n"
BLOCK = '<header><h1>{{ slot("heading") }}</h1></header>\n\n<div class="r-cols"><div>{{ slot("main") }}</div></div>\n'


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    folder = tmp_path / "site_templates"
    (folder / "shells").mkdir(parents=True)
    for kind in KINDS:
        (folder / "shells" / f"{kind}.md.j2").write_text(FRONT.format(title=kind.title()) + BLOCK)
    return folder


@pytest.fixture
def work(templates: Path) -> ShellWork:
    return ShellWork.of("es", catalogue("en"), overrides=templates)


def values(**more: str) -> dict[str, str]:
    return {name: f"the {name}" for name in (*FRAME_SLOTS, "heading", "main")} | more


def test_a_shell_has_a_slot_wherever_a_template_or_the_theme_asked_for_one(work: ShellWork) -> None:
    made = make_shells(work, KINDS)
    assert set(made) == set(KINDS)
    for shell in made.values():
        assert {"heading", "main", *FRAME_SLOTS} == set(shell.slots)
        assert "zqx" not in "".join(shell.pieces)
        assert len(shell.pieces) == len(shell.slots) + 1


def test_a_filled_page_says_what_it_was_given_and_escapes_it(work: ShellWork) -> None:
    page = fill(
        make_shells(work, KINDS)["request"], values(heading="<img onerror=alert(1)>", root="../", title="</title><script>")
    )
    assert "<h1>&lt;img onerror=alert(1)&gt;</h1>" in page
    assert "<title>&lt;/title&gt;&lt;script&gt; · the client</title>" in page
    assert 'href="../assets/portal.css"' in page
    assert 'lang="es"' in page


def test_a_place_is_current_on_its_own_page_and_on_those_below_it(work: ShellWork) -> None:
    made = make_shells(work, KINDS)
    current = {
        kind: re.findall(r'href="([^"]*)" aria-current="(\w+)"', fill(shell, values(root=""))) for kind, shell in made.items()
    }
    assert current["home"] == [("index.html", "page")]
    assert current["requests"] == [("requests/index.html", "page")]
    assert current["request"] == [("requests/index.html", "true")]


def test_no_script_no_style_and_nothing_from_elsewhere_is_in_a_shell(work: ShellWork) -> None:
    for shell in make_shells(work, KINDS).values():
        page = fill(shell, values())
        assert "<script" not in page
        assert "<style" not in page
        assert " style=" not in page
        assert "http" not in re.sub(r'xmlns="[^"]*"', "", page)


def test_text_that_looks_like_a_placeholder_is_text(work: ShellWork) -> None:
    page = fill(make_shells(work, KINDS)["request"], values(heading="zqxmainzqx", main=r"\1 {{ main }} %(main)s"))
    assert "<h1>zqxmainzqx</h1>" in page
    assert r"\1 {{ main }} %(main)s" in page


def test_a_slot_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="main"):
        fill(Shell("x", ("a", "b"), ("main",)), {})


def test_a_slot_that_the_generator_swallows_is_told(work: ShellWork, templates: Path) -> None:
    (templates / "shells" / "request.md.j2").write_text('---\ntitle: x\nswallowed: {{ slot("main") }}\n---\n# x\n')
    with pytest.raises(WorkError, match="request has lost main"):
        make_shells(work, KINDS)


@pytest.mark.parametrize("name", ["Main", "a-b", "a__b", "zqx", "a1", ""])
def test_a_slot_has_a_plain_name(work: ShellWork, templates: Path, name: str) -> None:
    (templates / "shells" / "request.md.j2").write_text(FRONT + f'<div>{{{{ slot("{name}") }}}}</div>\n')
    with pytest.raises(WorkError, match="slot is named"):
        make_shells(work, KINDS)


def test_what_the_generator_warns_of_is_an_error(work: ShellWork, templates: Path) -> None:
    (templates / "shells" / "request.md.j2").write_text("---\ntitle: x\n---\n# x\n\n[nowhere](nowhere.md)\n")
    with pytest.raises(WorkError, match=r"nowhere\.md"):
        make_shells(work, KINDS)
