"""What the files of a portal are called on the way: the types of its own pages, and those of what was attached."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_PICTURES = {
    "image/avif": "avif",
    "image/gif": "gif",
    "image/jpeg": "jpg jpeg",
    "image/png": "png",
    "image/webp": "webp",
}
# All that a build makes. What is none of these is named as bytes.
PAGE_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "text/html": "html",
        "text/css": "css",
        "text/javascript": "js",
        "text/plain": "txt",
        "text/xml": "xml",
        "application/json": "json",
        "application/gzip": "gz",
        "image/svg+xml": "svg",
        "font/woff2": "woff2",
        **_PICTURES,
    }
)
# What nothing runs, under whatever name it comes. All else that was attached (HTML, SVG, XML, scripts among it) is bytes.
FILE_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "text/csv": "csv",
        "text/plain": "txt",
        "text/calendar": "ics",
        "application/pdf": "pdf",
        "application/zip": "zip",
        "application/msword": "doc",
        "application/vnd.ms-excel": "xls",
        "application/vnd.ms-powerpoint": "ppt",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
        "application/vnd.oasis.opendocument.text": "odt",
        "application/vnd.oasis.opendocument.spreadsheet": "ods",
        "application/vnd.oasis.opendocument.presentation": "odp",
        "audio/mpeg": "mp3",
        "audio/mp4": "m4a",
        "video/mp4": "mp4",
        **_PICTURES,
    }
)
# Worth packing on the way, and with a charset said.
TEXT_TYPES: Final = ("text/css", "text/javascript", "text/plain", "text/xml")
PACKED_TYPES: Final = (*TEXT_TYPES, "application/json", "image/svg+xml")
