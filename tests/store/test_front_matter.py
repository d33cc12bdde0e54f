"""Front matter: read with every mistake and its line, written so that no text becomes a key, changed on one value alone."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recado.store.front_matter import _PLAIN_TEXT, _dump, edit_front_matter, read_front_matter, write_front_matter
from recado.store.strict_yaml import read_yaml

HOSTILE = [
    "template: x",
    "---",
    "--- \n--- ",
    "a\n---\nstatus: done",
    "{{ config }}",
    "{% include 'x' %}",
    "\"double\" 'single'",
    "# no comment",
    "a # no comment",
    "key: value",
    "ends in a colon:",
    "- item",
    "? key",
    "&anchor *alias",
    "*alias",
    "!!python/object/apply:os.system [ls]",
    "[a, b]",
    "{a: b}",
    "|",
    ">-\n  folded",
    "NO",
    "null",
    "~",
    "1:30",
    "0x1F",
    "=",
    "<<",
    "%TAG",
    "@at",
    "`tick`",
    "🌱 emoji 👩🏽‍💻",
    "tab\tinside",
    "\ttab first",
    "nul\0inside",
    "\x1b[31mred",
    "next\x85line\u2028separator\u2029",
    "\ufeffmark",
    "right\u202eto left",
    "trailing backslash \\",
    "many  spaces   inside",
    "<<<<<<< HEAD",
    "\r\nSubject: x",
]
texts = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), min_size=1))


def values_in(text: str) -> object:
    marked = read_front_matter(text)
    assert not marked.front.faults
    return marked.front.value


@given(texts)
@example("long " * 5000)
@example("x" * 20_000)
def test_any_text_written_as_a_value_is_that_value_and_no_key(text: str) -> None:
    written = write_front_matter({"title": text, "status": "new"}, "body\n")
    assert values_in(written) == {"title": text, "status": "new"}
    assert read_front_matter(written).body == "body\n"


@given(st.lists(texts, max_size=4))
def test_any_texts_written_as_a_list_are_that_list(items: list[str]) -> None:
    assert values_in(write_front_matter({"flags": items, "kind": "note"}, "")) == {"flags": items, "kind": "note"}


@given(st.text().filter(lambda body: "<<<<<<< " not in body))  # those move one space in: see below
def test_a_body_stays_what_it_is(body: str) -> None:
    assert read_front_matter(write_front_matter({"title": "x"}, body)).body == body


def test_a_file_is_written_a_key_a_line_without_the_keys_that_have_no_value() -> None:
    text = write_front_matter(
        {"title": "December posts", "important": False, "to": ["a@x.example", "b@x.example"], "due": None, "service": ""},
        "Do it.\n",
    )
    assert text == "---\ntitle: December posts\nimportant: false\nto: [a@x.example, b@x.example]\n---\nDo it.\n"


def test_a_mail_about_merge_conflicts_makes_no_file_unreadable() -> None:
    body = "Help:\n<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> branch\n"
    marked = read_front_matter(write_front_matter({"title": "x"}, body))
    assert not marked.front.faults
    assert marked.body == body.replace("<<<<<<<", " <<<<<<<")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("---\ntitle: x\n", 1, "the front matter is not closed; expected a line of --- below it"),
        ("---\ntitle: x\nstatus new\n---\n", 3, "the colon after the key is missing"),
        ("---\ntitle: x\ntitle: y\n---\n", 3, "`title` stands here twice (first on line 2)"),
        ("---\n- x\n---\n", 2, "no keys stand here; expected `key: value` lines between the two ---"),
        ("---\njust words\n---\n", 2, "no keys stand here"),
        ("---\ntitle: x\n\tstatus: new\n---\n", 3, "indented with a tab"),
        ("---\ntitle: !!python/name:os.system x\n---\n", 2, "a tag (a word that starts with !) is not read"),
        ("---\ntitle: x\n<<<<<<< HEAD\nstatus: new\n=======\nstatus: done\n>>>>>>> b\n---\n", 3, "a merge conflict"),
        ("<<<<<<< HEAD\n---\ntitle: x\n---\n", 1, "a merge conflict"),
        ("---\n<<<<<<< HEAD\ntitle: x\n---\n=======\ntitle: y\n---\n>>>>>>> b\n", 2, "a merge conflict"),
        ("---\ntitle: x\n---\nwords\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> b\n", 5, "a merge conflict"),
    ],
)
def test_what_is_wrong_is_said_with_the_line_in_the_file(text: str, line: int, said: str) -> None:
    (fault,) = read_front_matter(text).front.faults
    assert fault.line == line
    assert said in fault.text


def test_words_below_that_look_like_half_a_conflict_are_words() -> None:
    marked = read_front_matter("---\ntitle: x\n---\nHeading\n=======\n<<<<<<< this is what git writes\n")
    assert not marked.front.faults


@pytest.mark.parametrize("text", ["words\n", "", "\n---\ntitle: x\n---\n", "----\ntitle: x\n---\n"])
def test_a_file_without_front_matter_is_all_body(text: str) -> None:
    marked = read_front_matter(text)
    assert marked.front.value is None
    assert marked.body == text


EDITS = [
    ("---\ntitle: x\nstatus: new\n---\nb\n", "---\ntitle: x\nstatus: done\n---\nb\n"),
    ("---\nstatus: new   # mine\nfoo:   [a,  b]\n---\n", "---\nstatus: done   # mine\nfoo:   [a,  b]\n---\n"),
    ("---\nstatus: 'new' # mine\n---\n", "---\nstatus: done # mine\n---\n"),
    ('---\n"status": "new"\n---\n', '---\n"status": done\n---\n'),
    ("---\nstatus:\nfoo: 1\n---\n", "---\nstatus: done\nfoo: 1\n---\n"),
    ("---\nstatus:   # none yet\n---\n", "---\nstatus: done   # none yet\n---\n"),
    ("---\nstatus : new\n---\n", "---\nstatus : done\n---\n"),
    ("---\nstatus:\n  new\n---\n", "---\nstatus:\n  done\n---\n"),
    ("---\ntitle: x\n# last\n---\n", "---\ntitle: x\n# last\nstatus: done\n---\n"),
    ("---\n---\nb\n", "---\nstatus: done\n---\nb\n"),
    ("---\n# c\n---\n", "---\n# c\nstatus: done\n---\n"),
    ("---\ntitle: |\n  status: no\n---\n", "---\ntitle: |\n  status: no\nstatus: done\n---\n"),
    ("---\ntitle: >\n  status: no\nstatus: new\n---\n", "---\ntitle: >\n  status: no\nstatus: done\n---\n"),
    ('---\ntitle: "a\nstatus: no"\nstatus: new\n---\n', '---\ntitle: "a\nstatus: no"\nstatus: done\n---\n'),
    ("---\nextra:\n  status: no\nstatus: new\n---\n", "---\nextra:\n  status: no\nstatus: done\n---\n"),
    ("---\n{title: x, status: new}\n---\n", "---\n{title: x, status: done}\n---\n"),
    ("---\n  title: x\n  foo: 1\n---\n", "---\n  title: x\n  foo: 1\n  status: done\n---\n"),
    ("---\nn: NO\nt: 1:30\nz: ~\ny: 1_000\nstatus: new\n---\n", "---\nn: NO\nt: 1:30\nz: ~\ny: 1_000\nstatus: done\n---\n"),
    ("---\r\ntitle: x\r\nstatus: new\r\n---\r\nb\r\n", "---\r\ntitle: x\r\nstatus: done\r\n---\r\nb\r\n"),
    ("---\r\ntitle: x\r\n---\r\nb\r\n", "---\r\ntitle: x\r\nstatus: done\r\n---\r\nb\r\n"),
    ("\ufeff---\nstatus: new\n---\n", "\ufeff---\nstatus: done\n---\n"),
    ("---\ntitle: 🌱🌱\nstatus: new # 🌱\n--- \n🌱\n", "---\ntitle: 🌱🌱\nstatus: done # 🌱\n--- \n🌱\n"),
    ("---\ntitle: x\nstatus: new\n---\n---\nstatus: new\n---\n", "---\ntitle: x\nstatus: done\n---\n---\nstatus: new\n---\n"),
    ("no front matter\n", "---\nstatus: done\n---\nno front matter\n"),
]


@pytest.mark.parametrize(("before", "after"), EDITS)
def test_a_value_is_changed_and_every_other_byte_stays(before: str, after: str) -> None:
    assert edit_front_matter(before, {"status": "done"}) == after


# Values over several lines: only these are written anew.
@pytest.mark.parametrize("old", ["|\n  new", ">-\n  new\n  more", '"new\n  more"', "[new]", "\n- new", "{a: b}", "\n  a: b"])
def test_a_value_over_several_lines_is_changed_with_comments_and_order_kept(old: str) -> None:
    text = f"---\ntitle: x # mine\nstatus: {old}\n# below\nfoo: 1\n---\nbody\n"
    edited = edit_front_matter(text, {"status": "done"})
    assert values_in(edited) == {"title": "x", "status": "done", "foo": "1"}
    assert edited.startswith("---\ntitle: x # mine\nstatus: done\n")
    assert edited.endswith("foo: 1\n---\nbody\n")


def test_a_list_over_several_lines_beside_it_is_left_alone() -> None:
    text = "---\nstatus: new\nlist:\n- a\n-   b   # c\nmap: {a:   1}\n\n# end\n---\n"
    assert edit_front_matter(text, {"status": "done"}) == text.replace("new", "done")


@pytest.mark.parametrize(
    "text", ["---\nstatus: new", "---\nstatus: new\nstatus: new\n---\n", "---\n- a\n---\n", "---\na: [\n---\n"]
)
def test_a_front_matter_that_cannot_be_read_is_not_changed(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        edit_front_matter(text, {"status": "done"})


names = st.from_regex(r"[a-z]{1,6}", fullmatch=True).filter(lambda name: name not in {"status", "null"})
plain = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 .+-]{0,10}[A-Za-z0-9]", fullmatch=True)
comments = st.one_of(st.just(""), plain.map(lambda text: f"  # {text}"))
kinds = st.one_of(
    plain,
    plain.map(lambda text: f"'{text}'"),
    st.lists(plain, max_size=3).map(lambda items: "[" + ",  ".join(items) + "]"),
    st.just(""),
)
blocks = st.one_of(
    st.tuples(names, st.lists(plain, min_size=1, max_size=3)).map(
        lambda x: (x[0], f"{x[0]}:\n" + "".join(f"  -   {i}\n" for i in x[1]))
    ),
    st.tuples(names, plain).map(lambda x: (x[0], f"{x[0]}: |\n  {x[1]}\n  status: no\n")),
    st.tuples(names, kinds, comments).map(lambda x: (x[0], f"{x[0]}:   {x[1]}{x[2]}\n")),
)
blanks = st.sampled_from(["", "\n", "# a comment\n", "\n# a comment\n\n"])


@given(
    st.lists(st.tuples(blanks, blocks), max_size=5, unique_by=lambda row: row[1][0]),
    st.one_of(st.none(), st.tuples(st.integers(0, 5), kinds, comments)),
    texts,
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\ufeff"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="<=>")),
)
def test_any_front_matter_keeps_what_was_not_changed(  # noqa: PLR0917 (each is one thing that varies)
    rows: list[tuple[str, tuple[str, str]]],
    status: tuple[int, str, str] | None,
    value: str,
    ending: str,
    mark: str,
    body: str,
) -> None:
    pieces = [blank + block for blank, (_name, block) in rows]
    place = len(pieces)
    if status is not None:
        place = min(status[0], place)
        pieces.insert(place, f"status: {status[1]}{status[2]}\n")
    text = f"{mark}---\n{''.join(pieces)}---\n".replace("\n", ending) + body
    before = read_front_matter(text).front.value or {}
    assert isinstance(before, dict)
    edited = edit_front_matter(text, {"status": value})
    assert values_in(edited) == {**before, "status": value}
    head = f"{mark}---\n{''.join(pieces[:place])}".replace("\n", ending)
    tail = f"{''.join(pieces[place + (status is not None) :])}---\n".replace("\n", ending) + body
    assert edited.startswith(head)
    assert edited.endswith(tail)
    comment = status[2] if status else ""
    assert edited[len(head) : len(edited) - len(tail)].rstrip("\r\n").endswith(comment)


def test_the_strict_reader_knows_lines_and_takes_everything_for_text() -> None:
    document = read_yaml("a: NO\nb:\n  - 1:30\n  - {c: yes}\nd: ~\ne: '~'\n", first_line=10)
    assert document.value == {"a": "NO", "b": ["1:30", {"c": "yes"}], "d": None, "e": "~"}
    assert document.line_of(("b", 1, "c")) == 13
    assert document.line_of(("b", 7)) == 11
    assert document.line_of(("nothing",)) == 10


@given(st.text())
def test_the_strict_reader_never_raises(text: str) -> None:
    document = read_yaml(text)
    assert all(fault.line >= 1 for fault in document.faults)


@given(
    st.one_of(
        st.from_regex(_PLAIN_TEXT, fullmatch=True),
        st.text(st.sampled_from("<>()'!?ab Yyno:.,-+@/(\u00ff\u013f~=#1\u0130\u0131\u017f"), min_size=1, max_size=8),
        st.sampled_from("true True TRUE yes Yes no NO on off null Null y Y n ~ << = < <a nan inf".split()),
    )
)
@example("Jane Doe <jane@acme.example>")
@example("2026-11-24T08:12:09Z")
@example("Client's posts, (December)!")
def test_what_is_written_without_the_yaml_writer_is_what_the_writer_writes(text: str) -> None:
    assert write_front_matter({"subject": text}, "") == f"---\n{_dump({'subject': text}, is_flow=False)}\n---\n"
