"""Whether the places can be published to: what `recado doctor` says of them. Nothing is written, nothing sent."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from recado.deploy.refusal import expect_apart, expect_closed
from recado.errors import RecadoError, WorkError
from recado.model.check import Check, Verdict
from recado.speech import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from recado.model.practice import Practice
    from recado.model.servers import Place
    from recado.store.workspace import Workspace

_PROGRAMS = {"git": ("git",), "rsync": ("rsync", "ssh"), "directory": (), "command": ()}


def check_places(workspace: Workspace, practice: Practice, now: datetime) -> Iterator[Check]:
    """Check each place of clients.yml, and the keys to the portals."""
    if not practice.places:
        return
    for name, place in practice.places.items():
        subject = _("place {name}").format(name=name)
        try:
            expect_closed(name, place)
        except WorkError as error:
            yield Check(subject, Verdict.BAD, _("refused: it would leave portals open to anyone"), str(error))
            continue
        try:
            expect_apart(workspace, practice, name)
        except WorkError as error:
            yield Check(subject, Verdict.BAD, _("refused: it is in the way of something else"), str(error))
            continue
        lacking = _lacking(place)
        if lacking:
            advice = _("Install it on this machine, for example: sudo apt install {program}").format(program=lacking)
            yield Check(subject, Verdict.BAD, _("{program} is not installed here").format(program=lacking), advice)
        elif (folder := _closed_folder(workspace, place)) is not None:
            advice = _("Make it once, and give it to yourself: sudo install -d -o $USER {folder}").format(folder=folder)
            yield Check(subject, Verdict.BAD, _("{folder} cannot be written").format(folder=folder), advice)
        elif practice.business.portal_url is None:
            advice = _("Write it under `practice:` in clients.yml: portal_url: https://…")
            verdict = Verdict.WARNING if place.access == "encrypted" else Verdict.BAD
            yield Check(subject, verdict, _("where its portals will be on the web is not known"), advice)
        else:
            said = _("{kind}, {access}").format(kind=place.kind, access=place.access)
            yield Check(subject, Verdict.GOOD, said)
    yield _keys(workspace, practice, now)


def _lacking(place: Place) -> str | None:
    """Give the first program that publishing there needs and this machine lacks."""
    needed = (*_PROGRAMS[place.kind], *(place.run or ())[:1], *(place.reload or ())[:1])
    return next((program for program in needed if shutil.which(program) is None), None)


def _closed_folder(workspace: Workspace, place: Place) -> Path | None:
    """Give the folder of this machine that cannot be written; None where it can, or need not."""
    if place.kind != "directory":
        return None
    folder = workspace.root / Path(place.path or "").expanduser()
    there = next(each for each in (folder, *folder.parents) if each.exists())
    return None if there.is_dir() and os.access(there, os.W_OK | os.X_OK) else folder


def _keys(workspace: Workspace, practice: Practice, now: datetime) -> Check:
    """See that the keys that there are can be read: without them, clients would need new ones."""
    from recado.deploy.keys import Keys  # noqa: PLC0415 (late: cryptography)

    subject = _("keys to the portals")
    try:
        keys = Keys(practice, workspace, now)
        known = [keys.known(client) for client in practice.clients]
    except (RecadoError, OSError) as error:
        return Check(subject, Verdict.BAD, _("some cannot be read"), str(error))
    number = sum(each.key is not None or each.password_hash is not None for each in known)
    if not number:
        return Check(subject, Verdict.GOOD, _("none yet; the first deploy makes them"))
    said = ngettext(
        "of {number} client, in {folder} or in your keyring", "of {number} clients, in {folder} or in your keyring", number
    )
    return Check(subject, Verdict.GOOD, said.format(number=number, folder=keys.folder))
