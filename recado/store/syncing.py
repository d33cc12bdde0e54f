"""Making all that was written in a place durable at once. What depends on the system stands here."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def sync_file_system(folder: Path) -> None:
    """Wait until the disk has all that was written to the file system of a folder (syncfs on Linux, sync elsewhere)."""
    if sys.platform.startswith("linux"):
        with suppress(OSError, AttributeError):
            syncfs = ctypes.CDLL(None, use_errno=True).syncfs
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                if syncfs(descriptor) == 0:
                    return
            finally:
                os.close(descriptor)
    os.sync()
