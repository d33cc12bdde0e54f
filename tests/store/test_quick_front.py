"""The quick way through a front matter reads what YAML reads, and hands over whatever it is not sure of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recado.store.front_matter import read_front_matter
from recado.store.messages import _any_message, parse_message
from recado.store.quick_front import plain_front
from recado.store.strict_yaml import written_values
from recado.store.tasks import _any_task, parse_task

if TYPE_CHECKING:
    from recado.errors import Problem

# What means something to YAML, what looks like a line end, and what people write.
PIECES = [
    *": # - ? , [ ] { } & * ! | > ' \" % @ ` ~ < = . / ( ) $ ^ + \\".split(" "),
    *(
        " ",
        "  ",
        "\t",
        "\n",
        "\n  ",
        "\r",
        "\x85",
        "\u2028",
        "\u2029",
        "\ufeff",
        "\xa0",
        "\x00",
        "\x7f",
        "\ud7ff",
        "\ue000",
        "\U0001f600",
    ),
    *(
        "é",
        "Ω",
        "null",
        "yes",
        "true",
        "no",
        "---",
        "...",
        "<<<<<<< a",
        "=======",
        ">>>>>>> b",
        "<<",
        "a",
        "b c",
        "R&D",
        "it's",
    ),
    *(
        "[]",
        "[a, b]",
        "[a,b]",
        "[null]",
        "[a b, c]",
        "[ a]",
        "'a: b'",
        "''",
        '"x"',
        "'it''s'",
        "a: b",
        "a #b",
        "a:",
        "- a",
        "{}",
    ),
    *(
        "ACME-42",
        "acme-42",
        "ACME-7",
        "2026-11-28",
        "2026-11-24T08:12:09Z",
        "2026-11-28 17:00 Europe/Madrid",
        "1899-01-01",
        "2h30m",
    ),
    *(
        "Jane <jane@acme.example>",
        "jane@acme.example",
        "[jane@acme.example, li@acme.example]",
        "<x.1@acme.example>",
        "doing",
        "Done",
    ),
    *(
        "request",
        "reply",
        "pass",
        "accepted",
        "sha256:7f3a91c2",
        "[brief.pdf, a (1).pdf]",
        "third-party",
        "&a x",
        "*a",
        "!t x",
        "Re: x",
    ),
]
KEYS = [
    *(
        "title",
        "ref",
        "status",
        "important",
        "urgent",
        "service",
        "received",
        "due",
        "estimate",
        "requester",
        "assignee",
        "message",
    ),
    *(
        "merged",
        "from",
        "kind",
        "message_id",
        "digest",
        "to",
        "date",
        "subject",
        "verified",
        "flags",
        "attachments",
        "sender",
        "own",
    ),
    *("Title", "own-key", "? a", "- a", "<<", "'title'", "", " title", "título", "model_config"),
]
values = st.one_of(st.sampled_from(PIECES), st.lists(st.sampled_from(PIECES), max_size=4).map("".join), st.text(max_size=12))
lines = st.builds("{}{}{}".format, st.sampled_from(KEYS), st.sampled_from([": "] * 12 + [":", ":  ", " : ", "", " "]), values)
TASK = "title: Posts\nstatus: doing"
MESSAGE = "from: Jane <jane@acme.example>\nreceived: 2026-11-24T08:12:09Z\nkind: request"
bodies = st.sampled_from(["", "Words\n", "a\n---\nb", "<<<<<<< a\n=======\n>>>>>>> b\n", "<!-- recado: quoted -->\nold\n"])
closings = st.sampled_from(["\n---\n"] * 12 + ["\n---", "\n--- \n", "\n...\n", "\n", "---\n"])
openings = st.sampled_from(["---\n"] * 12 + ["--- \n", "----\n", "", "\ufeff---\n", "\n---\n"])


@st.composite
def files(draw: st.DrawFn, needed: str) -> str:
    front = draw(st.lists(lines, max_size=5))
    if draw(st.integers(0, 4)):
        front.insert(draw(st.integers(0, len(front))), needed)
    return draw(openings) + "\n".join(front) + draw(closings) + draw(bodies)


@given(text=files(TASK), name=st.sampled_from(["0042-posts", "0042", "posts"]))
@example(text="---\ntitle: a\ntitle: b\n---\n", name="0042")
@example(text="---\ntitle: [a]\n---\n", name="0042")
@example(text="---\ntitle: Posts\ndue:\n---\n", name="0042")
@example(text="---\ntitle: \r\r0\n---\n", name="0042")  # YAML counts more lines here than an editor
def test_a_task_read_quickly_is_the_one_that_yaml_reads(text: str, name: str) -> None:
    quick: list[Problem] = []
    whole: list[Problem] = []
    assert parse_task(name, text, "ACME", "t.md", quick) == _any_task(name, text, "ACME", "t.md", whole)
    assert quick == whole


@given(text=files(MESSAGE))
@example(text=f"---\n{MESSAGE}\nsender: Li\n---\n")
@example(text=f"---\n{MESSAGE}\nto: []\nflags: [a, b-c]\nattachments: a.pdf\n---\nx\n<!-- recado: quoted -->\ny\n")
def test_a_message_read_quickly_is_the_one_that_yaml_reads(text: str) -> None:
    quick: list[Problem] = []
    whole: list[Problem] = []
    assert parse_message("m", text, "m.md", quick) == _any_message("m", text, "m.md", whole)
    assert quick == whole


@given(text=files(TASK))
def test_what_is_taken_for_plain_says_the_same_to_yaml(text: str) -> None:
    found = plain_front(text)
    if found is not None:
        marked = read_front_matter(text)
        assert (written_values(marked.front).value, marked.front.faults, marked.body) == (found[0], (), found[1])


@pytest.mark.parametrize(
    "value",
    [
        "December posts (12), Jane's & Li's",
        "'Re: [ACME-42] Posts'",
        "¿Qué hay?",
        "Jane Doe <jane@acme.example>",
        "<1.2@acme.example>",
        "sha256:7f3a91c2",
        "2026-11-24T08:12:09Z",
        "[jane@acme.example, li@acme.example]",
        "[]",
        "",
    ],
)
def test_what_the_program_writes_is_plain(value: str) -> None:
    assert plain_front(f"---\ntitle:{value and ' '}{value}\n---\nWords\n") is not None


@pytest.mark.parametrize(
    "front",
    [
        'title: "a"', "title: 'it''s'", "title: {a: b}", "title: [a", "title: [[a]]", "title: &a b", "title: *a", "title: a: b",
        "title: a:", "title: a # b", "# title", "title: |\n  a", "title: >", " title: a", "title: a\n  b", "title:\ta",
        "title: a\tb", "title: a\ntitle: b", "title: ~", "title: null", "título: a", "<<<<<<< a", "title: a\r", "title: a ",
        "title: - a", "title: ? a", "title: !t a", "title: @a", "title: %a", "title: a\x85b", "title: a\u2028b",
        "title: \ufeffa", "title: a\x00", "", "title", "title:a", "- a", "---", "to: [null]", "to: [a, null]",
    ],
)  # fmt: skip
def test_on_any_doubt_yaml_reads_the_file(front: str) -> None:
    assert plain_front(f"---\n{front}\n---\nWords\n") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Words\n",
        "\ufeff---\na: b\n---\n",
        "---\na: b\n",
        "---\na: b\n---",
        "---\r\na: b\r\n---\r\n",
        "---\na: b\n---\n<<<<<<< a\n=======\n>>>>>>> b\n",
    ],
)
def test_a_front_matter_that_is_not_whole_is_left_to_yaml(text: str) -> None:
    assert plain_front(text) is None
