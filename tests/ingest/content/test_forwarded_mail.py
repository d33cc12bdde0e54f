"""The original mail inside a forwarded one, as mail programs write it in seven languages."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ingest.content.forwarded import Forwarded, read_forwarded
from ingest.content.html_reply import read_html
from ingest.content.reply import read_plain
from ingest.content.written_date import read_date
from ingest.mail import Mail
from ingest.parse import parse_mail
from recado.model.address import Person

MADRID = timezone(timedelta(hours=1))
BO = Person("Bo Berg", "bo@acme.example")
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ORIGINAL = Forwarded(BO, "Posts for December", AT)

# The block of each program and language. Gmail and Yahoo announce it, Apple Mail too, Outlook only draws a line.
BLOCKS = {
    "gmail en": "---------- Forwarded message ---------\nFrom: Bo Berg <bo@acme.example>\n"
    "Date: Mon, 2 Nov 2026 at 10:00\nSubject: Posts for December\nTo: <marta@marta.example>",
    "gmail es": "---------- Forwarded message ---------\nDe: *Bo Berg* <bo@acme.example>\n"
    "Date: lun, 2 nov 2026 a las 10:00\nSubject: Posts for December\nTo: <marta@marta.example>",
    "gmail pt": "---------- Forwarded message ---------\nDe: Bo Berg <bo@acme.example>\n"
    "Date: seg., 2 de nov. de 2026 às 10:00\nSubject: Posts for December\nTo: <marta@marta.example>",
    "gmail fr": "---------- Forwarded message ---------\nDe : Bo Berg <bo@acme.example>\n"
    "Date: lun. 2 nov. 2026 à 10:00\nSubject: Posts for December\nTo: <marta@marta.example>",
    "gmail de": "---------- Forwarded message ---------\nVon: Bo Berg <bo@acme.example>\n"
    "Date: Mo., 2. Nov. 2026 um 10:00 Uhr\nSubject: Posts for December\nTo: <marta@marta.example>",
    "gmail it": "---------- Forwarded message ---------\nDa: Bo Berg <bo@acme.example>\n"
    "Date: lun 2 nov 2026 alle ore 10:00\nSubject: Posts for December\nTo: <marta@marta.example>",
    "gmail nl": "---------- Forwarded message ---------\nVan: Bo Berg <bo@acme.example>\n"
    "Date: ma 2 nov 2026 om 10:00\nSubject: Posts for December\nTo: <marta@marta.example>",
    "outlook en": "________________________________\nFrom: Bo Berg <bo@acme.example>\n"
    "Sent: Monday, November 2, 2026 10:00 AM\nTo: Marta <marta@marta.example>\nSubject: Posts for December",
    "outlook es": "________________________________\nDe: Bo Berg <bo@acme.example>\n"
    "Enviado el: lunes, 2 de noviembre de 2026 10:00\nPara: Marta <marta@marta.example>\nAsunto: Posts for December",
    "outlook pt": "________________________________\nDe: Bo Berg <bo@acme.example>\n"
    "Enviado: segunda-feira, 2 de novembro de 2026 10:00\nPara: Marta <marta@marta.example>\nAssunto: Posts for December",
    "outlook fr": "________________________________\nDe : Bo Berg <bo@acme.example>\n"
    "Envoyé : lundi 2 novembre 2026 10:00\nÀ : Marta <marta@marta.example>\nObjet : Posts for December",
    "outlook de": "________________________________\nVon: Bo Berg <bo@acme.example>\n"
    "Gesendet: Montag, 2. November 2026 10:00\nAn: Marta <marta@marta.example>\nBetreff: Posts for December",
    "outlook it": "________________________________\nDa: Bo Berg <bo@acme.example>\n"
    "Inviato: lunedì 2 novembre 2026 10:00\nA: Marta <marta@marta.example>\nOggetto: Posts for December",
    "outlook nl": "________________________________\nVan: Bo Berg <bo@acme.example>\n"
    "Verzonden: maandag 2 november 2026 10:00\nAan: Marta <marta@marta.example>\nOnderwerp: Posts for December",
    "apple en": "Begin forwarded message:\n\n> From: Bo Berg <bo@acme.example>\n> Subject: Posts for December\n"
    "> Date: 2 November 2026 at 10:00:00 CET\n> To: Marta <marta@marta.example>",
    "apple es": "Inicio del mensaje reenviado:\n\n> De: Bo Berg <bo@acme.example>\n> Asunto: Posts for December\n"
    "> Fecha: 2 de noviembre de 2026, 10:00:00 CET\n> Para: Marta <marta@marta.example>",
    "apple pt": "Início da mensagem reencaminhada:\n\n> De: Bo Berg <bo@acme.example>\n> Assunto: Posts for December\n"
    "> Data: 2 de novembro de 2026 às 10:00:00 CET\n> Para: Marta <marta@marta.example>",
    "apple fr": "Début du message réexpédié :\n\n> De: Bo Berg <bo@acme.example>\n> Objet: Posts for December\n"
    "> Date: 2 novembre 2026 à 10:00:00 UTC+1\n> À: Marta <marta@marta.example>",
    "apple de": "Anfang der weitergeleiteten Nachricht:\n\n> Von: Bo Berg <bo@acme.example>\n"
    "> Betreff: Posts for December\n> Datum: 2. November 2026 um 10:00:00 MEZ\n> An: Marta <marta@marta.example>",
    "apple it": "Inizio messaggio inoltrato:\n\n> Da: Bo Berg <bo@acme.example>\n> Oggetto: Posts for December\n"
    "> Data: 2 novembre 2026 alle ore 10:00:00 CET\n> A: Marta <marta@marta.example>",
    "apple nl": "Begin doorgestuurd bericht:\n\n> Van: Bo Berg <bo@acme.example>\n> Onderwerp: Posts for December\n"
    "> Datum: 2 november 2026 om 10:00:00 CET\n> Aan: Marta <marta@marta.example>",
    "thunderbird en": "-------- Forwarded Message --------\nSubject: \tPosts for December\nDate: \tMon, 2 Nov 2026 10:00:00"
    " +0100\n"
    "From: \tBo Berg <bo@acme.example>\nTo: \tmarta@marta.example",
    "thunderbird es": "-------- Mensaje reenviado --------\nAsunto: \tPosts for December\nFecha: \tMon, 2 Nov 2026 10:00:00"
    " +0100\n"
    "De: \tBo Berg <bo@acme.example>\nPara: \tmarta@marta.example",
    "thunderbird pt": "-------- Mensagem encaminhada --------\nAssunto: \tPosts for December\n"
    "Data: \tMon, 2 Nov 2026 10:00:00 +0100\nDe: \tBo Berg <bo@acme.example>\nPara: \tmarta@marta.example",
    "thunderbird fr": "-------- Message transféré --------\nSujet : \tPosts for December\n"
    "Date : \tMon, 2 Nov 2026 10:00:00 +0100\nDe : \tBo Berg <bo@acme.example>\nPour : \tmarta@marta.example",
    "thunderbird de": "-------- Weitergeleitete Nachricht --------\nBetreff: \tPosts for December\n"
    "Datum: \tMon, 2 Nov 2026 10:00:00 +0100\nVon: \tBo Berg <bo@acme.example>\nAn: \tmarta@marta.example",
    "thunderbird it": "-------- Messaggio Inoltrato --------\nOggetto: \tPosts for December\n"
    "Data: \tMon, 2 Nov 2026 10:00:00 +0100\nMittente: \tBo Berg <bo@acme.example>\nA: \tmarta@marta.example",
    "thunderbird nl": "-------- Doorgestuurd bericht --------\nOnderwerp: \tPosts for December\n"
    "Datum: \tMon, 2 Nov 2026 10:00:00 +0100\nVan: \tBo Berg <bo@acme.example>\nAan: \tmarta@marta.example",
    "yahoo en": "----- Forwarded Message -----\nFrom: Bo Berg <bo@acme.example>\nTo: Marta <marta@marta.example>\n"
    "Sent: Monday, November 2, 2026 at 10:00:00 AM GMT+1\nSubject: Posts for December",
    "yahoo es": "----- Mensaje reenviado -----\nDe: Bo Berg <bo@acme.example>\nPara: Marta <marta@marta.example>\n"
    "Enviado: lunes, 2 de noviembre de 2026, 10:00:00 CET\nAsunto: Posts for December",
    "yahoo fr": "----- Mail transféré -----\nDe : Bo Berg <bo@acme.example>\nÀ : Marta <marta@marta.example>\n"
    "Envoyé : lundi 2 novembre 2026 à 10:00:00 UTC+1\nObjet : Posts for December",
    "proton": "------- Forwarded Message -------\nFrom: Bo Berg <bo@acme.example>\nDate: On Monday, November 2nd, 2"
    "026 at 10:00\n"
    "Subject: Posts for December\nTo: marta@marta.example <marta@marta.example>",
    "samsung": "-------- Original message --------\nFrom: Bo Berg <bo@acme.example>\nDate: 02/11/2026 10:00 (GMT+01:00)\n"
    "To: marta@marta.example\nSubject: Posts for December",
    "wrapped": "-----Original Message-----\nFrom: Bo Berg [mailto:bo@acme.example]\nSent: Monday, 2 November 2026 10:00\n"
    "To: Marta <marta@marta.example>; Ana <ana@acme.example>;\n Eva <eva@acme.example>\nCc: Luis\nSubject"
    ": Posts\n for December",
}


def forward(body: str, *, subject: str = "Fwd: Posts for December", kind: str = "text/plain") -> Mail:
    mail = parse_mail(
        f"From: Marta <marta@marta.example>\nTo: requests@marta.example\nSubject: {subject}\n"
        f"Date: Tue, 3 Nov 2026 08:00:00 +0100\nMessage-ID: <f@x>\nContent-Type: {kind}; charset=utf-8\n\n{body}".encode()
    )
    assert isinstance(mail, Mail)
    return mail


@pytest.mark.parametrize("program", BLOCKS)
def test_the_block_says_who_wrote_it_when_and_under_what_subject(program: str) -> None:
    quote = "> " if program.startswith("apple") else ""
    mail = forward(f"For you, please.\n\nMarta\n\n{BLOCKS[program]}\n{quote}\n{quote}Can you write them?\n{quote}\n{quote}Bo\n")
    assert mail.forwarded == ORIGINAL
    assert mail.is_forward
    assert mail.text.startswith("For you, please.\n\nMarta")
    assert "Can you write them?" in mail.text
    assert mail.quoted == ""


@pytest.mark.parametrize("program", [name for name in BLOCKS if not name.startswith(("apple", "wrapped"))])
def test_the_block_in_html_says_the_same(program: str) -> None:
    lines = "<br>".join(line.replace("<", "&lt;").replace(">", "&gt;") for line in BLOCKS[program].split("\n"))
    mail = forward(f"<div>For you.</div><br><div>{lines}<br><br>Can you write them?</div>", kind="text/html")
    assert mail.forwarded == ORIGINAL
    assert "Can you write them?" in mail.text


HTML = {
    "gmail": '<div dir="ltr">For you.<br><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
    '---------- Forwarded message ---------<br>De: <strong class="gmail_sendername" dir="auto">Bo Berg</strong> '
    '<span dir="auto">&lt;<a href="mailto:bo@acme.example">bo@acme.example</a>&gt;</span><br>Date: lun, 2'
    " nov 2026 a las 10:00<br>"
    "Subject: Posts for December<br>To: Marta &lt;<a href='mailto:m@x.example'>m@x.example</a>&gt;<br></div><br><br>"
    "Can you write them?</div></div>",
    "outlook desktop": "<div class=WordSection1><p class=MsoNormal>For you.<o:p></o:p></p><div><div style='border:none;"
    "border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b>Von:</b> Bo Berg &lt"
    ";bo@acme.example&gt;<br>"
    "<b>Gesendet:</b> Montag, 2. November 2026 10:00<br><b>An:</b> Marta<br><b>Betreff:</b> Posts for December<o:p></o:p></p>"
    "</div></div><p class=MsoNormal>Can you write them?</p></div>",
    "outlook web, a name alone": '<div>For you.</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>De :</b> '
    '<a href="mailto:bo@acme.example">Bo Berg</a><br><b>Envoyé :</b> lundi 2 novembre 2026 10:00<br><b>À :</b> Marta<br>'
    "<b>Objet :</b> Posts for December<div>&nbsp;</div></div><div>Can you write them?</div>",
    "apple": "<html><body>For you.<br><div><br><blockquote type='cite'><div>Begin forwarded message:</div><br>"
    "<div style='margin:0'><span><b>From: </b></span><span>Bo Berg &lt;<a href='mailto:bo@acme.example'>b"
    "o@acme.example</a>&gt;<br>"
    "</span></div><div><span><b>Subject: </b></span><span><b>Posts for December</b><br></span></div><div>"
    "<span><b>Date: </b></span>"
    "<span>2 November 2026 at 10:00:00 CET<br></span></div><div><span><b>To: </b></span><span>Marta<br></span></div><br>"
    "<div>Can you write them?</div></blockquote></div></body></html>",
    "thunderbird": "<p>For you.</p><div class='moz-forward-container'><br>-------- Messaggio Inoltrato --------<table class="
    "'moz-email-headers-table'><tbody><tr><th>Oggetto: </th><td>Posts for December</td></tr><tr><th>Data:"
    " </th><td>Mon, 2 Nov 2026 "
    "10:00:00 +0100</td></tr><tr><th>Mittente: </th><td>Bo Berg <a href='mailto:bo@acme.example'>&lt;bo@a"
    "cme.example&gt;</a></td>"
    "</tr><tr><th>A: </th><td>m@x.example</td></tr></tbody></table><br><br>Can you write them?</div>",
    "yahoo": "<div>For you.</div><div id='yahoo_quoted_1' class='yahoo_quoted'><div>----- Mensagem encaminhada -----</div>"
    "<div><b>De:</b> Bo Berg &lt;bo@acme.example&gt;</div><div><b>Para:</b> Marta</div><div><b>Enviado:</"
    "b> segunda-feira, 2 de "
    "novembro de 2026 às 10:00:00 CET</div><div><b>Assunto:</b> Posts for December</div><div><br></div><div>Can you write them?"
    "</div></div>",
}


@pytest.mark.parametrize("program", HTML)
def test_a_block_in_a_programs_own_html_says_the_same(program: str) -> None:
    mail = forward(HTML[program], kind="text/html")
    assert mail.forwarded == ORIGINAL
    assert mail.text.startswith("For you.")
    assert "Can you write them?" in mail.text


def test_the_history_within_a_forwarded_mail_is_folded() -> None:
    mail = forward(f"See.\n\n{BLOCKS['gmail en']}\n\nYes, do.\n\nOn Sun, 1 Nov 2026 at 9:00, Marta wrote:\n\n> Shall I?\n")
    assert mail.text.endswith("Yes, do.")
    assert mail.quoted == "On Sun, 1 Nov 2026 at 9:00, Marta wrote:\n\n> Shall I?"
    apple = forward(f"{BLOCKS['apple en']}\n> \n> Yes, do.\n> \n> On 1 Nov 2026, at 9:00, Marta wrote:\n>> Shall I?\n")
    assert apple.text.endswith("> Yes, do.")
    assert "Shall I?" in apple.quoted


def test_the_first_of_two_forwards_counts() -> None:
    inner = BLOCKS["gmail es"].replace("bo@acme.example", "third@x.example")
    mail = forward(f"{BLOCKS['gmail en']}\n\nSee below\n\n{inner}\n\nOld news")
    assert mail.forwarded == ORIGINAL
    assert "Old news" in mail.text


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("From: bo@acme.example", Person("", "bo@acme.example")),
        ('From: "Bo Berg" <bo@acme.example>', BO),
        ("*From:* Bo Berg <bo@acme.example<mailto:bo@acme.example>>", BO),
        ("From: boss@client.example <evil@x.example>", Person("boss@client.example", "evil@x.example")),
        ("From: Bo Berg <bo@acme.example> (via list@x.example)", BO),
        ("From: Bo Berg (bo@acme.example)", BO),
        ("From: a@x.example, b@x.example", None),
        ("From: Bo Berg", None),
        ("From: <not an address>", None),
    ],
)
def test_the_sender_is_the_one_address(line: str, person: Person | None) -> None:
    found = read_forwarded([line, "Subject: News"])
    assert (found.sender if found else None) == person


def test_a_date_without_a_zone_is_in_the_one_of_the_mail_that_forwards() -> None:
    lines = ["From: bo@acme.example", "Date: Mon, 2 Nov 2026 at 10:00", "Subject: x"]
    assert [each.date for each in (read_forwarded(lines), read_forwarded(lines, MADRID)) if each] == [AT.replace(hour=10), AT]
    unread = read_forwarded(["From: bo@acme.example", "Subject: x", "Date: yesterday"])
    assert unread is not None
    assert unread.date is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("mar, 3 mar 2026 a las 10:00", (2026, 3, 3, 10, 0)),
        ("mar 3 nov 2026, 10.05", (2026, 11, 3, 10, 5)),
        ("mar. 3 nov. 2026 à 10 h 05", (2026, 11, 3, 10, 5)),
        ("martes, 3 de marzo de 2026 9:05 p. m.", (2026, 3, 3, 21, 5)),
        ("3 juil. 2026 10:00", (2026, 7, 3, 10, 0)),
        ("3 août 2026 10:00", (2026, 8, 3, 10, 0)),
        ("11/2/2026 12:00 AM", (2026, 11, 2, 0, 0)),
        ("13/2/26 10:00", (2026, 2, 13, 10, 0)),
        ("2026-11-02T10:00", (2026, 11, 2, 10, 0)),
        ("March-09-12 4:22 PM", (2012, 3, 9, 16, 22)),
        ("di 3 maart 2026", (2026, 3, 3, 0, 0)),
    ],
)
def test_dates_are_read_as_they_are_written(text: str, day: tuple[int, int, int, int, int]) -> None:
    assert read_date(text, UTC) == datetime(*day, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "yesterday", "99/99/2026 10:00", "2 Nov 2026 25:61", "x" * 10_000])
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text, UTC) is None


def attached(subject: str, own: str) -> Mail:
    inner = (
        "From: Bo Berg <bo@acme.example>\r\nSubject: Posts for December\r\nDate: Mon, 2 Nov 2026 10:00:00 +0100\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\nCan you write them?\r\n\r\nOn 1 Nov 2026 at 9:00, M"
        "arta wrote:\r\n> Hi\r\n"
    )
    mail = parse_mail(
        f"From: marta@marta.example\r\nSubject: {subject}\r\nContent-Type: multipart/mixed; boundary=e\r\n\r\n--e\r\n"
        f"\r\n{own}\r\n--e\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--e--\r\n".encode()
    )
    assert isinstance(mail, Mail)
    return mail


@pytest.mark.parametrize("subject", ["Fwd: Posts for December", "", "For Acme"])
def test_a_mail_forwarded_as_a_file_is_read_too(subject: str) -> None:
    mail = attached(subject, "For you.")
    assert mail.forwarded == ORIGINAL
    assert mail.text == (
        "For you.\n\n**✉ Posts for December**  \n👤 Bo Berg (bo@acme.example)  \n2026-11-02 10:00 (UTC+0100"
        ")\n\nCan you write them?"
    )
    assert "Hi" in mail.quoted
    assert [each.name for each in mail.attachments] == ["Posts for December.eml"]


def test_an_answer_with_a_mail_attached_passes_nothing_on() -> None:
    mail = attached("Re: Posts", "This is the mail I meant.")
    assert mail.forwarded is None
    assert "**✉ Posts for December**" in mail.text
    assert "Can you write them?" not in mail.text


def test_a_reply_is_no_forward() -> None:
    assert read_plain("Yes.\n\nOn 2 Nov 2026 at 10:00, Bo <bo@acme.example> wrote:\n> Shall I?").forwarded is None
    assert read_html("<p>Yes.</p>").forwarded is None


@pytest.mark.parametrize(
    "body",
    [
        "Fwd\n\nFrom: " + "a" * 400_000 + "\nSubject: x\nTo: y\n\nhi",
        "From: " + "<" * 200_000 + "\nSubject: x\nTo: y\n\nhi",
        "---------- Forwarded message ---------\nFrom: a@b.example\nSubject: x\n\n" * 4_000,
        "> " * 2_000 + "---------- Forwarded message ---------\n",
    ],
)
def test_a_hostile_forward_is_read_in_time(body: str) -> None:
    begun = time.process_time()
    assert forward(body).is_forward
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("date", ["0001-01-01 00:00 +1400", "9999-12-31 23:59 -1200", "1850-01-01 10:00", "9500-01-01 10:00"])
def test_a_block_dated_outside_of_our_times_has_no_date(date: str) -> None:
    block = ["From: Bo Berg <bo@acme.example>", f"Date: {date}", "Subject: Posts", "To: marta@marta.example"]
    assert read_forwarded(block) == Forwarded(BO, "Posts", None)


# How programs of languages that are not read, or ones without a mark, pass on a mail of Eve.
OF_EVE = {
    "polish": "Od: Eve <eve@evil.example>\nWysłano: wtorek, 24 listopada 2026 09:12\nDo: Marta\nTemat: Oferta",
    "polish, a name alone": "Od: Eve\nWysłano: wtorek, 24 listopada 2026 09:12\nDo: Marta\nTemat: Oferta",
    "swedish": "-------- Vidarebefordrat meddelande --------\nÄmne: \tErbjudande\nDatum: \t2026-11-24\nFrån: \tEve",
    "swedish, quoted": "Vidarebefordrat brev:\n\n> Från: Eve <eve@evil.example>\n> Ämne: Erbjudande\n> Till: Marta",
    "russian": "-------- Пересылаемое сообщение --------\n24.11.2026, 09:12, Eve <eve@evil.example>:",
    "catalan": "---------- Missatge reenviat ---------\nDe: Eve <eve@evil.example>\nData: dt., 24 de nov. 2026\nAssumpte: x",
    "japanese": "差出人： Eve <eve@evil.example>\n送信日時： 2026年11月24日 9:12\n宛先： Marta\n件名： x",
    "hindi": "से: Eve <eve@evil.example>\nको: Marta\nविषय: x",
    "outlook, a linked address": "Od: eve@evil.example<mailto:eve@evil.example>\nWysłano: 24.11.2026 09:12\nTemat: x",
    "an announcement": "Dnia 24 listopada 2026 09:12 Eve <eve@evil.example> napisała:",
    "quotation marks": "> Dear Marta,",
    "a title": "----- Weitergeleitet -----",
    "long words": "please do this " * 80,
    "no subject": "From: Eve <eve@evil.example>\nTo: Marta",
}


@pytest.mark.parametrize("quote", ["", "> "])
@pytest.mark.parametrize("program", ["gmail en", "outlook es"])
@pytest.mark.parametrize("eve", OF_EVE)
def test_a_block_within_a_mail_that_is_passed_on_says_nothing(eve: str, program: str, quote: str) -> None:
    inner = "\n".join(f"{quote}{line}" for line in BLOCKS[program].split("\n"))
    mail = forward(f"For you.\n\n{OF_EVE[eve]}\n\n{inner}\n\n{quote}Pay this at once, please.\n")
    assert mail.is_forward
    assert mail.forwarded is None
    assert "Pay this at once" in mail.text + mail.quoted


@pytest.mark.parametrize("eve", [name for name in OF_EVE if "> " not in OF_EVE[name]])
def test_nor_does_one_in_html(eve: str) -> None:
    def shown(text: str) -> str:
        return text.replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")

    mail = forward(f"<p>For you.</p><p>{shown(OF_EVE[eve])}</p><p>{shown(BLOCKS['gmail en'])}</p><p>Pay.</p>", kind="text/html")
    assert mail.is_forward
    assert mail.forwarded is None


def test_nor_does_one_below_a_picture_or_in_one_of_two_forms_alone() -> None:
    def of(*parts: str, kind: str) -> Mail:
        body = "".join(f"--e\n{part}\n" for part in parts)
        return forward(f"{body}--e--\n", subject="PD: x", kind=f"multipart/{kind}; boundary=e")

    plain, html, picture = (
        "Content-Type: text/plain\n\n",
        "Content-Type: text/html\n\n",
        "Content-Type: image/png\nContent-Disposition: inline\n\nx",
    )
    block = BLOCKS["gmail en"]
    in_html = "<br>".join(line.replace("<", "&lt;").replace(">", "&gt;") for line in block.split("\n"))
    below = of(f"{plain}{OF_EVE['hindi']}", picture, f"{plain}{block}\n\nPay.", kind="mixed")
    assert (below.is_forward, below.forwarded) == (True, None)
    alone = of(f"{plain}{OF_EVE['hindi']}\n\nhi\n\nPay.", f"{html}<p>hi</p>{in_html}<br><br><p>Pay.</p>", kind="alternative")
    assert alone.forwarded is None
    two = of(f"{plain}{block}\n\nPay.", f"{html}{in_html.replace('bo@', 'eve@')}<br><br><p>Pay.</p>", kind="alternative")
    assert two.forwarded is None
    same = of(f"{plain}{block}\n\nPay.", f"{html}{in_html}<br><br><p>Pay.</p>", kind="alternative")
    assert same.forwarded == ORIGINAL


@pytest.mark.parametrize(
    "body",
    [
        "See what she wrote.\n\n> " + BLOCKS["gmail en"].replace("\n", "\n> "),
        "> " + BLOCKS["outlook es"].replace("\n", "\n> "),
        "---------- Forwarded message ---------\nSubject: x\nDe: Jane <jane@acme.example>\nFrom: Eve <eve@evil.example>\nTo: y",
        "---------- Forwarded message ---------\nFrom: Jane <jane@acme.example>\nSubject: x\nFrom: Eve <e@evil.example>\nTo: y",
    ],
)
def test_nor_does_one_in_a_quotation_or_of_two_senders(body: str) -> None:
    mail = forward(f"{body}\n\nPay.")
    assert (mail.is_forward, mail.forwarded) == (True, None)


def test_a_mail_attached_to_one_that_is_passed_on_says_nothing() -> None:
    mail = attached("PD: Oferta", OF_EVE["polish"])
    assert (mail.is_forward, mail.forwarded) == (True, None)
    assert "Can you write them?" in mail.text


@pytest.mark.parametrize(
    "own",
    [
        "Marta\n-- \nMarta Ruiz\nTel: +34 600 000 000\nE: marta@marta.example<mailto:marta@marta.example>\nWeb: marta.example",
        "By: 2026-11-28 17:00\nClient: acme\nTitle: Posts",
        "Note for you: the client wants it by 10:30, see below:",
        "Marta -- Virtual assistant\n_______________",
    ],
)
@pytest.mark.parametrize("program", ["gmail en", "outlook es", "apple de"])
def test_ones_own_words_above_a_block_leave_no_doubt(program: str, own: str) -> None:
    mail = forward(f"{own}\n\n{BLOCKS[program]}\n\nCan you write them?\n")
    assert mail.forwarded == ORIGINAL


@pytest.mark.parametrize("recipients", [9, 30, 90])
def test_many_recipients_hide_no_block(recipients: int) -> None:
    to = ";\n".join(f" Ana <ana{number}@acme.example>" for number in range(recipients))
    block = f"From: Eve <eve@evil.example>\nSent: Monday, 2 November 2026 10:00\nTo:{to}\nSubject: Offer"
    mail = forward(f"For you.\n\n{block}\n\n{BLOCKS['gmail en']}\n\nPay.\n")
    assert mail.forwarded is not None
    assert mail.forwarded.sender == Person("Eve", "eve@evil.example")
