"""A practice with two portals, built for real, a place that remembers what it was given, and a door before it."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from hand_built import texts_in

from recado.deploy.form import Plain
from recado.deploy.publishing import Publishing
from recado.deploy.tree import AwayError, Sent
from recado.deploy.walk import differences
from recado.portal.build import BuildOptions, build_workspace

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from contextlib import AbstractContextManager

    from recado.deploy.form import Form
    from recado.deploy.tree import Tree
    from recado.model.practice import Practice
    from recado.store.workspace import Workspace

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)
PRACTICE = """\
practice: {name: M, owner: Marta Ruiz, email: marta@marta.example, timezone: Europe/Madrid, language: en, country: ES}
mailbox: {address: requests@marta.example, host: 127.0.0.1, security: none, user: requests, password: {env: X}}
places:
  web: {kind: directory, path: srv, access: nginx}
clients:
  acme: {code: ACME, name: Acme, senders: ["@acme.example"]}
  beta: {code: BETA, name: Beta, senders: ["@beta.example"]}
"""


@dataclass
class Door:
    """An access that does what a test asks of it."""

    forms: dict[str, Form] = field(default_factory=dict)
    server: dict[str, bytes] = field(default_factory=dict)
    keyless: set[str] = field(default_factory=set)

    def form(self, key: str) -> Form | None:
        return self.forms.get(key, Plain(key))

    def has_key(self, key: str) -> bool:
        return key not in self.keyless

    def root(self) -> Mapping[str, bytes]:
        return {"robots.txt": b"none"}

    def beside(self, keys: Collection[str]) -> Mapping[str, bytes]:
        return self.server | {f"server/passwords/{key}": b"x" for key in keys}

    def notes(self) -> tuple[str, ...]:
        return ("From the door.",)


@dataclass
class Far:
    """A place that remembers what it was given, or does not answer."""

    holds: dict[str, str] = field(default_factory=dict)
    beside: dict[str, bytes] = field(default_factory=dict)
    trees: list[Tree] = field(default_factory=list)
    is_away: bool = False

    def opened(self) -> AbstractContextManager[Far]:
        return nullcontext(self)

    def publish(self, tree: Tree) -> Sent:
        if self.is_away:
            raise AwayError("No answer.")
        sent = self.compare(tree)
        self.holds, self.beside = texts_in(tree.root), dict(tree.beside)
        self.trees.append(tree)
        return sent

    def compare(self, tree: Tree) -> Sent:
        added, changed, removed = differences(self.holds, texts_in(tree.root))
        beside = [path for paths in differences(self.beside, tree.beside) for path in paths]
        return Sent(tuple(added), tuple(changed), tuple(removed), beside=tuple(beside))

    def roll_back(self) -> str:
        return "the one before"


@dataclass
class Scene:
    workspace: Workspace
    practice: Practice
    far: Far = field(default_factory=Far)
    door: Door = field(default_factory=Door)

    def build(self) -> None:
        assert not build_workspace(self.workspace, BuildOptions(NOW)).errors

    def at(self, now: datetime = NOW) -> Publishing:
        return Publishing(self.workspace, self.practice, "web", now=now, access=self.door, publisher=self.far)

    def place(self, **changes: object) -> None:
        place = replace(self.practice.places["web"], **changes)  # type: ignore[arg-type]
        self.practice = replace(self.practice, places={"web": place})

    def end(self, key: str, day: date) -> None:
        clients = self.practice.clients
        self.practice = replace(self.practice, clients=clients | {key: replace(clients[key], ended=day)})

    def portals(self) -> set[str]:
        return {path.partition("/")[0] for path in self.far.holds if "/" in path}
