"""The keys to the portals of a practice: one for each portal and kind of access, made once, kept outside the workspace.

They are kept in the desktop's keyring where there is one, else in files readable by the VA alone. A small file tells in any
case that there is a key: where the keyring that holds it cannot be reached, no other is made in its place.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, NamedTuple

from recado.deploy.kept import Kept, Kind, after_showing, new_access, read_access, written_access
from recado.deploy.key_files import KEYS_VARIABLE, KeyFiles, key_folder
from recado.deploy.key_ring import usable_ring
from recado.errors import WorkError
from recado.model.address import normalise_address
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from recado.deploy.key_ring import KeyRing
    from recado.deploy.sealed.key import PortalKey
    from recado.model.practice import Practice
    from recado.store.workspace import Workspace

DESK = "_desk"  # the VA's private site: no client's key starts with an underscore
_IN_KEYRING = json.dumps({"version": 1, "kept": "keyring"})


class SpoiltKeyError(WorkError):
    """A portal has a key that can no longer be read: only a copy of it helps, or a new key that its client has to be given."""


class Made(NamedTuple):
    """A key that was made because there was none."""

    portal: str
    kind: Kind


class Known(NamedTuple):
    """What is there of a portal's access, without making any."""

    key: PortalKey | None
    password_hash: bytes | None


class Keys:
    """The keys of one practice. A portal is named by its client's key, or is the desk (`_desk`).

    `made` lists what was made since. All of it raises WorkError where a key cannot be read or kept, OSError where a disk is
    full.
    """

    def __init__(
        self, practice: Practice, workspace: Workspace, now: datetime, *, environment: Mapping[str, str] = os.environ
    ) -> None:
        """Find the place of a practice's keys: by its mailbox, wherever the workspace stands. Raises UsageError."""
        address = practice.mailbox.address
        self.made: list[Made] = []
        self._now = now
        self._files = KeyFiles(key_folder(address, workspace.root, environment))
        self._service = f"recado {normalise_address(address)}"
        self._is_told = bool(environment.get(KEYS_VARIABLE))

    @property
    def folder(self) -> Path:
        """Give the folder in which they are kept, or in which it stands that they are in the keyring."""
        return self._files.folder

    def portal_key(self, portal: str) -> PortalKey:
        """Give the key that encrypts a portal; it is made where there is none."""
        key = self.kept_or_made(portal, Kind.ENCRYPTED).key
        assert key is not None  # noqa: S101 (what is kept of this kind has one)
        return key

    def password_hash(self, portal: str) -> bytes:
        """Give the bcrypt hash of a portal's password; a password is made where there is none."""
        return self.kept_or_made(portal, Kind.PASSWORD).hashed.encode()

    def known(self, portal: str) -> Known:
        """Give what there is, and make nothing."""
        encrypted, password = self.kept(portal, Kind.ENCRYPTED), self.kept(portal, Kind.PASSWORD)
        return Known(encrypted and encrypted.key, password and password.hashed.encode())

    def kept(self, portal: str, kind: Kind) -> Kept | None:
        """Give what is kept of a portal's access of one kind; None where there is none."""
        name = _name(portal, kind)
        text = self._files.read(name)
        if text == _IN_KEYRING:
            text = self._ring_of(portal, name).read(name)
            if text is None:
                raise SpoiltKeyError(
                    _("The keyring no longer holds the key of {portal}. {remedy}").format(portal=portal, remedy=_remedy(portal))
                )
            return self._read(text, portal, kind, _("the keyring"))
        if text is not None:
            return self._read(text, portal, kind, str(self._files.path(name)))
        # A process that died between the keyring and the file that tells of it left the key there.
        ring = self._own_ring()
        text = ring.read(name) if ring else None
        return None if text is None else self._read(text, portal, kind, _("the keyring"))

    def kept_or_made(self, portal: str, kind: Kind) -> Kept:
        """Give what is kept of a portal's access of one kind; it is made where there is none."""
        name = _name(portal, kind)
        kept = self.kept(portal, kind)
        if kept is not None and self._files.read(name) is not None:
            return kept
        with self._files.turn():
            kept = self.kept(portal, kind)  # by another process, while this one waited
            if kept is None:
                kept = new_access(portal, kind, self._now)
                self._keep(kept)
                self.made.append(Made(portal, kind))
            elif self._files.read(name) is None:
                self._files.write(name, _IN_KEYRING)
        return kept

    def rotate(self, portal: str, kinds: Iterable[Kind] = tuple(Kind)) -> None:
        """Make new keys, of these kinds, in the place of those there are: what a client has now opens nothing once deployed.

        An encrypted portal keeps the name of its folder. A key that is spoilt is put aside, and its folder's name is another.
        """
        with self._files.turn():
            for kind in kinds:
                try:
                    kept = self.kept(portal, kind)
                except SpoiltKeyError:
                    kept = None
                    self._put_aside(_name(portal, kind))
                self._keep(new_access(portal, kind, self._now, folder=kept.key.folder if kept and kept.key else None))

    def mark_shown(self, kept: Kept) -> None:
        """Note that it was shown; of a password, only the hash stays. One that was made meanwhile stays as it is."""
        if kept.shown and not kept.unread:
            return
        with self._files.turn():
            there = self.kept(kept.portal, kept.kind)
            if there is not None and there.is_same(kept):
                self._keep(after_showing(there, self._now))

    def _keep(self, kept: Kept) -> None:
        """Write it where it is kept; what is new goes into the keyring, where there is one. For who has the turn."""
        name = _name(kept.portal, kept.kind)
        there = self._files.read(name)
        ring = self._ring_of(kept.portal, name) if there == _IN_KEYRING else self._own_ring() if there is None else None
        if ring is None:
            self._files.write(name, written_access(kept))
            return
        ring.write(name, written_access(kept))
        if there is None:
            self._files.write(name, _IN_KEYRING)

    def _put_aside(self, name: str) -> None:
        """Keep a copy of a file that cannot be read, in case that someone can mend it."""
        text = self._files.read(name)
        if text is not None and text != _IN_KEYRING:
            self._files.write(f"{name}.spoilt", text)

    def _own_ring(self) -> KeyRing | None:
        """Give the keyring for what is not kept anywhere yet; none where RECADO_KEYS names a folder for it."""
        return None if self._is_told else usable_ring(self._service)

    def _ring_of(self, portal: str, name: str) -> KeyRing:
        """Give the keyring that holds a key already. Raises WorkError."""
        ring = usable_ring(self._service)
        if ring is None:
            raise WorkError(
                _(
                    "The key of {portal} is in the keyring of your desktop, and there is none to be reached from here. Run "
                    "the command in a terminal of your desktop, with the Python package keyring installed (pip install "
                    "keyring). If that keyring is gone for good, remove {file}: then a new key is made, and {portal} has to be "
                    "given it."
                ).format(portal=portal, file=self._files.path(name))
            )
        return ring

    def _read(self, text: str, portal: str, kind: Kind, where: str) -> Kept:
        try:
            return read_access(text, portal, kind)
        except ValueError:
            raise SpoiltKeyError(
                _("The key of {portal} can no longer be read: what stands in {where} is not what was written. {remedy}").format(
                    portal=portal, where=where, remedy=_remedy(portal)
                )
            ) from None


def _name(portal: str, kind: Kind) -> str:
    return f"{portal}.{kind.value}.json"


def _remedy(portal: str) -> str:
    return _(
        "Put it back from a backup; or make a new one with `recado access rotate {portal}`, deploy, and send {portal} the new "
        "one (`recado access link {portal}`), for theirs will open nothing any more."
    ).format(portal=portal)
