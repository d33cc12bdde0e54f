"""Text made to keep a reader busy: each takes time by its length, not by the square of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from ingest.content.choice import read_passage
from ingest.content.html_reply import read_html
from ingest.content.reply import read_plain
from ingest.mail import Mail
from ingest.parse import parse_mail
from ingest.parts import Passage, TextPart

if TYPE_CHECKING:
    from collections.abc import Callable

# By the square of their length these take from ten seconds to hours; by the length, a tenth of a second.
SECONDS = 2.0

COSTLY: dict[str, Callable[[], object]] = {
    "bars and a letter": lambda: read_plain("|" * 100_000 + "x"),
    "hyphens and a letter": lambda: read_plain("-" * 100_000 + "x"),
    "announcements of a quotation far below": lambda: read_plain("On 1/1/20 a wrote:\n" * 20_000 + "> x\n"),
    "heads of mails": lambda: read_plain("From: a@b.c\n" * 20_000 + "Sent: x\nTo: b@c.d\n" * 10_000, is_forward=True),
    "recipients without end": lambda: read_plain(
        f"From: a\nTo: {'b@c.d;' + chr(10)}{'b@c.d;' + chr(10)}" * 12_000, is_forward=True
    ),
    "addresses left open": lambda: read_plain(("<" + "a@" * 490 + "\n") * 200, is_forward=True),
    "a flowed line in many pieces": lambda: read_plain("a \n" * 100_000, is_flowed=True),
    "a heading of hash marks": lambda: read_html(f"<h1>{'#' * 100_000}x</h1>"),
    "emphasis left open": lambda: read_html("".join(f"<b id={number}>" for number in range(1900)) + "<p>x" * 2000),
    "definition lists in one another": lambda: read_html("<dl>" * 100_000),
    "blank lines that are kept": lambda: read_passage(
        Passage((TextPart("aaa bbb"),), (TextPart(f"<pre>aaa   bbb{chr(10) * 100_000}x</pre>", is_html=True),)), {}
    ),
}


@pytest.mark.parametrize("read", COSTLY.values(), ids=COSTLY)
def test_costly_text_is_read_in_good_time(read: Callable[[], object]) -> None:
    start = time.process_time()
    read()
    assert time.process_time() - start < SECONDS


def test_a_field_of_endless_parameters_is_not_read() -> None:
    head = "From: jane@acme.example\r\nSubject: s\r\nContent-Type: text/plain"
    assert not isinstance(parse_mail(f"{head}{';' * 60_000}\r\n\r\nhi\r\n".encode()), Mail)
    assert not isinstance(parse_mail(f"{head}{(';' + chr(13) + chr(10) + ' a=b') * 9_000}\r\n\r\nhi\r\n".encode()), Mail)
    assert isinstance(parse_mail(f"{head}; charset=utf-8; format=flowed\r\n\r\nhi\r\n".encode()), Mail)


def test_hash_marks_at_the_end_of_a_heading_stay() -> None:
    assert read_html("<h2>C## in F#</h2><h2>##</h2>").text == "## C## in F\\#\n\n## \\#\\#"


def test_a_table_longer_than_anyone_made_by_hand_is_its_words() -> None:
    assert read_html("<table>" + "<tr><td>a<td>b</tr>" * 10_000).text.startswith("| a | b |\n| --- | --- |\n| a | b |")
    text = read_html("<table>" + "<tr><td>a<td>b</tr>" * 14_000).text
    assert text.split() == ["a", "b"] * 14_000
