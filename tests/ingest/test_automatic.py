"""What a machine wrote, and what a person wrote, through whatever machine."""

from __future__ import annotations

import pytest

from ingest.automatic import automatic_reason
from ingest.headers import Headers, read_headers
from ingest.sender import read_sender

GOOGLE_GROUP = (
    "Precedence: list\r\nMailing-list: list team@acme.example; contact team+owners@acme.example\r\n"
    "List-ID: <team.acme.example>\r\nList-Post: <https://groups.example/group/team/post>, <mailto:team@acme.example>\r\n"
    "List-Unsubscribe: <mailto:googlegroups-manage+1+unsubscribe@googlegroups.example>"
)
NEWSLETTER = (
    "List-ID: 1mc list <1.list.example>\r\nList-Unsubscribe: <https://news.example/u?1>, <mailto:u@news.example>\r\n"
    "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
)


def headers_of(fields: str) -> Headers:
    sender = "" if "From:" in fields else "From: jane@acme.example\r\n"
    return read_headers(f"{sender}{fields}\r\n\r\nhi\r\n".encode())


def reason(fields: str) -> str:
    headers = headers_of(fields)
    return automatic_reason(headers, read_sender(headers).sender)


@pytest.mark.parametrize(
    ("fields", "mark"),
    [
        ("Auto-Submitted: auto-replied", "auto-submitted"),
        ("Auto-Submitted: auto-generated; owner-email=x@acme.example", "auto-submitted"),
        ("auto-submitted: AUTO-NOTIFIED (a comment)", "auto-submitted"),
        ("Return-Path: <>", "null-return-path"),
        ("Return-Path: < >", "null-return-path"),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=b", "report"),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=b", "report"),
        ("Precedence: bulk", "precedence"),
        ("Precedence: Junk", "precedence"),
        ("Precedence: auto_reply", "precedence"),
        ("X-Autoreply: yes", "autoresponder"),
        ("X-Autorespond: December posts", "autoresponder"),
        ("X-Failed-Recipients: jane@acme.example", "failed-recipients"),
        ("From: Mail Delivery System <MAILER-DAEMON@acme.example>", "postmaster"),
        (NEWSLETTER, "list"),
        ("List-Unsubscribe: <https://news.example/u?1>", "list"),
        (f"{NEWSLETTER}\r\nList-Post: NO (posting not allowed on this list)", "list"),
        ("Subject: Automatic reply: December posts", "out-of-office"),
        ("Subject: Out of Office: December posts", "out-of-office"),
        ("Subject: =?utf-8?q?Respuesta_autom=C3=A1tica=3A_Publicaciones?=", "out-of-office"),
        ("Subject: =?utf-8?q?Resposta_autom=C3=A1tica=3A_Postagens?=", "out-of-office"),
        ("Subject: =?utf-8?q?R=C3=A9ponse_automatique_=3A_Publications?=", "out-of-office"),
        ("Subject: Automatische Antwort: Beitraege", "out-of-office"),
        ("Subject: Out of office: posts\r\nAuto-Submitted: auto-replied", "auto-submitted"),
        ("Subject: Out of office: posts\r\nFrom: postmaster@acme.example", "postmaster"),
        ("Subject: Risposta automatica: Pubblicazioni", "out-of-office"),
        ("Subject: Automatisch antwoord: Berichten", "out-of-office"),
    ],
)
def test_what_a_machine_wrote_is_known_by_its_mark(fields: str, mark: str) -> None:
    assert reason(fields) == mark


@pytest.mark.parametrize(
    "fields",
    [
        "Subject: hello",
        "Auto-Submitted: no",
        "Auto-Submitted: No; x=y",
        "Auto-Submitted:",
        "Precedence: first-class",
        "Return-Path: <jane@acme.example>",
        "X-Auto-Response-Suppress: None",
        "X-Autoreply: no",
        "Subject: Re: Automatic reply: December posts",
        "Subject: Automatic reply to our clients, please write one",
        "From: The postmaster general <general@acme.example>",
    ],
)
def test_what_a_person_wrote_has_no_mark(fields: str) -> None:
    assert reason(fields) == ""


@pytest.mark.parametrize(
    "fields",
    [
        GOOGLE_GROUP,
        "Precedence: list",
        "List-Unsubscribe: <https://crm.example/u?1>\r\nIn-Reply-To: <1@acme.example>",
        f"{GOOGLE_GROUP}\r\nPrecedence: bulk".replace("Precedence: list\r\n", ""),
        "X-Auto-Response-Suppress: All",
        "X-Auto-Response-Suppress: DR, OOF, AutoReply",
    ],
)
def test_what_a_person_wrote_through_a_list_or_a_careful_server_asks_like_any_mail(fields: str) -> None:
    assert reason(fields) == ""
