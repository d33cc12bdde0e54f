"""Passwords, cards and keys are found in a text and nothing else is taken for one."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.model.secrets_in_text import MASK, holds_secret, masked, secrets_in

CARD = "4111 1111 1111 1111"
TOKEN = "xoxb-" + "12345678901-abcdefABCDEF"
STRIPE = "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc"
GITHUB = "ghp_" + "a1B2" * 9
AMAZON = "AKIA" + "IOSFODNN7EXAMPLE"
PEM = "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("password: Hunter2", f"password: {MASK}"),
        ("The password is Hunter2!", f"The password is {MASK}"),
        ("My new password is now Hunter2.", f"My new password is now {MASK}."),
        ("Password: sunshine\nRegards", f"Password: {MASK}\nRegards"),
        ("Password:\nHunter2", f"Password:\n{MASK}"),
        ("user: marta password: Hunter2", f"user: marta password: {MASK}"),
        ("password=Hunter2", f"password={MASK}"),
        ("pass: abcd1234", f"pass: {MASK}"),
        ("My pwd = abc", f"My pwd = {MASK}"),
        ("password is `sunshine`", f"password is `{MASK}`"),
        ("**Password:** a\\*b\\_c9  \nThanks", f"**Password:** {MASK}  \nThanks"),
        ("| Password | Hunter2 |", f"| Password | {MASK} |"),
        ("La contraseña es Perro2026.", f"La contraseña es {MASK}."),
        ("contraseña: perrito", f"contraseña: {MASK}"),
        ("Contraseña del wifi: Perro_2026", f"Contraseña del wifi: {MASK}"),
        ("Usuario/contraseña: marta Hunter2!", f"Usuario/contraseña: marta {MASK}"),
        ("clave: 1234", f"clave: {MASK}"),
        ("La clave es «perrito»", f"La clave es «{MASK}»"),
        ("senha: gato123", f"senha: {MASK}"),
        ("A palavra-passe é Gato!99", f"A palavra-passe é {MASK}"),
        ("Mot de passe : Chat2026", f"Mot de passe : {MASK}"),
        ("mdp: chat99", f"mdp: {MASK}"),
        ("Passwort: Katze!9", f"Passwort: {MASK}"),
        ("Das Kennwort lautet Katze99", f"Das Kennwort lautet {MASK}"),
        ("La password è Gatto99", f"La password è {MASK}"),
        ("Parola chiave: gatto", f"Parola chiave: {MASK}"),
        ("Wachtwoord: kat-2026", f"Wachtwoord: {MASK}"),
        ("PIN: 1234", f"PIN: {MASK}"),
        ("código PIN 1234", f"código PIN {MASK}"),
        ("CVV: 123", f"CVV: {MASK}"),
        (f"card {CARD}, valid 12/27", f"card {MASK}, valid 12/27"),
        ("5500-0000-0000-0004", MASK),
        ("amex 378282246310005.", f"amex {MASK}."),
        (f"{AMAZON} {TOKEN}", f"{MASK} {MASK}"),
        (f"key {STRIPE}", f"key {MASK}"),
        (f"({GITHUB})", f"({MASK})"),
        (f"Here:\n\n{PEM}\n\nKeep it.", f"Here:\n\n{MASK}\n\nKeep it."),
        ("-----BEGIN OPENSSH PRIVATE " + "KEY-----\nabc", MASK),
        ("Password:\n\nZx9qPw77\n\nBo", f"Password:\n\n{MASK}\n\nBo"),
        ("Password:\n\nsunshine\n\nBo", f"Password:\n\n{MASK}\n\nBo"),
        ("Password  \nZx9qPw77", f"Password  \n{MASK}"),
        ("New password is now  \nZx9qPw77", f"New password is now  \n{MASK}"),
        ("> the password:\n> Zx9qPw77", f"> the password:\n> {MASK}"),
        ("> the password:\n>\n> Zx9qPw77", f"> the password:\n>\n> {MASK}"),
        (
            "| User | Password |\n| --- | --- |\n| jane | Zx9 |\n| bo |  |",
            f"| User | Password |\n| --- | --- |\n| jane | {MASK} |\n| bo |  |",
        ),
        (
            "> | **Contraseña del wifi** | x |\n> | --- | --- |\n> | perrito | y |",
            f"> | **Contraseña del wifi** | x |\n> | --- | --- |\n> | {MASK} | y |",
        ),
        ("pass**word**: Zx9qPw77", f"pass**word**: {MASK}"),
        ("pass\u200bword: Zx9qPw77", f"pass\u200bword: {MASK}"),
        ("Pass\u00adword: Zx9q\u00adPw77", f"Pass\u00adword: {MASK}"),
        ("see https://jane:Zx9qPw77@host.example/", f"see https://jane:{MASK}@host.example/"),
        ("[x](ftp://jane:sunshine@host.example)", f"[x](ftp://jane:{MASK}@host.example)"),
        ("usuario y contraseña: jane / Zx9qPw77", f"usuario y contraseña: {MASK} / {MASK}"),
        ("contraseña: usuario jane, Zx9qPw77", f"contraseña: usuario jane, {MASK}"),
        ("contraseña - Zx9qPw77", f"contraseña - {MASK}"),
        ("contraseña => Zx9qPw77", f"contraseña => {MASK}"),
        ("Password        Zx9qPw77", f"Password        {MASK}"),
        ("PW: Zx9qPw77", f"PW: {MASK}"),
        ("pw=Zx9qPw77", f"pw={MASK}"),
        ("API token: Zx9qPw77", f"API token: {MASK}"),
        ("token: Zx9qPw77", f"token: {MASK}"),
        ("wifi key: Zx9qPw77", f"wifi key: {MASK}"),
        ("login: jane / Zx9qPw77", f"login: jane / {MASK}"),
        ("credenciales: jane Zx9qPw77", f"credenciales: jane {MASK}"),
        ("card 4111 1111\n1111 1111", f"card {MASK}"),
        ("card 4111 1111  \n1111 1111", f"card {MASK}"),
        ("card **4111** 1111 1111 1111", f"card **{MASK}"),
        ("card 4111/1111/1111/1111", f"card {MASK}"),
        ("> card 4111 1111\n> 1111 1111", f"> card {MASK}"),
        ("card \uff14\uff11\uff11\uff11" + " \uff11\uff11\uff11\uff11" * 3, f"card {MASK}"),
        ("card 4111\u200b1111\u200b1111\u200b1111", f"card {MASK}"),
    ],
)
def test_a_secret_is_shown_as_dots(text: str, shown: str) -> None:
    assert masked(text) == shown
    assert holds_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        "I forgot my password",
        "password is wrong",
        "Your password is required.",
        "The password: I do not know it",
        "Password: the one you gave me",
        "password: call me at 10:30",
        "password reset link: https://x.example/reset?t=Ab1",
        "Password: https://vault.example/x",
        "the passwords are in the vault, in our password manager: 1Password",
        "La contraseña no funciona. ¿Me ayudas?",
        "contraseña: ver abajo",
        "La clave es la constancia",
        "clave: ser constantes",
        "mot de passe oublié ?",
        "Passwort vergessen",
        "IBAN ES91 2100 0418 4502 0005 1332",
        "IBAN: DE89370400440532013000",
        "+34 600 123 456",
        "+4111111111111111",
        "Invoice 2026-0007 of 4.111.111,11",
        "PIN it to the wall; spin 1234 times",
        "4111 1111 1111 1112",
        "Order 1234567890123",
        "ISBN 978-3-16-148410-0",
        "4444 4444 4444 4444",
        "pass the file: brief.pdf",
        "Password:\n\nThanks\nBo",
        "I forgot my password\nThanks",
        "I changed the password\n\nNow the 3 drafts are at https://x.example/a1b2c3",
        "password - required",
        "Password: see ACME-2026",
        "Login: https://x.example/login2",
        "Login: today at 10:30am",
        "token: required",
        "| Password | Needed |\n| --- | --- |\n| see below | yes |",
        "| Task | Done |\n| --- | --- |\n| posts | Zx9qPw77 |",
        "http://host.example:8080/a@b",
        "2023\n2024\n2025\n2026",
        "5100\n5200\n5300\n5400",
        "**posts** and *pages*: a1b2c3d4",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert masked(text) == text
    assert not holds_secret(text)


def test_an_account_number_does_not_hide_the_card_beside_it() -> None:
    assert masked(f"IBAN ES91 2100 0418 4502 0005 1332, card {CARD}") == f"IBAN ES91 2100 0418 4502 0005 1332, card {MASK}"


@given(st.text(st.sampled_from("password: is=\n|*`4123 -PINaZ9.•"), max_size=80))
def test_a_masked_text_only_loses_secrets_and_holds_none_of_them_at_their_places(text: str) -> None:
    spans = secrets_in(text)
    assert all(one.end <= two.start for one, two in pairwise(spans))
    kept = "".join(text[start:end] for start, end in _between(text))
    assert masked(text).replace(MASK, "", len(spans)) == kept or MASK in text


def _between(text: str) -> list[tuple[int, int]]:
    edges = [0, *(place for span in secrets_in(text) for place in (span.start, span.end)), len(text)]
    return list(zip(edges[::2], edges[1::2], strict=True))


@pytest.mark.parametrize(
    "piece",
    [
        *("password ", "password (", "password\n", "password:\n", "password:\n\n\n\n", "password - ", "password  ", "token: "),
        *("password: a / ", "password: a@", "> password:\n> ", "pass**word**: ", "login: a1a1a1 ", "\u200b", "\\*", "**", "> "),
        *(
            "4 ",
            "4",
            "4111/",
            "4111\n",
            "\uff14",
            "-----BEGIN PRIVATE KEY-----",
            "eyJ",
            "pin ",
            "aa11",
            "es12 ",
            "://",
            "://a:",
        ),
        *("| password ", "|a|\n|-|\n", "| password |\n|---|\n| x |\n", "|"),
    ],
)
def test_no_text_takes_longer_than_by_its_length(piece: str) -> None:
    def took(length: int) -> float:
        text = piece * (length // len(piece))
        times = []
        for _ in range(3):
            begun = time.process_time()
            secrets_in(text)
            times.append(time.process_time() - begun)
        return min(times)

    # Four times the text: four times as long, where by the square it were sixteen.
    assert took(100_000) < 10 * took(25_000) + 0.005
