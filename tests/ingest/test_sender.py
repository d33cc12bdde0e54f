"""Who sent a mail: the one address of its one From, or why no one can be said to have sent it."""

from __future__ import annotations

import pytest

from ingest.headers import read_headers
from ingest.mail import SenderProblem
from ingest.sender import read_sender
from recado.model.address import Person


def sender_of(*fields: bytes) -> Person | SenderProblem:
    return read_sender(read_headers(b"\r\n".join((*fields, b"", b"")))).sender


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        (b"jane@acme.example", "", "jane@acme.example"),
        (b"Jane Doe <jane@acme.example>", "Jane Doe", "jane@acme.example"),
        (b'"Doe, Jane" <jane@acme.example>', "Doe, Jane", "jane@acme.example"),
        (b"jane@acme.example (Jane Doe)", "Jane Doe", "jane@acme.example"),
        (b"=?utf-8?q?Nu=C3=B1o?= <n@acme.example>", "Nuño", "n@acme.example"),
        (b'"=?utf-8?q?Nu=C3=B1o?=" <n@acme.example>', "Nuño", "n@acme.example"),
        ("Nuño <n@acme.example>".encode(), "Nuño", "n@acme.example"),
        ("Nuño <n@acme.example>".encode("latin-1"), "Nuño", "n@acme.example"),
        (b"=?utf-8?q?a=0D=0ABcc:_v=40x=2Eexample?= <j@acme.example>", "", "j@acme.example"),
        (b'"jane@acme.example" <jane@acme.example>', "", "jane@acme.example"),
        (b"jane@acme.example <jane@acme.example>", "", "jane@acme.example"),
        (b"[Ext] J. Doe <jane@acme.example>", "[Ext] J. Doe", "jane@acme.example"),
    ],
)
def test_one_strict_address_is_the_sender(value: bytes, name: str, address: str) -> None:
    assert sender_of(b"From: " + value) == Person(name, address)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ((b"Subject: x",), "no-from"),
        ((b"From:",), "no-from"),
        ((b"From: a@acme.example", b"From: b@acme.example"), "several-from-headers"),
        ((b"From: a@acme.example, b@acme.example",), "several-addresses"),
        ((b"From: <boss@client.example>evil@x.example",), "unreadable-address"),
        ((b"From: boss@client.example <evil@x.example>",), "unreadable-address"),
        ((b"From: <boss@client.example> <evil@x.example>",), "unreadable-address"),
        ((b"From: Jane",), "unreadable-address"),
        ((b"From: undisclosed: ;",), "unreadable-address"),
        ((b"From: a@b@c.example",), "unreadable-address"),
        ((b"From: jane@localhost",), "unreadable-address"),
        ((b"From: =?utf-8?q?jane=40acme=2Eexample?=",), "unreadable-address"),
        ((b"Sender: jane@acme.example", b"Reply-To: jane@acme.example"), "no-from"),
    ],
)
def test_anything_else_is_a_problem_with_its_reason(fields: tuple[bytes, ...], code: str) -> None:
    problem = sender_of(*fields)
    assert isinstance(problem, SenderProblem)
    assert problem.code == code


def test_a_name_that_looks_like_another_address_is_dropped_and_told() -> None:
    reading = read_sender(read_headers(b'From: "boss@client.example" <evil@x.example>\r\n\r\n'))
    assert reading.sender == Person("", "evil@x.example")
    assert reading.has_deceptive_name


def test_reply_to_never_names_the_sender() -> None:
    assert sender_of(b"Reply-To: boss@client.example", b"From: evil@x.example") == Person("", "evil@x.example")
