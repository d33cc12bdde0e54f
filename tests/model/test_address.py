"""Addresses: exactly one plain address or none, compared the way mail systems deliver."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.model.address import Person, domain_of, is_address, normalise_address, normalise_domain, parse_person, untagged


@pytest.mark.parametrize(
    "text",
    [
        "jane@acme.example",
        "jane.doe+tag@mail.acme.example",
        "o'neill@acme.example",
        "jñe@acmé.example",
        "1@2.example",
        "a-b_c@x-y.example",
    ],
)
def test_a_plain_address_is_one(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jane",
        "jane@",
        "@acme.example",
        "jane@acme",
        "jane\u009b@acme.example",
        "jane\u202e@acme.example",
        "ja\u00a0ne@acme.example",
        "ja\u200bne@acme.example",
        "jane@ac\u2066me.example",
        "jane@acme.",
        "jane@.example",
        "jane@acme..example",
        "jane@-acme.example",
        "jane@acme-.example",
        ".jane@acme.example",
        "jane.@acme.example",
        "ja..ne@acme.example",
        "ja ne@acme.example",
        "jane@acme.example ",
        "jane@acme.example\n",
        "jane@acme.example,tom@acme.example",
        "jane@acme.example>",
        "<jane@acme.example>",
        "Jane <jane@acme.example>",
        "boss@client@evil.example",
        '"quoted local"@acme.example',
        "jane@[127.0.0.1]",
        "jane@acme.example\x00",
        f"{'x' * 250}@acme.example",
        f"jane@{'x' * 64}.example",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert not is_address(text)


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("jane@acme.example", Person("", "jane@acme.example")),
        (" Jane Doe <jane@acme.example> ", Person("Jane Doe", "jane@acme.example")),
        ("<jane@acme.example>", Person("", "jane@acme.example")),
        ('"Doe, Jane" <jane@acme.example>', Person("Doe, Jane", "jane@acme.example")),
        ('"say \\"hi\\"" <jane@acme.example>', Person('say "hi"', "jane@acme.example")),
        ('"Jane" Doe <jane@acme.example>', Person('"Jane" Doe', "jane@acme.example")),
        ("boss@client.example <jane@acme.example>", Person("boss@client.example", "jane@acme.example")),
        ("a <b@c.example> <d@e.example>", Person("a <b@c.example>", "d@e.example")),
    ],
)
def test_a_person_is_read(text: str, person: Person) -> None:
    assert parse_person(text) == person


@pytest.mark.parametrize(
    "text",
    ["", "Jane", "Jane <jane>", "<boss@client.example>evil@x.example", "Jane <jane@acme.example", "a@b.example, c@d.example"],
)
def test_what_is_no_person_with_one_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a person such as Jane Doe <jane@acme\.example>"):
        parse_person(text)


names = st.text(st.characters(exclude_categories=["Cs"])).map(str.strip).filter(lambda name: not (name[:1] == '"' == name[-1:]))


@given(names)
def test_a_person_written_and_read_again_is_the_same(name: str) -> None:
    person = Person(name, "jane@acme.example")
    assert parse_person(str(person)) == person


def test_a_person_is_greeted_by_the_first_name_or_what_stands_before_the_at() -> None:
    assert Person("Jane Doe", "j@acme.example").first_name == "Jane"
    assert Person("  ", "jane@acme.example").first_name == "jane"
    assert str(Person("Jane", "")) == "Jane"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jane@ACME.example", "jane@acme.example"),
        ("jane@acme.example.", "jane@acme.example"),
        ("jane@acmé.example", "jane@xn--acm-dma.example"),
        ("JOSE\u0301@acme.example", "josé@acme.example"),
        ("jane@BÜCHER.example", "jane@xn--bcher-kva.example"),
        ("jane@bu\u0308cher.example", "jane@bücher.example"),
        ("jane@acme。example", "jane@acme.example"),
        (" jane@acme.example ", "jane@acme.example"),
    ],
)
def test_addresses_that_reach_the_same_mailbox_are_the_same(one: str, other: str) -> None:
    assert normalise_address(one) == normalise_address(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("strasse@acme.example", "straße@acme.example"),
        ("jane@strasse.example", "jane@straße.example"),  # one domain in IDNA 2003, two today
        ("jane@acme.example", "jane@асme.example"),  # Cyrillic
        ("jose@acme.example", "josé@acme.example"),
    ],
)
def test_addresses_that_only_look_the_same_are_two(one: str, other: str) -> None:
    assert normalise_address(one) != normalise_address(other)


def test_a_plus_tag_is_another_address_until_it_is_taken_off() -> None:
    assert normalise_address("requests+acme@x.example") != normalise_address("requests@x.example")
    assert untagged("requests+acme@x.example") == ("requests@x.example", "acme")
    assert untagged("requests+a+b@x.example") == ("requests@x.example", "a+b")
    assert untagged("requests@x.example") == ("requests@x.example", "")
    assert untagged("+acme@x.example") == ("+acme@x.example", "")


def test_a_domain_that_has_no_ascii_form_is_only_lowered() -> None:
    assert normalise_domain(f"{'X' * 70}.example") == f"{'x' * 70}.example"
    assert domain_of("Jane@ACME.example") == "acme.example"
