"""What is made of the bytes of a mail."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.bounds import MOST_ADDRESSES, MOST_LEVELS, MOST_PARTS
from ingest.mail import Mail, Unreadable
from ingest.parse import parse_mail
from recado.model.address import Person

HEADER = (
    b"From: Jane Doe <jane@acme.example>\r\nTo: requests@marta.example\r\nSubject: December posts\r\n"
    b"Date: Tue, 24 Nov 2026 09:12:03 +0100\r\nMessage-ID: <one@acme.example>\r\n"
)


def read(raw: bytes) -> Mail:
    mail = parse_mail(raw)
    assert isinstance(mail, Mail), mail
    return mail


def with_parts(*parts: bytes, kind: bytes = b"mixed", edge: bytes = b"edge") -> bytes:
    body = b"".join(b"--" + edge + b"\r\n" + part + b"\r\n" for part in parts)
    return HEADER + b"Content-Type: multipart/" + kind + b"; boundary=" + edge + b"\r\n\r\n" + body + b"--" + edge + b"--\r\n"


PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
HTML = b"Content-Type: text/html; charset=utf-8\r\n\r\n"


def test_an_ordinary_mail_is_read_whole() -> None:
    mail = read(
        HEADER
        + b"Cc: Ana <ana@acme.example>\r\nIn-Reply-To: <b@x.example>\r\nReferences: <a@x.example>\r\n <b@x.example>\r\n"
        + b"\r\nHello Marta,\r\n\r\nfour posts, please.\r\n\r\n-- \r\nJane\r\n"
    )
    assert mail.from_ == Person("Jane Doe", "jane@acme.example")
    assert mail.to == (Person("", "requests@marta.example"),)
    assert mail.cc == (Person("Ana", "ana@acme.example"),)
    assert mail.subject == "December posts"
    assert mail.date == datetime(2026, 11, 24, 8, 12, 3, tzinfo=UTC)
    assert mail.message_id == "<one@acme.example>"
    assert mail.in_reply_to == ("<b@x.example>",)
    assert mail.references == ("<a@x.example>", "<b@x.example>")
    assert mail.text == "Hello Marta,\n\nfour posts, please."
    assert mail.signature == "Jane"
    assert (mail.quoted, mail.attachments, mail.flags, mail.is_automatic, mail.is_forward) == ("", (), (), False, False)


def test_what_is_missing_or_repeated_is_flagged() -> None:
    assert read(b"From: a@x.example\r\n\r\nhi").flags == ("no-date", "no-message-id")
    assert read(HEADER.replace(b"Tue, 24 Nov 2026", b"Someday") + b"\r\nhi").flags == ("bad-date",)
    twice = read(HEADER + b"Subject: other\r\n\r\nhi")
    assert (twice.flags, twice.repeated, twice.subject) == (("repeated-header",), ("subject",), "December posts")


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        (b"=?utf-8?q?hi=0D=0ABcc:_v=40x?=", "hi Bcc: v@x"),
        (b"a\r\n\tfolded   one", "a folded one"),
        ("\u202etxt.exe \u0007bell\u200e".encode(), "txt.exe bell"),
        ("ñandú".encode("latin-1"), "ñandú"),
        ("ñandú".encode(), "ñandú"),
        (b"=?utf-8?B?8J+Y?= =?utf-8?B?gA==?=", "😀"),
        (b"=?iso-8859-1?q?=93quoted=94?=", "“quoted”"),
        (b"=?unknown-8bit?q?=F1?= x", "ñ x"),
        (b"=?utf-8?q?one?= two =?utf-8?q?three?=", "one two three"),
        (b"=?gb2312?b?1tC5+g==?=", "中国"),
        (b"=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=", "日本"),
        (b"=?utf-8?b?not base64!?=", ""),
    ],
)
def test_a_subject_is_one_clean_line(subject: bytes, shown: str) -> None:
    mail = read(b"From: a@x.example\r\nSubject: " + subject + b"\r\n\r\nhi")
    if shown:
        assert mail.subject == shown
    assert "\n" not in mail.subject


def test_the_digest_is_of_what_was_said_and_not_of_how_it_came() -> None:
    mail = HEADER + b"\r\nhello\r\n"
    same = read(mail).digest
    assert same.startswith("sha256:")
    assert len(same) == len("sha256:") + 64
    assert read(b"Received: from elsewhere\r\nX-Spam: no\r\n" + mail).digest == same
    assert read(mail.replace(b"\r\n", b"\n")).digest == same
    for other in (
        mail.replace(b"hello", b"hallo"),
        mail.replace(b"December", b"January"),
        mail.replace(b"To: requests", b"To: x"),
        HEADER + b"Cc: x@y.example\r\n\r\nhello\r\n",
        HEADER + b"References: <x@y>\r\n\r\nhello\r\n",
        HEADER + b"Subject: \r\n\r\nhello\r\n",
    ):
        assert read(other).digest != same


def test_a_value_cannot_move_between_fields_unnoticed() -> None:
    one = read(b"From: a@x.example\r\nTo: b@x.example\r\nCc:\r\n\r\nhi").digest
    other = read(b"From: a@x.example\r\nTo:\r\nCc: b@x.example\r\n\r\nhi").digest
    assert one != other


def test_plain_and_html_of_one_text_are_one_text() -> None:
    mail = read(with_parts(PLAIN + b"Hello Marta", HTML + b"<p>Hello Marta</p>", kind=b"alternative"))
    assert mail.text == "Hello Marta"


@pytest.mark.parametrize(
    ("plain", "html", "text"),
    [
        (b"", b"<p>Only <b>here</b></p>", "Only **here**"),
        (
            b"Please use a program that shows HTML.",
            b"<p>" + b"one two three four five six seven " * 5 + b"</p>",
            "one two three",
        ),
        (b"First\r\nSecond", b"<ul><li>First</li><li>Second</li></ul>", "- First\n- Second"),
        (
            b"See our page",
            b'<p>See <a href="https://acme.example/p">our page</a></p>',
            "See [our page](https://acme.example/p)",
        ),
        (
            b"See our page <https://acme.example/p>",
            b'<p>See <a href="https://acme.example/p">our page</a></p>',
            "See our page <https:",
        ),
        (b"All the words are in the plain part alone, it seems.", b"<p>Words</p>", "All the words"),
        (b"", "<div>👍</div>".encode(), "👍"),
    ],
)
def test_the_form_that_carries_the_text_is_read(plain: bytes, html: bytes, text: str) -> None:
    assert read(with_parts(PLAIN + plain, HTML + html, kind=b"alternative")).text.startswith(text)


def test_text_between_pictures_stays_in_order() -> None:
    picture = (
        b'Content-Type: image/png; name="p.png"\r\nContent-Disposition: inline\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo="
    )
    mail = read(with_parts(PLAIN + b"Before", picture, PLAIN + b"After"))
    assert mail.text == "Before\n\n![p.png](files/p.png)\n\nAfter"
    assert [(a.name, a.content_type, a.content, a.inline) for a in mail.attachments] == [
        ("p.png", "image/png", b"\x89PNG\r\n\x1a\n", True)
    ]


def test_an_attached_picture_keeps_its_place_by_name() -> None:
    related = with_parts(
        HTML + b'<p>Look: <img src="cid:logo@x" alt="x"> nice</p>',
        b"Content-Type: image/png\r\nContent-ID: <logo@x>\r\nContent-Disposition: inline; filename=logo.png\r\n\r\nx",
        kind=b"related",
    )
    mail = read(related)
    assert mail.text == "Look: ![logo.png](files/logo.png) nice"
    assert mail.attachments[0].content_id == "logo@x"


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        (b"utf-8", "año “x”".encode(), "año “x”"),
        (b"iso-8859-1", b"\x93a\xf1o\x94", "“año”"),
        (b"us-ascii", "año".encode(), "año"),
        (b"x-unknown", b"a\xf1o", "año"),
        (b"unicode_escape", b"\\x3cscript\\x3e", "\\\\x3cscript\\\\x3e"),
        (b"utf-7", b"+ADw-script+AD4-", "&lt;script>"),
        (b"gb2312", "中国".encode("gb18030"), "中国"),
        (b"iso-2022-jp", "日本".encode("iso2022_jp"), "日本"),
        (b"rot13", b"hello", "hello"),
        (b"utf-8", b"ok\xff \xc3\xb1\xc3\xb1\xc3\xb1", "ok\ufffd ñññ"),
    ],
)
def test_text_is_read_in_the_charset_that_was_meant(charset: bytes, content: bytes, text: str) -> None:
    assert read(HEADER + b"Content-Type: text/plain; charset=" + charset + b"\r\n\r\n" + content).text == text


def test_eight_bit_text_without_any_charset_is_read() -> None:
    assert read(HEADER + b"\r\n" + "El año".encode("latin-1")).text == "El año"


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        (b"Auto-Submitted: auto-replied (vacation)", "auto-submitted"),
        (b"Auto-Submitted: no", ""),
        (b"Return-Path: <>", "null-return-path"),
        (b"Return-Path: <jane@acme.example>", ""),
        (b"Precedence: bulk", "precedence"),
        (b"Precedence: first-class", ""),
        (b"List-Id: <x.example>", "list"),
        (b"X-Auto-Response-Suppress: All", ""),
        (b"X-Autoreply: yes", "autoresponder"),
        (b'Content-Type: multipart/report; report-type=delivery-status; boundary="x"', "report"),
        (b"X-Mailer: y", ""),
    ],
)
def test_a_machine_is_known_by_its_marks(field: bytes, reason: str) -> None:
    mail = read(HEADER + field + b"\r\n\r\nI am away.")
    assert (mail.automatic_reason, mail.is_automatic) == (reason, bool(reason))


@pytest.mark.parametrize(
    "subject",
    [
        "Fwd: News",
        "FW: News",
        "RV: Noticias",
        "WG: Neues",
        "TR: Nouvelles",
        "Enc: Novas",
        "I: Novità",
        "Doorst: x",
        "Transf.: x",
    ],
)
def test_a_forward_keeps_the_text_it_passes_on(subject: str) -> None:
    block = "From: Bo <b@x.example>\r\nSent: Monday\r\nTo: Al\r\nSubject: News"
    raw = f"From: a@x.example\r\nSubject: {subject}\r\n\r\nSee below\r\n\r\n{block}\r\n\r\nBig news"
    mail = read(raw.encode())
    assert mail.is_forward
    assert "Big news" in mail.text
    assert mail.quoted == ""


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "no-header"),
        (b"\x89PNG\r\n\x1a\n", "no-header"),
        (b"just words\r\n\r\nand more", "no-header"),
        (HEADER + b"\r\n" + b"x" * 2_000_000, "too-large"),
        (HEADER + b"X-Big: " + b"a" * 1_000_000 + b"\r\n\r\nx", "header-too-large"),
        (HEADER + b"X-A: b\r\n" * 5_000 + b"\r\nx", "too-many-fields"),
        (
            HEADER + b"Cc: " + b",".join(b"a%d@x.example" % n for n in range(MOST_ADDRESSES + 1)) + b"\r\n\r\nx",
            "too-many-addresses",
        ),
        (HEADER + b"Cc: " + b"(" * 2_000 + b"\r\n\r\nx", "too-many-comments"),
        (with_parts(*([b"\r\nx"] * (MOST_PARTS + 1))), "too-many-parts"),
        (HEADER + b"Content-Type: message/rfc822\r\n\r\n" * (MOST_LEVELS + 1) + b"x", "too-deep"),
        (
            HEADER
            + b"".join(b"Content-Type: multipart/mixed;\r\n\tboundary*0=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1_000)),
            "too-deep",
        ),
    ],
)
def test_too_much_or_too_little_is_unreadable_with_the_reason(raw: bytes, reason: str) -> None:
    begun = time.perf_counter()
    mail = parse_mail(raw, max_bytes=1_500_000)
    assert isinstance(mail, Unreadable)
    assert mail.reason == reason
    assert mail.detail
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize(
    "body",
    [
        PLAIN + b"http://a" + b")" * 100_000,
        PLAIN + b"> a\n" * 50_000,
        PLAIN + b"On a 10:00 b\n" * 20_000,
        PLAIN + b"[" * 200_000,
        HTML + b"<div>" * 90_000,
        HTML + b"&" * 200_000,
        HTML + b"<p>" * 90_000,
        HTML + b"<blockquote>a" * 1_900,
        HTML + b"<" * 200_000,
    ],
)
def test_a_hostile_body_is_read_in_time(body: bytes) -> None:
    begun = time.perf_counter()
    assert isinstance(parse_mail(HEADER + body), Mail)
    assert time.perf_counter() - begun < 5


def test_what_mail_parser_cannot_read_is_read_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(parser: object) -> object:
        raise AttributeError(parser)

    monkeypatch.setattr("mailparser.MailParser.parse", fails)
    mail = read(HEADER + b"\r\nhello")
    assert (mail.text, mail.from_) == ("hello", Person("Jane Doe", "jane@acme.example"))
    assert "parser-failed" in mail.flags


_PIECES = st.sampled_from(
    [
        HEADER,
        b"\r\n",
        b"\n",
        b"\r",
        b"From: ",
        b"a@x.example",
        b"Content-Type: ",
        b"multipart/mixed; boundary=x",
        b"text/html",
        b"text/plain",
        b"message/rfc822",
        b"--x\r\n",
        b"--x--",
        b"Content-Transfer-Encoding: base64\r\n",
        b"=?utf-8?b?",
        b"?=",
        b"<div class=gmail_quote>",
        b"<blockquote type=cite>",
        b"</",
        b"> ",
        b"On 1/1/2026 10:00 a@b.example wrote:",
        b"\x00",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"charset=utf-7",
        b"+2AA-",
        b"text/calendar",
        b"BEGIN:VCALENDAR",
        b"BEGIN:VEVENT",
        b"DTSTART:x",
        b"filename*0*=",
        b'"',
        b"\\",
        b"(",
        b";",
        b" ",
        b"-- \n",
        b"&#xD800;",
    ]
)


@given(st.lists(st.one_of(_PIECES, st.binary(max_size=12)), max_size=30).map(b"".join))
def test_no_bytes_make_it_raise_and_all_text_can_be_written(raw: bytes) -> None:
    mail = parse_mail(b"From: a@x.example\r\n" + raw)
    if isinstance(mail, Mail):
        for text in (
            mail.text,
            mail.quoted,
            mail.signature,
            mail.subject,
            mail.message_id,
            *(a.name for a in mail.attachments),
        ):
            assert "\x00" not in text
            text.encode()  # no lone surrogate
    else:
        assert mail.reason not in {"", "broken"}


def test_a_secret_is_flagged_and_kept() -> None:
    mail = read(HEADER + b"\r\nThe password is Hunter2.")
    assert "secret-masked" in mail.flags
    assert mail.text == "The password is Hunter2."
    for raw in (
        HEADER.replace(b"December posts", b"PIN: 1234") + b"\r\nhi",
        HEADER + b"\r\nYes.\r\n\r\nOn 2 Nov 2026 at 10:00, Marta wrote:\r\n> card 4111 1111 1111 1111",
        HEADER + b"\r\nYes.\r\n\r\n-- \r\npassword: Hunter2",
    ):
        assert "secret-masked" in read(raw).flags
    assert "secret-masked" not in read(HEADER + b"\r\nI forgot my password.").flags
