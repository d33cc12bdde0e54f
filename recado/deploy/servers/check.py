"""A configuration judged by the server itself, before anything is sent: without a port, a certificate, or root's rights."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from recado.deploy.servers.configuration import CALLED, NAMES
from recado.errors import WorkError
from recado.reasons import reason_of
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recado.deploy.servers.configuration import Kind

_SECONDS: Final = 30
# Where servers stand that are for root alone; the PATH of others often leaves it out.
_ALSO: Final = ("/usr/sbin", "/usr/local/sbin")
# All the folders and files that nginx would else take from the machine.
_AROUND: Final = """\
pid pid;
error_log stderr;
events {}
http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include checked.conf;
}
"""
_LISTEN: Final = re.compile(rb"^(\s*)listen [^;]*;", re.MULTILINE)
_CERTIFICATE: Final = re.compile(rb"^\s*ssl_certificate(?:_key)? [^;]*;\n", re.MULTILINE)


def check(kind: Kind, files: Mapping[str, bytes]) -> str | None:
    """Have the server of this machine judge what `configured` gave; `files` has it by path.

    Gives a sentence where this machine has no such server, so that nothing was checked; None where all is well.
    Raises WorkError with the server's own words where it refuses; OSError where the check itself finds no room.
    """
    name = CALLED[kind]
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *_ALSO])
    program = shutil.which(kind, path=path)
    if program is None:
        return _("The configuration for {server} was not checked: it is not installed on this machine.").format(server=name)
    content = files[NAMES[kind]]
    with tempfile.TemporaryDirectory(prefix="recado-check-", ignore_cleanup_errors=True) as folder:
        arguments = _for_nginx(Path(folder), content) if kind == "nginx" else _for_caddy(Path(folder), content)
        try:
            judged = subprocess.run(  # noqa: S603 (the server's own program, and a file of ours)
                [program, *arguments],
                cwd=folder,
                env={**os.environ, "PATH": path, "HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_DATA_HOME": folder},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            reason = _("no answer") if isinstance(error, subprocess.TimeoutExpired) else reason_of(error)
            told = _("{server} could not be asked whether its configuration is right ({reason}). Nothing was sent; try again.")
            raise WorkError(told.format(server=name, reason=reason)) from error
    if judged.returncode != 0:
        told = _("{server} refuses the configuration that was made for it, so nothing was sent. It says:\n{words}")
        raise WorkError(told.format(server=name, words=_words(judged.stdout)))
    return None


def _for_nginx(folder: Path, content: bytes) -> list[str]:
    """Have it listen at sockets in the folder, and without certificates, which only the real server has."""
    sockets = itertools.count()
    content = _LISTEN.sub(lambda found: b"%slisten unix:%d.socket;" % (found[1], next(sockets)), content)
    (folder / "checked.conf").write_bytes(_CERTIFICATE.sub(b"", content))
    (folder / "main.conf").write_text(_AROUND, encoding="utf-8")
    return ["-t", "-q", "-p", f"{folder}/", "-c", f"{folder}/main.conf"]


def _for_caddy(folder: Path, content: bytes) -> list[str]:
    (folder / "Caddyfile").write_bytes(content)
    return ["validate", "--config", f"{folder}/Caddyfile", "--adapter", "caddyfile"]


def _words(said: bytes) -> str:
    """Give what a person can use of it: without Caddy's lines for machines."""
    lines = said.decode(errors="replace").splitlines()
    return "\n".join(line for line in lines if line.strip() and not line.startswith('{"')) or "?"
