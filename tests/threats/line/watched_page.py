"""A page of a portal in a browser, watched: what it is made of, what can be read on it, and what it does that none may do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Dialog, Page, Request

# Where a text stands that is HTML of its own: a message, a task's body, a quotation, the welcome, the VA's own page.
BODIES: Final = "#main blockquote[dir=auto], #main div[dir=auto], #main .r-welcome, #main .r-own"
# Where one stands in a line.
PLACES: Final = ("h1", ".r-checks li", ".r-files a", ".r-photos span", ".r-msg h3, .r-msg summary")

# Notes what a policy keeps from happening.
_LISTEN: Final = """
    window.violations = [];
    const note = ({ effectiveDirective, blockedURI }) => violations.push(`${effectiveDirective} ${blockedURI}`);
    addEventListener("securitypolicyviolation", note, true);
"""
_LOOK: Final = """([html, chosen, placed]) => {
    const page = html === null ? document : new DOMParser().parseFromString(html, "text/html");
    for (const details of page.querySelectorAll("details")) details.open = true;

    const told = ["class", "dir", "id", "name", "rel", "role", "scope", "type"];
    const frame = [], within = [];
    const names = ({ attributes }) => [...attributes].map(({ name, value }) => told.includes(name) ? `${name}=${value}` : name);
    const walk = (element, depth) => {
        const shown = names(element).filter((name) => name !== "hidden").sort(); // a script shows what needs it
        frame.push(`${depth} ${element.localName} ${shown.join(" ")}`);
        if (element.matches(chosen)) within.push(...element.querySelectorAll("*"));
        else for (const child of element.children) walk(child, depth + 1);
    };
    walk(page.documentElement, 0);

    const all = (selector) => [...page.querySelectorAll(selector)];
    const lines = (selector) => all(selector).map(({ innerText }) => innerText);
    const led = (body) => [...body.querySelectorAll("[href], [title]")].map(({ href, title }) => `${href} ${title}`);
    return {
        frame,
        within: within.map(({ localName, namespaceURI, attributes }) =>
            [localName, namespaceURI, ...[...attributes].map(({ name }) => name)]),
        bodies: all(chosen).map((body) => [body.innerText, ...led(body)].join(" ")),
        places: Object.fromEntries(placed.map((selector) => [selector, lines(selector)])),
        links: all("body [href], body [src], body [action]").map(({ href, src, action }) => href ?? src ?? action),
        title: page.title,
        text: page.body.innerText,
    };
}"""


@dataclass(slots=True)
class Look:
    """What a page is. `frame`: its elements with their attributes' names, but for those in the bodies, which are `within`.

    `bodies`: what can be read in each, with the addresses and titles it has; `places`: in the lines of each place; `links`: all
    that leads elsewhere or is loaded. `complaints`: what happened that may not.
    """

    frame: list[str]
    within: list[list[str]]
    bodies: list[str]
    places: dict[str, list[str]]
    links: list[str]
    title: str
    text: str
    complaints: list[str]

    def lines(self, place: str) -> list[str]:
        """Give what can be read in a place, without what cannot be seen."""
        return [bare(line) for line in self.places[place]]


class Visit:
    """A visit to the portal that was built in a folder and is served at an address."""

    def __init__(self, context: BrowserContext, address: str, site: Path) -> None:
        self.address = address
        self.files = {file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file()}
        self._complaints: list[str] = []
        context.add_init_script(_LISTEN)
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self._complaints.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self._complaints.append(f"error: {error}"))
        self.page.on("dialog", self._close)
        self.page.on("request", self._note)
        context.on("page", lambda page: self._complaints.append(f"window: {page.url}"))

    def open(self, path: str) -> Look:
        """Open a page and look at it."""
        self._complaints.clear()
        self.page.goto(f"{self.address}{path}")
        seen = self.page.evaluate(_LOOK, [None, BODIES, PLACES])
        if self.page.url != f"{self.address}{path}":
            self._complaints.append(f"went to {self.page.url}")
        return Look(**seen, complaints=self.complaints())

    def complaints(self) -> list[str]:
        """Tell what happened on the page, until now, that may not."""
        return [*self._complaints, *self.page.evaluate("violations")]

    def is_of_the_portal(self, url: str) -> bool:
        """Tell whether an address is that of a file of the portal."""
        return url.startswith(self.address) and unquote(url.removeprefix(self.address).partition("#")[0]) in self.files

    def _close(self, dialog: Dialog) -> None:
        self._complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _note(self, request: Request) -> None:
        if not self.is_of_the_portal(request.url) and not request.url.startswith("data:image/svg+xml"):
            self._complaints.append(f"request: {request.url}")


def frame_of(page: Page, file: Path) -> list[str]:
    """Give what a file's page is made of, read by this page's browser without being opened."""
    frame: list[str] = page.evaluate(_LOOK, [file.read_text(encoding="utf-8"), BODIES, []])["frame"]
    return frame


_NEVER_ON_A_PAGE: Final = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffd-\uffff"


def bare(text: str) -> str:
    """Leave out of a text what cannot be seen: whitespace, and what no page may hold."""
    return re.sub(rf"[\s{_NEVER_ON_A_PAGE}]+", "", text)


def words(text: str) -> set[str]:
    """Give the words that can be read of a text: but for where a picture is, for the language of a code, and for entities."""
    text = re.sub(rf"[{_NEVER_ON_A_PAGE}]+", "", text)
    text = re.sub(r"(!\[[^\]]*\])\([^)]*\)", r"\1", text)
    text = re.sub(r"^```[^\n]*|&#?\w+;?", "\n", text, flags=re.MULTILINE)
    return set(re.findall(r"[^\W_]{2,}", text))
