"""Which access stands in front of a place, made of what clients.yml says and of the keys that are kept."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from recado.deploy.form import Plain
from recado.deploy.keys import Keys
from recado.deploy.sealed.door import root_files, the_door
from recado.deploy.sealed.form import Sealed
from recado.deploy.servers.check import check
from recado.deploy.servers.configuration import Kind, configured
from recado.errors import WorkError
from recado.portal.kept_json import read_json, write_json
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from recado.deploy.access import Access
    from recado.deploy.form import Form
    from recado.model.practice import Practice
    from recado.model.servers import Place
    from recado.store.workspace import Workspace


def access_of(workspace: Workspace, practice: Practice, name: str, now: datetime, *, is_dry: bool) -> Access:
    """Give what stands in front of a place; `is_dry`: no key is made. Raises WorkError, UsageError."""
    keys = Keys(practice, workspace, now)
    if practice.places[name].access == "encrypted":
        return Encrypted(keys, workspace, _own_name(practice, practice.places[name]), is_dry=is_dry)
    return Asked(keys, workspace, practice, name, is_dry=is_dry)


_HOSTS_OWN = (".github.io", ".gitlab.io", ".pages.dev", ".codeberg.page")  # names that a host gives by itself


class Encrypted:
    """Every portal is encrypted with a key of its own: whoever has none learns its size."""

    def __init__(self, keys: Keys, workspace: Workspace, own_name: str | None, *, is_dry: bool) -> None:
        """Take the keys, and the host's name of the VA's own where the host has to be told of it."""
        self._keys = keys
        self._own_name = own_name
        self._door = the_door(workspace.templates)
        self._is_dry = is_dry
        self._unmade: list[str] = []

    def form(self, key: str) -> Form | None:
        """Give the form of an encrypted portal. Raises WorkError where its key cannot be read."""
        portal_key = self._keys.known(key).key if self._is_dry else self._keys.portal_key(key)
        if portal_key is None:
            self._unmade.append(key)
            return None
        return Sealed(portal_key, self._door)

    def has_key(self, key: str) -> bool:
        """Tell whether there is a key that encrypts the portal. Raises WorkError where it cannot be read."""
        return self._keys.known(key).key is not None

    def root(self) -> Mapping[str, bytes]:
        """Give what the host answers with where no portal is."""
        named = {} if self._own_name is None else {"CNAME": f"{self._own_name}\n".encode()}
        return {**root_files(self._door), **named}

    def beside(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """Give nothing: any host will do."""
        del keys
        return {}

    def notes(self) -> tuple[str, ...]:
        """Tell of keys that were made, or would be: without one it is not known how a portal would stand there."""
        notes = _notes_of(self._keys, self._unmade)
        return (*notes, _("Their portals are not counted above.")) if self._unmade else notes


class Asked:
    """A web server asks for a password, another one for each portal."""

    def __init__(self, keys: Keys, workspace: Workspace, practice: Practice, name: str, *, is_dry: bool) -> None:
        """Take the keys, and the place in whose `server/` the configuration will stand."""
        self._keys = keys
        self._practice = practice
        self._place = practice.places[name]
        self._base = _base(workspace, name, self._place)
        self._checked = workspace.state / "places" / name / "checked.json"
        self._is_dry = is_dry
        self._unmade: list[str] = []
        self._notes: list[str] = []

    def form(self, key: str) -> Form | None:
        """Give the portal as it was built."""
        return Plain(key)

    def has_key(self, key: str) -> bool:
        """Tell whether there is a password. Raises WorkError where its hash cannot be read."""
        return self._keys.known(key).password_hash is not None

    def root(self) -> Mapping[str, bytes]:
        """Give nothing: where no portal is, the server has nothing to show."""
        return {}

    def beside(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """Give the server's configuration, checked by the server itself where it is installed here. Raises WorkError."""
        kind: Kind = "nginx" if self._place.access == "nginx" else "caddy"
        passwords = {key: hashed for key in keys if (hashed := self._hash(key)) is not None}
        files = configured(kind, self._base, self._practice.business.portal_url, passwords)
        digest = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()
        if read_json(self._checked).get("digest") != digest:
            skipped = check(kind, files)
            if skipped:
                self._notes.append(skipped)
            else:
                write_json(self._checked, {"digest": digest})
        return files

    def notes(self) -> tuple[str, ...]:
        """Tell of passwords that were made, or would be, and of a check that was left out."""
        return (*self._notes, *_notes_of(self._keys, self._unmade))

    def _hash(self, key: str) -> bytes | None:
        hashed = self._keys.known(key).password_hash if self._is_dry else self._keys.password_hash(key)
        if hashed is None:
            self._unmade.append(key)
        return hashed


def _base(workspace: Workspace, name: str, place: Place) -> str:
    """Give the place's own folder, as the server knows it. Raises WorkError where that is not known."""
    if place.kind == "directory":
        return str((workspace.root / Path(place.path or "").expanduser()).resolve())
    from recado.deploy.places.far_folder import address_of  # noqa: PLC0415 (late: only for rsync)

    path = address_of(place.to or "").path
    if not path.startswith("/"):
        told = _(
            "{place}: the web server has to know where the portals stand. Write the whole path in `to`, from the root of its "
            "machine, such as me@host:/srv/portal."
        )
        raise WorkError(told.format(place=name))
    return path


def _own_name(practice: Practice, place: Place) -> str | None:
    """Give the name that GitHub Pages reads in a file CNAME: without it, each deploy would take a name of hers away."""
    address = urlsplit(practice.business.portal_url or "")
    host = address.hostname
    is_hers = address.scheme == "https" and host is not None and "." in host and not host.endswith(_HOSTS_OWN)
    return host if place.kind == "git" and is_hers else None


def _notes_of(keys: Keys, unmade: Collection[str]) -> tuple[str, ...]:
    notes = []
    made = list(dict.fromkeys(each.portal for each in keys.made))
    if made:
        told = _("New keys: {portals}. What to send them, so that they can enter: recado access link {first}")
        notes.append(told.format(portals=", ".join(made), first=made[0]))
    if unmade:
        told = _("Still without a key, which the first deploy makes: {portals}.")
        notes.append(told.format(portals=", ".join(dict.fromkeys(unmade))))
    return tuple(notes)
