"""The files of a request as its page lists them: deliveries first, then what came with messages, the newest first."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from recado.portal.files import published_url
from recado.portal.pages.conversation import author
from recado.portal.pages.pictures import drawn

if TYPE_CHECKING:
    from recado.model.client_work import File
    from recado.portal.kept_picture import Drawn
    from recado.portal.pages.view import ShownThread, View
    from recado.portal.reader import When


class FileRow(NamedTuple):
    """One file. `url` is from the portal's root; `when` is None for a delivery, of which no one wrote down the day.

    `drawn` is how it is shown, from the root too; None where it is no picture that can be.
    """

    url: str
    name: str
    second: str
    when: When | None
    drawn: Drawn | None = None


def file_rows(thread: ShownThread, view: View) -> tuple[FileRow, ...]:
    """Give the files of a request, deliveries first."""
    order = {message.id: number for number, message in enumerate(thread.messages)}
    files = sorted(thread.files, key=lambda file: (file.message is not None, -order.get(file.message or "", -1), file.name))
    return tuple(_row(file, thread, view) for file in files)


def _row(file: File, thread: ShownThread, view: View) -> FileRow:
    reader = view.reader
    message = next((message for message in thread.shown_messages if file.message and message.id == file.message), None)
    name = view.me if file.message is None else author(message, view) if message else ""
    facts = ", ".join(filter(None, (PurePosixPath(file.shown_name).suffix[1:].upper(), reader.size(file.size))))
    second = " · ".join(filter(None, (facts, reader.gettext("from {name}").format(name=name) if name else "")))
    url = published_url(thread.task.ref, file)
    when = reader.on(message.received, short=True) if message else None
    return FileRow(url, file.shown_name, second, when, drawn(thread.task.ref, file))
