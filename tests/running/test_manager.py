"""Words to systemd are datagrams to where it listens, and nothing where it does not."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from recado.running.manager import tell_manager

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_what_is_told_arrives_as_one_datagram(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(10)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        tell_manager("READY=1", "STATUS=x")
        assert listener.recv(100) == b"READY=1\nSTATUS=x"


def test_nobody_who_listens_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    tell_manager("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    tell_manager("READY=1")
