"""What stands beside the releases on a server (its configuration): sent where it differs, each file replaced in one step."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

from recado.deploy.places.rsync_items import FORMAT, Items, items_of
from recado.deploy.tree import BESIDE
from recado.deploy.walk import files_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from recado.deploy.places.far_folder import FarFolder

_OPTIONS = ("-rpc", "--chmod=D755,F644", "--delete", FORMAT)


def send_beside(
    far: FarFolder, beside: Mapping[str, bytes], there: Mapping[str, str], scratch: Path, *, is_tried: bool, is_new: bool
) -> Items:
    """Send what differs, or tell what would be sent. `there` are digests of what that folder holds; `is_new`: no place yet."""
    if any(not path.startswith(f"{BESIDE}/") for path in beside):
        raise ValueError(sorted(beside))
    if there == {path: hashlib.sha256(content).hexdigest() for path, content in beside.items()}:
        return Items()
    root = scratch / "beside"
    shutil.rmtree(root, ignore_errors=True)
    try:
        root.mkdir(mode=0o700, parents=True)
        for path, content in beside.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)
        is_all_new = is_tried and is_new
        items = Items(added=tuple(sorted(files_in(root / BESIDE)))) if is_all_new else _sent(far, root, is_tried=is_tried)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return Items(*(tuple(f"{BESIDE}/{path}" for path in part) for part in items))


def _sent(far: FarFolder, root: Path, *, is_tried: bool) -> Items:
    tried = ("--dry-run",) if is_tried else ()
    return items_of(far.rsync(*tried, *_OPTIONS, source=root / BESIDE, below=BESIDE))
