"""Each surprise of mail-parser 4.8, and what is made of it here instead. One test a surprise."""

from __future__ import annotations

import base64
import struct

import pytest

from ingest.mail import Mail, SenderProblem, Unreadable
from ingest.parse import parse_mail
from ingest.tnef import SIGNATURE
from recado.model.address import Person

HEADER = (
    b"From: Jane Doe <jane@acme.example>\r\nTo: requests@marta.example\r\nSubject: Re: Posts\r\n"
    b"Date: Tue, 24 Nov 2026 09:12:03 +0100\r\nMessage-ID: <one@acme.example>\r\n"
)
PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"


def read(raw: bytes) -> Mail:
    mail = parse_mail(raw)
    assert isinstance(mail, Mail), mail
    return mail


def parts(*written: bytes, kind: bytes = b"mixed", edge: bytes = b"edge", header: bytes = HEADER) -> bytes:
    body = b"".join(b"--" + edge + b"\r\n" + part + b"\r\n" for part in written)
    return header + b"Content-Type: multipart/" + kind + b"; boundary=" + edge + b"\r\n\r\n" + body + b"--" + edge + b"--\r\n"


INNER = parts(
    PLAIN + b"inner words",
    b"Content-Type: application/pdf; name=inner.pdf\r\n\r\n%PDF",
    edge=b"inner",
    header=b"From: bo@x.example\r\nSubject: Inner\r\n",
)


def test_the_words_of_an_attached_message_are_not_the_mails() -> None:
    mail = read(parts(PLAIN + b"outer words", b"Content-Type: message/rfc822\r\n\r\n" + INNER))
    assert mail.text == "outer words\n\n**✉ Inner**  \n👤 bo@x.example"


def test_the_files_of_an_attached_message_stay_in_it_and_it_stands_once() -> None:
    mail = read(parts(PLAIN + b"outer", b"Content-Type: message/rfc822\r\n\r\n" + INNER))
    assert [(each.name, each.content.strip()) for each in mail.attachments] == [("Inner.eml", INNER.strip())]


def test_the_words_of_a_delivery_report_are_those_for_people() -> None:
    report = (
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; bo@x.example\r\n"
    )
    returned = b"Content-Type: message/rfc822\r\n\r\nSubject: Mine\r\n\r\nMy own words\r\n"
    mail = read(parts(PLAIN + b"It did not arrive.", report, returned, kind=b"report; report-type=delivery-status"))
    assert mail.text == "It did not arrive."
    assert mail.is_automatic


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        (b"iso-2022-jp", "日本語".encode("iso2022_jp"), "日本語"),
        (b"", "日本語".encode("iso2022_jp"), "日本語"),
        (b"iso-2022-jp", b"\x1b$B-b\x1b(B41", "№41"),
        (b"utf-7", b"a+APE-o +IBw-x+IB0-", "año “x”"),
    ],
)
def test_charsets_of_seven_bits_are_decoded(charset: bytes, content: bytes, text: str) -> None:
    declared = b"; charset=" + charset if charset else b""
    assert read(HEADER + b"Content-Type: text/plain" + declared + b"\r\n\r\n" + content).text == text


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        (b"gb2312", "镕".encode("gb18030"), "镕"),
        (b"iso-8859-1", b"\x93a\xf1o\x94 \x80", "“año” €"),
        (b"us-ascii", b"a\xf1o", "año"),
        (b"ks_c_5601-1987", "똠".encode("cp949"), "똠"),
        (b"shift_jis", "①".encode("cp932"), "①"),
        (b"iso-8859-9", b"\x93\xfd\x94", "“ı”"),
    ],
)
def test_a_charset_is_what_its_writers_mean_by_it(charset: bytes, content: bytes, text: str) -> None:
    assert read(HEADER + b"Content-Type: text/plain; charset=" + charset + b"\r\n\r\n" + content).text == text


@pytest.mark.parametrize("content", ["El año".encode("cp1252"), "El año".encode()])
@pytest.mark.parametrize("declared", [b"", b"Content-Type: text/plain\r\n", b"Content-Type: text/plain; charset=x-unknown\r\n"])
def test_eight_bit_text_of_no_charset_is_read(content: bytes, declared: bytes) -> None:
    assert read(HEADER + declared + b"\r\n" + content).text == "El año"


