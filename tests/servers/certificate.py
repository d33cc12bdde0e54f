"""A certificate authority for one test, and a server's certificate from it. Made by openssl, which Dovecot's package brings."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Certificate:
    """`authority`: what a client has to trust (SSL_CERT_FILE). `chain_and_key`: what the server shows, with its key."""

    authority: Path
    chain_and_key: Path


def make_certificate(folder: Path, names: str) -> Certificate:
    """Make both for a server of these names, such as `DNS:localhost,IP:127.0.0.1`."""
    folder.mkdir(parents=True, exist_ok=True)
    authority, key, request, shown = (folder / name for name in ("ca.pem", "key.pem", "request.pem", "shown.pem"))
    new = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    is_authority = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign"]
    _openssl(
        *new, "-x509", "-days", "2", "-subj", "/CN=The test's own", *is_authority, "-keyout", str(folder / "ca-key.pem"),
        "-out", str(authority),
    )  # fmt: skip
    _openssl(*new, "-subj", "/CN=server", "-keyout", str(key), "-out", str(request))
    extensions = folder / "extensions"
    extensions.write_text(f"subjectAltName={names}\n", encoding="ascii")
    _openssl(
        "x509", "-req", "-in", str(request), "-CA", str(authority), "-CAkey", str(folder / "ca-key.pem"), "-CAcreateserial",
        "-days", "2", "-extfile", str(extensions), "-out", str(shown),
    )  # fmt: skip
    both = folder / "server.pem"
    both.write_bytes(shown.read_bytes() + key.read_bytes())
    return Certificate(authority, both)


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=_SECONDS)  # noqa: S603, S607 (Debian's)
