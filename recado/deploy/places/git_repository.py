"""A private repository in which a git place puts its commits together. It may vanish: it is made anew.

Whatever git is told on this machine or by the surroundings counts for the way to the remote alone (ssh, credentials, proxies);
how files become a commit is said here.
"""

from __future__ import annotations

import os
import shlex
import shutil
from contextlib import suppress
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from recado.deploy.places import ssh
from recado.deploy.places.git_words import broken_here, not_installed
from recado.deploy.places.running import Ended, environment, run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

KNOWN = "refs/recado/"
_FOR_THE_WAY = (
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSH_VARIANT",
    "GIT_ASKPASS",
    "GIT_PROXY_COMMAND",
    "GIT_SSL_CAINFO",
    "GIT_SSL_CAPATH",
    "GIT_SSL_CERT",
    "GIT_SSL_KEY",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
)
_NOTHING = os.devnull
# What could stand in any configuration of hers, and must not count.
_SETTINGS = {
    "core.bare": "false",  # the tree is named with each command
    "core.hooksPath": _NOTHING,
    "core.attributesFile": _NOTHING,
    "core.excludesFile": _NOTHING,
    "core.autocrlf": "false",
    "core.safecrlf": "false",
    "core.fileMode": "false",
    "core.symlinks": "true",
    "core.ignoreCase": "false",
    "core.precomposeUnicode": "false",
    "core.quotePath": "false",
    "core.fsmonitor": "false",
    "core.compression": "1",
    "core.fsync": "none",  # all of it can be made again
    "color.ui": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "fetch.prune": "false",
    "fetch.writeCommitGraph": "false",
    "push.gpgSign": "false",
    "push.followTags": "false",
    "push.recurseSubmodules": "no",
    "push.negotiate": "false",
    "push.pushOption": "",
    "http.lowSpeedLimit": "100",
    "http.lowSpeedTime": "60",
}
_ATTRIBUTES = "* -text -eol -filter -ident -working-tree-encoding -delta\n"
_CONFIG = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
_OBJECTS_LEFT_LOOSE = 2000


class BrokenError(Exception):
    """The private repository is no good."""

    def __init__(self, ended: Ended) -> None:
        """Keep what git said of it."""
        super().__init__(ended.complaint)
        self.ended = ended


class Commit(NamedTuple):
    """A commit as it stands in the repository."""

    name: str
    tree: str
    parents: tuple[str, ...]
    message: str


