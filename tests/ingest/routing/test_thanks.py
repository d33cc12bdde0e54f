"""Answers that only say thanks, and answers that say more: in doubt, more."""

from __future__ import annotations

import pytest

from ingest.thanks import is_only_thanks

NAMES = ("Marta Ruiz", "Jane Doe")


@pytest.mark.parametrize(
    "text",
    [
        "¡Muchas gracias!",
        "Mil gracias por todo, Marta. Un abrazo, Jane",
        "Perfecto, ¡muchísimas gracias por tu ayuda!",
        "Thanks!",
        "Thank you so much, Marta!\n\nBest regards\nJane",
        "Great work, thanks a lot :)",
        "Perfect, thank you 👍🏽",
        "Muito obrigada! Abraços",
        "Merci pour tout, bonne journée !",
        "Vielen Dank für die schnelle Hilfe!\nLiebe Grüße",
        "Danke schön",
        "Grazie mille, ottimo lavoro!",
        "Hartelijk dank, Marta. Groeten, Jane",
        "*Thanks*\\!",
        "👍",
        "❤️🙏",
    ],
)
def test_thanks_are_only_thanks(text: str) -> None:
    assert is_only_thanks(text, NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello Marta",
        "Perfect",
        "Gracias, pero falta el logo",
        "Gracias. ¿Y el logo?",
        "Thanks, but the logo is wrong",
        "Thanks! Could you do it again?",
        "Thanks. Please send it to Tom.",
        "Thank you for nothing",
        "Thanks, not good",
        "Thanks 2",
        "Thanks: https://acme.example",
        "Thanks ![a](x.png)",
        "Thanks 👎",
        "😡",
        "?",
        "Obrigado, mas falta uma coisa",
        "Merci, mais il manque le logo",
        "Danke, aber das Logo fehlt",
        "Grazie, ma manca il logo",
        "Bedankt, maar het logo ontbreekt",
        "Thanks Tom",
        "thanks gracias todo perfect",  # no language holds all of it
        "thanks " * 17,
    ],
)
def test_what_asks_corrects_or_names_anything_more_is_an_answer(text: str) -> None:
    assert not is_only_thanks(text, NAMES)
