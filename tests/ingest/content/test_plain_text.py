"""Plain mail text as Markdown that looks the same."""

from __future__ import annotations

import pytest

from ingest.content.plain import plain_to_markdown, unflow


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("Hello\n\nWorld", "Hello\n\nWorld"),
        ("Regards,\nJane\nAcme", "Regards,  \nJane  \nAcme"),
        ("# not a heading", r"\# not a heading"),
        ("- Jane", r"\- Jane"),
        ("Please:\n- one\n- two", "Please:\n\n- one\n- two"),
        ("* one\n* two", "- one\n- two"),
        ("• uno\n• dos", "- uno\n- dos"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("1) one\n2) two", "1. one\n2. two"),
        ("2. two\n3. three", "2\\. two  \n3\\. three"),
        ("- a\n  - b\n  - c\n- d", "- a\n    - b\n    - c\n- d"),
        ("- a long item\n  that goes on\n- two", "- a long item that goes on\n- two"),
        ("2026. It was", r"2026\. It was"),
        ("a * b * c", r"a \* b \* c"),
        ("snake_case and _this_", r"snake_case and \_this\_"),
        ("<b>bold</b> & &lt;", r"&lt;b>bold&lt;/b> & &amp;lt;"),
        ("[ACME-42] done", "[ACME-42] done"),
        ("[a](http://x.example)", r"\[a\](<http://x.example>)"),
        ("See https://x.example/a_b, ok.", "See <https://x.example/a_b>, ok."),
        ("(https://x.example/a_(b))", "(<https://x.example/a_%28b%29>)"),
        ("Here<https://x.example/?a=1&b=2>", "Here <https://x.example/?a=1&b=2>"),
        ("> quoted\n> more\nanswer", "> quoted  \n> more\n\nanswer"),
        ("a\n----------\nb", "a\n\n---\n\nb"),
        ("    indented words", "indented words"),
        ("Item      Price\nPosts     100\nReels      80", "```\nItem      Price\nPosts     100\nReels      80\n```"),
        ("Price\n=====", "Price\n\n---"),
        ("", ""),
        ("nul\x00 and \x1b[31m\r\nred\x85next", "nul and \\[31m  \nred  \nnext"),
    ],
)
def test_plain_text_looks_the_same(text: str, markdown: str) -> None:
    assert plain_to_markdown(text) == markdown


def test_lines_that_a_program_wrapped_are_joined_and_others_are_not() -> None:
    text = (
        "We would like to have four posts for December, one for each week, and all\n"
        "of them with a picture of the shop as it looks now that it was painted.\n"
        "Thank you,\n"
        "Jane"
    )
    assert plain_to_markdown(text) == (
        "We would like to have four posts for December, one for each week, and all of them with a picture of the shop as it "
        "looks now that it was painted.  \nThank you,  \nJane"
    )


def test_flowed_text_flows() -> None:
    assert plain_to_markdown("one \ntwo \nthree\nfour", is_flowed=True) == "one two three  \nfour"
    assert plain_to_markdown("日 \n本", is_flowed=True, deletes_space=True) == "日本"
    assert unflow(">> a \n>> b\n> c \nd\n -- \n-- \nJane") == [">> a b", "> c ", "d", "-- ", "-- ", "Jane"]


def test_an_indented_continuation_of_nothing_is_no_list() -> None:
    assert plain_to_markdown("- one\n\n\nnot two") == "\\- one\n\nnot two"
