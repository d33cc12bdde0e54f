"""The address of the portals (`practice.portal_url`) as a web server needs it: where it listens, for whom, below which path."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from recado.errors import WorkError
from recado.model.address import normalise_domain
from recado.speech import _

if TYPE_CHECKING:
    from urllib.parse import SplitResult

_HTTPS, _HTTP = 443, 80
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*", re.ASCII)
_PREFIX = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*", re.ASCII)


class Site(NamedTuple):
    """Where the portals are asked for. `prefix` is a path such as `/clients`, or ''; `listen` an IP address of this machine.

    `listen` is '' where the whole net may ask, by TLS; and else a loopback address, where nothing crosses a net.
    """

    host: str
    port: int
    prefix: str
    listen: str

    @property
    def has_tls(self) -> bool:
        """Tell whether it is asked for by https."""
        return not self.listen

    @property
    def origin(self) -> str:
        """Give the address without its path; a port is named where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == (_HTTPS if self.has_tls else _HTTP) else f":{self.port}"
        return f"{'https' if self.has_tls else 'http'}://{host}{port}"


def read_address(address: str | None) -> Site:
    """Read it. Raises WorkError where there is none, where a password would cross the net in clear, where no host has it."""
    if address is None:
        raise WorkError(
            _(
                "The web server has to know the address at which your clients open their portals, and clients.yml names none. "
                "Add it under `practice:`, such as portal_url: https://portal.marta.example"
            )
        )
    try:
        parts = urlsplit(address)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise _unusable(address) from None
    prefix = parts.path.rstrip("/")
    if parts.query or parts.fragment or "@" in parts.netloc or not _PREFIX.fullmatch(prefix):
        raise _unusable(address)
    if parts.scheme == "https":
        return Site(_name(address, host), _HTTPS if port is None else port, prefix, "")
    loopback = _loopback(host)
    if parts.scheme != "http" or not loopback:
        raise _in_clear(address, parts)
    return Site(host, _HTTP if port is None else port, prefix, loopback)


def _name(address: str, host: str) -> str:
    name = normalise_domain(host)
    if not _NAME.fullmatch(name) or _is_number(name):
        raise _unusable(address)
    return name


def _loopback(host: str) -> str:
    """Give the loopback address that a host is; '' for any other."""
    if host == "localhost":
        return "127.0.0.1"
    return host if _is_number(host) and ip_address(host).is_loopback and "%" not in host else ""


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _unusable(address: str) -> WorkError:
    return WorkError(
        _(
            "A web server cannot ask for passwords at {address} (practice.portal_url in clients.yml). Expected https, the name "
            "of a host and perhaps a path of plain letters and digits, such as https://portal.marta.example or "
            "https://marta.example/clients"
        ).format(address=address)
    )


def _in_clear(address: str, parts: SplitResult) -> WorkError:
    return WorkError(
        _(
            "At {address} (practice.portal_url in clients.yml) each password would cross the net in clear. Write "
            "https://{host} instead. Plain http is only for trying on this machine: http://127.0.0.1:8080"
        ).format(address=address, host=parts.hostname or "portal.marta.example")
    )
