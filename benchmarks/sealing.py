"""How long an encrypted portal takes: to encrypt, to encrypt again after one change, and to open its pages in a browser.

3,000 pages and 200 MB of files (or `--quick`): the page of a request of the demo, again and again, each with words of its own.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import sys
import tempfile
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright
from processes import python

from recado.deploy.sealed.door import the_door
from recado.deploy.sealed.form import Sealed
from recado.deploy.sealed.key import new_key

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = "/usr/bin/chromium"


def make_portal(folder: Path, pages: int, megabytes: int) -> Path:
    """Build the demo, and let one of its portals grow."""
    python("-m", "recado", "demo", "--no-serve", "--dir", folder / "demo")
    portal = folder / "demo" / "site" / "tomillo"
    model = (portal / "requests" / "tom-36.html").read_text(encoding="utf-8")
    chance = random.Random(11)  # noqa: S311 (the same text each time, no secret)
    for number in range(1000, 1000 + pages):
        words = " ".join(f"{chance.randrange(1 << 32):x}" for _ in range(120))
        page = model.replace("TOM-36", f"TOM-{number}").replace("<blockquote", f"<p>{words}</p><blockquote", 1)
        (portal / "requests" / f"tom-{number}.html").write_text(page, encoding="utf-8")
    files = portal / "requests" / "tom-36"
    for number in range(megabytes // 2 // 5):
        (files / f"photo-{number}.jpg").write_bytes(chance.randbytes(5 << 20))
    with (files / "film.mp4").open("wb") as film:
        film.writelines(chance.randbytes(1 << 20) for _piece in range(megabytes // 2))
    return portal


def seal(portal: Path, form: Sealed, folder: Path, paths: list[str]) -> float:
    """Encrypt files; gives seconds."""
    (folder / "f").mkdir(parents=True, exist_ok=True)
    (folder / "door").mkdir(exist_ok=True)
    started = time.perf_counter()
    for path in paths:
        target = folder / form.name(path)
        target.unlink(missing_ok=True)
        form.put(portal / path, path, target)
    for name, content in form.besides(paths).items():
        if not (folder / name).exists() or (folder / name).read_bytes() != content:
            (folder / name).write_bytes(content)
    return time.perf_counter() - started


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def opening(page: Page, address: str, paths: list[str]) -> list[float]:
    """Open pages one after the other; gives the milliseconds until each is there with all that belongs to it."""
    taken = []
    for path in paths:
        page.goto(f"{address}{path}", wait_until="load")
        taken.append(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventStart"))
    return taken


def in_browser(place: Path, folder: str, passphrase: str, paths: list[str]) -> None:
    """Open the portal by its link, then pages and the large file; beside them the same pages as they were built."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(place)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/place/{folder}/"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--disable-gpu", "--no-sandbox"])
        page = browser.new_page()
        started = time.perf_counter()
        page.goto(f"{address}#{passphrase}")
        page.wait_for_selector(".r-brief")
        print(f"from the link to the first page, 600,000 rounds: {time.perf_counter() - started:.2f} s")
        built = f"http://127.0.0.1:{server.server_port}/demo/site/tomillo/"
        for name, where in (("encrypted", address), ("encrypted, again", address), ("as it was built", built)):
            taken = sorted(opening(page, where, paths[:100]))
            print(f"a page, {name}: median {statistics.median(taken):.0f} ms, 95 % {taken[len(taken) * 95 // 100]:.0f} ms")
        page.goto(f"{address}requests/tom-36.html")
        started = time.perf_counter()
        with page.expect_download(timeout=0) as waiting:
            page.evaluate("() => { location.href = 'tom-36/film.mp4'; }")
        size = waiting.value.path().stat().st_size / 1e6
        print(f"a file of {size:.0f} MB, saved: {time.perf_counter() - started:.2f} s")
        browser.close()
    server.shutdown()
    server.server_close()


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of it")
    share = 10 if parser.parse_args().quick else 1
    with tempfile.TemporaryDirectory() as scratch:
        portal = make_portal(Path(scratch), 3000 // share, 200 // share)
        place, key = Path(scratch) / "place", new_key()
        paths = [file.relative_to(portal).as_posix() for file in portal.rglob("*") if file.is_file()]
        size = sum((portal / path).stat().st_size for path in paths) / 1e6
        started = time.perf_counter()
        door = the_door()
        print(f"the door read, in every language: {1000 * (time.perf_counter() - started):.0f} ms")
        form = Sealed(key, door)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        taken = seal(portal, form, place / key.folder, paths)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{len(paths)} files, {size:.0f} MB, encrypted: {taken:.2f} s; memory at most {after:.0f} MB ({before:.0f} before)"
        )
        (portal / "requests" / "tom-1000.html").write_text("changed", encoding="utf-8")
        started = time.perf_counter()
        names = {path: form.name(path) for path in paths}
        print(f"all {len(names)} names: {1000 * (time.perf_counter() - started):.0f} ms")
        again = seal(portal, form, place / key.folder, ["requests/tom-1000.html"])
        print(f"one page encrypted again, and what stands beside: {1000 * again:.1f} ms")
        sys.stdout.flush()
        pages = sorted(path for path in paths if path.startswith("requests/tom-1") and path.endswith(".html"))
        in_browser(Path(scratch), key.folder, key.passphrase.reveal(), pages[1:])


if __name__ == "__main__":
    main()
