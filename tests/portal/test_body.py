"""What becomes of the text of a mail: readable, and able to do nothing."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hostile_texts import DEEP, HOSTILE
from hypothesis import given
from hypothesis import strategies as st

from recado.portal.addresses import SCHEMES
from recado.portal.body import ATTRIBUTES, LINK_REL, TAGS, body
from recado.portal.mail_pictures import KeptPicture


class Seen(HTMLParser):
    """Every tag, attribute and word of a piece of HTML, as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.other: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    def handle_decl(self, decl: str) -> None:
        self.other.append(decl)

    def handle_pi(self, data: str) -> None:
        self.other.append(data)


def assert_harmless(html: str) -> Seen:
    seen = Seen(html)
    assert set(seen.tags) <= TAGS
    assert not seen.other
    for tag, name, value in seen.attributes:
        assert name in ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set())
        if name == "href":
            assert value.partition(":")[0].lower() in SCHEMES
        if name == "rel":
            assert value == LINK_REL
    return seen


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Hola\nMarta", "<p>Hola<br>\nMarta</p>"),
        (
            "Una línea que se acabó porque el programa la cortó por aquí\nno termina donde termina.",
            "<p>Una línea que se acabó porque el programa la cortó por aquí\nno termina donde termina.</p>",
        ),
        ("Necesito:\n- velas\n- macetas", "<p>Necesito:</p>\n<ul>\n<li>velas</li>\n<li>macetas</li>\n</ul>"),
        ("#vela #navidad", "<p>#vela #navidad</p>"),
        ("# Pedido", "<h3>Pedido</h3>"),
        ("###### Pedido", "<h3>Pedido</h3>"),
        ("    una línea metida", "<p>una línea metida</p>"),
        ("un precio\n---", "<p>un precio  </p>\n<hr>"),
        ("611. Los demás vinieron dos veces.", "<p>611. Los demás vinieron dos veces.</p>"),
        ("1. Uno\n2. Dos\n\n3. Tres", "<ol>"),
        ("Pasos:\n1. Uno\n2. Dos", "<p>Pasos:</p>\n<ol>\n<li>Uno</li>\n<li>Dos</li>\n</ol>"),
        ("~~no~~ **sí** _quizá_", "<p><del>no</del> <strong>sí</strong> <em>quizá</em></p>"),
        ("[velas]: caras", "<p>[velas]: caras</p>"),
        (r"1 \< 2 \| 3", "<p>1 &lt; 2 | 3</p>"),
        ("`a < b`", "<p><code>a &lt; b</code></p>"),
        ("a | b\n--|--:\n1 | 2", 'align="right"'),
    ],
)
def test_markdown_is_read_as_people_write_it_in_mail(written: str, shown: str) -> None:
    assert shown in body(written)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("mira https://a.example/x_y_z?a=1&b=2.", "https://a.example/x_y_z?a=1&b=2"),
        ("(https://a.example/x)", "https://a.example/x"),
        ("https://a.example/x_(y)", "https://a.example/x_(y)"),
        (r"https://a.example/x\_y", "https://a.example/x_y"),
        ("<https://a.example/>", "https://a.example/"),
        ("jane_d@acme.example, por favor", "mailto:jane_d@acme.example"),
        ("<jane@acme.example>", "mailto:jane@acme.example"),
        ("[aquí](https://a.example)", "https://a.example"),
        ("[llámame](tel:+34600000000)", "tel:+34600000000"),
    ],
)
def test_addresses_in_a_sentence_are_links(written: str, address: str) -> None:
    seen = assert_harmless(body(written))
    assert ("a", "href", address) in seen.attributes


def test_a_link_in_a_link_stays_one_link() -> None:
    assert body("[https://a.example](https://b.example)").count("<a ") == 1


def test_a_picture_elsewhere_is_a_link_that_says_so() -> None:
    seen = assert_harmless(body("![gato](https://evil.example/1.gif?who=lucia)"))
    assert "gato (Picture on another server: evil.example)" in seen.text
    assert "img" not in seen.tags


PLAN = "../requests/acme-1/0000aaaa-a-plan.png"
CAME = {
    "files/0000aaaa-a%20plan.png": KeptPicture(PLAN, is_drawn=True),
    "files/0000aaaa-x.svg": KeptPicture("x.svg.zip", is_drawn=False),
}
ELSEWHERE = f'<a href="https://a.example/" rel="{LINK_REL}">'
TO_PLAN = f'<a href="{PLAN}" rel="{LINK_REL}">'
DRAWN = f'<img alt="a plan" loading="lazy" src="{PLAN}">'


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("![a plan](files/0000aaaa-a%20plan.png)", f"{TO_PLAN}{DRAWN}</a>"),
        ("![x](files/0000aaaa-x.svg)", f'<a href="x.svg.zip" rel="{LINK_REL}">x</a>'),
        (
            "[![a plan](files/0000aaaa-a%20plan.png)](https://a.example/)",
            f"{ELSEWHERE}{DRAWN}</a>",
        ),
        ("[![x](files/0000aaaa-x.svg)](https://a.example/)", f"{ELSEWHERE}<em>x</em></a>"),
        ("![a](files/0000aaaa-other.png)", "<em>a</em>"),
    ],
    ids=["drawn", "not drawn by every browser", "in a link", "not drawn, in a link", "not one that came"],
)
def test_a_picture_that_came_along_is_shown_and_leads_to_its_file(written: str, html: str) -> None:
    assert body(written, pictures=CAME) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    "written",
    [
        "![a](recado-kept:0)",
        "[a](recado-kept:0)",
        '<img src="recado-kept:0">',
        '`<a href="recado-kept:0">`',
        '![<a href="recado-kept:1" x](https://evil.example/)',
        "[a](https://a.example \"<img src='recado-kept:0'\")",
    ],
)
def test_no_text_writes_what_stands_for_a_picture_until_it_is_cleaned(written: str) -> None:
    seen = Seen(body(f"{written}\n\n![a plan](files/0000aaaa-a%20plan.png)", pictures=CAME))
    assert [value for _, name, value in seen.attributes if value == PLAN] == [PLAN, PLAN]
    assert seen.tags.count("img") == 1
    assert not [value for _, name, value in seen.attributes if value.startswith("recado-kept") and name != "alt"]


