"""HTML that says no more than the plain form beside it is left unread: what comes of a mail is the same as if it were read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.content import choice
from ingest.content.bare_html import most_words
from ingest.content.choice import read_passage
from ingest.parse import parse_mail
from ingest.parts import Passage, TextPart

if TYPE_CHECKING:
    from ingest.content.written import Written
    from ingest.mail import Mail, Unreadable

REPLIES = sorted((Path(__file__).parent / "replies").glob("*.mail"))
RULE = b"\n" + b"=" * 20 + b"\n"
SAID = (
    "please publish the posts on Monday: the second version, not the first. I am away on Tuesday, and back on Wednesday in the "
    "afternoon. The list of subjects for December is with Paul, who will send it to you today."
)
LETTER = f"Dear Marta,\n\n{SAID}\n\nJane\n"
ANSWER = f"{LETTER}\nOn Mon, 2 Nov 2026 at 09:00, Marta Ruiz <marta@marta.example> wrote:\n> Which version shall I take?\n"
USUAL_HTML = (
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body><div dir="ltr">Dear Marta,'
    f'<br><p class="MsoNormal">{SAID}</p><div>Jane</div></div></body></html>'
)
USUAL_ANSWER = (
    f'<div dir="ltr">Dear Marta,<div><br></div><div>{SAID}</div><div>Jane</div></div><br>'
    '<div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, 2 Nov 2026 at 09:00, Marta Ruiz '
    '&lt;<a href="mailto:marta@marta.example">marta@marta.example</a>&gt; wrote:<br></div>'
    '<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid">Which version shall I take?'
    "</blockquote></div>"
)


def of(plain: str, html: str) -> Passage:
    return Passage((TextPart(plain),), (TextPart(html, is_html=True),))


def read_whole(passage: Passage) -> Written:
    """Read a passage with its HTML form, whatever that is."""
    with mock.patch.object(choice, "_says_all", return_value=False):
        return read_passage(passage, {})


def parsed_whole(raw: bytes) -> Mail | Unreadable:
    with mock.patch.object(choice, "_says_all", return_value=False):
        return parse_mail(raw)


@pytest.mark.parametrize(("plain", "html"), [(LETTER, USUAL_HTML), (ANSWER, USUAL_ANSWER)], ids=["a letter", "an answer"])
def test_html_as_mail_programs_write_it_is_not_read_where_it_says_the_same(plain: str, html: str) -> None:
    expected = read_whole(of(plain, html))
    with mock.patch.object(choice, "read_html", side_effect=AssertionError("it was read")):
        assert read_passage(of(plain, html), {}) == expected


@pytest.mark.parametrize("file", REPLIES, ids=[file.stem for file in REPLIES])
def test_what_a_reply_of_a_mail_program_says_is_the_same(file: Path) -> None:
    raw = file.read_bytes().partition(RULE)[2]
    assert parse_mail(raw) == parsed_whole(raw)


@pytest.mark.parametrize(
    "html",
    [
        "<p>Please publish <b>today</b></p>",
        "<p>Please publish</p><ul><li>one<li>two</ul>",
        "<table><tr><td>Please</td><td>publish</td></tr></table>",
        '<p>Please publish <img src="cid:a"></p>',
        '<p>Please publish <a href="https://client.example/plan">the plan</a></p>',
        '<p style="font-weight:bold">Please publish</p>',
        '<p>Please <span style="display:none">do not </span>publish</p>',
        "<p>Please <!-- do not --> publish</p>",
        "<h1>Please publish</h1>",
        "<p>| Please | publish |</p>",
        "<p>**Please publish**</p>",
        "<p>[Please](https://client.example/) publish</p>",
        "<p>1234567890. Please publish</p>",
        "<p>Please publish what is at https://client.example/ñ</p>",
        "<p>-------- Forwarded message --------</p><p>Please publish</p>",
        "<p>Forwarded message:</p><p>Please publish</p>",
        "<p>For&#119;arded <span></span>mess<span>age</span>:</p><p>Please publish</p>",
        "<p>From: Bo</p><p>Date: 2 Nov 2026 09:00</p><p>Please publish</p>",
        "<p>Bo &lt;bo@other.example&gt;:</p><p>Please publish</p>",
        "<p>Please publish</p><p title='a'>today</p>",
        "<p>Please publish <em",
    ],
)
def test_html_that_may_say_more_is_read(html: str) -> None:
    assert most_words([html], "Please publish", is_doubtful=False) is None


def test_html_of_many_more_words_than_a_stub_of_a_plain_form_is_read() -> None:
    passage = of("See the HTML form.", f"<p>{'Please publish the posts on Monday. ' * 10}</p>")
    assert read_passage(passage, {}) == read_whole(passage)
    assert "publish" in read_passage(passage, {}).text


def test_a_link_that_the_plain_form_spells_out_says_no_more() -> None:
    html = '<p>Please publish <a class="x" href="https://client.example/plan">the plan</a></p>'
    assert most_words([html], "Please publish the plan <https://client.example/plan>", is_doubtful=False) is not None


WORDS = st.sampled_from(
    """
    please publish the posts Jane From: To: Subject: Date: wrote: Sent: On 2026 09:00
    bo@other.example <bo@other.example> https://a.example/x_(y)?z https://a.example/plan
    ](https://a.example/) Forwarded message: ---- -- - > *
    **     _a_ ~~ # 1. 12345678901. | = ~~~ & &amp; &lt; {x} [1] [a](b) ``` \\ \u00a0 \u200b \u2028 ñ ·
    """.split()
)
LINES = st.lists(WORDS, max_size=8).map(" ".join)
TEXTS = st.lists(LINES, max_size=6)
TAGS = st.sampled_from(
    """
    <p> </p> <div> </div> <div\tdir="ltr"> <br> <br/> <hr> <span> </span> <font\tcolor="red"> </font> <blockquote> </blockquote>
    <b> </b> <i> <ul> <li> </ul> <h2> <td> <table> <pre> </pre> <code> <img\tsrc="cid:a"> <a\thref="https://a.example/plan">
    <a\thref="https://b.example/"> <a\thref="mailto:bo@other.example"> <a\tname="x"> </a> <p\tclass="gmail_quote"> <!--x-->
    <div\tstyle="display:none"> <span\tstyle="font-weight:bold"> <p\tid="appendonsend"> <div\tclass="gmail_signature">
    <p\thidden>     <style> </style> <p\ttitle='a'> <o:p> </o:p> <blockquote\ttype="cite"> <center> <title> </title> <q
    """.split("\n")
).flatmap(lambda line: st.sampled_from([tag.replace("\t", " ") for tag in line.split(" ") if tag] or [""]))


@settings(max_examples=400)
@given(
    plain=TEXTS.map("\n".join),
    html=st.lists(st.one_of(TAGS, TAGS, WORDS, WORDS.map(lambda word: f"{word} "), st.just("\n")), max_size=30).map("".join),
)
@example(plain="Yes", html="<p>Yes ~~ ~~ ~~ ~~ ~~ ~~ ~~ ~~ ~~ ~~ ~~</p>")
@example(plain="Yes", html="<p>Yes https://a.example/((((((((((((((((((((x</p>")
def test_what_is_left_unread_would_have_changed_nothing(plain: str, html: str) -> None:
    assert read_passage(of(plain, html), {}) == read_whole(of(plain, html))


@settings(max_examples=200)
@given(lines=TEXTS, ends=st.sampled_from(["<br>", "</p><p>", "</div><div>", "<br>\n", " "]))
def test_nor_where_both_forms_say_the_same(lines: list[str], ends: str) -> None:
    html = ends.join(line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for line in lines)
    passage = of("\n".join(lines), f"<div>{html}</div>")
    assert read_passage(passage, {}) == read_whole(passage)
