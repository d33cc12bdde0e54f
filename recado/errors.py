"""The errors a person can do something about: each carries its exit status and says what to do next.

Anything else that is raised is a bug, and may show its traceback.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class RecadoError(Exception):
    """The base of every error that is written for the reader. The text says what is wrong and what to do."""

    exit_status = 1


class UsageError(RecadoError):
    """Wrong usage: the command cannot mean anything here (no workspace, an unknown ref)."""

    exit_status = 2


class WorkError(RecadoError):
    """The work could not be done: a server that does not answer, a disk that is full."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in one file: where, what, and what is expected instead."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        """Give the line a person (or an editor) can jump from: `clients.yml:12: …`."""
        return f"{self.file}:{self.line}: {self.text}"


class FileError(RecadoError):
    """What is wrong in the workspace's files, all of it at once, one line a problem."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems in the order of their files and lines."""
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.file, problem.line)))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[FileError], tuple[tuple[Problem, ...]]]:
        """Let it come back whole from another process."""
        return type(self), (self.problems,)


class ConfigurationError(FileError):
    """`clients.yml` cannot be used as it is. Nothing has been touched."""

    exit_status = 2
