"""What `recado doctor` says of real servers: nothing is wrong with any of them, protected or not, and nothing changes there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from certificate import make_certificate
from dovecot import is_installed, running_dovecot
from real_server import NAMES, PASSWORD, USER, must_be_here, real_server

from ingest.checkup import check_mailbox
from recado.model.check import Check, Verdict
from recado.model.secret import Revealed
from recado.model.servers import Mailbox

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e

MAIL = (
    b"Authentication-Results: mx.marta.example; dmarc=pass header.from=acme.example\r\nFrom: jane@acme.example\r\n\r\nHi.\r\n"
)


def checks(port: int, host: str, security: str) -> dict[str, list[Check]]:
    settings = Mailbox.read(
        {
            "address": "requests@marta.example",
            "host": host,
            "port": str(port),
            "security": security,
            "user": USER,
            "password": {"env": "RECADO_IMAP_PASSWORD"},
        }
    )
    found: dict[str, list[Check]] = {}
    for check in check_mailbox(settings, lambda: Revealed(PASSWORD), datetime.now(UTC), timeout=10):
        found.setdefault(check.subject, []).append(check)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wrong_with_a_real_server_and_nothing_changes_there(name: str, tmp_path: Path) -> None:
    with real_server(name, tmp_path) as server:
        with server.other_program() as other:
            other.append("INBOX", MAIL)
            other.append("INBOX", MAIL)
        found = checks(server.port, "127.0.0.1", "none")
        with server.other_program() as other:
            other.select_folder("INBOX", readonly=True)
            assert all(b"\\Seen" not in flags for flags in other.get_flags(other.search()).values())
            assert not other.folder_exists(server.folder("Recado/Done"))
    assert Verdict.BAD not in {check.verdict for each in found.values() for check in each}
    assert found["folders"][0].said == "INBOX is there: 2 mails wait"
    assert found["folders"][1].said == f"{server.folder('Recado/Done')} will be made when mail is filed"
    assert ("MOVE)" in found["moving mail"][0].said) is server.has_move
    assert "trust: {authserv_id: mx.marta.example}" in found["trust"][0].advice


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_is_read_behind_tls_and_starttls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str) -> None:
    must_be_here("dovecot", is_here=is_installed())
    made = make_certificate(tmp_path / "certificates", "DNS:localhost")
    with running_dovecot(USER, PASSWORD, certificate=made.chain_and_key) as server:
        port = server.tls_port if security == "tls" else server.port
        (refused,) = checks(port, "localhost", security)["certificate"]
        monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))
        found = checks(port, "localhost", security)
    assert (refused.verdict, "vouches for it" in refused.advice) == (Verdict.BAD, True)
    assert "for localhost, from The test's own" in found["certificate"][0].said
    assert found["login"][0].verdict is Verdict.GOOD
