"""What stands beside the releases on a server (its configuration): sent where it differs, each file replaced in one step."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

from recado.deploy.places.rsync_items import FORMAT, Items, items_of
from recado.deploy.places.sent_list import looks_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from recado.deploy.places.far_folder import FarFolder

_OPTIONS = ("-rpc", "--chmod=D755,F644", "--delete", FORMAT)


def folders_of(beside: Mapping[str, bytes]) -> tuple[str, ...]:
    """List the folders in which it stands. They hold nothing else."""
    if any("/" not in path for path in beside):
        raise ValueError(sorted(beside))
    return tuple(sorted({path.split("/")[0] for path in beside}))


def send_beside(
    far: FarFolder, beside: Mapping[str, bytes], there: Mapping[str, str], scratch: Path, *, is_tried: bool, is_new: bool
) -> Items:
    """Send what differs, or tell what would be sent. `there` are digests of what those folders hold; `is_new`: no place yet."""
    if there == {path: hashlib.sha256(content).hexdigest() for path, content in beside.items()}:
        return Items()
    root = scratch / "beside"
    shutil.rmtree(root, ignore_errors=True)
    try:
        root.mkdir(mode=0o700, parents=True)
        for path, content in beside.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)
        found = [
            (
                folder,
                Items(added=tuple(sorted(looks_at(root / folder))))
                if is_tried and is_new
                else _sent(far, root, folder, is_tried=is_tried),
            )
            for folder in folders_of(beside)
        ]
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return Items(
        *(tuple(f"{folder}/{path}" for folder, items in found for path in items[part]) for part in range(len(Items._fields)))
    )


def _sent(far: FarFolder, root: Path, folder: str, *, is_tried: bool) -> Items:
    tried = ("--dry-run",) if is_tried else ()
    return items_of(far.rsync(*tried, *_OPTIONS, source=root / folder, below=folder))
