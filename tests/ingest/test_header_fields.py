"""Header fields as they stand in the bytes, encoded words, parameters, Authentication-Results."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.authentication import read_authentication_results
from ingest.charset import clean_line, clean_text, codec_of, decode
from ingest.headers import header_length, read_headers
from ingest.words import decode_base64, decode_value, parameters


def test_fields_keep_their_order_repeats_and_bytes() -> None:
    headers = read_headers(b"From a@x Mon\nA: 1\r\nb:\xf1\r\n two\r\nA: 3\r\n\r\nbody\r\n\r\nmore")
    assert headers.fields == (("a", b"1"), ("b", b"\xf1 two"), ("a", b"3"))
    assert headers.all("A") == (b"1", b"3")
    assert headers.first("a") == b"1"
    assert headers.first("none") == b""
    assert headers.body == b"body\r\n\r\nmore"
    assert not headers.has_bare_cr


def test_a_line_that_is_no_field_ends_the_header() -> None:
    headers = read_headers(b"A: 1\r\nno field here\r\nB: 2\r\n\r\nx")
    assert [name for name, _ in headers.fields] == ["a"]
    assert headers.body.startswith(b"no field here")


def test_a_bare_carriage_return_is_seen() -> None:
    headers = read_headers(b"Subject: a\rFrom: boss@client.example\r\n\r\nx")
    assert headers.has_bare_cr
    assert [name for name, _ in headers.fields] == ["subject", "from"]


def test_repeats_of_what_may_stand_once_are_named() -> None:
    headers = read_headers(b"Subject: a\nSubject: b\nReceived: c\nReceived: d\nContent-Type: e\ncontent-type: f\n\n")
    assert headers.repeated == ("subject", "content-type")


def test_the_header_ends_at_the_first_empty_line() -> None:
    assert header_length(b"A: 1\r\n\r\nbody") == len(b"A: 1\r\n\r\n")
    assert header_length(b"A: 1\n\nbody") == len(b"A: 1\n\n")
    assert header_length(b"A: 1") == len(b"A: 1")


@given(st.binary(max_size=200))
def test_no_bytes_trouble_the_header_readers(raw: bytes) -> None:
    headers = read_headers(raw)
    assert sum(len(value) for _, value in headers.fields) + len(headers.body) <= len(raw)
    decode_value(raw).encode()
    parameters(raw)
    decode_base64(raw)
    read_authentication_results(decode_value(raw))


@pytest.mark.parametrize(
    ("value", "main", "read"),
    [
        (b"text/plain; charset=utf-8", "text/plain", {"charset": "utf-8"}),
        (
            b'TEXT/Plain;CHARSET="UTF-8" ; format=flowed;delsp=yes',
            "text/plain",
            {"charset": "UTF-8", "format": "flowed", "delsp": "yes"},
        ),
        (b'a; n="x\\"y;z"; m=1', "a", {"n": 'x"y;z', "m": "1"}),
        (b"a; n*=iso-8859-1'en'a%F1o", "a", {"n": "año"}),
        (b"a; n*1=b; n*0=a", "a", {"n": "ab"}),
        (b"a; n=plain; n*=utf-8''%C3%B1", "a", {"n": "ñ"}),
        (b"a; n=1; n=2", "a", {"n": "1"}),
        (b"", "", {}),
        (b";;;=;x", "", {}),
    ],
)
def test_parameters_are_read(value: bytes, main: str, read: dict[str, str]) -> None:
    assert parameters(value) == (main, read)


@pytest.mark.parametrize(
    ("encoded", "decoded"),
    [
        (b"QUJD", b"ABC"),
        (b"QUJD\r\nREVG", b"ABCDEF"),
        (b"QU!JD", b"ABC"),
        (b"QQ", b"A"),
        (b"QQ==QQ==", b"AA"),
        (b"Q", b""),
        (b"", b""),
    ],
)
def test_base64_is_read_leniently(encoded: bytes, decoded: bytes) -> None:
    assert decode_base64(encoded) == decoded


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("ISO-8859-1", "cp1252"),
        ('"utf8"', "utf-8"),
        ("windows-1251", "cp1251"),
        ("cp437", "cp437"),
        ("iso-8859-15", "iso8859-15"),
        ("ISO_8859-2", "iso8859-2"),
        ("gb2312", "gb18030"),
        ("ks_c_5601-1987", "cp949"),
        ("unicode_escape", ""),
        ("raw_unicode_escape", ""),
        ("rot13", ""),
        ("zlib", ""),
        ("idna", ""),
        ("punycode", ""),
        ("cp9999", ""),
        ("", ""),
    ],
)
def test_only_known_charsets_are_decoded(charset: str, codec: str) -> None:
    assert codec_of(charset) == codec


@given(
    st.binary(max_size=80),
    st.sampled_from(
        ["", "utf-8", "utf-7", "utf-16", "gb2312", "iso-2022-jp", "big5", "shift_jis", "x", "windows-1252", "hz-gb-2312"]
    ),
)
def test_whatever_is_decoded_can_be_written(content: bytes, charset: str) -> None:
    text = decode(content, charset)
    for cleaned in (clean_text(text), clean_line(text)):
        cleaned.encode()
        assert "\x00" not in cleaned
        assert "\r" not in cleaned
    assert "\n" not in clean_line(text)


def test_authentication_results_are_read_as_values() -> None:
    read = read_authentication_results(
        'mx.x.example 1; dkim=pass (2048-bit; "x") header.d=a.example header.b="ab/c="; '
        'spf=fail reason="no; way" smtp.mailfrom=a@b.example'
    )
    assert read.authserv_id == "mx.x.example"
    assert [(result.method, result.result) for result in read.results] == [("dkim", "pass"), ("spf", "fail")]
    assert read.of("dkim")[0].property("header.d") == "a.example"
    assert read.of("spf")[0].property("smtp.mailfrom") == "a@b.example"
    assert read.of("spf")[0].property("reason") == "no; way"
    assert read.of("spf")[0].property("smtp.helo") == ""
