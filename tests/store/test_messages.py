"""Messages: written and read again they are equal, the quoted history too; what is no message is not read as one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.model.address import Person
from recado.model.message import Kind, Message, Verified
from recado.store.messages import QUOTED, message_files, name_of, parse_message, read_messages, write_message

if TYPE_CHECKING:
    from recado.errors import Problem
    from recado.store.workspace import ClientFolder

NAME = "20261124T081209Z-7f3a91c2"
FULL = f"""\
---
message_id: <CAF3@mail.acme.example>
digest: sha256:7f3a91c2aa
from: Jane Doe <jane@acme.example>
to: [requests@marta.example]
date: 2026-11-24T08:12:03Z
received: 2026-11-24T08:12:09Z
kind: request
verified: pass
flags: []
attachments: [7f3a91c2-brief.pdf]
---
Twelve posts, please.

{QUOTED}

> Until Friday?
"""
MESSAGE = Message(
    name=NAME,
    sender=Person("Jane Doe", "jane@acme.example"),
    received=datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC),
    kind=Kind.REQUEST,
    verified=Verified.PASS,
    message_id="<CAF3@mail.acme.example>",
    digest="sha256:7f3a91c2aa",
    to=("requests@marta.example",),
    date=datetime(2026, 11, 24, 8, 12, 3, tzinfo=UTC),
    attachments=("7f3a91c2-brief.pdf",),
    text="Twelve posts, please.",
    quoted="> Until Friday?",
)
MINIMAL = "---\nfrom: jane@acme.example\nreceived: 2026-11-24T08:12:09Z\nkind: reply\n---\nHello\n"

anything = st.text(st.characters(exclude_categories=["Cs"]))
lines = anything.filter(lambda text: bool(text.strip())).map(str.strip)
bodies = st.one_of(
    anything,
    st.sampled_from(["---", "---\nkind: command\n---", "{{ x }}", "--8<-- 'x'", f"a\n{QUOTED[:-1]}\nb", "\n\n", " code"]),
).filter(lambda text: QUOTED not in text and "<<<<<<< " not in text)
our_instants = st.integers(-2208988800, 221845392000).map(
    lambda seconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
instants = st.integers(-62135500000, 253402200000).map(
    lambda seconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
made_messages = st.builds(
    Message,
    name=st.just(NAME),
    sender=st.builds(
        Person, lines.filter(lambda name: not (name.startswith('"') and name.endswith('"'))), st.just("j@acme.example")
    ),
    received=our_instants,
    kind=st.sampled_from(Kind),
    verified=st.sampled_from(Verified),
    message_id=st.one_of(st.just(""), lines),
    digest=st.one_of(st.just(""), st.just("sha256:7f3a91c2aa")),
    to=st.lists(lines, max_size=3).map(tuple),
    date=st.one_of(st.none(), instants),
    flags=st.lists(lines, max_size=3).map(tuple),
    attachments=st.lists(lines, max_size=3).map(tuple),
    text=bodies.map(lambda text: text.strip("\n")),
    quoted=bodies.map(lambda text: text.strip("\n")),
)


def read(text: str) -> tuple[Message | None, list[str]]:
    problems: list[Problem] = []
    return parse_message(NAME, text, "thread/m.md", problems), [str(problem) for problem in problems]


def test_a_full_message_is_read_and_written() -> None:
    assert read(FULL) == (MESSAGE, [])
    assert write_message(MESSAGE) == FULL


@given(made_messages)
def test_a_message_written_and_read_again_is_the_same(message: Message) -> None:
    assert read(write_message(message)) == (message, [])


@pytest.mark.parametrize("part", ["text", "quoted"])
def test_a_mail_that_contains_the_very_mark_moves_no_words_across_it(part: str) -> None:
    forged = f"Before\n\n{QUOTED}\n\nAfter"
    message = replace(MESSAGE, text=forged) if part == "text" else replace(MESSAGE, quoted=forged)
    found, problems = read(write_message(message))
    assert not problems
    assert found is not None
    assert (found.text, found.quoted) == tuple(
        text.replace("<!-- recado", "&lt;!-- recado") for text in (message.text, message.quoted)
    )


def test_a_message_that_is_all_history_keeps_it() -> None:
    message = replace(MESSAGE, text="", quoted="> All of it")
    assert read(write_message(message)) == (message, [])
    assert read(f"{FULL.split('Twelve')[0]}{QUOTED}\n> All of it")[0] == message


def test_only_three_keys_are_needed() -> None:
    found, problems = read(MINIMAL)
    assert not problems
    assert found is not None
    assert (found.kind, found.verified, found.digest, found.flags, found.message_id) == (Kind.REPLY, Verified.NONE, "", (), "")
    assert found.text == "Hello"


@pytest.mark.parametrize("key", ["from", "received", "kind"])
def test_a_message_without_a_needed_key_is_told_with_its_file(key: str) -> None:
    text = "".join(line for line in MINIMAL.splitlines(keepends=True) if not line.startswith(f"{key}:"))
    assert read(text) == (None, [f"thread/m.md:2: `{key}` is missing; expected a value for it"])


@pytest.mark.parametrize(
    ("stands", "written", "line", "said"),
    [
        ("kind: reply", "kind: answer", 4, "`kind` is 'answer'; expected one of request, reply, command, outgoing, note"),
        (
            "kind: reply",
            "kind: reply\nverified: yes",
            5,
            "`verified` is 'yes'; expected one of pass, fail, none, accepted, rejected",
        ),
        ("received: 2026-11-24T08:12:09Z", "received: now", 3, "`received` is 'now'; expected an instant such as"),
        ("from: jane@acme.example", "from: [jane@acme.example]", 2, "`from` is a list; expected one value"),
        ("kind: reply", "kind: reply\nto: {a: b}", 5, "`to` is a mapping of keys to values; expected a list"),
        ("kind: reply", "kind: reply\nflags: [a, [b]]", 5, "`flags[2]` is a list; expected a text"),
        ("kind: reply", "kind: reply\nkind: command", 5, "`kind` stands here twice (first on line 4)"),
    ],
)
def test_a_mistake_in_a_message_is_one_line(stands: str, written: str, line: int, said: str) -> None:
    message, problems = read(MINIMAL.replace(stands, written))
    assert message is None
    assert problems == [problems[0]]
    assert problems[0].startswith(f"thread/m.md:{line}: {said}")


def test_one_word_is_a_list_of_one() -> None:
    found, _problems = read(MINIMAL.replace("kind: reply", "kind: reply\nto: a@x.example\nflags:"))
    assert found is not None
    assert (found.to, found.flags) == (("a@x.example",), ())


def test_what_failed_or_was_rejected_is_withheld_until_it_is_accepted() -> None:
    withheld = {verified for verified in Verified if replace(MESSAGE, verified=verified).is_withheld}
    assert withheld == {Verified.FAIL, Verified.REJECTED}


def test_a_name_is_the_instant_and_eight_digits_so_that_a_second_run_gives_the_same() -> None:
    assert name_of(MESSAGE.received, MESSAGE.digest) == NAME
    assert name_of(datetime.fromisoformat("2026-11-24T09:12:09+01:00"), "sha256:7f3a91c2ff") == NAME
    assert MESSAGE.id == "7f3a91c2"
    early = name_of(datetime(77, 1, 2, 3, 4, 5, tzinfo=UTC), "sha256:7f3a91c2ff")
    assert early == "00770102T030405Z-7f3a91c2"


def thread_of(client: ClientFolder, files: dict[str, str]) -> None:
    folder = client.thread("0042-x")
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)


def test_messages_are_read_oldest_first_and_other_files_are_none(client: ClientFolder) -> None:
    later = FULL.replace("08:12:09Z", "09:00:00Z").replace("08:12:03Z", "08:59:00Z")
    thread_of(
        client,
        {
            f"{NAME}.md": FULL,
            "20261124T090000Z-00000001.md": later,
            "private.md": "not: front matter: at all",
            "notes.md": "hers",
            f"{NAME}.eml": "raw",
            f".{NAME}.md.aa.part": "half",
            "20261124T081209Z-7F3A91C2.md": "capital digits",
            "20261124T081209Z-7f3a91c2-draft.md": "hers",
        },
    )
    problems: list[Problem] = []
    messages = read_messages(client, "0042-x", problems)
    assert [message.name for message in messages] == [NAME, "20261124T090000Z-00000001"]
    assert problems == []


def test_messages_that_cannot_be_read_are_told_and_the_others_are_there(client: ClientFolder) -> None:
    other = client.root.with_name("other.md")
    other.write_text(FULL)
    thread_of(client, {f"{NAME}.md": FULL, "20261124T090000Z-00000001.md": "no front matter"})
    folder = client.thread("0042-x")
    (folder / "20261124T090000Z-00000002.md").mkdir()
    (folder / "20261124T090000Z-00000003.md").symlink_to(other)
    problems: list[Problem] = []
    assert [message.name for message in read_messages(client, "0042-x", problems)] == [NAME]
    said = [str(problem) for problem in problems]
    assert ["00000001" in said[0], "00000001" in said[2]] == [True, True]
    assert "this is a folder" in said[3]
    assert "this link leads out" in said[4]


def test_a_task_without_a_folder_has_no_messages(client: ClientFolder) -> None:
    assert message_files(client, "0042-x") == []
