"""How many mails a second are filed, beside the bare floor in the same run: `make bench`.

The floor: the same mails, fetched in bulk from the same server, parsed by mail-parser alone, each written with one fsync. Both
are whole processes against Dovecot on this machine. What counts is the ratio.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from imapclient import IMAPClient
from made_mail import fill, mails, write_practice

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "servers"))
from dovecot import dovecot

if TYPE_CHECKING:
    from collections.abc import Iterable

RESULTS = Path(__file__).parent / "results" / "filing.json"
PASSWORD = "only-to-measure"  # noqa: S105
RUNS = 3
KB = 1000


@dataclass(frozen=True, slots=True)
class Taken:
    """What a process took: seconds, and the sum of the highest memory of it and of its children, in MB."""

    seconds: float
    megabytes: float


def put(port: int, raws: Iterable[bytes]) -> None:
    """Put mails into the inbox, which is empty: what was filed before is in another folder."""
    with IMAPClient("127.0.0.1", port=port, ssl=False) as client:
        client.login("requests", PASSWORD)
        for raw in raws:
            client.append("INBOX", raw)


def run(*command: str) -> Taken:
    """Run a process, which must succeed."""
    begun = time.perf_counter()
    with subprocess.Popen(  # noqa: S603
        command, env=os.environ | {"RECADO_IMAP_PASSWORD": PASSWORD}, stdout=subprocess.DEVNULL
    ) as process:
        peaks: dict[int, int] = {}
        ended = threading.Event()
        onlooker = threading.Thread(target=_look, args=(process.pid, peaks, ended))
        onlooker.start()
        status = process.wait()
        taken = time.perf_counter() - begun
        ended.set()
        onlooker.join()
    if status:
        raise SystemExit(f"{' '.join(command)} ended with {status}")
    return Taken(taken, sum(peaks.values()) / 1000)


def _look(pid: int, peaks: dict[int, int], ended: threading.Event) -> None:
    while not ended.wait(0.05):
        for each in (pid, *_children(pid)):
            try:
                lines = Path(f"/proc/{each}/status").read_text(encoding="ascii").splitlines()
            except OSError:
                continue
            peaks[each] = next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), peaks.get(each, 0))


def _children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def floor(port: str, folder: str) -> None:
    """Do the least that could be done, in a process of its own."""
    import mailparser  # noqa: PLC0415 (what the floor loads is its own)

    with IMAPClient("127.0.0.1", port=int(port), ssl=False) as client:
        client.login("requests", PASSWORD)
        client.select_folder("INBOX")
        uids = client.search()
        for start in range(0, len(uids), 50):
            found = client.fetch(uids[start : start + 50], ["BODY.PEEK[]"])
            for uid, answer in found.items():
                parsed = mailparser.parse_from_bytes(answer[b"BODY[]"])
                with (Path(folder) / f"{uid}.md").open("w", encoding="utf-8") as stream:
                    stream.write(f"{parsed.subject}\n{parsed.from_}\n\n{parsed.body}")
                    stream.flush()
                    os.fsync(stream.fileno())


def ingest(workspace: Path) -> Taken:
    """File what waits."""
    return run(sys.executable, "-m", "ingest", "--once", "--workspace", str(workspace))


def speed(port: int, folder: Path, number: int, attached: int, runs: int) -> dict[str, float]:
    """Measure the floor and Recado with so many mails, into fresh folders in `folder`.

    Nothing is deleted meanwhile: a disk that gives thousands of files back is slow to make others, for a minute.
    """
    figures: dict[str, list[float]] = {"floor": [], "recado": [], "megabytes": []}
    raws = list(mails(number, attached))
    for _ in range(runs):
        fresh = tempfile.mkdtemp(dir=folder)
        put(port, raws)
        figures["floor"].append(run(sys.executable, __file__, "floor", str(port), fresh).seconds)
        workspace = Path(fresh) / "workspace"
        write_practice(workspace, port)
        taken = ingest(workspace)
        figures["recado"].append(taken.seconds)
        figures["megabytes"].append(taken.megabytes)
    return {name: statistics.median(values) for name, values in figures.items()}


def growth(port: int, folder: Path, filed: int, number: int) -> dict[str, float]:
    """Measure what a mail costs where so many are filed already: at the first look, and afterwards."""
    workspace = Path(tempfile.mkdtemp(dir=folder)) / "workspace"
    write_practice(workspace, port)
    fill(workspace, filed)
    put(port, mails(1, first=1_000_000))
    first = ingest(workspace).seconds
    put(port, mails(number, first=2_000_000))
    return {"first look": first, "seconds": ingest(workspace).seconds, "mails": number}


def main() -> None:
    """Measure and print."""
    if shutil.which("dovecot") is None:
        print("Ingest is not measured: Dovecot is not installed (apt-get install dovecot-imapd).")
        return
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder, dovecot(Path(folder), "requests", PASSWORD) as port:
        print(f"{'mails':24}{'floor':>12}{'Recado':>12}{'ratio':>8}{'memory':>10}")
        for number, attached, runs in ((1_000, 0, RUNS), (1_000, 75 * KB, 1), (10_000, 0, 1), (10_000, 75 * KB, 1)):
            name = f"{number:,} of {'100 kB' if attached else '2 kB'}"
            figures = found[name] = speed(port, Path(folder), number, attached, runs)
            print(
                f"{name:24}{number / figures['floor']:10.0f}/s{number / figures['recado']:10.0f}/s"
                f"{figures['floor'] / figures['recado']:7.0%} {figures['megabytes']:6.0f} MB"
            )
        print(f"\n{'filed before':24}{'first look':>12}{'a mail':>12}")
        for filed in (1_000, 10_000, 50_000):
            figures = found[f"after {filed}"] = growth(port, Path(folder), filed, 1_000)
            print(f"{filed:<24,}{figures['first look']:11.2f}s{figures['seconds']:10.2f}ms")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["floor"]:
        floor(*sys.argv[2:])
    else:
        main()
