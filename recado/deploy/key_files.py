"""Keys as files below the VA's home, outside every workspace: each readable by her alone, and refused where it is not."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from recado.errors import UsageError, WorkError
from recado.model.address import normalise_address
from recado.reasons import reason_of
from recado.speech import _
from recado.store.atomic import sync_folder, write_whole
from recado.store.lock import locked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

KEYS_VARIABLE = "RECADO_KEYS"
_OTHERS = 0o077  # all that a group or others may do
_MOST = 65_536  # bytes: a key is one line
_LONGEST = 120  # characters of an address in a folder's name: most systems take 255 bytes


def key_folder(address: str, workspace: Path, environment: Mapping[str, str]) -> Path:
    """Give the folder of the practice with this mailbox address: below RECADO_KEYS, else below her home.

    Raises UsageError where it would be in the workspace, which is committed and copied.
    """
    root = keys_root(environment)
    folder = root / _folder_name(normalise_address(address))
    if folder.resolve().is_relative_to(workspace.resolve()):
        raise UsageError(
            _(
                "The keys of your portals would be kept in {folder}, inside the workspace, which may be committed or handed "
                "on. Set RECADO_KEYS to a folder outside it."
            ).format(folder=root)
        )
    return folder


def keys_root(environment: Mapping[str, str]) -> Path:
    """Give the folder of all practices' keys: RECADO_KEYS, else one below her home. Raises UsageError."""
    told = environment.get(KEYS_VARIABLE)
    root = Path(told) if told else _data_home(environment) / "recado" / "keys"
    if not root.is_absolute():
        raise UsageError(
            _("RECADO_KEYS is {folder!r}; expected a folder's whole path, such as /home/marta/keys.").format(folder=told)
        )
    return root


def _data_home(environment: Mapping[str, str]) -> Path:
    told = Path(environment.get("XDG_DATA_HOME", ""))
    if told.is_absolute():
        return told
    home = environment.get("HOME")
    try:
        return (Path(home) if home else Path.home()) / ".local" / "share"
    except RuntimeError:
        raise UsageError(
            _("There is no home folder here to keep the keys of your portals in. Set RECADO_KEYS to a folder for them.")
        ) from None


def _folder_name(address: str) -> str:
    """Write an address as a folder's name: no address can lead out of it, and no two share one."""
    import hashlib  # noqa: PLC0415 (late: seldom)

    name = quote(address, safe="@+")
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}-{hashlib.sha256(address.encode()).hexdigest()[:16]}"


class KeyFiles:
    """The files in one practice's folder of keys."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; nothing is made before something is written."""
        self.folder = folder

    def path(self, name: str) -> Path:
        """Give the path of a file."""
        return self.folder / name

    def turn(self) -> AbstractContextManager[None]:
        """Hold these files, waiting for another process that does: whoever looks and then writes. Raises WorkError."""
        self._make()
        return locked(self.folder / ".lock")

    def read(self, name: str) -> str | None:
        """Read a file; None where there is none. Raises WorkError where it is not hers alone, or no file of its own."""
        if not self._is_there():
            return None
        path = self.path(name)
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise _is_link(path) from None
            raise WorkError(_("{file} cannot be read: {reason}.").format(file=path, reason=reason_of(error))) from error
        try:
            state = os.fstat(descriptor)
            if not stat.S_ISREG(state.st_mode):
                raise WorkError(_("{file} is no file, and a key is kept there. Move it away and try again.").format(file=path))
            _expect_hers(path, state, "600")
            # What is spoilt is given back as it is, byte for byte.
            return os.read(descriptor, _MOST).decode("utf-8", errors="surrogateescape")
        finally:
            os.close(descriptor)

    def write(self, name: str, text: str) -> None:
        """Put a file there, whole and synced, for who has the turn. Raises WorkError, OSError."""
        self._make()
        for left in self.folder.glob(".*.part"):  # by a process that died while it wrote
            left.unlink()
        write_whole(self.path(name), text.encode("utf-8", errors="surrogateescape"), mode=0o600)

    def _is_there(self) -> bool:
        """Tell whether the folder exists. Raises WorkError where it is not hers alone."""
        try:
            state = self.folder.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            said = _("The folder of your portals' keys, {folder}, cannot be read: {reason}.")
            raise WorkError(said.format(folder=self.folder, reason=reason_of(error))) from error
        if stat.S_ISLNK(state.st_mode):
            raise _is_link(self.folder)
        if not stat.S_ISDIR(state.st_mode):
            raise WorkError(_("{file} is no folder, and keys are kept there. Move it away.").format(file=self.folder))
        _expect_hers(self.folder, state, "700")
        return True

    def _make(self) -> None:
        """Make the folder where it is missing, and those above it, for her alone. Raises WorkError."""
        if self._is_there():
            return
        try:
            make_private(self.folder)
        except OSError as error:
            raise WorkError(
                _(
                    "The folder for your portals' keys, {folder}, cannot be made: {reason}. Set RECADO_KEYS to a folder that "
                    "you may write, outside the workspace."
                ).format(folder=self.folder, reason=reason_of(error))
            ) from error
        self._is_there()  # a disk that knows no permissions would leave it open to all


def make_private(folder: Path) -> None:
    """Make a folder where it is missing, and those above it, for her alone. Raises OSError."""
    if folder.is_dir():
        return
    make_private(folder.parent)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:  # by another process, a moment ago; or a file is in the way
        if not folder.is_dir():
            raise
    sync_folder(folder.parent)


def _is_link(path: Path) -> WorkError:
    return WorkError(
        _(
            "{file} is a link, and keys are kept only where they are said to be. Put the file or folder itself there, or set "
            "RECADO_KEYS to where it is."
        ).format(file=path)
    )


def _expect_hers(path: Path, state: os.stat_result, mode: str) -> None:
    if state.st_uid != os.geteuid():
        raise WorkError(
            _("{file} belongs to another user, and holds keys. Run the command as that user, or set RECADO_KEYS.").format(
                file=path
            )
        )
    if state.st_mode & _OTHERS:
        raise WorkError(
            _("Others on this machine may open {file}, and it holds keys. Close it and try again: chmod {mode} {file}").format(
                file=path, mode=mode
            )
        )
