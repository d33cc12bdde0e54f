"""Words to systemd, where it began this process (`sd_notify`): one datagram each."""

from __future__ import annotations

import os
import socket
from contextlib import suppress


def tell_manager(*said: str) -> None:
    """Tell it, for instance `READY=1` or `WATCHDOG=1`. Where nobody listens, nothing is done."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
        line.settimeout(0.0)
        line.sendto("\n".join(said).encode(), f"\0{address[1:]}" if address.startswith("@") else address)
