"""The files of a mail: attached messages, names, broken encodings, and what is text although it looks like a file."""

from __future__ import annotations

import base64
import struct

import pytest

from ingest.mail import Mail, Unreadable
from ingest.parse import parse_mail

HEADER = (
    b"From: Jane Doe <jane@acme.example>\r\nTo: requests@marta.example\r\nSubject: December posts\r\n"
    b"Date: Tue, 24 Nov 2026 09:12:03 +0100\r\nMessage-ID: <one@acme.example>\r\n"
)
PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"


def read(raw: bytes) -> Mail:
    mail = parse_mail(raw)
    assert isinstance(mail, Mail), mail
    return mail


def with_parts(*parts: bytes, kind: bytes = b"mixed", edge: bytes = b"edge") -> bytes:
    body = b"".join(b"--" + edge + b"\r\n" + part + b"\r\n" for part in parts)
    return HEADER + b"Content-Type: multipart/" + kind + b"; boundary=" + edge + b"\r\n\r\n" + body + b"--" + edge + b"--\r\n"


def test_an_attached_message_stays_closed() -> None:
    inner = (
        b"From: evil@x.example\r\nSubject: In =?utf-8?q?here=2Fthere?=\r\nX-Long: " + b"a " * 80 + b"\r\n\r\nsecret words\r\n"
    )
    answer = with_parts(PLAIN + b"See attached", b"Content-Type: message/rfc822\r\n\r\n" + inner)
    mail = read(answer.replace(b"Subject: ", b"Subject: Re: ", 1))
    assert mail.text == "See attached\n\n**✉ In here/there**  \n👤 evil@x.example"
    assert mail.forwarded is None
    assert [(a.name, a.content_type) for a in mail.attachments] == [("In here-there.eml", "message/rfc822")]
    assert mail.attachments[0].content.strip() == inner.strip()


def test_files_of_an_attached_message_do_not_come_up() -> None:
    inner = with_parts(PLAIN + b"inner", b'Content-Type: application/pdf; name="in.pdf"\r\n\r\nx', edge=b"inner")
    mail = read(with_parts(PLAIN + b"outer", b"Content-Type: message/rfc822\r\n\r\n" + inner))
    assert mail.text.startswith("outer\n\n**✉ December posts**")
    assert [a.content_type for a in mail.attachments] == ["message/rfc822"]
    assert b"in.pdf" in mail.attachments[0].content


def test_nameless_files_have_the_same_names_every_time() -> None:
    raw = with_parts(
        PLAIN + b"x",
        b"Content-Type: application/pdf\r\n\r\n%PDF",
        b"Content-Type: image/jpeg\r\n\r\nx",
        b"Content-Type: x/y\r\n\r\nz",
    )
    names = [a.name for a in read(raw).attachments]
    assert names == ["file-1.pdf", "image-2.jpg", "file-3.bin"]
    assert [a.name for a in read(raw).attachments] == names


def test_two_files_of_one_name_are_told_apart() -> None:
    part = b"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="
    names = [
        a.name
        for a in read(with_parts(part + b"a.pdf\r\n\r\n1", part + b"A.PDF\r\n\r\n2", part + b'"x/a.pdf"\r\n\r\n3')).attachments
    ]
    assert names == ["a.pdf", "A-2.PDF", "a-3.pdf"]


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (b'attachment; filename="=?utf-8?q?informe_a=C3=B1o.pdf?="', "informe año.pdf"),
        (b"attachment; filename*=utf-8''informe%20a%C3%B1o.pdf", "informe año.pdf"),
        (b"attachment; filename*0*=utf-8''inf%C3; filename*1*=%B3rme; filename*2=.pdf", "infórme.pdf"),
        ('attachment; filename="año.pdf"'.encode("latin-1"), "año.pdf"),
        (b'attachment; filename="..\\..\\evil.pdf"', "evil.pdf"),
        (b'attachment; filename="/etc/passwd"', "passwd.pdf"),
        (b"attachment; filename=two words.pdf", "two words.pdf"),
        (b'attachment; filename="unclosed.pdf', "unclosed.pdf"),
    ],
)
def test_a_file_has_the_name_it_was_given(disposition: bytes, name: str) -> None:
    raw = with_parts(PLAIN + b"x", b"Content-Type: application/pdf\r\nContent-Disposition: " + disposition + b"\r\n\r\n%PDF")
    assert [a.name for a in read(raw).attachments] == [name]


