"""A branch of a git repository, as static hosts publish it (GitHub Pages and the like).

The branch holds one commit without a past: what a client's pages were, once withdrawn, is not to be found in it. It is replaced
at each deploy, but never where somebody else made it.
"""

from __future__ import annotations

import os
import shutil
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from recado import clock
from recado.deploy.places.git_repository import KNOWN, BrokenError, Commit, Repository, in_repository
from recado.deploy.places.git_words import anothers_branch, broken_here, no_old_release, not_ours, refusal_of
from recado.deploy.tree import Sent
from recado.errors import WorkError
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import NoReturn

    from recado.deploy.places.running import Ended
    from recado.deploy.tree import Tree

_MARK = "Made-By: recado deploy"
_WHOSE = "Practice: "
_MESSAGE = f"""\
The pages as they were deployed

This branch is replaced at each deploy: what is changed in it by hand is lost.

{_MARK}
{_WHOSE}{{mark}}
"""
_DEEP = 100  # commits of other hands upon ours; more than that are somebody's work
_CORRUPT = ("is corrupt", "bad object", "unable to read", "bad tree object", "missing blob", "is empty", "did not send all")


class _Standing(NamedTuple):
    """What the branch holds now: its commit, which files another hand changed in it, and whether it is as we make them."""

    tip: Commit
    altered: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Tell whether it is one commit of ours, and nothing below it."""
        return _is_marked(self.tip.message) and not self.tip.parents


@dataclass(frozen=True, slots=True)
class GitPlace:
    """A branch of a repository that can be pushed to."""

    remote: str
    branch: str = "pages"
    mark: str = ""  # of the practice (`whose.mark_of`)

    def opened(self) -> AbstractContextManager[GitPlace]:
        """Give itself: it is always ready."""
        return nullcontext(self)

    def publish(self, tree: Tree) -> Sent:
        """Replace the branch by the tree; visitors see it as soon as the host has taken it up."""
        return self._in_repository(tree.scratch, lambda repository: self._publish(repository, tree.root))

    def compare(self, tree: Tree) -> Sent:
        """Tell what would be pushed."""
        return self._in_repository(tree.scratch, lambda repository: self._compare(repository, tree.root)[0])

    def roll_back(self) -> NoReturn:
        """Refuse: nothing old is kept."""
        del self
        raise no_old_release()

    def _in_repository(self, scratch: Path, work: Callable[[Repository], Sent]) -> Sent:
        """Do the work in the place's repository; once more in a new one, where that one is no good."""
        folder = scratch / "repository.git"
        try:
            return work(in_repository(folder))
        except BrokenError:
            shutil.rmtree(folder, ignore_errors=True)
        try:
            return work(in_repository(folder))
        except BrokenError as error:
            raise broken_here(error.ended) from None

    def _publish(self, repository: Repository, root: Path) -> Sent:
        sent, standing, files = self._compare(repository, root)
        if standing is not None and standing.is_clean and standing.tip.tree == files:
            repository.keep(sent=standing.tip.name)
            return sent
        date = f"@{os.environ.get('SOURCE_DATE_EPOCH') or int(clock.now().timestamp())} +0000"
        commit = repository.new_commit(files, _MESSAGE.format(mark=self.mark), date)
        # Known again, should we end before its arrival is; and so is one that may arrive although we ended before.
        repository.keep(sending=commit, late=repository.known().get("sending"))
        self._push(repository, commit, standing.tip.name if standing else None)
        repository.keep(sent=commit, sending=None, late=None, tip=None)
        repository.has_no_past(None)
        repository.tidy()
        return sent

    def _push(self, repository: Repository, commit: str, tip: str | None) -> None:
        repository.has_no_past(tip)
        name = f"refs/heads/{self.branch}"
        ended = repository.far(
            *("push", "--porcelain", "--no-verify", "--thin", f"--force-with-lease={name}:{tip or ''}"),
            *("--", self.remote, f"{commit}:{name}"),
        )
        if ended.status:
            raise self._failed(ended)

    def _compare(self, repository: Repository, root: Path) -> tuple[Sent, _Standing | None, str]:
        if not repository.is_branch_name(self.branch):
            raise WorkError(
                _("{branch!r} is no name for a git branch. Choose another in clients.yml.").format(branch=self.branch)
            )
        repository.local("add", "--all", "--force", "--", ".", tree=root)
        files = repository.local("write-tree").strip()
        standing = self._standing(repository)
        before = standing.tip.tree if standing else repository.local("mktree").strip()
        changes = _changes(repository, before, files)
        added, changed, removed = (tuple(path for kind, path in changes if kind in kinds) for kinds in ("A", "MT", "D"))
        size = sum((root / path).stat().st_size for path in (*added, *changed))
        return Sent(added, changed, removed, standing.altered if standing else (), size), standing, files

    def _standing(self, repository: Repository) -> _Standing | None:
        """Tell what the branch holds; None: there is none yet. Raises WorkError where it is somebody's work."""
        tip = self._tip(repository)
        if tip is None:
            return None
        known = repository.known()
        if tip not in known.values():
            self._fetch(repository, 1)
            known = repository.known()
            tip = known["tip"]
        commit = repository.commit(tip)
        before = known.get("sent")
        self._expect_of_us(commit.message)
        if not _is_marked(commit.message):
            below = self._our_commit_below(repository)
            before = before or below
        if before is None or tip in {before, known.get("sending"), known.get("late")}:
            return _Standing(commit, ())
        return _Standing(commit, tuple(path for _kind, path in _changes(repository, before, tip)))

    def _tip(self, repository: Repository) -> str | None:
        name = f"refs/heads/{self.branch}"
        ended = repository.far("ls-remote", "--", self.remote, name)
        if ended.status:
            raise self._failed(ended)
        lines = (line.split("\t", 1) for line in ended.output.decode(errors="replace").splitlines() if "\t" in line)
        return next((commit for commit, found in lines if found == name), None)

    def _fetch(self, repository: Repository, depth: int) -> None:
        """Fetch the branch as it is, under the name `tip`: what it holds need not be sent again."""
        ended = repository.far(
            *("fetch", "--quiet", f"--depth={depth}", "--no-tags", "--no-recurse-submodules", "--force"),
            *("--", self.remote, f"refs/heads/{self.branch}:{KNOWN}tip"),
        )
        if ended.status:
            raise self._failed(ended)

    def _our_commit_below(self, repository: Repository) -> str:
        """Find our commit below those of other hands. Raises WorkError where there is none, or other work beside it."""
        self._fetch(repository, _DEEP)
        told = repository.local("log", "--max-parents=0", "--format=%H%n%B%x00", f"{KNOWN}tip", "--")
        roots = [each.lstrip("\n").split("\n", 1) for each in told.split("\0") if each.strip()]
        if not all(_is_marked(message) for _commit, message in roots):
            raise not_ours(self.remote, self.branch)
        for _commit, message in roots:
            self._expect_of_us(message)
        return roots[0][0]

    def _expect_of_us(self, message: str) -> None:
        """See that no other practice made a commit of ours. Raises WorkError."""
        said = [line.removeprefix(_WHOSE).strip() for line in message.splitlines() if line.startswith(_WHOSE)]
        if _is_marked(message) and said and said[-1] != self.mark:
            raise anothers_branch(self.remote, self.branch)

    def _failed(self, ended: Ended) -> Exception:
        """Tell whose fault it was that git could not speak with the remote."""
        here = [line for line in ended.complaint.splitlines() if not line.startswith("remote:")]
        if any(mark in line for mark in _CORRUPT for line in here):
            return BrokenError(ended)
        return refusal_of(ended, self.remote, self.branch)


def _is_marked(message: str) -> bool:
    return _MARK in message.splitlines()


def _changes(repository: Repository, before: str, after: str) -> list[tuple[str, str]]:
    """List what differs between two trees or commits: A, D, M or T, and the path."""
    parts = repository.local("diff-tree", "-r", "-z", "--no-renames", "--name-status", before, after).split("\0")
    return list(zip(parts[0:-1:2], parts[1::2], strict=True))
