"""A message with its attachments, or another file, moved from one task to another: never in two places, never in none.

A message moves by one rename. Its attachments are there before it and leave after it, so that it is whole wherever it is.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from recado.model.kept_picture import FILES
from recado.store.atomic import make_folder, replace_if_unchanged, sync_folder
from recado.store.front_matter import edit_front_matter
from recado.store.messages import message_files
from recado.store.steps import Step, reached

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recado.model.message import Kind, Message
    from recado.store.workspace import ClientFolder

_INSTANT = len("20261124T081209Z-")
_OF_A_MESSAGE = re.compile(r"([0-9a-f]{8})(-.+)", re.ASCII | re.DOTALL)


def move_message(client: ClientFolder, message: Message, source: str, target: str, kind: Kind) -> None:
    """Move a message of one task into another task of the same client, as a message of this kind. Raises OSError.

    `source` and `target` are the tasks' names. Where the other task knows a message by the same 8 digits, it gets others,
    and its files with it.
    """
    old, new = client.thread(source), client.thread(target)
    file = old / f"{message.name}.md"
    if any(_is_same(file, other) for other in message_files(client, target) if other.name[:_INSTANT] == file.name[:_INSTANT]):
        file.unlink()  # a power cut may leave half a rename: the same file in both folders
        sync_folder(old)
        return
    digits = _free_digits(client, message, target)
    _rewrite(file, message, digits, kind)
    make_folder(new)
    files = sorted(old.glob(f"files/{message.id}-*"))
    for attachment in files:
        make_folder(new / "files")
        _put(attachment, new / "files" / f"{digits}{attachment.name.removeprefix(message.id)}")
        reached(Step.ATTACHED)
    if files:
        sync_folder(new / "files")
    place = new / f"{message.name.removesuffix(message.id)}{digits}.md"
    if place.exists():
        raise FileExistsError(f"{place} is in the way")
    file.rename(place)
    sync_folder(new)
    sync_folder(old)
    reached(Step.PLACED)
    for attachment in files:
        attachment.unlink()
    if files:
        sync_folder(old / "files")


def move_beside(entry: Path, folder: Path) -> Path:
    """Move a file or a folder into a folder, under a name that is free there; gives the name. Raises OSError.

    A file that is there already, byte for byte, is only removed here: what a run left that died before its end.
    """
    make_folder(folder)
    for name in _names(entry.name):
        place = folder / name
        if not os.path.lexists(place):
            entry.rename(place)
            break
        if _is_same(entry, place):
            entry.unlink()
            break
    sync_folder(folder)
    sync_folder(entry.parent)
    return place


def clear_moved_files(client: ClientFolder, source: str, target: str) -> None:
    """Remove, from a task's files, those of messages that are in another task with them: a run died before it could.

    `source` and `target` are the tasks' names. Raises OSError.
    """
    old, new = client.thread(source) / "files", client.thread(target) / "files"
    here = {file.stem.rpartition("-")[2] for file in message_files(client, source)}
    for file in sorted(old.iterdir()) if old.is_dir() and new.is_dir() else ():
        found = _OF_A_MESSAGE.fullmatch(file.name)
        if (
            found
            and found[1] not in here
            and any(_is_same(file, other) for other in new.iterdir() if other.name[8:] == found[2])
        ):
            file.unlink()


def clear_folder(folder: Path) -> None:
    """Remove a folder, and the one of its files, where nothing is left in them."""
    for each in (folder / "files", folder):
        with suppress(OSError):
            each.rmdir()


def _rewrite(file: Path, message: Message, digits: str, kind: Kind) -> None:
    """Write into the message, before it moves, what will be so where it goes."""
    changes: dict[str, str | list[str]] = {}
    if message.kind is not kind:
        changes["kind"] = kind.value
    if digits != message.id and message.attachments:
        # Those that an earlier run named, before it died, are named already.
        changes["attachments"] = [
            f"{digits}{name.removeprefix(message.id)}" if name.startswith(message.id) else name for name in message.attachments
        ]
    content = file.read_bytes()
    text = edit_front_matter(content.decode("utf-8"), changes) if changes else content.decode("utf-8")
    if digits != message.id:  # pictures in the text point at its files
        text = text.replace(f"]({FILES}{message.id}-", f"]({FILES}{digits}-")
    if text.encode() != content:
        replace_if_unchanged(file, content, text.encode())


def _free_digits(client: ClientFolder, message: Message, target: str) -> str:
    """Give the message's 8 digits, or the next ones that no message of the other task has."""
    taken = {file.stem.rpartition("-")[2] for file in message_files(client, target)}
    number = int(message.id, 16)
    while (digits := f"{number:08x}") in taken or (digits != message.id and digits.isdecimal()):
        number = (number + 1) % (1 << 32)
    return digits


def _put(file: Path, place: Path) -> None:
    """Put a file in a second place, as the same file where the file system can. One that is there already is ours."""
    if place.exists():
        if _is_same(file, place):
            return
        raise FileExistsError(f"{place} is in the way")
    try:
        os.link(file, place)
    except OSError:  # a file system without hard links
        beside = place.with_name(f".{place.name[:80]}.part")
        shutil.copyfile(file, beside)
        with beside.open("rb") as stream:
            os.fsync(stream.fileno())
        beside.rename(place)


def _is_same(one: Path, other: Path) -> bool:
    if not (one.is_file() and other.is_file()):
        return False
    return one.samefile(other) or (one.stat().st_size == other.stat().st_size and one.read_bytes() == other.read_bytes())


def _names(name: str) -> Iterator[str]:
    """Give a name, then `name-2`, `name-3`… before its extension."""
    yield name
    stem, dot, extension = name.rpartition(".")
    if not stem:
        stem, dot, extension = name, "", ""
    number = 2
    while True:
        yield f"{stem}-{number}{dot}{extension}"
        number += 1
