"""A portal as it stands where nobody can ask for a password: every file encrypted, its name too, and a door before them."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from recado.deploy.sealed.blob import blob_of, write_blob
from recado.deploy.sealed.content_key import ContentKey
from recado.deploy.sealed.key import VERSION
from recado.deploy.sealed.packing import HELD, packed, pieces
from recado.deploy.sealed.pages import is_page, page_for_sealing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from recado.deploy.sealed.door import Door
    from recado.deploy.sealed.key import PortalKey

PORTAL = "portal.json"
# A blob as any other, of no file: the pages that a browser keeps for when it has no network.
MAIN = "door/main.json"


class Sealed:
    """Encrypted under one portal's key. The same key and content give the same bytes (see `form.Form`)."""

    def __init__(self, key: PortalKey, door: Door) -> None:
        self._key, self._door, self._content = key, door, ContentKey(key.content)

    @property
    def folder(self) -> str:
        """The name of the portal's folder: chance, it tells nothing."""
        return self._key.folder

    @property
    def identity(self) -> str:
        """A digest of the key, the folder and what is added to pages."""
        told = json.dumps([VERSION, self._content.identity, self.folder, sorted(self._door.forget.items())])
        return f"sealed {hashlib.sha256(told.encode()).hexdigest()}"

    def name(self, path: str) -> str:
        """Give the path of a file's blob."""
        return f"f/{self._content.name(path)}"

    def put(self, source: Path, path: str, target: Path) -> None:
        """Encrypt the file `source` into `target`, where nothing stands. Raises OSError, and then leaves nothing there."""
        with target.open("xb") as stream:
            try:
                if source.stat().st_size > HELD:
                    write_blob(self._content, path, pieces(source, path), pieces(source, path), stream)
                else:
                    stream.write(blob_of(self._content, path, packed(self._as_sealed(source.read_bytes(), path), path)))
            except BaseException:
                target.unlink()
                raise

    def besides(self, paths: Collection[str]) -> Mapping[str, bytes]:
        """Give the door, what the passphrase opens, and the list of the pages to keep."""
        opened = {
            "version": VERSION,
            "salt": self._key.salt,
            "iterations": self._key.iterations,
            "wrapped": self._key.wrapped,
        }
        main = json.dumps(sorted(filter(_is_main, paths)), ensure_ascii=False).encode()
        return {
            **self._door.files,
            PORTAL: json.dumps(opened, indent=1).encode() + b"\n",
            self.name(MAIN): blob_of(self._content, MAIN, packed(main, MAIN)),
        }

    def _as_sealed(self, content: bytes, path: str) -> bytes:
        return page_for_sealing(content, path, self.folder, self._door.forget) if is_page(path) else content


def _is_main(path: str) -> bool:
    """Tell whether a browser keeps a file before it was opened: each place's first page, and what pages are made of."""
    folder, _, name = path.rpartition("/")
    return folder == "assets" or name == "index.html" or (not folder and name.endswith(".html"))
