"""winmail.dat is opened: its text, plain, HTML or rich, and its files; what is broken in it does no harm."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.mail import Mail
from ingest.parse import parse_mail
from ingest.rtf import read_rtf, unpack_rtf
from ingest.tnef import SIGNATURE, TnefFile, read_tnef

MESSAGE, FILE = 1, 2
CODEPAGE, BODY, MESSAGE_PROPERTIES = 0x00069007, 0x0002800C, 0x00069003
BEGINS, TITLE, DATA, FILE_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
LONG, STRING, UNICODE, BINARY, OBJECT, MANY = 0x0003, 0x001E, 0x001F, 0x0102, 0x000D, 0x1000
WESTERN = (MESSAGE, CODEPAGE, struct.pack("<II", 1252, 0))


def tnef(*attributes: tuple[int, int, bytes]) -> bytes:
    written = [
        struct.pack("<BII", level, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)
        for level, number, value in attributes
    ]
    return SIGNATURE + b"\x01\x00" + b"".join(written)


def properties(*written: bytes) -> bytes:
    return struct.pack("<I", len(written)) + b"".join(written)


def long_value(kind: int, number: int, *values: bytes, named: str = "") -> bytes:
    head = struct.pack("<HH", kind, number)
    if named:
        name = named.encode("utf-16-le") + b"\0\0"
        head += b"G" * 16 + struct.pack("<II", 1, len(name)) + padded(name)
    return head + struct.pack("<I", len(values)) + b"".join(struct.pack("<I", len(each)) + padded(each) for each in values)


def number_value(number: int, value: int) -> bytes:
    return struct.pack("<HHI", LONG, number, value)


def padded(content: bytes) -> bytes:
    return content + b"\0" * (-len(content) % 4)


def packed(rtf: bytes) -> bytes:
    """Pack as Outlook does, but all letters as they are."""
    groups = [rtf[place : place + 8] for place in range(0, len(rtf), 8)]
    body = b"".join(b"\0" + group for group in groups)
    return struct.pack("<II4sI", len(body) + 12, len(rtf), b"LZFu", 0) + body


def mail_of(winmail: bytes, text: str = "", content_type: str = "application/ms-tnef; name=winmail.dat") -> Mail:
    mail = parse_mail(
        b"From: jane@acme.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=e\r\n\r\n--e\r\n"
        b"Content-Type: text/plain\r\n\r\n" + text.encode() + b"\r\n--e\r\nContent-Type: " + content_type.encode() + b"\r\n"
        b"Content-Transfer-Encoding: 8bit\r\n\r\n" + winmail + b"\r\n--e--\r\n"
    )
    assert isinstance(mail, Mail)
    return mail


FILES = (
    (FILE, BEGINS, b"\0" * 14),
    (FILE, TITLE, b"BRIEF~1.PDF\0"),
    (FILE, DATA, b"%PDF-1"),
    (
        FILE,
        FILE_PROPERTIES,
        properties(
            long_value(UNICODE, 0x3707, "Información año.pdf".encode("utf-16-le") + b"\0\0"),
            long_value(STRING, 0x370E, b"application/pdf\0"),
        ),
    ),
    (FILE, BEGINS, b"\0" * 14),
    (FILE, TITLE, b"logo.png\0"),
    (FILE, DATA, b"PNG"),
    (
        FILE,
        FILE_PROPERTIES,
        properties(
            long_value(UNICODE, 0x8123, "x".encode("utf-16-le"), named="Keywords"),
            long_value(STRING | MANY, 0x8000, b"one\0", b"two\0", named="More"),
            number_value(0x3705, 1),
            long_value(STRING, 0x3712, b"logo@x\0"),
        ),
    ),
)


def test_files_come_out_by_their_long_names_with_their_types() -> None:
    opened = read_tnef(tnef(WESTERN, *FILES))
    assert opened is not None
    assert opened.is_whole
    assert opened.files == (
        TnefFile("Información año.pdf", "application/pdf", b"%PDF-1"),
        TnefFile("logo.png", "", b"PNG", "logo@x"),
    )


def test_a_mail_gives_the_files_in_the_place_of_the_winmail() -> None:
    mail = mail_of(tnef(WESTERN, (MESSAGE, BODY, b"Here, too"), *FILES), "Here they are")
    assert mail.text == "Here they are"
    assert [(each.name, each.content_type, each.content) for each in mail.attachments] == [
        ("Información año.pdf", "application/pdf", b"%PDF-1"),
        ("logo.png", "application/octet-stream", b"PNG"),
    ]


@pytest.mark.parametrize("content_type", ["application/vnd.ms-tnef", "application/octet-stream; name=winmail.dat"])
def test_it_is_known_by_how_it_begins(content_type: str) -> None:
    assert [each.name for each in mail_of(tnef(*FILES), "x", content_type).attachments] == ["Información año.pdf", "logo.png"]


HTML = b'<p>El <b>a\xf1o</b> nuevo <img src="cid:logo@x"></p>\0'
RTF = rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}\pard El a\'f1o \u8220?nuevo\u8221?\par Adi\'f3s {\*\x y}}"
WRAPPED = (
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf \par\htmlrtf0 "
    rb"El {\*\htmltag84 <b>}\htmlrtf {\b\htmlrtf0 a\'f1o{\*\htmltag92 </b>}\htmlrtf }\htmlrtf0  1 < 2{\*\htmltag72 </p>}}"
)


@pytest.mark.parametrize(
    ("attribute", "text"),
    [
        ((MESSAGE, BODY, b"El a\xf1o nuevo\0"), "El año nuevo"),
        (
            (MESSAGE, MESSAGE_PROPERTIES, properties(long_value(BINARY, 0x1013, HTML))),
            "El **año** nuevo ![logo.png](files/logo.png)",
        ),
        ((MESSAGE, MESSAGE_PROPERTIES, properties(long_value(BINARY, 0x1009, packed(RTF)))), "El año “nuevo”  \nAdiós"),
        ((MESSAGE, MESSAGE_PROPERTIES, properties(long_value(BINARY, 0x1009, packed(WRAPPED)))), "El **año** 1 &lt; 2"),
        (
            (
                MESSAGE,
                MESSAGE_PROPERTIES,
                properties(number_value(0x3FDE, 65001), long_value(BINARY, 0x1013, "<p>año</p>".encode())),
            ),
            "año",
        ),
        ((MESSAGE, MESSAGE_PROPERTIES, properties(long_value(UNICODE, 0x1000, "日本".encode("utf-16-le")))), "日本"),
    ],
)
def test_its_text_is_the_mails_where_there_is_no_other(attribute: tuple[int, int, bytes], text: str) -> None:
    winmail = tnef(WESTERN, attribute, *FILES[4:])
    mail = mail_of(winmail)
    assert mail.text == text
    assert mail_of(winmail, "Other words").text == "Other words"


def test_an_attached_message_stays_closed() -> None:
    inner = tnef((MESSAGE, BODY, b"secret"))
    object_ = properties(long_value(OBJECT, 0x3701, b"I" * 16 + inner), long_value(STRING, 0x3001, b"Old mail\0"))
    mail = mail_of(tnef((FILE, BEGINS, b""), (FILE, DATA, b"stub"), (FILE, FILE_PROPERTIES, object_)), "See")
    assert [(each.name, each.content) for each in mail.attachments] == [("Old mail.dat", inner)]
    assert "secret" not in mail.text


def test_a_program_within_it_is_known_as_one() -> None:
    mail = mail_of(tnef((FILE, BEGINS, b""), (FILE, TITLE, b"..\\invoice.pdf.exe\0"), (FILE, DATA, b"MZ")), "x")
    assert [(each.name, each.is_executable) for each in mail.attachments] == [("invoice.pdf.exe", True)]


def test_what_is_cut_off_gives_what_came_before_and_is_kept_itself() -> None:
    winmail = tnef(WESTERN, *FILES)[:-40]
    names = [each.name for each in mail_of(winmail, "x").attachments]
    assert names == ["Información año.pdf", "logo.png", "winmail.dat"]


def test_copies_from_before_are_unpacked() -> None:
    # "{\rtf1\ansi " stands in what both sides know by heart; "ababab" reaches into what it is just writing.
    token = struct.pack(">H", 0 << 4 | (12 - 2))
    word = struct.pack(">H", (207 + 12) << 4 | (4 - 2))
    end = struct.pack(">H", (207 + 12 + 2 + 4 + 1) << 4)
    body = bytes([0b00101001]) + token + b"ab" + word + b"}" + end
    assert unpack_rtf(struct.pack("<II4sI", len(body) + 12, 19, b"LZFu", 0) + body) == b"{\\rtf1\\ansi\\ababab}"


@pytest.mark.parametrize("packed_text", [b"", b"x" * 15, struct.pack("<II4sI", 0, 0, b"NONE", 0) + b"abc"])
def test_what_is_no_packed_text_is_nothing(packed_text: bytes) -> None:
    assert unpack_rtf(packed_text) == b""


def test_a_text_that_would_grow_without_end_is_bounded() -> None:
    body = (b"\xff" + b"\x00\x0f" * 8) * 60_000
    assert len(unpack_rtf(struct.pack("<II4sI", len(body), 0, b"LZFu", 0) + body)) < 2_100_000


@pytest.mark.parametrize("rtf", [b"{\\rtf1 " + b"{" * 100_000, b"{\\rtf1 " + b"}" * 100_000, b"{\\rtf1\\u-10179?\\u-8704?}"])
def test_deep_or_broken_rich_text_does_no_harm(rtf: bytes) -> None:
    text, is_html = read_rtf(rtf)
    text.encode()
    assert not is_html


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(content: bytes) -> None:
    whole = tnef(WESTERN, *FILES)
    read_tnef(SIGNATURE + content)
    read_tnef(whole[: len(whole) - len(content)] + content)
    unpack_rtf(content)
    read_rtf(b"{\\rtf1" + content)
    unpack_rtf(struct.pack("<II4sI", 0, 0, b"LZFu", 0) + content)


@given(st.integers(0, 2000), st.integers(0, 255))
def test_no_changed_byte_makes_it_raise(place: int, byte: int) -> None:
    whole = bytearray(
        tnef(WESTERN, (MESSAGE, MESSAGE_PROPERTIES, properties(long_value(BINARY, 0x1009, packed(WRAPPED)))), *FILES)
    )
    whole[place % len(whole)] = byte
    read_tnef(bytes(whole))