def test_a_file_in_the_middle_of_a_text_is_taken_out() -> None:
    mail = read(
        HEADER + b"\r\nBefore\r\n\r\nbegin 644 ../cat.txt\r\n#0V%T\r\n`\r\nend\r\n\r\nAfter\r\nbegin 644 of nothing\r\n"
    )
    assert mail.text == "Before\n\nAfter  \nbegin 644 of nothing"
    assert [(a.name, a.content) for a in mail.attachments] == [("cat.txt", b"Cat")]


def test_a_winmail_file_is_kept() -> None:
    raw = with_parts(PLAIN + b"x", b'Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\nx\x9f>"')
    assert [a.name for a in read(raw).attachments] == ["winmail.dat"]


def test_broken_encodings_give_what_can_be_read() -> None:
    header = b"Content-Type: application/octet-stream; name=f.bin\r\nContent-Transfer-Encoding: "
    content = bytes(range(256))
    encoded = base64.b64encode(content)
    broken = encoded[:10] + b"!*\r\n " + encoded[10:-2]
    lenient = read(with_parts(header + b"base64\r\n\r\n" + broken)).attachments[0].content
    assert lenient == content[: len(lenient)]
    assert len(lenient) >= 254
    assert read(with_parts(header + b"quoted-printable\r\n\r\n=41=ZZ=4")).attachments[0].content.startswith(b"A=ZZ")
    assert read(with_parts(header + b"x-unheard-of\r\n\r\nabc")).attachments[0].content == b"abc"
    assert read(with_parts(header + b"x-uuencode\r\n\r\nbegin 644 f\r\n#0V%T\r\n`\r\nend\r\n")).attachments[0].content == b"Cat"


