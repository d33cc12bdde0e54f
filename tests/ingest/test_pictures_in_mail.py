"""Attached pictures keep their places, and those that the HTML shows are no deliveries."""

from __future__ import annotations

import pytest

from ingest.mail import Mail
from ingest.parse import parse_mail

HEADER = b"From: Jane Doe <jane@acme.example>\r\nSubject: December posts\r\n"
PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
HTML = b"Content-Type: text/html; charset=utf-8\r\n\r\n"


def read(raw: bytes) -> Mail:
    mail = parse_mail(raw)
    assert isinstance(mail, Mail), mail
    return mail


def with_parts(*parts: bytes, kind: bytes = b"mixed", edge: bytes = b"edge") -> bytes:
    body = b"".join(b"--" + edge + b"\r\n" + part + b"\r\n" for part in parts)
    return HEADER + b"Content-Type: multipart/" + kind + b"; boundary=" + edge + b"\r\n\r\n" + body + b"--" + edge + b"--\r\n"


LOGO = b"Content-Type: image/png; name=logo.png\r\nContent-ID: <logo@x>\r\nContent-Disposition: attachment\r\n\r\nPNG"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (b"<table><tr><td><img src='cid:logo@x'></td><td>Acme</td></tr></table>", "![logo.png](files/logo.png)\n\nAcme"),
        (b"<p>Hi</p><div class=gmail_signature><img src=cid:logo%40x> Jane</div>", "Hi"),
    ],
)
def test_a_picture_that_the_html_shows_is_no_delivery(html: bytes, text: str) -> None:
    mail = read(with_parts(HTML + html, LOGO, kind=b"related"))
    assert mail.text == text
    assert "![logo.png](files/logo.png)" in f"{mail.text} {mail.signature}"
    assert [each.inline for each in mail.attachments] == [True]


def test_a_picture_that_nothing_shows_is_a_file() -> None:
    mail = read(with_parts(HTML + b"<p>Hi</p>", LOGO, kind=b"related"))
    assert [each.inline for each in mail.attachments] == [False]


def test_pictures_between_html_stay_between() -> None:
    picture = b"Content-Type: image/jpeg; name=a.jpg\r\nContent-Disposition: inline; filename=a.jpg\r\n\r\nJPG"
    mixed = with_parts(HTML + b"<p>Before</p>", picture, HTML + b"<p>After</p>", edge=b"in")[len(HEADER) :]
    mail = read(with_parts(PLAIN + b"Before\r\n\r\nAfter", mixed, kind=b"alternative"))
    assert mail.text == "Before\n\n![a.jpg](files/a.jpg)\n\nAfter"
