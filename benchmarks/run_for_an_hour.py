"""`recado run` for an hour of mail, edits, mistakes, cut connections and, for root, a full disk now and then.

Arguments: minutes (60), and seconds between two mails (1.5). It ends with status 1 where something was lost, a failure was not
told, the process ended by itself, or its memory grew by more than a quarter from the second tenth of the time to the last.
"""

from __future__ import annotations

import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from imapclient import IMAPClient
from made_mail import mails
from mail_to_page import marked
from running import PASSWORD, Running, running, write_run_practice

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "servers"))
from dovecot import dovecot, is_installed
from proxy import proxy

from recado.running.standing import read_standing, standing_file
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proxy import Proxy

RESULTS = Path(__file__).parent / "results" / "run_for_an_hour.json"
DISK = "400m"
PATIENCE = 180.0  # seconds in which what was told to happen has happened; no pause is longer while failures are few
GROWTH = 1.25
_LOOK = 0.05


class World:
    """What goes on around the run: mail that comes, files that are saved."""

    def __init__(self, root: Path, imap_port: int, every: float) -> None:
        """Take the workspace, the mailbox's port, and the seconds between two mails."""
        self.root = root
        self.chance = random.Random(7)  # noqa: S311 (the same hour each time)
        self.sent: dict[str, str] = {}  # the words of each mail, and whose portal they belong on
        self.edited: dict[Path, str] = {}  # the newest words of each file
        self._port = imap_port
        self._every = every
        self._ending = threading.Event()
        self._may_save = threading.Event()
        self._may_save.set()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._send, self._edit)]

    def begin(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """End, after what was begun."""
        self._ending.set()
        for thread in self._threads:
            thread.join()

    @contextmanager
    def saving_nothing(self) -> Iterator[None]:
        """Let her save nothing for a while: her editor would complain of the full disk too."""
        self._may_save.clear()
        try:
            yield
        finally:
            self._may_save.set()

    def tasks(self) -> list[Path]:
        """List the files of tasks."""
        return sorted(self.root.glob("portal_src/client*/tasks/*.md"))

    def save(self, file: Path, text: str) -> bool:
        """Save a file as an editor does; tells whether it could be."""
        beside = file.with_name(f".{file.name}.tmp")
        try:
            beside.write_text(text, encoding="utf-8")
            beside.replace(file)
        except OSError:
            beside.unlink(missing_ok=True)
            return False
        return True

    def _send(self) -> None:
        number = 0
        with IMAPClient("127.0.0.1", port=self._port, ssl=False) as other:
            other.login("requests", PASSWORD)
            while not self._ending.wait(self._every * self.chance.uniform(0.2, 1.8)):
                key, raw, words = marked(next(mails(1, first=number)), number)
                other.append("INBOX", raw)
                self.sent[words] = key
                number += 1

    def _edit(self) -> None:
        number = 0
        while not self._ending.wait(2 * self._every * self.chance.uniform(0.2, 1.8)):
            tasks = self.tasks()
            if not tasks or not self._may_save.is_set():
                continue
            file = self.chance.choice(tasks)
            words = f"herown{number:05d}words"
            text = re.sub(r"\nherown\d+words\n", "\n", file.read_text(encoding="utf-8"))
            if "status: odd" not in text and self.save(file, f"{text}\n{words}\n"):
                self.edited[file] = words
                number += 1


class Hour:
    """The run, the world, and what goes wrong between them."""

    def __init__(self, run: Running, world: World, line: Proxy, *, has_disk: bool) -> None:
        """Take them. `has_disk`: the workspace is on a small disk of its own."""
        self._run = run
        self._world = world
        self._line = line
        self._has_disk = has_disk
        self.incidents = {"cut line": 0, "mistake": 0, "full disk": 0}
        self.faults: list[str] = []
        self.memory: list[float] = []

    def go_on(self, seconds: float) -> None:
        """Let things go wrong, one after another, for so many seconds."""
        until = time.monotonic() + seconds
        sampled = 0.0
        kinds = (
            [self._cut, self._mistake, self._mistake, self._cut, self._fill] if self._has_disk else [self._cut, self._mistake]
        )
        due, turn = time.monotonic() + min(20.0, seconds / 10), 0
        while time.monotonic() < until and self._run.process.poll() is None:
            time.sleep(1)
            if time.monotonic() >= sampled + 5:
                sampled = time.monotonic()
                self.memory.append(self._run.megabytes())
            if time.monotonic() >= due:
                kinds[turn % len(kinds)]()
                turn += 1
                due = time.monotonic() + min(20.0, seconds / 20)

    def _cut(self) -> None:
        wait_until(self._is_connected)  # else there is nothing to be cut, and nothing to be told
        self.incidents["cut line"] += 1
        answered = self._run.count(r"answers again")
        with self._told(r"mail .*(Trying again|still so)", "a cut line"):
            self._line.cut()
        self._expect(r"answers again", answered, "the mailbox that answers again")

    def _mistake(self) -> None:
        tasks = self._world.tasks()
        if not tasks:
            return
        self.incidents["mistake"] += 1
        file = self._world.chance.choice(tasks)
        with self._world.saving_nothing():
            time.sleep(_LOOK)
            text = file.read_text(encoding="utf-8")
            with self._told(rf"{re.escape(file.name)}:\d+: ", "a mistake in a file"):
                self._world.save(file, re.sub(r"^status: .*$", "status: odd", text, count=1, flags=re.MULTILINE))
            text = re.sub(r"^status: odd$", "status: doing", file.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
            self._world.save(file, text)

    def _fill(self) -> None:
        self.incidents["full disk"] += 1
        ballast = self._world.root / "ballast"
        with self._world.saving_nothing():
            with self._told(r"No space left", "a full disk"), ballast.open("wb", buffering=0) as file:
                size = 1 << 24
                while size:
                    try:
                        file.write(b"\0" * size)
                    except OSError:
                        size //= 2
            time.sleep(3)
            ballast.unlink()
            filed = self._run.count(r"mail .*(new task|answer): ")
            wait_until(lambda: self._run.count(r"mail .*(new task|answer): ") > filed)

    def _is_connected(self) -> bool:
        standing = read_standing(standing_file(Workspace(self._world.root)).read_bytes())
        return standing is not None and standing.mailbox.is_connected

    @contextmanager
    def _told(self, pattern: str, what: str) -> Iterator[None]:
        before = self._run.count(pattern)
        yield
        if not wait_until(lambda: self._run.count(pattern) > before):
            self.faults.append(f"{what} was not told")

    def _expect(self, pattern: str, before: int, what: str) -> None:
        if not wait_until(lambda: self._run.count(pattern) > before):
            self.faults.append(f"{what} was not told")


def wait_until(is_so: object, seconds: float = PATIENCE) -> bool:
    """Wait until something is so; tells whether it came so far."""
    assert callable(is_so)  # noqa: S101 (it is ours)
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(_LOOK)
    return True


def missing(place: Path, world: World) -> list[str]:
    """Give the words of mails and of edits that stand on no page of the client they belong to."""
    pages: dict[str, str] = {}
    for folder in (place / "current").glob("client*"):
        pages[folder.name] = "".join(page.read_text(encoding="utf-8") for page in sorted(folder.glob("requests/*.html")))
    wanted = list(world.sent.items())
    wanted += [(words, file.parent.parent.name) for file, words in world.edited.items() if words in file.read_text()]
    return [words for words, key in wanted if words not in pages.get(key, "")]


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Give whether a small disk could be put at a folder; it is taken away after the block."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    has_disk = os.geteuid() == 0 and not subprocess.run(command, capture_output=True, check=False).returncode  # noqa: S603
    try:
        yield has_disk
    finally:
        if has_disk:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)  # noqa: S603, S607 (Linux's own)


def soak(folder: Path, imap_port: int, minutes: float, every: float) -> dict[str, object]:
    """Run it all; gives what was found."""
    root = folder / "practice"
    root.mkdir()
    with small_disk(root) as has_disk, proxy(imap_port) as line:
        place = root / "place"
        places = f"  web: {{kind: directory, path: {place}, access: nginx}}\n"
        write_run_practice(root, line.port, places, "http://127.0.0.1:8080")
        with running(root, folder / "keys") as run:
            run.until(r"Watching ")
            run.until(r"web: .* sent")
            world = World(root, imap_port, every)
            hour = Hour(run, world, line, has_disk=has_disk)
            world.begin()
            hour.go_on(minutes * 60)
            world.end()
            is_alive = run.process.poll() is None
            wait_until(lambda: not missing(place, world))
            lost = missing(place, world)
            memory = hour.memory or [0.0]
            tenth = max(1, len(memory) // 10)
            status, seconds = run.end() if is_alive else (run.process.returncode, 0.0)
            (RESULTS.parent).mkdir(exist_ok=True)
            RESULTS.with_suffix(".log").write_text("".join(run.lines), encoding="utf-8")
        litter = [str(each) for each in root.rglob(".*.part")]
        with IMAPClient("127.0.0.1", port=imap_port, ssl=False) as other:
            other.login("requests", PASSWORD)
            other.select_folder("INBOX")
            waiting = len(other.search(["UNDELETED"]))
    return {
        "minutes": minutes,
        "mails": len(world.sent),
        "edited files": len(world.edited),
        "incidents": hour.incidents,
        "lost": lost,
        "waiting": waiting,
        "untold": hour.faults,
        "mistakes of the program": run.count(r"made a mistake"),
        "litter": litter,
        "ended by itself": not is_alive,
        "status": status,
        "seconds to end": round(seconds, 2),
        "megabytes": {
            "then": round(statistics.median(memory[tenth : 2 * tenth] or memory), 1),
            "at the end": round(statistics.median(memory[-tenth:]), 1),
            "most": round(max(memory), 1),
        },
    }


def main() -> int:
    """Run it and say what was found."""
    if not is_installed():
        print("Nothing was run: Dovecot is not installed (apt-get install dovecot-imapd).")
        return 0
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    every = float(sys.argv[2]) if len(sys.argv) > 2 else 1.5  # noqa: PLR2004 (the second argument)
    with tempfile.TemporaryDirectory() as folder, dovecot(Path(folder), "requests", PASSWORD) as port:
        found = soak(Path(folder), port, minutes, every)
    RESULTS.write_text(json.dumps(found, indent=2) + "\n")
    print(json.dumps(found, indent=2))
    memory = found["megabytes"]
    assert isinstance(memory, dict)  # noqa: S101 (it is ours)
    is_flat = memory["at the end"] <= memory["then"] * GROWTH
    wrong = [
        name
        for name in ("lost", "waiting", "untold", "mistakes of the program", "litter", "ended by itself", "status")
        if found[name]
    ]
    if not is_flat:
        wrong.append("memory grew")
    print("Nothing lost, every failure told, memory flat." if not wrong else f"WRONG: {', '.join(wrong)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