@pytest.mark.parametrize(
    "charset", [b"unicode_escape", b"raw_unicode_escape", b"rot13", b"zlib", b"idna", b"punycode", b"base64"]
)
def test_what_is_no_charset_is_never_decoded_as_one(charset: bytes) -> None:
    raw = HEADER + b"Content-Type: text/plain; charset=" + charset + b"\r\n\r\n\\u003cscript\\x3e <b>"
    assert read(raw).text == "\\\\u003cscript\\\\x3e &lt;b>"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_raw_letters_in_headers_are_kept(encoding: str) -> None:
    mail = read("From: Íñigo <i@acme.example>\r\nTo: Ñandú <n@x.example>\r\nSubject: ñandú\r\n\r\nhi".encode(encoding))
    assert mail.subject == "ñandú"
    assert mail.from_ == Person("Íñigo", "i@acme.example")
    assert mail.to == (Person("Ñandú", "n@x.example"),)


def test_an_encoded_word_in_quotes_is_decoded() -> None:
    mail = read(b'From: "=?utf-8?Q?=C3=8D=C3=B1igo?=" <i@acme.example>\r\nSubject: "=?utf-8?Q?a=C3=B1o?="\r\n\r\nhi')
    assert mail.from_ == Person("Íñigo", "i@acme.example")
    assert mail.subject == '"año"'


def test_a_nameless_pdf_in_the_text_is_a_file_with_its_bytes() -> None:
    pdf = b"%PDF-1.4\n\xe2\xe3\xcf\xd3\x00\x80"
    part = b"Content-Type: application/pdf\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    mail = read(parts(PLAIN + b"x", part + base64.b64encode(pdf)))
    assert [(each.name, each.content) for each in mail.attachments] == [("file-1.pdf", pdf)]


def test_a_calendar_is_read_and_kept() -> None:
    event = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Call\r\nDTSTART:20261124T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    mail = read(parts(PLAIN + b"x", b"Content-Type: text/calendar; charset=utf-8\r\n\r\n" + event))
    assert mail.text == "**📅 Call**  \n2026-11-24 10:00 (UTC)\n\nx"
    assert [(each.name, each.content.strip()) for each in mail.attachments] == [("invite.ics", event.strip())]


def test_the_same_mail_is_the_same_mail_twice() -> None:
    raw = parts(PLAIN + b"x", b"Content-Type: application/x-thing\r\n\r\nabc", b"Content-Type: image/png\r\n\r\nabc")
    assert read(raw) == read(raw)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (b'"../../etc/passwd"', "passwd.pdf"),
        (b'"C:\\\\Users\\\\x\\\\a.pdf"', "a.pdf"),
        (b'"CON.pdf"', "_CON.pdf"),
        ("\u202efdp.exe".encode(), "fdp.exe"),
    ],
)
def test_a_files_name_is_safe(given: bytes, name: str) -> None:
    raw = parts(
        PLAIN + b"x", b"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=" + given + b"\r\n\r\nx"
    )
    assert [each.name for each in read(raw).attachments] == [name]


@pytest.mark.parametrize("broken", [b"aGVs\r\n!!bG8", b"aGVsbG8", b"aGVsbG8====", b"aGVs=\r\nbG8=", b" aGVsbG8=\r\n--"])
def test_base64_that_is_broken_gives_its_bytes(broken: bytes) -> None:
    part = b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    assert [each.content[:5] for each in read(parts(PLAIN + b"x", part + broken)).attachments] == [b"hello"]


@pytest.mark.parametrize(
    ("parameter", "content", "text"),
    [
        (b"; format=flowed", b"one \r\ntwo\r\nthree", "one two  \nthree"),
        (b"; format=flowed; delsp=yes", b"one \r\ntwo\r\nthree", "onetwo  \nthree"),
        (b"; format=flowed", b"> quoted \r\n> more\r\nanswer", "answer"),
        (b"; format=flowed", b" From here\r\n-- \r\nJane", "From here"),
    ],
)
def test_flowed_text_flows(parameter: bytes, content: bytes, text: str) -> None:
    assert read(HEADER + b"Content-Type: text/plain" + parameter + b"\r\n\r\n" + content).text == text


def test_a_uuencoded_file_is_taken_out_of_the_text() -> None:
    mail = read(HEADER + b"\r\nBefore\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\nAfter")
    assert "begin 644" not in mail.text
    assert [(each.name, each.content) for each in mail.attachments] == [("cat.txt", b"Cat")]