def test_an_invitation_is_readable_and_kept() -> None:
    calendar = (
        b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Launch call\r\nDTSTART:20261124T100000Z\r\n"
        b"DTEND:20261124T110000Z\r\nLOCATION:Room 2\r\nORGANIZER;CN=Jane "
        b"Doe:mailto:jane@acme.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    part = b"Content-Type: text/calendar; method=REQUEST\r\n\r\n" + calendar
    named = b'Content-Type: application/ics; name="invite.ics"\r\nContent-Disposition: attachment\r\n\r\n' + calendar
    mail = read(with_parts(PLAIN + b"Join us", part, named))
    assert mail.text == (
        "**📅 Launch call**  \n2026-11-24 10:00–11:00 (UTC)  \n📍 Room 2  \n👤 Jane Doe (jane@acme.example)\n\nJoin us"
    )
    assert [a.name for a in mail.attachments] == ["invite.ics"]


def test_a_mail_that_is_one_named_text_is_that_text() -> None:
    part = b"Content-Type: text/plain; name=letter.txt\r\nContent-Disposition: inline; filename=letter.txt\r\n\r\nDear Marta"
    assert (read(with_parts(part)).text, read(with_parts(part)).attachments) == ("Dear Marta", ())
    second = read(with_parts(PLAIN + b"See", part))
    assert [each.name for each in second.attachments] == ["letter.txt"]


def test_a_text_longer_than_anyone_writes_is_kept_as_a_file() -> None:
    mail = read(HEADER + PLAIN + b"word " * 200_000)
    assert mail.text == ""
    assert "long-text" in mail.flags
    assert [(a.name, len(a.content)) for a in mail.attachments] == [("text-1.txt", 1_000_000)]


def winmail(number: int, files: int) -> bytes:
    """Make a winmail.dat of one-byte files, as a part of a mail."""

    def attribute(name: int, value: bytes) -> bytes:
        return struct.pack("<BII", 2, name, len(value)) + value + b"\0\0"

    made = b"\x78\x9f\x3e\x22\0\0" + b"".join(
        attribute(0x9002, b"") + attribute(0x8010, b"%d-%d.txt\0" % (number, each)) + attribute(0x800F, b"x")
        for each in range(files)
    )
    return b"Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n" + (
        base64.encodebytes(made)
    )


def uuencoded(files: int) -> bytes:
    return b"".join(b"begin 644 %d.txt\r\n#0V%%T\r\n`\r\nend\r\n" % each for each in range(files))


FILE = b"Content-Type: application/pdf\r\n\r\n%PDF"


@pytest.mark.parametrize(
    "parts",
    [[FILE] * 201, [winmail(each, 200) for each in range(201)], [PLAIN + b"hi " * 3_000] * 900],
    ids=["files", "winmail.dat", "texts"],
)
def test_a_mail_of_more_files_than_anyone_sends_is_not_read(parts: list[bytes]) -> None:
    assert parse_mail(with_parts(PLAIN + b"x", *parts)) == Unreadable("too-many-parts", "more than 200 files")


@pytest.mark.parametrize(
    ("parts", "files"),
    [
        ([FILE] * 200, 200),
        ([winmail(0, 150), FILE], 151),
        ([winmail(0, 150), *[FILE] * 51], 52),
        ([winmail(each, 200) for each in range(200)], 200),
        ([PLAIN + uuencoded(200)], 200),
        ([PLAIN + uuencoded(201)], 0),
        ([PLAIN + uuencoded(100), PLAIN + uuencoded(101)], 0),
    ],
)
def test_files_within_files_stay_there_where_they_are_too_many(parts: list[bytes], files: int) -> None:
    raw = with_parts(PLAIN + b"x", *parts)
    mail = read(raw)
    assert len(mail.attachments) == files
    assert read(raw) == mail


@pytest.mark.parametrize("body", ["señor\r\n", "señor\r\n--zz\r\nContent-Type: text/plain\r\n\r\nx\r\n--zz--\r\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
@pytest.mark.parametrize("head", ["multipart/mixed; boundary=zz", "text/plain", "message/delivery-status", "multipart/mixed"])
def test_an_attached_message_keeps_its_bytes_however_broken_it_is(head: str, body: str, encoding: str) -> None:
    inner = f"From: Bo <bo@x.example>\r\nContent-Type: {head}\r\nSubject: x\r\n\r\n{body}".encode(encoding)
    mail = read(with_parts(PLAIN + b"see", b"Content-Type: message/rfc822\r\n\r\n" + inner))
    assert [each.content for each in mail.attachments] == [inner]


def test_a_broken_report_of_delivery_is_kept() -> None:
    block = "Content-Type: multipart/mixed; boundary=zz\r\nReporting-MTA: dns; x\r\n\r\nseñor\r\n".encode("latin-1")
    mail = read(with_parts(PLAIN + b"see", b"Content-Type: message/delivery-status\r\n\r\n" + block))
    (report,) = mail.attachments
    assert b"Reporting-MTA: dns; x" in report.content
    assert b"se\xf1or" in report.content


def test_what_is_secret_in_the_subject_of_an_attached_mail_is_not_in_the_name_we_give_it() -> None:
    inner = b"From: evil@x.example\r\nSubject: password: Hunter2\r\n\r\nhi"
    (file,) = read(with_parts(PLAIN + b"see", b"Content-Type: message/rfc822\r\n\r\n" + inner)).attachments
    assert "Hunter2" not in file.name


@pytest.mark.parametrize(
    "date",
    [
        "Fri, 31 Dec 9999 23:59:59 -1200",
        "Sat, 1 Jan 0001 00:00:00 +1400",
        "Mon, 1 Jan 1850 00:00:00 +0000",
        "Tue, 1 Jan 9500 00:00:00 +0000",
    ],
)
def test_a_date_outside_of_our_times_is_none(date: str) -> None:
    outer = read(HEADER.replace(b"Tue, 24 Nov 2026 09:12:03 +0100", date.encode()) + b"\r\nhi")
    assert outer.date is None
    assert "bad-date" in outer.flags
    assert outer.to
    inner = f"From: bo@x.example\r\nDate: {date}\r\n\r\nhi".encode()
    mail = read(with_parts(PLAIN + b"see", b"Content-Type: message/rfc822\r\n\r\n" + inner))
    assert mail.forwarded is not None
    assert mail.forwarded.date is None or mail.forwarded.date.year == 2000  # how the standard library reads the year 1
