"""From the arrival of a mail in the inbox to its page, as nginx serves it to the client: `recado run`, IDLE, one machine.

200 mails, one after another, to 20 clients. A mail has come when the client, with the password of the portal, is given a page
with its words. Promised: half of them within 2 seconds, 95 in a hundred within 4.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from imapclient import IMAPClient
from made_mail import CLIENTS, mails
from running import GIVEN_UP, PASSWORD, running, write_run_practice

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "servers"))
from dovecot import dovecot
from dovecot import is_installed as has_dovecot
from nginx import is_installed as has_nginx
from nginx import nginx
from web_server import free_port

from recado.clock import now
from recado.deploy.kept import Kind
from recado.deploy.keys import Keys
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from web_server import WebServer

RESULTS = Path(__file__).parent / "results" / "mail_to_page.json"
MAILS = 200
PROMISED = {"median": 2.0, "95 %": 4.0}  # seconds
_PAUSE = 0.01


def passwords(root: Path, keys: Path) -> dict[str, str]:
    """Give the password of each client's portal, as the program made it."""
    workspace = Workspace(root)
    practice = load_practice(workspace)
    kept = Keys(practice, workspace, now(), environment={**os.environ, "RECADO_KEYS": str(keys)})
    found = {}
    for key in practice.clients:
        secret = kept.kept_or_made(key, Kind.PASSWORD).secret
        found[key] = secret.reveal() if secret else ""
    return found


def marked(raw: bytes, number: int) -> tuple[str, bytes, str]:
    """Put words into a mail that no other has; gives also the client's key, and the words."""
    words = f"unmistakable{number:04d}words"
    client = re.search(rb"@(client\d+)\.example", raw)
    if client is None:
        raise ValueError(raw)
    begin = b"charset=utf-8\r\n\r\n"  # of the plain text, which is the one that is taken
    return client[1].decode(), raw.replace(begin, begin + words.encode() + b" ", 1), words


def until_served(server: WebServer, key: str, password: str, ref: int, words: str) -> float:
    """Ask for a request's page until the words stand on it; gives how long that took."""
    began = time.perf_counter()
    while True:
        answer = server.ask(f"/{key}/requests/c{int(key.removeprefix('client')):02}-{ref}.html", (key, password))
        if words.encode() in answer.body:
            return time.perf_counter() - began
        if time.perf_counter() - began > GIVEN_UP:
            raise SystemExit(f"The page of mail {words} has not come in {GIVEN_UP:.0f} s (status {answer.status}).")
        time.sleep(_PAUSE)


def measured(folder: Path, imap_port: int, number: int) -> list[float]:
    """Let mails arrive, at any moment of the watch's own beat; give after how many seconds each was served."""
    root, keys, place = folder / "practice", folder / "keys", folder / "place"
    port = free_port()
    places = f"  web: {{kind: directory, path: {place}, access: nginx}}\n"
    write_run_practice(root, imap_port, places, f"http://127.0.0.1:{port}")
    with running(root, keys) as run:
        run.until(r"Watching ")
        run.until(r"web: .* sent")
        doors = passwords(root, keys)
        taken, refs = [], dict.fromkeys(doors, 0)
        user = "user root;" if os.geteuid() == 0 else ""
        with (
            nginx(folder / "nginx", place / "server" / "nginx.conf", port, user=user) as server,
            IMAPClient("127.0.0.1", port=imap_port, ssl=False) as other,
        ):
            other.login("requests", PASSWORD)
            for index in range(number + 1):  # the first, that warms it up, is left out
                time.sleep(index * 0.037 % 0.25)
                key, raw, words = marked(next(mails(1, first=2 * index)), index)  # the even ones are requests
                refs[key] += 1
                other.append("INBOX", raw)
                taken.append(until_served(server, key, doors[key], refs[key], words))
        status, seconds = run.end()
        if status:
            raise SystemExit(f"It ended with {status}, after {seconds:.1f} s.")
    return taken[1:]


def main() -> None:
    """Measure and print. An argument is another number of mails."""
    if not (has_dovecot() and has_nginx()):
        print(
            "From mail to page is not measured: Dovecot or nginx is not installed (apt-get install dovecot-imapd nginx-light)."
        )
        return
    number = int(sys.argv[1]) if len(sys.argv) > 1 else MAILS
    with tempfile.TemporaryDirectory() as folder, dovecot(Path(folder), "requests", PASSWORD) as port:
        taken = measured(Path(folder), port, number)
    found = {
        "median": statistics.median(taken),
        "95 %": statistics.quantiles(taken, n=20)[-1],
        "worst": max(taken),
        "mails": len(taken),
        "clients": CLIENTS,
    }
    print(f"{'arrival to page served':24}{'median':>10}{'95 %':>10}{'worst':>10}")
    print(f"{number:>5} mails {'':13}" + "".join(f"{found[each]:9.3f}s" for each in ("median", "95 %", "worst")))
    is_kept = all(found[name] < seconds for name, seconds in PROMISED.items())
    print("promised: median < 2 s, 95 % < 4 s: " + ("kept" if is_kept else "NOT KEPT"))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
