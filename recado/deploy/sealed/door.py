"""The door of encrypted portals: what a browser needs before it has the key. The same for every portal, and open to anyone."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from typing import TYPE_CHECKING, NamedTuple

from recado.deploy.sealed.door_words import door_words
from recado.deploy.sealed.key import VERSION
from recado.portal.headers import CONTENT_SECURITY_POLICY, SECURITY_HEADERS
from recado.resources import program_templates
from recado.speech import SOURCE_LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

HEADERS = {**SECURITY_HEADERS, "Cache-Control": "no-store"}  # on what the service worker answers
WORKER, TOLD = "sw.js", "door/told.js"
_TOP = frozenset({"index.html", WORKER})  # stand in the portal's folder itself, the rest in `door/`
_ROOT = frozenset({"404.html", "404.js", "404.css"})  # parts of what stands above the folders


class Door(NamedTuple):
    """The door's files by their path in a portal's folder, and its words by language."""

    files: Mapping[str, bytes]
    words: Mapping[str, Mapping[str, str]]

    @property
    def forget(self) -> dict[str, str]:
        """Give the word of the link that every page carries, by language."""
        return {language: words["forget"] for language, words in self.words.items()}


def the_door(overrides: Path | None = None) -> Door:
    """Read the door. `overrides` is a workspace's own `site_templates`: its words, not its files. Raises FileError, OSError."""
    words = door_words(overrides)
    read = {file.name: file.read_bytes() for file in sorted(_folder().iterdir()) if file.is_file() and file.name not in _ROOT}
    files = {name if name in _TOP else f"door/{name}": content for name, content in read.items()}
    for name in ("index.html", "door/forget.html"):
        files[name] = files[name].replace(b"<!-- scripts -->", _in_every_language(words, "scripts"))
    shown = [*sorted(files.keys() - {WORKER}), TOLD]
    told = {"version": VERSION, "headers": HEADERS, "files": shown, "words": words}
    files[TOLD] = b"const TOLD = " + json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode() + b";\n"
    # A browser looks for a new worker by this file: it says of which edition all the others are.
    files[WORKER] += f"// edition {_edition(files)}\n".encode()
    return Door(files, words)


def root_files(door: Door) -> Mapping[str, bytes]:
    """Give what stands at the top of a place of encrypted portals, for whoever asks for what is not there.

    A host answers a first visit to a page deep in a portal with its own "not found": that page leads to the door.
    """
    page, script, look = ((_folder() / name).read_bytes() for name in ("404.html", "404.js", "404.css"))
    script_hash, look_hash = _hash_of(script), _hash_of(look)
    said = b"".join(
        f'<section lang="{html.escape(language)}"><h1>{html.escape(words["missing"])}</h1>'
        f"<p>{html.escape(words['missing how'])}</p></section>\n".encode()
        for language, words in _saying(door.words, "missing how")
    )
    policy = f"default-src 'none'; script-src '{script_hash}'; style-src '{look_hash}'; img-src data:; base-uri 'none'"
    parts = {b"<!-- policy -->": policy.encode(), b"<!-- script -->": script, b"<!-- look -->": look, b"<!-- words -->": said}
    for mark, part in parts.items():
        page = page.replace(mark, part)
    return {
        "404.html": page,
        "index.html": page,  # a host that lists folders would name them all
        "robots.txt": b"User-agent: *\nDisallow: /\n",
        ".nojekyll": b"",
        "_headers": _headers_file(script_hash, look_hash),
    }


def _headers_file(script_hash: str, look_hash: str) -> bytes:
    """Write the headers as Netlify and Cloudflare Pages read them; other hosts take it for a file."""
    policy = CONTENT_SECURITY_POLICY.replace("script-src 'self'", f"script-src 'self' '{script_hash}'").replace(
        "style-src 'self'", f"style-src 'self' '{look_hash}'"
    )
    headers = {**HEADERS, "Content-Security-Policy": policy, "Cache-Control": "no-cache", "X-Robots-Tag": "noindex"}
    return "".join(["/*\n", *(f"  {name}: {value}\n" for name, value in headers.items())]).encode()


def _in_every_language(words: Mapping[str, Mapping[str, str]], name: str) -> bytes:
    said = _saying(words, name)
    return "".join(f'<p lang="{html.escape(language)}">{html.escape(each[name])}</p>' for language, each in said).encode()


def _saying(words: Mapping[str, Mapping[str, str]], name: str) -> list[tuple[str, Mapping[str, str]]]:
    """Give the languages that say something in words of their own."""
    source = words[SOURCE_LANGUAGE]
    return [(language, said) for language, said in words.items() if said is source or said[name] != source[name]]


def _hash_of(content: bytes) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}"


def _edition(files: Mapping[str, bytes]) -> str:
    return hashlib.sha256(b"".join(_framed(files))).hexdigest()[:16]


def _framed(files: Mapping[str, bytes]) -> Iterable[bytes]:
    for name, content in sorted(files.items()):
        yield f"{name} {len(content)}\n".encode()
        yield content


def _folder() -> Path:
    return program_templates() / "door"
