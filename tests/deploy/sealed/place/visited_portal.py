"""An encrypted portal in a place, the host in front of it, and the browser of who visits it."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from sealed_place import StaticHost, paths_of, quick_key, seal

from recado.deploy.sealed.form import Sealed

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page, Request

    from recado.deploy.sealed.door import Door
    from recado.deploy.sealed.key import PortalKey

CLIENT = "tomillo"
FORGET = re.compile("^(Forget me on this device|Olvidarme en este dispositivo)$")
# What the browser itself says of an answer that is meant: a first visit deep in a portal, and a page that is not there.
NOT_FOUND = re.compile(r"^Failed to load resource: the server responded with a status of 404")


@dataclass
class Portal:
    """One encrypted portal in a place, and the host in front of it."""

    built: Path
    place: Path
    door: Door
    host: StaticHost
    key: PortalKey = field(default_factory=quick_key)

    @property
    def form(self) -> Sealed:
        return Sealed(self.key, self.door)

    @property
    def address(self) -> str:
        return f"{self.host.address}{self.key.folder}/"

    @property
    def link(self) -> str:
        return f"{self.address}#{self.key.passphrase.reveal()}"

    def publish(self) -> None:
        shutil.rmtree(self.place / self.key.folder, ignore_errors=True)
        seal(self.built, self.form, self.place)

    def blob(self, path: str) -> Path:
        return self.place / self.key.folder / self.form.name(path)


class Visitor:
    """A client's browser, which notes what no client should see: errors, breaches of the policy, requests to another host."""

    def __init__(self, context: BrowserContext, portal: Portal) -> None:
        self.context, self.portal = context, portal
        self.complaints: list[str] = []
        context.on("console", lambda message: self._note(f"console: {message.text}", NOT_FOUND.match(message.text)))
        context.on("weberror", lambda error: self._note(f"error: {error.error}"))
        context.on("request", self._note_request)
        self.page: Page = context.new_page()

    def _note(self, complaint: str, meant: object = None) -> None:
        if not meant:
            self.complaints.append(complaint)

    def _note_request(self, request: Request) -> None:
        self._note(f"request: {request.url}", request.url.startswith((self.portal.host.address, "data:")))

    def open(self, path: str = "") -> Page:
        self.page.goto(f"{self.portal.address}{path}")
        return self.page

    def unlock(self) -> Page:
        """Open the link, and wait until all that is kept for later is there."""
        self.page.goto(self.portal.link)
        expect(self.page.locator("h1")).to_contain_text("Lucía")
        kept = [self.portal.form.name(path) for path in paths_of(self.portal.built) if _is_kept(path)]
        assert len(kept) > 12
        self.wait_until_kept(*kept)
        return self.page

    def wait_until_kept(self, *names: str) -> None:
        self.page.evaluate(
            """async (addresses) => {
              const kept = () => Promise.all(addresses.map((address) => caches.match(address)));
              while (!(await kept()).every(Boolean)) await new Promise(requestAnimationFrame);
            }""",
            [f"{self.portal.address}{name}" for name in names],
        )

    def forgive(self, *meant: str) -> None:
        """Leave out what the browser says of an answer that is meant."""
        self.complaints = [each for each in self.complaints if not any(words in each for words in meant)]

    def is_at_the_door(self, page: Page | None = None) -> bool:
        expect((page or self.page).get_by_label("Passphrase")).to_be_visible()
        return True


def _is_kept(path: str) -> bool:
    return path.startswith("assets/") or path.endswith("index.html") or path in {"new.html", "welcome.html", "404.html"}
