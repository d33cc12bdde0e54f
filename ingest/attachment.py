"""A file that came with a mail: its bytes under a name that is safe to show and to write, and whether it could run.

Nothing is unpacked or opened here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from ingest.charset import clean_line

LONGEST_NAME: Final = 120  # bytes of UTF-8: leaves room for the message's prefix within the 255 of file systems

# What a desktop runs or installs when it is opened, without asking which program is meant.
EXECUTABLE_EXTENSIONS: Final = frozenset(
    """
    ade adp apk app appimage appinstaller application appref-ms appx asp bas bat bin chm class cmd com command cpl crt
    deb desktop dll dmg ex_ exe fxp gadget hlp hta img inf ins iso isp jar jnlp job js jse ksh lib lnk mde msc msh msi
    msix msp mst nsh ocx ops osd paf pcd pif pkg pl plg prf prg ps1 ps1xml ps2 psc1 psd1 psm1 py pyc pyw reg rpm run scf
    scpt scr sct settingcontent-ms sh shb shs sys theme tmp url vb vbe vbp vbs vhd vhdx vxd workflow ws wsc wsf wsh xbap
    xll
    """.split(),
) - {"tmp", "lib", "theme"}
_EXECUTABLE_STARTS: Final = (
    b"MZ",  # Windows and DOS programs
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",  # Java classes, universal Mach-O
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"L\x00\x00\x00\x01\x14\x02\x00",  # a Windows shortcut
    b"dex\n",
)
# A text that begins with these letters is no program: "MZ" is two letters too.
_LEAST_PROGRAM: Final = 64

_EXTENSIONS: Final = {
    "application/ics": ".ics",
    "application/json": ".json",
    "application/ms-tnef": ".dat",
    "application/msword": ".doc",
    "application/pdf": ".pdf",
    "application/pgp-encrypted": ".asc",
    "application/pgp-keys": ".asc",
    "application/pgp-signature": ".asc",
    "application/pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/rtf": ".rtf",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/xml": ".xml",
    "application/zip": ".zip",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "audio/wav": ".wav",
    "image/bmp": ".bmp",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/png": ".png",
    "image/svg+xml": ".svg",
    "image/tiff": ".tiff",
    "image/webp": ".webp",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "message/global": ".eml",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
    "text/rtf": ".rtf",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
    "text/xml": ".xml",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
}
_UNSAFE: Final = re.compile(r'[<>:"|?*\x00-\x1f]')
_SEPARATORS: Final = re.compile(r"[/\\\u2044\u2215\u29f8\uff0f\uff3c]")
# Names that Windows gives to devices, with any extension.
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a mail. `name` is safe and unique within its mail; `content_id` is what the text's `cid:` links call it."""

    name: str
    content_type: str
    content: bytes
    inline: bool = False
    content_id: str | None = None

    @property
    def is_executable(self) -> bool:
        """Tell whether opening it could run something: by any of its last two extensions, or by how its bytes begin."""
        extensions = self.name.lower().split(".")[1:]
        if extensions and extensions[-1] in EXECUTABLE_EXTENSIONS:
            return True
        return len(self.content) >= _LEAST_PROGRAM and self.content.startswith(_EXECUTABLE_STARTS)


def safe_name(name: str) -> str:
    """Give the last part of a file name as it may be shown and written anywhere, or '' if nothing is left of it.

    No folder, no control, direction-changing or reserved character, no name of a Windows device, no dot or space at
    either end, at most `LONGEST_NAME` bytes with its extension kept.
    """
    text = clean_line(unicodedata.normalize("NFC", name))
    text = _SEPARATORS.split(text)[-1]
    text = "".join("" if unicodedata.category(char) in {"Cf", "Cc", "Cs", "Co", "Cn"} else char for char in text)
    text = " ".join(_UNSAFE.sub("_", text).split()).strip(". ")
    if _RESERVED.fullmatch(text):
        text = f"_{text}"
    return _shortened(text)


def default_name(content_type: str, number: int) -> str:
    """Name a file that has no name by its type and its place among the mail's files: the same mail gives the same names."""
    kind = content_type.partition("/")[0]
    word = {"image": "image", "audio": "audio", "video": "video", "message": "message", "text": "text"}.get(kind, "file")
    return f"{word}-{number}{_EXTENSIONS.get(content_type, '.bin')}"


def with_extension(name: str, content_type: str) -> str:
    """Give a name without any extension the one of its type, so that a desktop can open it."""
    return name if "." in name or content_type not in _EXTENSIONS else f"{name}{_EXTENSIONS[content_type]}"


def unique_name(name: str, taken: frozenset[str] | set[str]) -> str:
    """Give `name`, or `name-2`, `name-3`… before its extension, whatever no other name in `taken` (case-folded) is."""
    if name.casefold() not in taken:
        return name
    stem, dot, extension = name.rpartition(".")
    if not stem:
        stem, dot, extension = name, "", ""
    number = 2
    while (candidate := f"{stem}-{number}{dot}{extension}").casefold() in taken:
        number += 1
    return candidate


def _shortened(name: str) -> str:
    if len(name.encode()) <= LONGEST_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    ending = f"{dot}{extension}"
    if not stem or len(ending.encode()) > 20:  # noqa: PLR2004 (longer is no extension but part of the name)
        stem, ending = name, ""
    room = LONGEST_NAME - len(ending.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + ending
