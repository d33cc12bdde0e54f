"""Pictures of the demo practice's portals, in Debian's Chromium.

python tools/picture.py             the README's picture, docs/home.png
python tools/picture.py --all DIR   every kind of page: desktop and phone, light and dark, both languages; to look at
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from recado.cli.preview import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
NOW = "2026-11-24T08:40:00Z"
FLAGS = (
    "--no-sandbox",
    "--font-render-hinting=none",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PAPER = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; height: 860px; overflow: hidden; position: relative; background: #e9e4da; }
img { position: absolute; border-radius: 10px; box-shadow: 0 12px 40px #24211c40; }
.desk { left: 48px; top: 48px; width: 1040px; }
.phone { right: 48px; top: 120px; width: 330px; border-radius: 26px; border: 6px solid #24211c; }
</style><img class="desk" src="desk.png"><img class="phone" src="phone.png">"""
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>/usr/share/fonts</dir><cachedir prefix="xdg">fontconfig</cachedir>
<match target="pattern"><edit name="family" mode="prepend" binding="strong"><string>Roboto</string></edit></match>
</fontconfig>"""
PORTALS = {"southerly": "en", "tomillo": "es"}
WIDTHS = {"desktop": 1280, "phone": 390}


def pages_of(site: Path, key: str) -> Iterator[tuple[str, str]]:
    """Give one page of each kind: its name, and its path in the portal."""
    yield from (("home", "index.html"), ("requests", "requests/index.html"), ("ask", "new.html"), ("guide", "welcome.html"))
    yield "invoices", "invoices/index.html"
    for kind, folder in (("request", "requests"), ("invoice", "invoices")):
        found = sorted(path for path in (site / key / folder).glob("*.html") if path.name != "index.html")
        # The one with most on it shows most.
        longest = max(
            (path for path in found if not path.name.startswith("20") or kind == "invoice"),
            key=lambda path: path.stat().st_size,
        )
        yield kind, f"{folder}/{longest.name}"


def take(browser: Browser, url: str, file: Path, *, width: int, scheme: Literal["light", "dark"], whole: bool = True) -> None:
    """Take one picture."""
    page = browser.new_page(viewport={"width": width, "height": 844 if width < 600 else 900}, color_scheme=scheme)  # noqa: PLR2004
    page.goto(url)
    page.screenshot(path=file, full_page=whole)
    page.close()


def compose(browser: Browser, address: str, file: Path) -> None:
    """Take the README's picture: a home page on a desk, a request on a phone beside it."""
    with tempfile.TemporaryDirectory() as folder:
        desk, phone = Path(folder, "desk.png"), Path(folder, "phone.png")
        take(browser, f"{address}tomillo/index.html", desk, width=1120, scheme="light", whole=False)
        take(browser, f"{address}southerly/requests/sthr-55.html", phone, width=390, scheme="dark", whole=False)
        paper = Path(folder, "paper.html")
        paper.write_text(PAPER)
        page = browser.new_page(viewport={"width": 1440, "height": 860})
        page.goto(paper.as_uri())
        page.screenshot(path=file)
        page.close()


def as_a_phone_shows_it(folder: Path) -> None:
    """Let the system's font be Roboto where it is installed: a bare server's own is nobody's phone."""
    config = Path(folder, "fonts.conf")
    config.write_text(FONTS)
    os.environ["FONTCONFIG_FILE"] = str(config)


def main() -> None:
    """Build the demo practice into a temporary folder and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", type=Path, metavar="DIR", help="every kind of page, into DIR")
    arguments = parser.parse_args()
    os.environ["RECADO_NOW"] = NOW
    from recado.cli.build import build_portals, raise_what_went_wrong  # noqa: PLC0415 (after the clock is set)
    from recado.store.workspace import Workspace  # noqa: PLC0415

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is not installed here: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("clients.yml", "portal_src"):
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, Path(folder, name))
        as_a_phone_shows_it(Path(folder))
        workspace = Workspace(Path(folder))
        raise_what_went_wrong(build_portals(workspace))
        with serving(workspace.site, dict.fromkeys(PORTALS, "")) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
            if arguments.all is None:
                compose(browser, address, ROOT / "docs" / "home.png")
                return
            arguments.all.mkdir(parents=True, exist_ok=True)
            for key, language in PORTALS.items():
                for kind, path in pages_of(workspace.site, key):
                    for device, width in WIDTHS.items():
                        for scheme in ("light", "dark"):
                            file = arguments.all / f"{kind}-{device}-{scheme}-{language}.png"
                            take(browser, f"{address}{key}/{path}", file, width=width, scheme=scheme)
            browser.close()


if __name__ == "__main__":
    main()
