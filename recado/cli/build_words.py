"""What a build says: a line a portal, a line for all of them, and the same for programs.

Light: a build with nothing to do loads it too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recado.errors import FileError, WorkError
from recado.speech import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recado.errors import Problem, RecadoError
    from recado.portal.build import PortalResult, PracticeResult
    from recado.store.workspace import Workspace


def outcome_in_words(key: str, outcome: PortalResult | RecadoError, workspace: Workspace) -> str:
    """Say in one line what became of one portal; what was wrong is said at the end, all of it together."""
    if isinstance(outcome, Exception):
        return _("{key}: not built; what was built before stays").format(key=key)
    return portal_in_words(outcome, workspace)


def portal_in_words(result: PortalResult, workspace: Workspace) -> str:
    """Say in one line what became of a portal that was looked at, built or withdrawn."""
    if result.folder is None:
        return _("{key}: withdrawn, for the work with this client has ended").format(key=result.key)
    said = [_pages(result.pages)]
    if result.built:
        said += [_built(result.built), _reused(result.reused)]
    else:
        said.append(_("nothing changed"))
    if result.left_out:
        words = ngettext("{number} mistake left out", "{number} mistakes left out", len(result.left_out))
        said.append(words.format(number=len(result.left_out)))
    line = f"{result.key}: {', '.join(said)}, {seconds_in_words(result.seconds)}"
    return f"{line} → {workspace.shown(result.folder)}" if result.built else line


def all_in_words(done: PracticeResult, seconds: float) -> str:
    """Say in one line what the whole build did, in so many seconds by the clock on the wall."""
    number = len(done.portals) + len(done.kept)
    said = [ngettext("{number} portal", "{number} portals", number).format(number=number)]
    if done.kept:
        words = ngettext("{number} not built", "{number} not built", len(done.kept))
        said.append(words.format(number=len(done.kept)))
    built = sum(portal.built for portal in done.portals)
    said.append(_pages(sum(portal.pages for portal in done.portals)))
    if built:
        said += [_built(built), _reused(sum(portal.reused for portal in done.portals))]
    elif not done.kept:
        said.append(_("nothing changed"))
    return f"{', '.join(said)}, {seconds_in_words(seconds)}"


def as_data(done: PracticeResult) -> list[dict[str, Any]]:
    """Give for programs what became of each portal. One that was not built has no pages and no folder, but errors."""
    built = [
        {
            "key": portal.key,
            "pages": portal.pages,
            "built": portal.built,
            "reused": portal.reused,
            "seconds": round(portal.seconds, 3),
            "folder": portal.folder and str(portal.folder),
            "notes": list(portal.notes),
            "left_out": [_problem(problem) for problem in portal.left_out],
            "errors": [],
        }
        for portal in done.portals
    ]
    kept = [
        {
            "key": key,
            "pages": None,
            "built": None,
            "reused": None,
            "seconds": None,
            "folder": None,
            "notes": [],
            "left_out": [],
            "errors": _errors(error),
        }
        for key, error in zip(done.kept, done.errors, strict=True)
    ]
    return built + kept


def error_lines(error: RecadoError) -> tuple[str, ...]:
    """Give what is wrong, a line each, as a terminal and an open page show it."""
    return tuple(str(error).splitlines())


def what_went_wrong(done: PracticeResult) -> RecadoError | None:
    """Give all that kept portals, or parts of them, from being built, as one error; None where nothing did.

    What was left out is one too (status 1): something that stands in the VA's files is not on the portal.
    """
    problems = [problem for portal in done.portals for problem in portal.left_out]
    others = []
    for error in done.errors:
        if isinstance(error, FileError):
            problems += error.problems
        else:
            others.append(str(error))
    if not problems and not others:
        return None
    in_files = FileError(tuple(dict.fromkeys(problems)))  # a template's mistake is every portal's
    if not others:
        return in_files
    return WorkError("\n".join(([str(in_files)] if problems else []) + list(dict.fromkeys(others))))


def seconds_in_words(seconds: float) -> str:
    """Write how long it took: tenths of a second, hundredths where it was none."""
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds:.2f} s"


def _pages(number: int) -> str:
    return ngettext("{number} page", "{number} pages", number).format(number=number)


def _built(number: int) -> str:
    return ngettext("{number} built", "{number} built", number).format(number=number)


def _reused(number: int) -> str:
    return ngettext("{number} reused", "{number} reused", number).format(number=number)


def _errors(error: RecadoError) -> list[dict[str, Any]]:
    if isinstance(error, FileError):
        return [_problem(problem) for problem in error.problems]
    return [{"file": None, "line": None, "text": str(error)}]


def _problem(problem: Problem) -> dict[str, Any]:
    return {"file": problem.file, "line": problem.line, "text": problem.text}


def notes_of(portals: Iterable[PortalResult]) -> tuple[str, ...]:
    """Give what the VA may want to know of the portals, each once."""
    return tuple(dict.fromkeys(note for portal in portals for note in portal.notes))