@pytest.mark.parametrize(
    ("written", "levels"),
    [((1,), "2"), ((3,), "2"), ((1, 3, 6, 2, 1), "23432"), ((2, 3, 1), "232")],
)
def test_headings_go_under_those_of_the_page_and_leave_no_level_out(written: tuple[int, ...], levels: str) -> None:
    text = "\n\n".join(f"{'#' * level} x" for level in written)
    assert "".join(re.findall(r"<h(\d)>", body(text, top=2))) == levels


@pytest.mark.parametrize("payload", HOSTILE)
def test_nothing_hostile_gets_through_and_it_is_there_to_read(payload: str) -> None:
    for written in (payload, f"# {payload}", f"> {payload}", f"- {payload}", f"antes\n{payload}\ndespués"):
        seen = assert_harmless(body(written))
        if "alert(1)" in payload:
            told = seen.text + " ".join(value for _, _, value in seen.attributes)
            assert "alert" in told or UNSAID.search(payload)


@pytest.mark.parametrize(
    "many",
    [
        "[" * 90_000,
        "[a](" * 20_000,
        "![" * 40_000,
        "~~a " * 20_000,
        "> " * 40_000,
        "*a_b" * 20_000,
        "a@" * 40_000,
        "- a\n" * 20_000,
    ],
)
def test_a_text_made_to_be_slow_is_not(many: str) -> None:
    start = time.monotonic()
    assert_harmless(body(many))
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    "text",
    [
        "# " + "#" * 90_000 + "x",
        "**a*b " * 15_000,
        "`a " * 30_000,
        "a|b\n-|-\n" + "`|" * 45_000,
        "# a\n" * 24_000,
        ">a\n" * 30_000,
    ],
    ids=["hash marks", "emphasis", "code", "table", "headings", "quotation"],
)
def test_a_text_that_would_take_time_by_its_square_is_done_in_good_time(text: str) -> None:
    start = time.process_time()
    body(text)
    assert time.process_time() - start < 2


@pytest.mark.parametrize("text", DEEP, ids=range(len(DEEP)))
def test_what_stands_in_itself_ten_thousand_times_is_read_or_shown_as_it_was_typed(text: str) -> None:
    start = time.process_time()
    assert_harmless(body(text))
    assert time.process_time() - start < 5


def test_a_long_text_is_read_in_pieces_that_show_what_the_whole_does() -> None:
    blocks = ["One *two*.", "- a\n\n    b\n\n- c", "```\nx\n\ny\n```", "> q\n\n> r", "1. one\n2. two", "last words"]
    text = "\n\n".join(blocks * 900)
    short = "\n\n".join(blocks)
    assert 50_000 < len(text) < 100_000
    assert body(text).count("<li>") == 900 * body(short).count("<li>")
    assert body(text).count("<em>two</em>") == 900
    assert body(text).count("<pre>") == 900


def test_a_text_that_is_too_long_is_shown_as_it_was_typed() -> None:
    shown = body("<b>uno</b>\ndos\n\n" + "palabra " * 20_000)
    assert shown.startswith("<p>&lt;b&gt;uno&lt;/b&gt;<br>dos</p>")


PIECES = st.one_of(
    st.sampled_from(
        [
            *"#*_`~>|[](){}<>!&;:\"'\\-+=.,/ \n\t",
            "\n\n",
            "    ",
            "- ",
            "1. ",
            "```",
            "](",
            "![",
            "<b ",
            "on=",
            "http://",
            "@",
            "&lt;",
            "--|--",
        ]
    ),
    st.from_regex(r"[a-zñü]{2,6}", fullmatch=True),
)
WORDS = re.compile(r"[a-zñü]{2,}")
# What a text may lose: the address of a picture that is no server's; a fence's language. An entity is a letter.
UNSAID = re.compile(r"!\[|```|~~~|&")


@given(st.lists(PIECES, max_size=60).map("".join))
def test_every_word_is_there_to_read_and_nothing_else_is(text: str) -> None:
    seen = assert_harmless(body(text))
    if not UNSAID.search(text):
        told = seen.text + " ".join(value for _, _, value in seen.attributes)
        assert all(word in told for word in WORDS.findall(text))


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    assert_harmless(body(text))
