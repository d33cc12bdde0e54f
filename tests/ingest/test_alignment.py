"""Which domains belong together, as DMARC has it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.alignment import is_aligned


@pytest.mark.parametrize(
    ("one", "other", "aligned"),
    [
        ("acme.example", "acme.example", True),
        ("ACME.example.", "acme.example", True),
        ("mail.acme.example", "acme.example", True),
        ("bounce.acme.example", "mail.eu.acme.example", True),
        ("müller.example", "xn--mller-kva.example", True),
        ("mail.müller.de", "xn--mller-kva.de", True),
        ("mail.acme.co.uk", "acme.co.uk", True),
        ("acme.co.uk", "acme.co.uk", True),
        ("acme.example", "acme.example.evil.example", False),
        ("xacme.example", "acme.example", False),
        ("example", "acme.example", False),
        ("example", "example", False),
        ("", "acme.example", False),
        ("", "", False),
        ("co.uk", "acme.co.uk", False),
        ("evil.co.uk", "acme.co.uk", False),
        ("com.es", "acme.com.es", False),
        ("github.io", "acme.github.io", False),
        ("evil.github.io", "acme.github.io", False),
        ("evil.uk.com", "uk.com", False),
        ("evil.blogspot.com", "acme.blogspot.com", False),
        ("straße.example", "strasse.example", False),
        ("mail..example", "x..example", False),
    ],
)
def test_alignment_is_relaxed_but_not_loose(one: str, other: str, *, aligned: bool) -> None:
    assert is_aligned(one, other) is aligned
    assert is_aligned(other, one) is aligned


labels = st.sampled_from(["acme", "example", "co", "uk", "io", "", "*", "!"])
names = st.text(max_size=30) | st.lists(labels, max_size=5).map(".".join)


@given(names, names)
def test_any_two_names_are_compared(one: str, other: str) -> None:
    assert is_aligned(one, other) is is_aligned(other, one)
