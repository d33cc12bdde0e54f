"""Names of files that are safe to show and to write, and files that could run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.attachment import LONGEST_NAME, Attachment, default_name, safe_name, unique_name, with_extension


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("brief.pdf", "brief.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.doc", "a.doc"),
        ("..", ""),
        ("", ""),
        ("a\x00b\r\nc.txt", "ab c.txt"),
        ("\u202egpj.exe", "gpj.exe"),
        ("CON.txt", "_CON.txt"),
        ("nul", "_nul"),
        ("console.txt", "console.txt"),
        (".htaccess", "htaccess"),
        ("a. ", "a"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("n\u0303.txt", "ñ.txt"),
        ("two  words.txt", "two words.txt"),
        ("\uff0fetc\u2044x.txt", "x.txt"),
    ],
)
def test_a_name_is_made_safe(given_name: str, name: str) -> None:
    assert safe_name(given_name) == name


def test_a_long_name_keeps_its_extension() -> None:
    short = safe_name("ñ" * 400 + ".pdf")
    assert short.endswith("ñ.pdf")
    assert len(short.encode()) <= LONGEST_NAME


@given(st.text(max_size=300))
def test_no_name_leaves_its_folder_or_breaks_a_file_system(text: str) -> None:
    name = safe_name(text)
    assert safe_name(name) == name
    assert not set(name) & set('/\\<>:"|?*\x00\r\n')
    assert name == name.strip(". ")
    assert len(name.encode()) <= LONGEST_NAME


def test_names_are_unique_without_regard_to_case() -> None:
    assert unique_name("a.pdf", set()) == "a.pdf"
    assert unique_name("A.pdf", {"a.pdf", "a-2.pdf"}) == "A-3.pdf"
    assert unique_name("noext", {"noext"}) == "noext-2"


def test_a_nameless_file_is_named_by_its_type() -> None:
    assert default_name("image/jpeg", 2) == "image-2.jpg"
    assert default_name("application/x-odd", 1) == "file-1.bin"
    assert with_extension("scan", "application/pdf") == "scan.pdf"
    assert with_extension("scan.PDF", "application/pdf") == "scan.PDF"
    assert with_extension("scan", "application/x-odd") == "scan"


@pytest.mark.parametrize(
    ("name", "content", "runs"),
    [
        ("a.exe", b"", True),
        ("photo.jpg.scr", b"", True),
        ("SETUP.MSI", b"", True),
        ("x.js", b"var a", True),
        ("a.pdf", b"MZ" + bytes(100), True),
        ("a", b"\x7fELF" + bytes(100), True),
        ("note.txt", b"#!/bin/sh\n" + b"x" * 100, True),
        ("note.txt", b"MZ is my name", False),
        ("brief.pdf", b"%PDF-1.7" + bytes(100), False),
        ("a.docx", b"PK\x03\x04" + bytes(100), False),
        ("page.html", b"<html>", False),
        ("exe", b"x", False),
    ],
)
def test_what_could_run_is_known_by_name_or_by_its_first_bytes(name: str, content: bytes, *, runs: bool) -> None:
    assert Attachment(name, "application/octet-stream", content).is_executable is runs
