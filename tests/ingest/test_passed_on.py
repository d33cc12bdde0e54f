"""What the VA writes above a mail that she passes on is hers, and nobody else's."""

from __future__ import annotations

import pytest

from ingest.passed_on import parted

BLOCK = (
    "From: Jane Doe &lt;jane@acme.example>  \nDate: Mon, Nov 23, 2026 at 9:00 AM  \nSubject: A new logo  \nTo: &lt;m@m.example>"
)


@pytest.mark.parametrize(
    ("text", "hers", "theirs"),
    [
        (
            f"Pays late.\n\n---------- Forwarded message ---------  \n{BLOCK}\n\nWe need **one**.",
            "Pays late.",
            "We need **one**.",
        ),
        (f"---------- Forwarded message ---------  \n{BLOCK}\n\nWe need one.\n\nJane", "", "We need one.\n\nJane"),
        (f"Pays late.\n\n{BLOCK}\n\nWe need one.", "Pays late.", "We need one."),
        (
            (
                "Ojo.\n\n---------- Forwarded message ---------  \nDe: **Jane** &lt;jane@acme.example>  \nEnviado: lunes  \n"
                "Asunto: Logo  \nPara: m@m.example\n\nNecesitamos uno."
            ),
            "Ojo.",
            "Necesitamos uno.",
        ),
    ],
)
def test_what_stands_above_the_mark_and_below_the_block_is_told_apart(text: str, hers: str, theirs: str) -> None:
    assert parted(text) == (hers, theirs)


@pytest.mark.parametrize("text", ["", "Only words.", f"Pays late.\n\n{BLOCK}\n", "From: me\nno block"])
def test_a_text_without_a_block_or_with_nothing_below_it_is_not_parted(text: str) -> None:
    assert parted(text) is None
