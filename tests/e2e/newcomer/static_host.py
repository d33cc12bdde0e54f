"""A host for static pages: what is pushed to the branch of its repository is served, and nothing else is done."""

from __future__ import annotations

import subprocess
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BRANCH = "pages"
_HOOK = "#!/bin/sh\nexec git --work-tree='{pages}' checkout -q -f {branch}\n"


@dataclass(frozen=True, slots=True)
class StaticHost:
    """Where it takes pages, and at which address it shows them."""

    repository: Path
    address: str
    shown: Path


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_what: Any) -> None:
        """Say nothing."""


@contextmanager
def static_host(folder: Path) -> Iterator[StaticHost]:
    """Run one with an empty repository, until the block ends."""
    pages, repository = folder / "shown" / "portals", folder / "portals.git"
    pages.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", "--bare", str(repository)], check=True, timeout=60)  # noqa: S603, S607 (Debian's)
    hook = repository / "hooks" / "post-receive"
    hook.write_text(_HOOK.format(pages=pages, branch=_BRANCH), encoding="utf-8")
    hook.chmod(0o755)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(pages.parent))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield StaticHost(repository, f"http://127.0.0.1:{server.server_address[1]}", pages)
        finally:
            server.shutdown()
            thread.join()
