"""The files of a task as they are published: which ones, under what name, in what form.

What a browser would run (HTML, SVG, XML, scripts) goes out zipped: a static host cannot be told to offer it for download only.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from recado.errors import FileError, Problem
from recado.model.message import Kind
from recado.speech import _

if TYPE_CHECKING:
    from pathlib import Path

    from recado.model.client_work import File, Thread
    from recado.model.ref import Ref
    from recado.store.workspace import ClientFolder

# Types that a browser opens as a document of the portal's own origin, or runs, whatever they contain.
RUNNABLE = frozenset(
    (
        ".htm .html .xht .xhtml .shtml .mht .mhtml .svg .svgz .xml .xsl .xslt .xsd .rss .atom .rdf .xul .mathml .vml .hta .htc"
        " .js .mjs .cjs .jsx .ts .css .wasm .swf .jar .jnlp .php .asp .aspx .jsp .cgi .appcache .webmanifest .manifest"
    ).split()
)

# What every browser draws. Any other picture (SVG goes out zipped) is a file to open.
DRAWN = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp"})


def published_files(thread: Thread) -> tuple[File, ...]:
    """Give the files of a task that its client may see.

    Those of a withheld message are not among them; and where the request itself is withheld, nothing of the task is.
    """
    if not thread.files:
        return ()
    request = next((message for message in thread.messages if message.kind is Kind.REQUEST), None)
    if request is not None and request.is_withheld:
        return ()
    withheld = {message.id for message in thread.messages if message.is_withheld}
    return tuple(file for file in thread.files if file.message not in withheld)


def published_name(file: File) -> str:
    """Give the name a file has on the portal: letters, figures, `.`, `-` and `_` of any script, at most 120 bytes.

    A name that had to be changed carries eight digits of the old one, so that two files never meet under one name.
    What a browser would run has `.zip` after it.
    """
    safe = _safe(file.name)
    if PurePosixPath(safe.lower()).suffix in RUNNABLE or PurePosixPath(file.name.lower().rstrip(". ")).suffix in RUNNABLE:
        return f"{safe}.zip"
    if safe.lower().endswith(".zip") and PurePosixPath(safe[:-4].lower()).suffix in RUNNABLE:
        return f"{safe[:-4]}-{_digits(file.name)}.zip"  # `x.html.zip` is the name that `x.html` is published under
    return safe


def published_path(ref: Ref, file: File) -> str:
    """Give where a file stands in the portal's folder: `requests/acme-42/7f3a91c2-brief.pdf`."""
    return f"requests/{str(ref).lower()}/{published_name(file)}"


def published_url(ref: Ref, file: File) -> str:
    """Give the same for a link, percent-encoded; relative to the portal's root."""
    return quote(published_path(ref, file), safe="/")


def is_drawn(file: File) -> bool:
    """Tell whether a browser draws a file, by the name it is published under."""
    return PurePosixPath(published_name(file).lower()).suffix in DRAWN


def thumbnail_path(ref: Ref, file: File) -> str:
    """Give where what is drawn of a picture stands in the portal's folder: its thumbnail, or the file itself."""
    thumbnail = file.thumbnail
    return f"requests/{str(ref).lower()}/{thumbnail.name}" if thumbnail and thumbnail.name else published_path(ref, file)


def thumbnail_url(ref: Ref, file: File) -> str:
    """Give the same for a link, percent-encoded; relative to the portal's root."""
    return quote(thumbnail_path(ref, file), safe="/")


def open_published(folder: ClientFolder, thread: Thread, file: File) -> io.BufferedReader:
    """Open a file that is published, to read it as it is kept.

    Raises FileError where it is a way out of the client's folder, or into what is private in it; OSError where it cannot be
    read.
    """
    source = folder.thread(thread.task.name) / "files" / file.name
    _refuse_ways_out(folder, source)
    return source.open("rb")


def published_bytes(folder: ClientFolder, thread: Thread, file: File) -> bytes:
    """Read a file in the form in which it is published. Raises FileError and OSError, as opening it does."""
    with open_published(folder, thread, file) as source:
        content = source.read()
    return _zipped(_safe(file.name), content) if is_zipped(file) else content


def is_zipped(file: File) -> bool:
    """Tell whether a file is published in an archive, and not as it is kept."""
    return published_name(file) == f"{_safe(file.name)}.zip"


_LONGEST = 120
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


def _safe(name: str) -> str:
    plain = unicodedata.normalize("NFC", name)
    kept = "".join(
        letter if letter in "._-" or unicodedata.category(letter)[0] in "LN" else _instead(letter) for letter in plain
    )
    kept = re.sub(r"-{2,}", "-", kept).strip("-. ")
    stem, dot, suffix = kept.rpartition(".")
    if not dot:
        stem, suffix = kept, ""
    if not stem:
        stem = "file"
    is_same = kept == plain and not _RESERVED.match(kept)
    room = _LONGEST - len(suffix.encode()) - 10
    if not is_same or len(kept.encode()) > _LONGEST:
        return f"{_cut(stem, max(room, 20))}-{_digits(name)}{dot}{_cut(suffix, 20)}"
    return kept


def _instead(letter: str) -> str:
    return letter if unicodedata.category(letter) in {"Mn", "Mc"} else "-"


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")


def _digits(name: str) -> str:
    return hashlib.sha256(name.encode(errors="surrogateescape")).hexdigest()[:8]


def _zipped(name: str, content: bytes) -> bytes:
    """Zip one file so that the same content gives the same bytes on every machine and day."""
    import zipfile  # noqa: PLC0415 (late: few portals have such a file)

    made = io.BytesIO()
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(entry, content)  # stored, not deflated: zlib's bytes differ from one version to the next
    return made.getvalue()


_PRIVATE = frozenset({"private", "private.md", "sent"})


def _refuse_ways_out(folder: ClientFolder, source: Path) -> None:
    real, home = source.resolve(), folder.root.resolve()
    inside = real.relative_to(home).parts if real.is_relative_to(home) else None
    if inside is None or _PRIVATE.intersection(inside):
        shown = source.relative_to(folder.workspace).as_posix()
        told = _(
            "it is a link to {target}, which is not this client's to see; put a copy of the file there, or take the link away"
        )
        raise FileError([Problem(shown, 1, told.format(target=real))])
