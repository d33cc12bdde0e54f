"""nginx as a plain program: loopback, a throw-away folder, no system service. From Debian's nginx."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from web_server import WebServer, program, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# As Debian's, but that all of it stands in one folder. Started by root, the workers stay root: the tests' folders are root's.
_MAIN = """\
{user}
worker_processes 2;
pid {folder}/pid;
error_log {folder}/log;
events {{
    worker_connections 64;
}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    # What another part of a server's configuration may have said before:
    autoindex on;
    satisfy any;
    index other.html index.html;
    add_header X-Elsewhere said;
    include "{configuration}";
}}
"""


def is_installed() -> bool:
    """Tell whether this machine has it."""
    return program("nginx") is not None


@contextmanager
def nginx(folder: Path, configuration: Path, port: int, *, user: str = "") -> Iterator[WebServer]:
    """Run nginx with a configuration included as it stands, until the block ends. `user`: who its workers are, for root."""
    folder.mkdir(parents=True)
    main = folder / "main.conf"
    escaped = str(configuration).replace("\\", "\\\\").replace('"', '\\"')
    main.write_text(_MAIN.format(folder=folder, configuration=escaped, user=user), encoding="utf-8")
    arguments = (program("nginx") or "nginx", "-e", f"{folder}/log", "-c", str(main))
    with running((*arguments, "-g", "daemon off;"), folder, port, (*arguments, "-s", "reload")) as server:
        yield server
