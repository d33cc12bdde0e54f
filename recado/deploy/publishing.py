"""Publishing: all portals of a practice, to one place. Nothing is built here, but for a portal that was altered by hand."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from recado.deploy.keys import DESK
from recado.deploy.own_command import run_own, secret_variables
from recado.deploy.refusal import expect_apart, expect_closed
from recado.deploy.servers.configuration import CALLED, NAMES, PASSWORDS
from recado.deploy.staging import AlteredError, Staged, Staging
from recado.deploy.tree import Sent, Tree
from recado.errors import WorkError
from recado.portal.build import BuildOptions, build_workspace
from recado.portal.place import is_portal
from recado.portal.program import digest_of
from recado.speech import _
from recado.store.lock import locked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from recado.deploy.access import Access
    from recado.deploy.form import Form
    from recado.deploy.tree import Opened, Publisher
    from recado.model.practice import Practice
    from recado.model.servers import Place
    from recado.store.workspace import Workspace

_RELOADS = {"nginx": "sudo systemctl reload nginx", "caddy": "caddy reload --config /etc/caddy/Caddyfile"}
_FORGETTING, _RELOADING, _WITHDRAWN = "forgetting", "reloading", "withdrawn-"


class PlaceResult(NamedTuple):
    """What became of one place. `notes` are sentences for the VA, `portals` the keys of those that stand there."""

    place: str
    sent: Sent
    portals: tuple[str, ...]
    seconds: float
    notes: tuple[str, ...] = ()


class Publishing:
    """All portals of a practice, to one place."""

    def __init__(
        self, workspace: Workspace, practice: Practice, name: str, *, now: datetime, access: Access, publisher: Publisher
    ) -> None:
        """Take the practice as clients.yml has it, the place's name, what stands in front of it and where it is."""
        self._workspace = workspace
        self._practice = practice
        self._name = name
        self._place: Place = practice.places[name]
        self._now = now
        self._access = access
        self._publisher = publisher
        self._staging = Staging(workspace, name)
        self._notes: list[str] = []
        self._forms: dict[str, Form] = {}
        self._unbuilt: list[str] = []
        self._staged_keys: tuple[str, ...] = ()
        self._kind = "encrypted" if self._place.access == "encrypted" else "password"
        self._folders: dict[str, str] = {}  # of the portals that were there before
        self._withdrawn: tuple[str, ...] = ()

    def publish(self) -> PlaceResult:
        """Make the place hold the portals as they are built now. Raises WorkError, AwayError, OSError."""
        return self._done(lambda place, tree: place.publish(tree), self._follow_and_tell)

    def compare(self) -> PlaceResult:
        """Tell what `publish` would send, and send nothing. Raises the same."""
        return self._done(lambda place, tree: place.compare(tree), lambda _sent: self._tell_withdrawn(is_dry=True))

    def roll_back(self) -> str:
        """Show the release before this one again; gives its name. Raises WorkError where the place keeps none."""
        expect_closed(self._name, self._place)
        with self._locked():
            return self._publisher.roll_back()

    def _done(self, send: Callable[[Opened, Tree], Sent], after: Callable[[Sent], None]) -> PlaceResult:
        expect_closed(self._name, self._place)
        begun = time.monotonic()
        with self._locked(), self._publisher.opened() as place:
            self._staging.clear_links()
            before = self._staging.folders()
            tree, keys = self._staged()
            self._expect_none_withdrawn(place, tree, before.values())
            sent = send(place, tree)
            after(sent)
            plain = self._in_plain_words(sent)
        self._notes += self._access.notes()
        return PlaceResult(self._name, plain, keys, time.monotonic() - begun, tuple(self._notes))

    def _locked(self) -> AbstractContextManager[None]:
        return locked(self._workspace.state / "locks" / f"place-{self._name}.lock")

    def _staged(self) -> tuple[Tree, tuple[str, ...]]:
        """Make ready what the place should hold."""
        self._folders, identities = self._staging.folders(), self._staging.identities()
        wanted = tuple(self._wanted())
        self._expect_keys(wanted)
        staged = {key: each for key in wanted if (each := self._portal(key)) is not None}
        self._staged_keys = tuple(staged)
        root = self._access.root()
        self._staging.put_root(root)
        self._staging.leave_only(staged)
        for key in self._folders.keys() - staged.keys():
            self._staging.owe(_WITHDRAWN + key)
        self._withdrawn = tuple(key for key in self._staging.owed(_WITHDRAWN) if key not in staged)
        # Where nothing is known of what was published before, a key may have been rotated since.
        if not identities or any(key not in staged or staged[key].identity != was for key, was in identities.items()):
            self._staging.owe(_FORGETTING)
        version = digest_of(*(each.version for _key, each in sorted(staged.items())), *(str(sorted(root.items()))))
        beside = self._access.beside(staged)
        scratch = self._staging.scratch / self._place.kind  # what one kind keeps, another cannot read
        return Tree(self._staging.root, version, scratch, beside, self._staging.owes(_FORGETTING)), self._staged_keys

    def _wanted(self) -> Iterable[str]:
        """Give the keys of the portals that are to stand in the place."""
        for key in self._practice.clients:
            record = self._practice.record(key)
            if not record.has_ended(self._now.astimezone(record.timezone).date()):
                yield key
        if self._place.private and (self._workspace.site / DESK).is_dir():
            yield DESK

    def _expect_keys(self, wanted: Collection[str]) -> None:
        """See that no key that is in use is gone: another would lock its client out unasked. Raises WorkError."""
        before = self._staging.keyed(self._kind)
        lost = [key for key in wanted if key in before and not self._access.has_key(key)]
        if lost:
            told = _(
                "{place} was not published: the keys with which it was published before are gone ({portals}), and what these "
                "clients were sent would open nothing any more. If they are kept elsewhere, set RECADO_KEYS or HOME as it was; "
                "if they were lost, put them back from a backup, to where `recado access` says. Without one, make new ones and "
                "send them: recado access rotate {first}"
            )
            raise WorkError(told.format(place=self._name, portals=", ".join(lost), first=lost[0]))

    def _portal(self, key: str) -> Staged | None:
        """Make one portal ready. One that is not built stays as it was there: a folder that is missing withdraws nobody."""
        built = self._workspace.site / key
        if key != DESK and not is_portal(built):
            before = self._staging.as_before(key)
            if before is not None:
                told = _("{folder} is not there; the portal that was published before stays. Build it again: recado build")
                self._notes.append(told.format(folder=self._workspace.shown(built)))
            else:
                self._unbuilt.append(key)
            return before
        form = self._access.form(key)
        if form is None:
            return None
        self._forms[key] = form
        try:
            return self._staging.stage(key, form)
        except AlteredError as altered:
            self._note_altered(altered)
        self._build_again(key)
        try:
            return self._staging.stage(key, form)
        except AlteredError:
            told = _("{folder} changes by another hand while it is published. Let nothing else write there, then try again.")
            raise WorkError(told.format(folder=self._workspace.shown(built))) from None

    def _expect_none_withdrawn(self, place: Opened, tree: Tree, known: Collection[str]) -> None:
        """See that no portal goes for being built nowhere here (a new machine, a mistake in its files). Raises WorkError.

        `known` are the folders that were published from here before: what they hold is known, and who may go.
        """
        if not self._unbuilt:
            return
        theirs = {path.partition("/")[0] for path in place.compare(tree).removed if "/" in path}.difference(known)
        if theirs or (self._place.kind == "command" and not known):
            told = _(
                "{place} was not published: {portals} cannot be built here, and what stands in the place may be theirs: it "
                "would be withdrawn. Put right what the build says, then try again: recado deploy"
            )
            raise WorkError(told.format(place=self._name, portals=", ".join(self._unbuilt)))

    def _note_altered(self, altered: AlteredError) -> None:
        names = [self._workspace.shown(self._workspace.site / altered.key / path) for path in altered.paths[:3]]
        if len(altered.paths) > len(names):
            names.append("…")
        if not names:
            names = [self._workspace.shown(self._workspace.site / altered.key)]
        told = _(
            "Changed by hand since it was built: {files}. What is in site is made by the build, so it was built again; "
            "change your own files instead, in portal_src."
        )
        self._notes.append(told.format(files=", ".join(names)))

    def _in_plain_words(self, sent: Sent) -> Sent:
        """Call files by their names in the portals, whatever they are called in the place."""
        names: dict[str, str] = {}
        withdrawn = {folder: key for key, folder in self._folders.items() if key in self._withdrawn}

        def plain(path: str) -> str:
            folder, slash, rest = path.partition("/")
            return names.get(path) or f"{withdrawn.get(folder, folder)}{slash}{rest}"

        touched = {path.partition("/")[0] for path in (*sent.added, *sent.changed, *sent.removed, *sent.altered)}
        for key, form in self._forms.items():
            if form.folder in touched:
                paths = self._staging.paths(key)
                names |= {f"{form.folder}/{form.name(path)}": f"{key}/{path}" for path in paths}
        added, changed, removed, altered = (
            tuple(plain(path) for path in paths) for paths in (sent.added, sent.changed, sent.removed, sent.altered)
        )
        return sent._replace(added=added, changed=changed, removed=removed, altered=altered)

    def _build_again(self, key: str) -> None:
        """Build an altered portal from nothing that was kept. Raises the portal's own error where it cannot be built."""
        done = build_workspace(self._workspace, BuildOptions(now=self._now, is_full=True), keys=(key,))
        for error in done.errors:
            raise error

    def _follow_and_tell(self, sent: Sent) -> None:
        self._follow(sent)
        self._tell_withdrawn(is_dry=False)
        for key in self._staging.owed(_WITHDRAWN):
            self._staging.paid(_WITHDRAWN + key)

    def _tell_withdrawn(self, *, is_dry: bool) -> None:
        """Say whose portal is gone: a name that was changed in clients.yml does that too, and breaks the link they have."""
        if not self._withdrawn:
            return
        if is_dry:
            told = _("Would be withdrawn: {clients}. What they have would open nothing any more.")
        else:
            told = _("Withdrawn: {clients}. What they have opens nothing any more.")
        why = _(
            "They have ended, or no longer stand under `clients:` in clients.yml by that name. If that was not meant, put it "
            "back and deploy again: the same key opens the portal again."
        )
        self._notes.append(f"{told.format(clients=', '.join(self._withdrawn))} {why}")

    def _follow(self, sent: Sent) -> None:
        """Do what follows once the place holds what it should. Raises WorkError, AwayError where a server does not reload."""
        self._staging.paid(_FORGETTING)
        self._staging.note_keyed(self._kind, self._staged_keys)
        self._staging.note_published(self._now)
        if any(not path.startswith(f"{PASSWORDS}/") for path in sent.beside):  # those, a server reads at every request
            self._staging.owe(_RELOADING)
            asking = next((kind for kind in NAMES if kind == self._place.access), None)
            if asking and not (self._folders and self._place.reload):
                told = _("The first time, let the web server know of it: the first lines of {file}, in this place, say how.")
                self._notes.append(told.format(file=NAMES[asking]))
        if not self._staging.owes(_RELOADING):
            return
        if self._place.reload:
            run_own(self._place.reload, self._workspace.root, secret_variables(self._practice))
            self._staging.paid(_RELOADING)
            return
        self._staging.paid(_RELOADING)
        if self._place.access is None or self._place.access == "encrypted":
            told = _(
                "{place} is encrypted now, and what had been written there for a web server that asks for a password is gone. "
                "Take its line out of that server's own configuration."
            )
            self._notes.append(told.format(place=self._name))
            return
        called, command = CALLED[self._place.access], _RELOADS[self._place.access]
        told = _(
            "The configuration of {server} changed. Let it read it again: {command}\n"
            "(`reload: [{words}]` at this place in clients.yml does it every time.)"
        )
        self._notes.append(told.format(server=called, command=command, words=", ".join(command.split())))


def publish(workspace: Workspace, practice: Practice, name: str, *, is_dry: bool = False) -> PlaceResult:
    """Publish the portals, as they are built, to one place; `is_dry`: only tell what would be sent.

    Raises WorkError where it is refused or fails, AwayError where another try may help, OSError.
    """
    publishing = publishing_at(workspace, practice, name, is_dry=is_dry)
    return publishing.compare() if is_dry else publishing.publish()


def publishing_at(workspace: Workspace, practice: Practice, name: str, *, is_dry: bool = False) -> Publishing:
    """Give what publishes to a place. `is_dry`: no key is made. Raises WorkError where the place is refused."""
    expect_closed(name, practice.places[name])
    expect_apart(workspace, practice, name)
    from recado.clock import now  # noqa: PLC0415 (late: asked at the edge)
    from recado.deploy.access_kinds import access_of  # noqa: PLC0415 (late: loads encryption, or templates)
    from recado.deploy.places.kinds import publisher_of  # noqa: PLC0415

    moment = now()
    access = access_of(workspace, practice, name, moment, is_dry=is_dry)
    publisher = publisher_of(workspace, practice, name)
    return Publishing(workspace, practice, name, now=moment, access=access, publisher=publisher)