class Repository:
    """A bare repository, with an index of the tree that was last looked at."""

    def __init__(self, folder: Path) -> None:
        """Take the folder as it is, or make the repository there. What a killed git left locked is free again."""
        self.folder = folder
        settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        self._git = ("git", *settings, f"--git-dir={folder}")
        self._here = environment("GIT_") | {
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": _NOTHING,
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_TERMINAL_PROMPT": "0",
        }
        self._way: dict[str, str] | None = None
        if not (folder / "objects").is_dir() or not (folder / "HEAD").is_file():
            self._make()
        (folder / "config").write_text(_CONFIG, encoding="ascii")  # what else stood there could name any program
        for lock in (*folder.glob("*.lock"), *folder.glob("refs/recado/*.lock"), folder / "gc.pid"):
            lock.unlink(missing_ok=True)

    def _make(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.local("init", "--quiet", "--bare", "--template=")
        (self.folder / "info").mkdir(exist_ok=True)
        (self.folder / "info" / "attributes").write_text(_ATTRIBUTES, encoding="ascii")

    def local(self, *words: str, tree: Path | None = None, given: str = "", also: dict[str, str] | None = None) -> str:
        """Run a command that needs no remote. Raises BrokenError."""
        ended = self._run(
            (*self._git, *(() if tree is None else (f"--work-tree={tree}",)), *words), self._here | (also or {}), given
        )
        if ended.status:
            raise BrokenError(ended)
        return ended.output.decode("utf-8", "surrogateescape")

    def far(self, *words: str) -> Ended:
        """Run a command that speaks with the remote: with her keys, her credentials and her proxies."""
        if self._way is None:
            self._way = self._way_there()
        return self._run((*self._git, *words), self._way)

    def known(self) -> dict[str, str]:
        """Give the commits that are whole here, by the name under which they are kept."""
        lines = self.local("for-each-ref", "--format=%(objectname) %(refname)", KNOWN).splitlines()
        return {name.removeprefix(KNOWN): commit for commit, name in (line.split(" ", 1) for line in lines)}

    def keep(self, **commits: str | None) -> None:
        """Keep commits under their names; None: no longer."""
        self.local("update-ref", "--stdin", given="".join(_update(name, commit) for name, commit in commits.items()))

    def commit(self, name: str) -> Commit:
        """Read a commit as it was made, whatever is known of its past here."""
        head, _blank, message = self.local("cat-file", "commit", name).partition("\n\n")
        fields = [line.split(" ", 1) for line in head.splitlines() if " " in line]
        parents = tuple(value for key, value in fields if key == "parent")
        return Commit(name, next(value for key, value in fields if key == "tree"), parents, message)

    def new_commit(self, tree: str, message: str, date: str) -> str:
        """Make a commit without a past, and give its name."""
        who = {"NAME": "Recado", "EMAIL": "recado@localhost", "DATE": date}
        also = {f"GIT_{role}_{part}": said for role in ("AUTHOR", "COMMITTER") for part, said in who.items()}
        return self.local("commit-tree", tree, given=message, also=also).strip()

    def is_branch_name(self, name: str) -> bool:
        """Tell whether git would have this as a branch."""
        return self._run((*self._git, "check-ref-format", f"refs/heads/{name}"), self._here).status == 0

    def has_no_past(self, commit: str | None) -> None:
        """Let git take a commit for the last that is known.

        A push sends no file that such a commit holds, though what is pushed does not descend from it.
        """
        marked = self.folder / "shallow"
        if commit is None:
            marked.unlink(missing_ok=True)
        else:
            marked.write_text(f"{commit}\n", encoding="ascii")

    def tidy(self) -> None:
        """Forget what no kept commit needs, once that is worth the while."""
        with suppress(BrokenError):
            self.local(
                "-c",
                f"gc.auto={_OBJECTS_LEFT_LOOSE}",
                "-c",
                "gc.autoDetach=false",
                "-c",
                "gc.pruneExpire=now",
                "gc",
                "--auto",
                "-q",
            )

    def _run(self, command: Sequence[str], variables: dict[str, str], given: str = "") -> Ended:
        try:
            return run(command, variables, given=given.encode())
        except FileNotFoundError:
            raise not_installed() from None

    def _way_there(self) -> dict[str, str]:
        """Give the environment for a remote: hers, but nothing asks."""
        way = environment("GIT_", _FOR_THE_WAY) | {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_REPLACE_OBJECTS": "1"}
        asked = self._run((*self._git, "config", "--get", "core.sshCommand"), way)
        command = way.get("GIT_SSH_COMMAND") or asked.output.decode().strip() or ("" if "GIT_SSH" in way else "ssh")
        try:
            is_ssh = PurePath(shlex.split(command)[0]).name.startswith("ssh")
        except (ValueError, IndexError):
            is_ssh = False
        if is_ssh:  # another program has other options
            way["GIT_SSH_COMMAND"] = f"{command} {' '.join(ssh.OPTIONS)}"
        return way


def _update(name: str, commit: str | None) -> str:
    return f"delete {KNOWN}{name}\n" if commit is None else f"update {KNOWN}{name} {commit}\n"


def in_repository(folder: Path) -> Repository:
    """Give the place's repository. Raises WorkError where git cannot make one."""
    try:
        return Repository(folder)
    except BrokenError as error:
        raise broken_here(error.ended) from None
