"""What Markdown shows of words that were not Markdown: exactly those words."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ingest.content.escape import escape_line_start, with_links
from ingest.content.html import tree_to_markdown
from ingest.content.markup import read_markup
from ingest.content.plain import plain_to_markdown
from recado.portal.body import body


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.tags: set[str] = set()

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 (the library's signature)
        self.tags.add(tag)
        self.pieces.append("" if tag in {"a", "b", "i", "u", "em", "strong", "code", "span", "font"} else " ")


def seen(page: str) -> tuple[str, set[str]]:
    """Give the words of a page without white space, and its tags. Addresses are compared decoded and without angle brackets."""
    reader = _Seen()
    reader.feed(page)
    reader.close()
    words = re.sub(r"<(https?://[^\s<>]+)>", r"\1 ", "".join(reader.pieces))
    words = re.sub(r"https?://\S+", lambda match: html.unescape(unquote(match[0])), words)
    return "".join(words.split()), reader.tags


_COMMONMARK = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_ALL_EXTENSIONS = ["tables", "sane_lists", "fenced_code", "attr_list", "footnotes", "def_list", "abbr", "md_in_html"]
READERS = [
    pytest.param(lambda text: str(body(text)), id="portal"),
    pytest.param(markdown.markdown, id="python-markdown"),
    pytest.param(lambda text: markdown.markdown(text, extensions=_ALL_EXTENSIONS), id="python-markdown-extended"),
    pytest.param(_COMMONMARK.render, id="commonmark"),
]

_TOKENS = st.sampled_from(
    [
        *"\\`*_{}[]()<>#+-.!|~=:&;\"'^@$%/ ab1é",
        *("http://x.y/a_b*c ", "&lt;", "&amp;", "<b>", "**", "__", "[a]", "](", "]:", "[^1]", "---", "~~~", "```", "1. ", "- "),
        *("{: .x}", "*[", "&#60;", "<!--", "-->", "<?", "www.x.y", "a@b.example", "    "),
    ]
)
_LINES = st.lists(_TOKENS, min_size=1, max_size=10).map("".join).map(str.strip).filter(bool)


@pytest.mark.parametrize("render", READERS)
@given(st.lists(_LINES, min_size=1, max_size=3))
def test_escaped_lines_are_shown_as_they_were_typed(render: object, lines: list[str]) -> None:
    assert callable(render)
    shown, tags = seen(render("  \n".join(escape_line_start(with_links(line)) for line in lines)))
    assert shown == seen(html.escape(" ".join(lines)))[0]
    assert tags <= {"p", "br", "a"}


_WORDS = st.lists(
    st.sampled_from(
        [
            *(
                "a",
                "*b*",
                "_c_",
                "<script>",
                "1.",
                "-",
                "#",
                "# x",
                "[l](u)",
                "`k`",
                "é",
                "&lt;",
                "x|y",
                "~~s~~",
                "> q",
                "{: .c}",
                "==",
            ),
            *("1) z", "+ p", "\\", "!", "[r]:", "http://h.example/p", "**", "___", "---", "👍"),
        ]
    ),
    min_size=1,
    max_size=3,
).map(lambda words: html.escape(" ".join(words)))


def _within(*tags: str) -> st.SearchStrategy[str]:
    return st.sampled_from(tags)


_INLINE = st.recursive(
    _WORDS,
    lambda inner: st.one_of(
        st.tuples(_within("b", "i", "span", "u", "code", "font"), inner).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"),
        st.lists(inner, min_size=2, max_size=3).map("<br>".join),
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
        inner.map(lambda words: f'<a href="https://x.example/a(b)_*c">{words}</a>'),
    ),
    max_leaves=4,
)


def _items(tag: str, items: list[str]) -> str:
    return f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>"


_BLOCKS = st.recursive(
    st.tuples(_within("p", "div", "h2"), _INLINE).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda blocks: f"<div>{''.join(blocks)}</div>"),
        st.lists(inner, min_size=1, max_size=2).map(lambda blocks: f"<blockquote>{''.join(blocks)}</blockquote>"),
        st.tuples(_within("ul", "ol"), st.lists(st.one_of(_INLINE, inner), min_size=1, max_size=3)).map(
            lambda pair: _items(*pair)
        ),
        st.lists(st.tuples(_INLINE, _INLINE), min_size=2, max_size=3).map(
            lambda rows: f"<table>{''.join(f'<tr><td>{one}</td><td>{two}</td></tr>' for one, two in rows)}</table>"
        ),
    ),
    max_leaves=5,
)


@given(_BLOCKS)
def test_words_of_html_come_out_of_the_portal_as_they_went_in(source: str) -> None:
    page = str(body(tree_to_markdown(read_markup(source), {})))
    assert seen(page)[0] == seen(source)[0]
    assert "<script" not in page


@given(st.text(alphabet="ab12 \n>-*•.)#\t", max_size=120))
def test_plain_text_loses_no_word(text: str) -> None:
    shown, _ = seen(str(body(plain_to_markdown(text))))
    for letter in "ab":
        assert shown.count(letter) == text.count(letter)
