"""The thumbnails of a task's pictures: made once for each content, kept in `.recado/thumbnails`, published beside the files.

What is kept may be gone, broken or half written: it is made again. It says of a content nothing but how it looks small, so that
it may serve every client who has the same picture.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from recado.errors import FileError, WorkError
from recado.model.client_work import Thumbnail
from recado.portal.files import is_drawn, open_published, published_files
from recado.portal.small_picture import SmallPicture, small_picture
from recado.speech import _
from recado.store.atomic import write_whole
from recado.store.sealed import sealed, unsealed

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable
    from pathlib import Path

    from recado.model.client_work import File, Thread
    from recado.store.workspace import ClientFolder

_RECIPE = b"recado-1"  # how they are made; another one gives them other names


def with_thumbnails(folder: ClientFolder, thread: Thread, cache: Path | None, *, is_full: bool = False) -> Thread:
    """Give the thread with what is shown of each of its pictures, making what `cache` has not yet; `is_full`: all of it anew.

    Files of withheld messages are not looked at. A file that cannot be read, or is a way out of the client's folder, has none
    here: publishing it says what is wrong. Each picture is read once, to know its content.
    """
    wanted = {file.name for file in published_files(thread) if is_drawn(file)}
    if not wanted:
        return thread
    files = tuple(
        replace(file, thumbnail=_thumbnail(folder, thread, file, cache, is_full=is_full)) if file.name in wanted else file
        for file in thread.files
    )
    return replace(thread, files=files) if files != thread.files else thread


def thumbnails_to_publish(files: Iterable[File]) -> tuple[File, ...]:
    """Give the files, of those published, for which a thumbnail has to stand beside them; of one content only the first."""
    made = {file.thumbnail.name: file for file in reversed(tuple(files)) if file.thumbnail and file.thumbnail.name}
    return tuple(reversed(made.values()))


def thumbnail_bytes(folder: ClientFolder, thread: Thread, file: File, cache: Path | None) -> bytes:
    """Give the WebP that is published as `file.thumbnail.name`: kept, or made again.

    Raises WorkError where the file's content is no longer what it was, OSError where it cannot be read, FileError where it is a
    way out of the client's folder.
    """
    wanted = file.thumbnail.name if file.thumbnail else ""
    kept = _read(cache, wanted.removeprefix(_BEFORE).removesuffix(_AFTER)) if wanted else None
    if kept is not None and kept.picture is not None and kept.picture.content is not None:
        return kept.picture.content
    with open_published(folder, thread, file) as source:
        name = f"{_BEFORE}{_digest(source)}{_AFTER}"
        made = small_picture(source) if name == wanted else None
    if made is None or made.content is None:
        told = _("{file} changed while the portal was built. Build again.")
        raise WorkError(told.format(file=file.name))
    return made.content


# `~` is in no name that a file is published under, so that the two never meet.
_BEFORE, _AFTER = "thumbnail~", ".webp"


def _thumbnail(folder: ClientFolder, thread: Thread, file: File, cache: Path | None, *, is_full: bool) -> Thumbnail | None:
    try:
        with open_published(folder, thread, file) as source:
            digest = _digest(source)
            kept = None if is_full else _read(cache, digest)
            if kept is None:
                kept = _Kept(small_picture(source))
                _keep(cache, digest, kept)
    except (OSError, FileError):
        return None
    if kept.picture is None:
        return None
    name = f"{_BEFORE}{digest}{_AFTER}" if kept.picture.content is not None else ""
    return Thumbnail(name, kept.picture.width, kept.picture.height)


def _digest(source: io.BufferedReader) -> str:
    source.seek(0)
    return hashlib.file_digest(source, lambda: hashlib.blake2b(digest_size=16, person=_RECIPE)).hexdigest()


# ---- What is kept, sealed: a line (`small 640 480 25240`, `itself 320 240 0`, `none 0 0 0`), and the WebP ----


class _Kept(NamedTuple):
    """What became of one content; `picture` is None where nothing can be shown of it."""

    picture: SmallPicture | None


def _read(cache: Path | None, digest: str) -> _Kept | None:
    """Read what was kept; None where nothing was, or not the whole of it."""
    if cache is None:
        return None
    try:
        line, _newline, content = unsealed((cache / digest).read_bytes()).partition(b"\n")
        word, *figures = line.decode("ascii").split()
        width, height, size = map(int, figures)
    except (OSError, ValueError):
        return None
    if len(content) != size:
        return None
    match word:
        case "none":
            return _Kept(None)
        case "itself":
            return _Kept(SmallPicture(width, height, None))
        case "small":
            return _Kept(SmallPicture(width, height, content))
        case _:
            return None


def _keep(cache: Path | None, digest: str, kept: _Kept) -> None:
    if cache is None:
        return
    picture, content = kept.picture, b""
    if picture is None:
        line = "none 0 0 0"
    elif picture.content is None:
        line = f"itself {picture.width} {picture.height} 0"
    else:
        content = picture.content
        line = f"small {picture.width} {picture.height} {len(content)}"
    with suppress(OSError):  # one that cannot be kept is made again, nothing else
        write_whole(cache / digest, sealed(line.encode() + b"\n" + content), is_lasting=False)
