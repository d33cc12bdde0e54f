"""The configuration of the web server in front of a place: what stands in its `server/`, beside the releases.

A place is a folder in which `current` is a link to the release that visitors see; in it each portal is a folder, or a link to
one. What is here is never served, nor is an old release: the servers look below `current/PORTAL` and nowhere else.
The files speak English, whatever the VA speaks: they are the same at each deploy, or they would be sent again.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from recado.deploy.servers.address import Site, read_address
from recado.deploy.servers.media_types import FILE_TYPES, PACKED_TYPES, PAGE_TYPES, TEXT_TYPES
from recado.deploy.servers.quoting import caddy_quoted, nginx_quoted, shell_comment_quoted
from recado.deploy.tree import BESIDE
from recado.portal.headers import SECURITY_HEADERS, STRICT_TRANSPORT
from recado.resources import program_templates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment

Kind = Literal["nginx", "caddy"]

CALLED: Mapping[Kind, str] = {"nginx": "nginx", "caddy": "Caddy"}
NAMES: Mapping[Kind, str] = {"nginx": f"{BESIDE}/nginx.conf", "caddy": f"{BESIDE}/Caddyfile"}
PASSWORDS = f"{BESIDE}/passwords"

_PORTAL = re.compile(r"[a-z0-9_][a-z0-9_-]*", re.ASCII)
_HASH = re.compile(rb"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}")


def configured(kind: Kind, base: str, address: str | None, passwords: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Give the files that stand beside the releases of a place, by their path from its folder.

    `base` is the place's folder on the server's machine, `address` is `practice.portal_url`; `passwords` has a bcrypt hash for
    the folder of each portal: one that has none cannot be opened. For nginx each hash is a file, read at every request: the
    server's own user (www-data) has to be able to read it, and one that is no longer given has to be removed.
    Raises WorkError where the server could not be told of this path or this address.
    """
    site = read_address(address)
    for portal, password in passwords.items():
        if not _PORTAL.fullmatch(portal) or not _HASH.fullmatch(password):
            raise ValueError(f"not a portal's folder with its hash: {portal!r}")
    base = base.rstrip("/")
    files = {NAMES[kind]: (_nginx(base, site) if kind == "nginx" else _caddy(base, site, passwords)).encode()}
    if kind == "nginx":
        files |= {f"{PASSWORDS}/{portal}": b"%s:%s\n" % (portal.encode(), password) for portal, password in passwords.items()}
    return files


def _nginx(base: str, site: Site) -> str:
    return (
        _environment()
        .get_template("nginx.conf.j2")
        .render(
            site=site,
            listen=f"[{site.listen}]" if ":" in site.listen else site.listen,
            headers=_headers(site),
            file=nginx_quoted(f"{base}/current/", "$recado_portal$recado_path"),
            password=nginx_quoted(f"{base}/{PASSWORDS}/", "$recado_portal"),
            prefix=re.escape(site.prefix),
            page_types=PAGE_TYPES,
            file_types=FILE_TYPES,
            text_types=TEXT_TYPES,
            packed_types=PACKED_TYPES,
            this_file=shell_comment_quoted(f"{base}/{NAMES['nginx']}"),
        )
    )


def _caddy(base: str, site: Site, passwords: Mapping[str, bytes]) -> str:
    portals = [
        (portal, password.decode(), caddy_quoted(f"{base}/current/{portal}")) for portal, password in sorted(passwords.items())
    ]
    return (
        _environment()
        .get_template("Caddyfile.j2")
        .render(
            site=site,
            headers=_headers(site),
            portals=portals,
            missing=f"`{base}/current/{{http.auth.user.id}}`",
            prefix=re.escape(site.prefix),
            file_types=[(kind, end) for kind, ends in FILE_TYPES.items() for end in ends.split()],
            this_file=caddy_quoted(f"{base}/{NAMES['caddy']}"),
        )
    )


def _headers(site: Site) -> dict[str, str]:
    return {**SECURITY_HEADERS, **({STRICT_TRANSPORT[0]: STRICT_TRANSPORT[1]} if site.has_tls else {})}


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 (late)

    # What is filled in is quoted for the server's own language first, or was found to be made of plain letters.
    return Environment(  # noqa: S701 (nothing of this is ever HTML)
        loader=FileSystemLoader(program_templates() / "servers"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
