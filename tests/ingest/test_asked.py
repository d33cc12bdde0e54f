"""The lines that the portal's form writes are read back: in the client's language, and only what is certain."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.asked import Asked, FormWords, read_asked

ENGLISH = FormWords("by", "importance", "service", "important", "urgent", {"social media": "social-media"})
SPANISH = FormWords("para cuándo", "importancia", "servicio", "importante", "urgente", {"redes sociales": "social-media"})


@pytest.mark.parametrize(
    ("text", "words", "asked"),
    [
        ("By: 2026-12-01  \nImportance: urgent  \nService: Social media\n\nDetails", ENGLISH, (date(2026, 12, 1), True, True)),
        ("By: 2026-12-01\n\nImportance: important\n\nDetails", ENGLISH, (date(2026, 12, 1), True, False)),
        ("Para cuándo: 2026-12-01  \nImportancia: urgente", SPANISH, (date(2026, 12, 1), True, True)),
        ("By: Friday, if you can\nImportance: normal", ENGLISH, (None, False, False)),
        ("BY: 2026\\-12\\-01", ENGLISH, (date(2026, 12, 1), False, False)),
        ("By: 2026-02-30", ENGLISH, (None, False, False)),
        ("Dear Marta: by 2026-12-01 please. Importance: urgent", ENGLISH, (None, False, False)),
        ("Importancia: urgente", ENGLISH, (None, False, False)),
        ("By:\nImportance:", ENGLISH, (None, False, False)),
        ("", ENGLISH, (None, False, False)),
    ],
)
def test_the_lines_of_the_form_are_read(text: str, words: FormWords, asked: tuple[date | None, bool, bool]) -> None:
    found = read_asked(text, words)
    assert (found.due, found.important, found.urgent) == asked


def test_a_service_is_known_by_the_name_the_client_sees() -> None:
    assert read_asked("Service: SOCIAL MEDIA", ENGLISH).service == "social-media"
    assert read_asked("Servicio: Redes sociales", SPANISH).service == "social-media"
    assert read_asked("Service: Not sure", ENGLISH) == Asked()


def test_a_colon_further_down_is_only_a_colon() -> None:
    text = "\n".join(["A line."] * 8 + ["Importance: urgent"])
    assert read_asked(text, ENGLISH) == Asked()


def test_what_is_said_first_counts() -> None:
    assert read_asked("By: 2026-12-01\nBy: 2027-01-01", ENGLISH).due == date(2026, 12, 1)
