"""The VA's own pages: plain Markdown, links that lead somewhere, nothing that runs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest

from recado.errors import WorkError
from recado.model.client_work import OwnPage
from recado.portal import own_run
from recado.portal.own_pages import Own, own_pages, own_pages_inputs
from recado.speech import catalogue

ENGLISH = catalogue("en")


def shown(text: str, *, title: str = "How", more: tuple[OwnPage, ...] = (), urls: tuple[str, ...] = ()) -> str:
    page = own_pages([OwnPage("how", title, text), *more], ENGLISH, urls)[0]
    assert page.url == "pages/how.html"
    assert isinstance(page.model, Own)
    return str(page.model.content)


RICH = """
# Returns

!!! note "In March"
    We decided.

| a | b |
|---|--:|
| 1 | 2 |

Term
: Meaning

So[^1].

[^1]: Why.
"""


def test_what_needs_no_script_works() -> None:
    html = shown(RICH)
    assert html.startswith('<h1 id="returns">Returns</h1>')
    assert re.search(r'<div class="(admonition note|note admonition)">\n<p class="admonition-title">In March</p>', html)
    for wanted in ('<td align="right">2</td>', "<dd>Meaning</dd>", "Why."):
        assert wanted in html


MORE = """
- [x] done
- [ ] to do

++ctrl+c++ ==marked== ^^in^^ ~~out~~ x^2^ H~2~O HTML

*[HTML]: Hyper Text

??? tip "More"
    Folded.

???+ bug
    Open.
