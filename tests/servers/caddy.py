"""Caddy as a plain program: loopback, a throw-away folder, no system service. From Debian's caddy."""

from __future__ import annotations

import socket
import ssl
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from web_server import WebServer, free_port, program, running, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MAIN = """\
{{
	admin 127.0.0.1:{admin}
	storage file_system {{
		root {folder}/storage
	}}
	skip_install_trust
	{more}
}}

import "{configuration}"
"""


def is_installed() -> bool:
    """Tell whether this machine has it."""
    return program("caddy") is not None


@contextmanager
def caddy(folder: Path, configuration: Path, port: int, *, more: str = "") -> Iterator[WebServer]:
    """Run Caddy with a configuration imported as it stands, until the block ends. `more`: global options besides."""
    folder.mkdir(parents=True)
    main = folder / "Caddyfile"
    escaped = str(configuration).replace('"', '\\"')
    main.write_text(_MAIN.format(folder=folder, admin=free_port(), configuration=escaped, more=more), encoding="utf-8")
    name, told = program("caddy") or "caddy", ("--config", str(main), "--adapter", "caddyfile")
    with running((name, "run", *told), folder, port, (name, "reload", *told)) as server:
        yield server


def trusting(server: WebServer, port: int, host: str) -> ssl.SSLContext:
    """Give what trusts the server's own authority, once its certificate for a host is made."""
    authority = server.folder / "storage" / "pki" / "authorities" / "local" / "root.crt"

    def is_made() -> bool:
        with suppress(OSError):
            context = ssl.create_default_context(cafile=str(authority))
            with (
                socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
                context.wrap_socket(plain, server_hostname=host),
            ):
                return True
        return False

    wait_until(is_made, f"no certificate for {host}")
    return ssl.create_default_context(cafile=str(authority))
