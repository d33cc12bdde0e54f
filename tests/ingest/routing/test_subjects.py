"""What a subject is about, whatever mail programs, gateways and we put around it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.subjects import bare_subject, is_new_subject


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("[EXTERNAL] RE: December posts", "December posts"),
        ("RE: [External] [ACME-42] December posts", "December posts"),
        ("EXT: Re: December posts", "December posts"),
        ("***SPAM*** December posts", "December posts"),
        ("[SUSPECTED SPAM] AW: December posts", "December posts"),
        ("SPAM: December posts", "December posts"),
        ("{Spam?} December posts", "December posts"),
        ("[Correo externo] RV: Publicaciones", "Publicaciones"),
        ("[E-Mail extern] WG: Beiträge", "Beiträge"),
        ("[Externe] TR : Publications", "Publications"),
        ("Spam: what can I do?", "Spam: what can I do?"),
        ("External audit", "External audit"),
        ("[draft] December posts", "[draft] December posts"),
        ("Antw.: Berichten", "Berichten"),
        ("SV: VS: Odp: YNT: Posts", "Posts"),
        ("回复：帖子", "帖子"),
        ("Re: (no subject)", ""),
        ("RV: (sin asunto)", ""),
        ("AW: Kein Betreff", ""),
        ("Re: AW: [ACME-42]", ""),
        ("", ""),
    ],
)
def test_what_stands_around_a_subject_is_taken_off(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare


@pytest.mark.parametrize(
    "subject",
    [
        "Re: December posts",
        "RE: december  POSTS!!",
        "Dećembér posts",
        "[acme-team] December posts",
        "Re: December po…",
        "posts",
        "Re: [ACME-99]",
        "Re:",
        "",
        "!!!",
    ],
)
def test_a_subject_that_contains_the_old_one_or_is_contained_in_it_is_the_same(subject: str) -> None:
    assert not is_new_subject(subject, ("The logo", "AW: December Posts"))


@pytest.mark.parametrize("subject", ["The invoice of May", "Re: Christmas cards", "请帮忙"])
def test_another_subject_is_new(subject: str) -> None:
    assert is_new_subject(subject, ("The logo", "AW: December Posts"))


@pytest.mark.parametrize("subjects", [(), ("",), ("Re:",), ("(no subject)", "???")])
def test_where_no_subject_is_known_none_is_new(subjects: tuple[str, ...]) -> None:
    assert not is_new_subject("Anything", subjects)


@given(st.text(max_size=60), st.lists(st.text(max_size=40), max_size=4))
def test_a_subject_is_never_new_beside_itself(subject: str, others: list[str]) -> None:
    assert not is_new_subject(subject, (*others, subject))
    assert not is_new_subject(f"Re: {subject}", (*others, subject))


@pytest.mark.parametrize("piece", [" ", "re ", "[ext", "re: ", "(", "[ACME-1", "***", "Re[1]"])
def test_no_subject_takes_long(piece: str) -> None:
    began = time.perf_counter()
    bare_subject(piece * 100_000)
    assert time.perf_counter() - began < 0.5
