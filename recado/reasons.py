"""Why the operating system refused something, in the reader's words: its own are English, whatever the reader's language."""

from __future__ import annotations

import errno
import os

from recado.speech import _


def reason_of(error: OSError) -> str:
    """Say why, without the file and without the number of the error."""
    number = error.errno
    if number is None or number not in errno.errorcode:
        return error.strerror or str(error)
    return reason_of_number(number)


def where_and_why(error: OSError) -> str:
    """Say of which file, where the system tells, and why."""
    return (f"{error.filename}: " if error.filename else "") + reason_of(error)


def reason_of_number(number: int) -> str:
    """Say what the number of an error means; in the system's own words where it is one that seldom happens."""
    said = {
        errno.ENOSPC: _("No space left on device"),
        errno.EDQUOT: _("Disk quota exceeded"),
        errno.EACCES: _("Permission denied"),
        errno.EPERM: _("Operation not permitted"),
        errno.EROFS: _("Read-only file system"),
        errno.ENOENT: _("No such file or directory"),
        errno.EADDRINUSE: _("Address already in use"),
    }
    return said.get(number) or os.strerror(number)