"""


def test_more_that_needs_no_script_works() -> None:
    html = shown(MORE)
    for wanted in (
        '<li class="task-list-item">☑ done</li>',
        '<li class="task-list-item">☐ to do</li>',
        '<span class="keys"><kbd>Ctrl</kbd><span>+</span><kbd>C</kbd></span>',
        "<mark>marked</mark> <ins>in</ins> <del>out</del> x<sup>2</sup> H<sub>2</sub>O",
        '<abbr title="Hyper Text">HTML</abbr>',
        '<details class="tip">\n<summary>More</summary>\n<p>Folded.</p>\n</details>',
        '<details class="bug" open="open">',
    ):
        assert wanted in html


def test_the_way_back_from_a_footnote_is_said_in_the_readers_words() -> None:
    assert 'title="Back to where footnote 1 stands"' in shown(RICH)


def test_what_needs_a_script_stays_text() -> None:
    html = shown('=== "One"\n    a\n\n=== "Two"\n    b\n\n:material-home: :smile:\n\n```mermaid\nx\n```\n')
    assert not re.search(r"<(input|label|svg|img|script)|tabbed|mermaid\"", html)


def test_a_page_without_a_heading_gets_its_title_as_text() -> None:
    html = shown("Just this.", title="<img src=x onerror=alert(1)>")
    assert html.startswith("<h1>&lt;img src=x onerror=alert(1)&gt;</h1>")


def test_links_among_pages_become_links_among_built_pages() -> None:
    html = shown(
        "[other](other.md) [guide](../welcome.md) [task](../requests/acme-42.html)",
        more=(OwnPage("other", "Other", "x"),),
        urls=("requests/acme-42.html", "welcome.html", "index.html"),
    )
    assert re.findall(r'href="([^"]+)"', html) == ["other.html", "../welcome.html", "../requests/acme-42.html"]


@pytest.mark.parametrize("name", ["README", "readme", "index", "Index", "404", "como va", "cómo.v2"])
def test_a_page_stands_where_its_name_says_and_is_linked_there(name: str) -> None:
    other = OwnPage(name, "Other", "[back](how.md)")
    linked = f"[other](<{name}.md>) [beginning](../index.md)"
    made = own_pages([OwnPage("how", "How", linked), other], ENGLISH, ["index.html"])
    assert [page.url for page in made] == ["pages/how.html", f"pages/{name}.html"]
    contents = [str(page.model.content) for page in made if isinstance(page.model, Own)]
    assert [unquote(link) for link in re.findall(r'href="([^"]+)"', contents[0])] == [f"{name}.html", "../index.html"]
    assert 'href="how.html"' in contents[1]


def test_readme_and_index_cannot_both_be_pages() -> None:
    with pytest.raises(WorkError, match=r"pages/README\.md: index\.md stands beside it"):
        own_pages([OwnPage("README", "A", "a"), OwnPage("index", "B", "b")], ENGLISH)


def test_a_link_that_leads_nowhere_is_told_with_its_page() -> None:
    with pytest.raises(
        WorkError,
        match=r"  pages/how\.md: the link '.*nowhere\.md' leads to nothing on this portal; correct it, or take it out$",
    ):
        shown("[x](nowhere.md)")


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<img src=https://evil.example/x.png>",
        "<iframe src=https://evil.example></iframe>",
        "<a href='javascript:alert(1)'>x</a>",
        "[x](javascript:alert(1))",
        "![x](https://evil.example/x.png)",
        "<p style='position:fixed' class='r-note' onclick=alert(1)>x</p>",
        "<svg onload=alert(1)><use href=https://evil.example/#x></svg>",
        "<form action=https://evil.example><input></form>",
        "<link rel=stylesheet href=https://evil.example>",
        "# <script>alert(1)</script>\n",
        '??? note "<img src=x onerror=alert(1)>"\n    x\n',
        '++ctrl+<script>alert(1)</script>++ ++"<img src=x onerror=alert(1)>"++',
        'HTML\n\n*[HTML]: "><script>alert(1)</script>',
        "- [ ] <input type=checkbox autofocus onfocus=alert(1)>",
        "<details ontoggle=alert(1) open><summary style='x'>a</summary></details>",
        '!!! note "<script>alert(1)</script>"\n    x\n',
        "x {: onclick=alert(1) }\n{: style='x' }",
        "---\ntemplate: x\n---\nx",
        '--8<-- "/etc/passwd"',
        "{{ config.site_dir }}",
    ],
)
def test_nothing_runs_and_nothing_is_fetched(payload: str) -> None:
    html = shown(f"before\n\n{payload}\n\nafter")
    assert not re.search(r"<(script|img|iframe|svg|form|input|link|style|object|embed|base|meta)\b", html)
    assert not re.search(r"<[^>]*\s(on\w+|style|src|srcset|action)\s*=", html)
    assert 'href="javascript' not in html
    assert "root:" not in html
    assert "after" in html


def test_a_picture_elsewhere_is_a_link_in_the_readers_words() -> None:
    assert "x (Picture on another server: pics.example)" in shown("![x](https://pics.example/x.png)")


def test_no_pages_no_run() -> None:
    assert own_pages([], ENGLISH) == ()


def test_a_page_that_is_still_empty_is_a_page() -> None:
    assert shown("", title="Soon") == "<h1>Soon</h1>\n"


SOME = (OwnPage("how", "How", "[task](../requests/acme-42.html) ![x](https://pics.example/x.png)"),)
URLS = ("index.html", "requests/acme-42.html", "requests/acme-43.html")


def test_own_pages_are_kept_until_something_they_depend_on_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = own_pages(SOME, ENGLISH, URLS, tmp_path)
    with monkeypatch.context() as without:
        without.setattr(own_run, "generate", None)
        assert own_pages(SOME, ENGLISH, (*URLS, "requests/acme-44.html"), tmp_path) == first
    spanish = own_pages(SOME, catalogue("es"), URLS, tmp_path)
    assert "Imagen en otro servidor" in str(spanish[0].model)
    assert len(list(tmp_path.iterdir())) == 1


def test_another_allow_list_cleans_what_was_kept_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(Path(own_run.__file__).parent, tmp_path / "program")
    monkeypatch.setattr("recado.portal.own_pages._HERE", tmp_path / "program")
    first = own_pages(SOME, ENGLISH, URLS, tmp_path / "own")
    monkeypatch.setattr(own_run, "own_contents", lambda *_: {page.slug: "cleaned again" for page in SOME})
    assert own_pages(SOME, ENGLISH, URLS, tmp_path / "own") == first
    with (tmp_path / "program" / "own_run.py").open("a", encoding="utf-8") as code:
        code.write("# another allow-list\n")
    assert "cleaned again" in str(own_pages(SOME, ENGLISH, URLS, tmp_path / "own")[0].model)


@pytest.mark.parametrize("broken", ["", "[]", "{}", '{"other": "x"}'])
def test_kept_pages_that_are_broken_are_made_again(tmp_path: Path, broken: str) -> None:
    first = own_pages(SOME, ENGLISH, URLS, tmp_path)
    for file in tmp_path.iterdir():
        file.write_text(broken)
    assert own_pages(SOME, ENGLISH, URLS, tmp_path) == first


def test_inputs_tell_texts_words_and_the_pages_that_are_meant_and_no_others() -> None:
    inputs = own_pages_inputs(SOME, ENGLISH, URLS)
    assert own_pages_inputs(SOME, ENGLISH, (*reversed(URLS), "requests/acme-44.html")) == inputs
    others = [
        own_pages_inputs(SOME, ENGLISH, URLS[:1]),
        own_pages_inputs(SOME, catalogue("es"), URLS),
        own_pages_inputs((OwnPage("how", "Other", SOME[0].text),), ENGLISH, URLS),
        own_pages_inputs((OwnPage("other", "How", SOME[0].text),), ENGLISH, URLS),
    ]
    assert len({inputs, *others}) == 5


@pytest.mark.parametrize("link", ["acme%2D42.html", "./acme-42.html#said", "acme\\-42.html", "acme-42.html?x"])
def test_a_link_means_a_page_however_it_is_written(link: str) -> None:
    assert 'href="' in shown(f"[x](../requests/{link})", urls=("requests/acme-42.html",))