def test_a_winmail_is_opened() -> None:
    body = b"Hello\0"
    winmail = SIGNATURE + b"\0\0" + struct.pack("<BII", 1, 0x0002800C, len(body)) + body + b"\0\0"
    raw = parts(b"Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + winmail)
    assert (read(raw).text, read(raw).attachments) == ("Hello", ())


def test_missing_fields_are_missing() -> None:
    mail = read(b"From: jane@acme.example\r\n\r\nhi")
    assert (mail.subject, mail.message_id, mail.date, mail.to, mail.cc, mail.references) == ("", "", None, (), (), ())
    assert {"no-date", "no-message-id"} <= set(mail.flags)


def test_of_repeated_fields_the_first_counts_and_it_is_said() -> None:
    mail = read(b"Subject: one\r\nSubject: two\r\n" + HEADER + b"Message-ID: <two@x.example>\r\n\r\nhi")
    assert (mail.subject, mail.message_id) == ("one", "<one@acme.example>")
    assert mail.repeated == ("subject", "message-id")
    assert "repeated-header" in mail.flags


def test_two_from_fields_are_nobody() -> None:
    assert isinstance(read(HEADER + b"From: boss@acme.example\r\n\r\nhi").from_, SenderProblem)


@pytest.mark.parametrize("date", [b"yesterday", b"", b"Tue, 99 Nov 2026 99:99:99 +9999", b"\xff\xfe"])
def test_a_date_that_is_none_is_said(date: bytes) -> None:
    mail = read(b"From: jane@acme.example\r\nDate: " + date + b"\r\n\r\nhi")
    assert mail.date is None
    assert "bad-date" in mail.flags


@pytest.mark.parametrize(
    "subject",
    [b"=?utf-8?q?hi=0D=0ABcc:_v=40x?=", "a\u202eb\u2066c".encode(), b"a\x00b\x07", b"a\r\n\tb", b"=?utf-8?b?aGkKeA==?="],
)
def test_a_subject_is_one_line_without_tricks(subject: bytes) -> None:
    mail = read(b"From: jane@acme.example\r\nSubject: " + subject + b"\r\n\r\nhi")
    assert mail.subject.isprintable()
    assert not set(mail.subject) & set("\u202e\u2066\r\n\0")


def test_a_text_holds_no_control_characters_and_turns_no_direction() -> None:
    mail = read(HEADER + b"\r\n" + "a\x00b\x08c\x1b[31m \u202egnp\u202c \u200fאב\rnext".encode())
    assert not set(mail.text) & set("\x00\x08\x1b\u202e\u202c\r")
    assert "\u200fאב" in mail.text
    assert "next" in mail.text


@pytest.mark.parametrize(
    "raw",
    [
        HEADER + b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        HEADER + b"Content-Type: multipart/mixed; boundary=x\r\n\r\nnone of its parts",
        HEADER + b"Content-Type: multipart/alternative; boundary=\r\n\r\n--\r\n\r\nhi",
        HEADER + b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(INNER),
        HEADER + b"Content-Type: message/delivery-status\r\n\r\nhi",
        HEADER + b"Content-Type: ;;;=\r\nContent-Disposition: =\r\n\r\nhi",
        HEADER + b"Content-Transfer-Encoding: x-nothing\r\n\r\nhi",
        parts(PLAIN + b"hi", b"Content-Type: message/partial; id=x; number=1; total=2\r\n\r\nSubject: x\r\n\r\ny"),
        parts(
            PLAIN + b"hi", b"Content-Type: message/external-body; access-type=anon-ftp\r\n\r\nContent-Type: image/gif\r\n\r\n"
        ),
    ],
)
def test_malformed_structure_is_read_as_far_as_it_goes(raw: bytes) -> None:
    mail = read(raw)
    assert mail.text or mail.attachments


def test_a_boundary_that_was_folded_divides_the_parts() -> None:
    raw = parts(PLAIN + b"hi", b"Content-Type: application/pdf; name=a.pdf\r\n\r\nx", edge=b"long edge")
    folded = raw.replace(b"boundary=long edge", b'boundary="long\r\n edge"')
    assert (read(folded).text, [each.name for each in read(folded).attachments]) == ("hi", ["a.pdf"])


def test_a_header_whose_folds_were_lost_goes_on_to_its_end() -> None:
    raw = b"Received: from a\r\nby b with SMTP; today\r\n" + HEADER + b"\r\nhi"
    assert (read(raw).subject, read(raw).text) == ("Re: Posts", "hi")


def test_a_text_right_below_the_header_is_not_taken_for_one() -> None:
    raw = b"From: jane@acme.example\r\nSubject: x\r\nHello Marta,\r\nplease write.\r\n\r\nJane"
    assert read(raw).text.startswith("Hello Marta")


def test_a_from_among_stray_lines_is_a_from_of_the_header() -> None:
    raw = HEADER + b"stray\r\nFrom: boss@acme.example\r\n\r\nhi"
    assert isinstance(read(raw).from_, SenderProblem)


def test_nesting_without_end_is_refused_with_the_reason() -> None:
    mail = parse_mail(HEADER + b"Content-Type: message/rfc822\r\n\r\n" * 1000 + b"x")
    assert isinstance(mail, Unreadable)
    assert mail.reason == "too-deep"
