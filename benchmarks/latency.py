"""From the arrival of a mail in the inbox to its task on disk, while it is watched, beside what plain IDLE takes: `make bench`.

Plain IDLE: how long Dovecot on this machine takes to tell a mail program that does nothing but wait. Recado asks a server on
its own machine more often than that; what counts is how the two stand to one another. Promised is half a second (median).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from imapclient import IMAPClient
from made_mail import mails, write_practice

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "servers"))
from dovecot import dovecot, is_installed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RESULTS = Path(__file__).parent / "results" / "latency.json"
PASSWORD = "only-to-measure"  # noqa: S105
MAILS = 20
PROMISED = 0.5  # seconds
GIVEN_UP = 60.0


@contextmanager
def mail_program(port: int) -> Iterator[IMAPClient]:
    """Give a mail program that has the inbox open."""
    with IMAPClient("127.0.0.1", port=port, ssl=False) as client:
        client.login("requests", PASSWORD)
        client.select_folder("INBOX")
        yield client


def latencies(other: IMAPClient, has_come: Callable[[int], bool]) -> list[float]:
    """Let mails arrive, at any moment of the watch's own beat; give after how many seconds each has come.

    The first, that warms it up, is left out.
    """
    taken = []
    for number in range(MAILS + 1):
        time.sleep(number * 0.037 % 0.25)
        (raw,) = mails(1, first=2 * number)  # the even ones are requests
        other.append("INBOX", raw)
        began = time.perf_counter()
        while not has_come(number):
            if time.perf_counter() - began > GIVEN_UP:
                raise SystemExit(f"Mail {number} has not come in {GIVEN_UP:.0f} s.")
        taken.append(time.perf_counter() - began)
    return taken[1:]


def plain_idle(port: int) -> list[float]:
    """Measure a mail program that waits by IDLE."""
    with mail_program(port) as other, mail_program(port) as waiting:
        waiting.idle()

        def has_come(_number: int) -> bool:
            return any(what == b"EXISTS" for _count, what, *_more in waiting.idle_check(timeout=1))

        taken = latencies(other, has_come)
        waiting.idle_done()
        other.delete_messages(other.search())
        other.expunge()
    return taken


def watched(port: int, workspace: Path) -> list[float]:
    """Measure `recado ingest --watch`."""
    write_practice(workspace, port)
    command = [sys.executable, "-m", "ingest", "--watch", "--workspace", str(workspace)]
    environment = os.environ | {"RECADO_IMAP_PASSWORD": PASSWORD, "RECADO_LANGUAGE": "en"}
    with (
        subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment, text=True) as process,  # noqa: S603
        mail_program(port) as other,
    ):
        try:
            for line in process.stderr or ():
                if line.startswith("Watching"):
                    break
            else:
                raise SystemExit(f"The watch ended with {process.wait()}.")

            def has_come(number: int) -> bool:
                time.sleep(0.001)
                return sum(1 for _task in workspace.glob("portal_src/*/tasks/*.md")) > number

            return latencies(other, has_come)
        finally:
            process.terminate()


def main() -> None:
    """Measure and print."""
    if not is_installed():
        print("How soon mail is filed is not measured: Dovecot is not installed (apt-get install dovecot-imapd).")
        return
    with tempfile.TemporaryDirectory() as folder, dovecot(Path(folder), "requests", PASSWORD) as port:
        taken = {"plain IDLE": plain_idle(port), "Recado, on disk": watched(port, Path(folder) / "workspace")}
    found = {name: {"median": statistics.median(each), "worst": max(each), "mails": len(each)} for name, each in taken.items()}
    print(f"{'arrival to':24}{'median':>12}{'worst':>12}")
    for name, figures in found.items():
        print(f"{name:24}{figures['median']:11.3f}s{figures['worst']:11.3f}s")
    is_kept = found["Recado, on disk"]["median"] <= PROMISED
    print(f"promised: {PROMISED} s (median): {'kept' if is_kept else 'NOT KEPT'}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
