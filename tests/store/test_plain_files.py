"""Plain files are read as the full reading reads them: the quick way gives the same, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import example, given
from hypothesis import strategies as st

from recado.store import messages, tasks
from recado.store.front_matter import read_front_matter
from recado.store.messages import write_message
from recado.store.plain_files import plain_message, plain_task
from recado.store.plain_front import plain_front

if TYPE_CHECKING:
    from recado.errors import Problem
    from recado.model.message import Message
    from recado.model.task import Task

VALUES = st.one_of(
    st.sampled_from(
        [
            *(
                "new",
                "done",
                "Done ",
                "odd",
                "true",
                "no",
                "NO",
                "~",
                "null",
                "Null",
                "1:30",
                "2026-11-24",
                "2026-11-24T08:12:09Z",
            ),
            *(
                "2026-11-24T08:12:09+01:00",
                "1h30m",
                "ACME-42",
                "ACME-7",
                "Jane Doe <jane@acme.example>",
                "jane@acme.example",
                "[]",
            ),
            *(
                "[a, b]",
                "[ a ,b]",
                "[a: b]",
                '["a"]',
                "[~]",
                "[a,]",
                "[,]",
                "[a b]",
                "<CAF@mail.example>",
                "sha256:ab12",
                "x: y",
                "x:",
                ": x",
            ),
            *(
                "x #y",
                "x#y",
                "#x",
                "- x",
                "-x",
                "?x",
                "&x y",
                "*x",
                "!x y",
                "|",
                ">",
                "'x'",
                '"x"',
                "'x",
                '"x',
                "%x",
                "@x",
                "`x",
                "{a: b}",
            ),
            *(
                "=",
                "<<",
                "x\ty",
                " x",
                "x ",
                "ñandú",
                "x\u00a0y",
                "x\u2028y",
                "x\x85y",
                "\ufeffx",
                "x\x00y",
                "x\\ny",
                "<script>",
                "<",
                "<~",
                "0x1",
                "é\u0301",
            ),
        ]
    ),
    st.text(alphabet="ab1 :#-[]{}'\"<>@,~ñ\t\u00a0", max_size=12),
)
KEYS = st.sampled_from(
    "title status ref received due estimate requester important urgent message merged from kind verified to flags subject date "
    "attachments digest message_id other Title 1 a-b".split()
)
LINES = st.one_of(
    st.builds("{}: {}".format, KEYS, VALUES),
    st.builds("{}:{}".format, KEYS, VALUES),
    st.sampled_from(
        ["", "# words", "title:", "  title: x", "- a", "...", "--- ", "<<<<<<< mine", "due:  2026-11-24", "title : x"]
    ),
)
BODIES = st.sampled_from(
    ["", "Words\n", "---\n", "Words\n\n<!-- recado: quoted -->\n\nTheirs\n", "<<<<<<< a\n=======\n>>>>>>> b\n", "\n---\nmore"]
)
FRONTS = st.lists(LINES, max_size=6, unique=True)
NEEDED = ["from: Jane <jane@acme.example>", "received: 2026-11-24T08:12:09Z", "kind: reply"]


def file_of(lines: list[str], body: str) -> str:
    return "---\n" + "".join(f"{line}\n" for line in lines) + f"---\n{body}"


def fully_read_task(text: str) -> Task | None:
    """Read it without the quick way."""
    problems: list[Problem] = []
    found = tasks.parse_task_in_full("0042-x", text, "ACME", "x.md", problems)
    return None if problems else found


def fully_read_message(text: str) -> Message | None:
    problems: list[Problem] = []
    found = messages.parse_message_in_full("20261124T081209Z-0000aaaa", text, "x.md", problems)
    return None if problems else found


@given(FRONTS, BODIES)
@example(["title: x", "status: done"], "Words\n")
def test_a_plain_front_matter_is_read_as_the_strict_loader_reads_it(lines: list[str], body: str) -> None:
    text = file_of(lines, body)
    plain = plain_front(text)
    if plain is not None:
        marked = read_front_matter(text)
        assert not marked.front.faults
        full = marked.front.value if isinstance(marked.front.value, dict) else {}
        assert plain == ({key: value for key, value in full.items() if value is not None}, marked.body)


@given(FRONTS, BODIES)
def test_a_plain_task_is_the_one_that_the_full_reading_gives(lines: list[str], body: str) -> None:
    text = file_of(["title: Posts", *lines], body)
    plain = plain_task("0042-x", text, "ACME")
    if plain is not None:
        assert plain == fully_read_task(text)


@given(FRONTS, BODIES)
def test_a_plain_message_is_the_one_that_the_full_reading_gives(lines: list[str], body: str) -> None:
    text = file_of([*NEEDED, *lines], body)
    plain = plain_message("20261124T081209Z-0000aaaa", text)
    if plain is not None:
        assert plain == fully_read_message(text)


def test_what_the_program_writes_is_plain() -> None:
    text = file_of(
        ["ref: ACME-42", "title: December posts", "status: new", "important: false", "received: 2026-11-24T08:12:09Z"], "x\n"
    )
    assert plain_task("0042-x", text, "ACME") is not None
    whole = plain_message("20261124T081209Z-0000aaaa", file_of([*NEEDED, "to: [requests@marta.example]", "flags: []"], "x\n"))
    assert whole is not None
    assert plain_message(whole.name, write_message(whole)) == whole
