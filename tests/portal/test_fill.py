"""Parts: blocks of a kind's template, rendered from its model with everything escaped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from recado.portal.fill import fill, parts, parts_environment
from recado.portal.page import Page, Shell
from recado.speech import catalogue

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Model:
    title: str
    text: Markup


PAGE = Page("thing", "requests/x.html", "t", "s", Model("<b>", Markup("<p>hi</p>")))


def rendered(folder: Path, template: str, root: str | None = None) -> dict[str, Markup]:
    (folder / "parts" / "macros").mkdir(parents=True)
    (folder / "parts" / "thing.html.j2").write_text(template)
    (folder / "parts" / "macros" / "m.html.j2").write_text("{% macro m(x) %}{{ _('Home') }} {{ x }}{% endmacro %}")
    return parts(parts_environment(catalogue("en"), folder), PAGE, root)


def test_each_block_goes_into_the_slot_of_its_name_escaped(tmp_path: Path) -> None:
    made = rendered(
        tmp_path, "{% block a %}{{ page.title }}{% endblock %}{% block b %} {{ page.text }} {{ root }}{% endblock %}"
    )
    assert made == {"a": "&lt;b&gt;", "b": "<p>hi</p> ../"}


def test_words_escape_what_they_are_given(tmp_path: Path) -> None:
    template = (
        "{% block a %}{% trans x=page.title %}<i>Hi</i> {{ x }}{% endtrans %}{% endblock %}"
        "{% block b %}{{ _('Hi {x}').format(x=page.title) }}{% endblock %}{% block c %}{{ _(page.title) }}{% endblock %}"
    )
    assert rendered(tmp_path, template) == {"a": "<i>Hi</i> &lt;b&gt;", "b": "Hi &lt;b&gt;", "c": "&lt;b&gt;"}


def test_macros_have_the_words_too(tmp_path: Path) -> None:
    made = rendered(tmp_path, "{% block a %}{% from 'macros/m.html.j2' import m %}{{ m(page.title) }}{% endblock %}")
    assert made == {"a": "Home &lt;b&gt;"}


def test_a_name_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError):
        rendered(tmp_path, "{% block a %}{{ page.missing }}{% endblock %}")


def test_a_kind_without_parts_has_none() -> None:
    assert parts(parts_environment(catalogue("en")), Page("no-such-kind", "x.html", "", "", None)) == {}


def test_plain_text_is_escaped_and_markup_is_placed() -> None:
    shell = Shell("x", ("<p>", "</p>", ""), ("one", "two"))
    assert fill(shell, {"one": "<&\"'", "two": Markup("<hr>")}) == "<p>&lt;&amp;&#34;&#39;</p><hr>"


def test_portals_in_one_language_share_their_templates_until_one_changes(tmp_path: Path) -> None:
    first = rendered(tmp_path, "{% block a %}one{% endblock %}")
    environment = parts_environment(catalogue("en"), tmp_path)
    assert parts_environment(catalogue("en"), tmp_path) is environment
    assert parts_environment(catalogue("es"), tmp_path) is not environment
    (tmp_path / "parts" / "thing.html.j2").write_text("{% block a %}another{% endblock %}")
    assert (first, parts(parts_environment(catalogue("en"), tmp_path), PAGE)) == ({"a": "one"}, {"a": "another"})


def test_what_one_block_sets_is_not_there_in_another(tmp_path: Path) -> None:
    template = "{% block a %}{% set x = 1 %}{{ x }}{% endblock %}{% block b %}{{ x is defined }}{% endblock %}"
    assert rendered(tmp_path, template) == {"a": "1", "b": "False"}
