"""Replies as mail programs write them, in seven languages: in each file what is new, a rule, and the mail itself."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.content.reply import split_reply
from ingest.mail import Mail
from ingest.parse import parse_mail

FILES = sorted((Path(__file__).parent / "replies").glob("*.mail"))
NAMES = [file.stem for file in FILES]
LANGUAGES = {"de", "en", "es", "fr", "it", "nl", "pt"}
LEAST_PROGRAMS = 8
RULE = f"\n{'=' * 20}\n"


def read(file: Path) -> tuple[str, Mail]:
    expected, _, raw = file.read_text(encoding="utf-8").partition(RULE)
    mail = parse_mail(raw.encode())
    assert isinstance(mail, Mail)
    return expected, mail


def words(markdown: str) -> list[str]:
    """Give the words alone: neither Markdown's marks nor addresses of links are what someone wrote."""
    plain = re.sub(r"\]\([^)]*\)", "]", html.unescape(markdown))
    return re.findall(r"[^\W_]+", plain)


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_what_is_new_is_set_apart_exactly(file: Path) -> None:
    expected, mail = read(file)
    assert mail.text == expected
    assert "Marta" in mail.quoted


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_no_word_of_it_is_lost(file: Path) -> None:
    expected, mail = read(file)
    language = file.stem.partition("-")[0]
    history = HISTORY[language]
    kept = words(f"{mail.text} {mail.signature} {mail.quoted}")
    assert not [word for word in words(f"{expected} {history}") if word not in kept]


HISTORY = {
    "en": "Shall I publish the second version on Monday? Best",
    "es": "¿Publico la segunda versión el lunes? Un saludo",
    "pt": "Publico a segunda versão na segunda-feira? Um abraço",
    "fr": "Est-ce que je publie la deuxième version lundi ? Bien à vous",
    "de": "Soll ich die zweite Fassung am Montag veröffentlichen? Viele Grüße",
    "it": "Pubblico la seconda versione lunedì? Un saluto",
    "nl": "Zal ik de tweede versie maandag publiceren? Groeten",
}


def test_the_set_has_every_language_and_enough_programs() -> None:
    by_language = {language: {name for name in NAMES if name.startswith(f"{language}-")} for language in LANGUAGES}
    assert {name.partition("-")[0] for name in NAMES} == LANGUAGES
    assert min(map(len, by_language.values())) >= LEAST_PROGRAMS


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Sent from my mobile. Please excuse typos.",
        "Sent with Proton Mail secure email.",
        "Get Outlook for Android<https://aka.ms/x>",
        "Enviado desde mi móvil",
        "Enviado desde Correo para Windows",
        "Enviado do meu telemóvel",
        "Envoyé de mon téléphone portable",
        "Télécharger Outlook pour iOS",
        "Diese Nachricht wurde von meinem Android-Mobiltelefon mit GMX Mail gesendet.",
        "Von meinem iPad gesendet",
        "Holen Sie sich Outlook für Android",
        "Inviato dal mio smartphone",
        "Verzonden vanaf mijn Galaxy",
        "Outlook voor iOS downloaden",
    ],
)
def test_a_telephones_last_line_is_a_signature(line: str) -> None:
    assert split_reply(f"Yes.\n\n{line}") == split_reply(f"Yes.\n\n{line}\n")
    assert (split_reply(f"Yes.\n\n{line}").written, split_reply(f"Yes.\n\n{line}").signature) == ("Yes.", line)


@pytest.mark.parametrize(
    "line",
    [
        "Sent by courier this morning.",
        "Sent from the office in Paris.",
        "Sent from my desk, which is much easier than my mobile phone.",
        "Enviado por mensajero ayer.",
        "Enviado pela tarde.",
        "Envoyé par la poste.",
        "Von Anna gesendet",
        "Inviato ieri.",
        "Verzonden via de post.",
    ],
)
def test_a_last_line_about_sending_is_what_they_wrote(line: str) -> None:
    assert split_reply(f"It is done.\n\n{line}").written == f"It is done.\n\n{line}"


_LINES = st.lists(
    st.sampled_from(
        [
            "Yes.",
            "",
            "> Shall I?",
            ">> older",
            "On 2 Nov 2026 at 10:00, Marta <m@x.example> wrote:",
            "-----Original Message-----",
            "________________________________",
            "From: Marta <m@x.example>",
            "Sent: Monday",
            "To: Jane",
            "Subject: Posts",
            "-- ",
            "Jane",
            "Sent from my iPhone",
            "---------- Forwarded message ---------",
        ]
    ),
    max_size=14,
)


@given(_LINES, st.booleans())
def test_whatever_stands_where_nothing_is_lost(lines: list[str], is_forward: bool) -> None:  # noqa: FBT001 (Hypothesis gives it)
    reply = split_reply("\n".join(lines), is_forward=is_forward)
    parts = [line for part in (reply.written, reply.quoted, reply.signature) for line in part.split("\n")]
    for line in set(lines) - {"", "-- "}:
        assert parts.count(line) == lines.count(line)
    if any(line.strip() for line in lines):
        assert reply.written.strip()
