"""What is not seen is left out of a bare text, and most texts have nothing of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.model.bare_text import bare

_UNSEEN = "*_\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180e\u200b\u200f\u202a\u202e\u2060\u206f\u3164\ufe00\ufe0f\ufeff"
_WIDE = {"\uff01": "!", "\uff5e": "~", "\uff14": "4", "\u0664": "4", "\u06f9": "9", "\u0966": "0"}
_MATHEMATICAL = {chr(0x1D7CE + place): str(place % 10) for place in range(50)}


@pytest.mark.parametrize("sign", _UNSEEN)
def test_a_sign_that_nobody_sees_is_left_out(sign: str) -> None:
    found = bare(f"an{sign}o")
    assert found is not None
    assert found.text == "ano"
    assert found.original(2, 3) == (3, 4)


@pytest.mark.parametrize(("sign", "plain"), [*_WIDE.items(), *_MATHEMATICAL.items()])
def test_a_wide_sign_is_its_plain_one(sign: str, plain: str) -> None:
    found = bare(f"a{sign}")
    assert found is not None
    assert found.text == f"a{plain}"


@pytest.mark.parametrize(("text", "read"), [(r"a\-b", "a-b"), ("> a", "a"), ("a\n  >> b", "a\nb")])
def test_escapes_and_signs_of_quotation_are_left_out(text: str, read: str) -> None:
    found = bare(text)
    assert found is not None
    assert found.text == read


@pytest.mark.parametrize("text", ["", "a > b", r"a\b", "Año nuevo: 3,50 € — «sí»", "日本 🙂"])
def test_a_text_as_people_write_it_is_bare_already(text: str) -> None:
    assert bare(text) is None


@given(text=st.text())
def test_every_letter_of_a_bare_text_stood_where_it_says(text: str) -> None:
    found = bare(text)
    for place, letter in enumerate(found.text if found else ""):
        start, end = found.original(place, place + 1) if found else (0, 0)
        assert end == start + 1
        assert text[start] == letter or not text[start].isascii()
