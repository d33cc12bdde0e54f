"""Plain paragraphs take the short way, and come out as they would have come out on the long one."""

from __future__ import annotations

import subprocess
import sys
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recado.portal.body import body
from recado.portal.marked_up import marked_up_html
from recado.portal.prose import prose_html
from recado.speech import catalogue

# What is nearly a mark of Markdown's, nearly an address, nearly an entity, or a blank of another kind.
_NEARLY = (
    *(
        "1.",
        "2. ",
        "12. x",
        "٣. ",
        "10)",
        "3.5",
        "a.",
        "- ",
        "-",
        "--",
        "---",
        "+ ",
        "+",
        "=",
        "===",
        "#",
        "# ",
        "##",
        "####### ",
    ),
    *(
        ">",
        "> ",
        "->",
        "<",
        "<b>",
        "</p>",
        "<!--",
        "-->",
        "<?",
        "]]>",
        "&",
        "& ",
        "&amp;",
        "&amp",
        "&#38;",
        "&lt",
        "#x20;",
        ";",
    ),
    *("http:", "https", "//", "www.a.example", "mailto:a", ":", "::", "'", '"', "«", "“", "…", "–", "•", "~", "~~", "!", "!!!"),
    *("a]", "[b", "![", "]", "(c)", "(", ")", "[ACME-1]", "[x]:", "[^1]", "{", "}", "{: .a}", "{{x}}", "--8<--", "^", "$", "%"),
    *("\u00a0", "\u2003", "\u3000", "\u200b", "\u00ad", "\ufeff", "\u2028", "\u2029", "\U0001fffe", "\t", "*", "_", "`", "|"),
    *(
        " ",
        "  ",
        "   ",
        "\n",
        "\n\n",
        "\n \n",
        "\n  \n",
        "\n\n\n",
        "term\n: what it is",
        "palabra",
        "ñandú",
        "x" * 55,
        "x" * 60,
    ),
    *("y " * 28, "Una frase más larga que sigue en la misma línea"),
)
_TEXTS = st.lists(st.sampled_from(_NEARLY) | st.text(max_size=4), max_size=25).map("".join)


def _the_long_way(text: str) -> str:
    return marked_up_html(text, catalogue("es"), 3, MappingProxyType({}))


@settings(max_examples=400)
@given(text=_TEXTS)
def test_the_short_way_gives_what_markdown_and_the_allow_list_give(text: str) -> None:
    readable = "".join(char for char in text if char not in "\r\x0b\x0c" and (char >= " " or char in "\t\n"))
    readable = "".join(char for char in readable if not "\x7f" <= char <= "\x9f" and not "\ud800" <= char <= "\udfff")
    written = prose_html(readable)
    if written is not None:
        assert written == _the_long_way(readable)
    else:
        assert body(readable) == marked_up_html(readable, catalogue("en"), 3, MappingProxyType({}))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("Hola\nMarta", "<p>Hola<br>\nMarta</p>"),
        ("Dos párrafos.\n\n\nY otro.\n", "<p>Dos párrafos.</p>\n<p>Y otro.</p>"),
        ("R&D, 1 < 2 -> bien; «así» y 'así' [sic]", "<p>R&amp;D, 1 &lt; 2 -&gt; bien; «así» y 'así' [sic]</p>"),
        ("#vela: 3.5 kg a 12\u00a0€", "<p>#vela: 3.5 kg a 12&nbsp;€</p>"),
        ("+34 600 000 000\n-Marta", "<p>+34 600 000 000<br>\n-Marta</p>"),
    ],
)
def test_what_people_mostly_write_takes_the_short_way(text: str, html: str) -> None:
    assert prose_html(text) == html == _the_long_way(text)


@pytest.mark.parametrize(
    "text",
    [
        *("*sí*", "_sí_", "`x`", "[a](b)", "a@b.example", "https://a.example", "~~no~~", "a | b", r"\*", "&amp;", "a\tb"),
        *("- uno", "-\nuno", "+ uno", "1. uno", "1.\nuno", "# uno", "#\nuno", "> uno", "---", " uno", "uno ", "uno\n\u3000"),
    ],
)
def test_what_may_mean_something_goes_the_long_way(text: str) -> None:
    assert prose_html(text) is None


def test_plain_paragraphs_need_neither_markdown_nor_the_allow_list() -> None:
    asked = (
        "import sys; from recado.portal.body import body; body('Hola,\\n\\nno'); print({'markdown', 'nh3'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)  # noqa: S603 (our own words)
    assert done.stdout.strip() == "set()"
