"""Text that is no YAML: on which line the mistake is, and in the words of someone who never read YAML's grammar.

What stands in the file is never repeated here: it may be a password.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from recado.speech import _

if TYPE_CHECKING:
    import yaml

CONFLICT_MARKS = ("<<<<<<< ", ">>>>>>> ")
_KEY = re.compile(r"\s*(?:- +)*[^\s#][^#]*?:(?:\s|$)")
_OPEN_QUOTE = re.compile(r"""(?:[:\[,{]|- )\s*(?:"(?:[^"\\]|\\.)*|'(?:[^']|'')*)$""")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


class Fault(NamedTuple):
    """Something that is wrong with the YAML itself, at a line counted from 1."""

    line: int
    text: str


def merge_conflict(text: str, first_line: int = 1) -> Fault | None:
    """Find the marks that a merge left in a text whose first line is the file's line `first_line`."""
    for number, line in enumerate(text.split("\n")):
        if line.startswith(CONFLICT_MARKS):
            said = _("two versions stand here side by side (a merge conflict); expected one of them, without the marks")
            return Fault(first_line + number, said)
    return None


def fault_of(error: yaml.YAMLError | ValueError, text: str, first_line: int) -> Fault:
    """Tell what is wrong with a text that the parser refused."""
    conflict = merge_conflict(text, first_line)
    if conflict is not None:
        return conflict
    control = _CONTROL.search(text)
    if control:
        said = _("a control character stands here, which no editor shows; expected it removed")
        return Fault(first_line + text.count("\n", 0, control.start()), said)
    problem, mark = getattr(error, "problem", None), getattr(error, "problem_mark", None)
    start = getattr(error, "context_mark", None)
    if not problem or mark is None:
        return Fault(first_line, _in_general(str(error).splitlines()[0]))
    number, said = _explain(problem, mark, start, text.split("\n"))
    return Fault(first_line + number, said)


def _explain(problem: str, mark: yaml.Mark, start: yaml.Mark | None, lines: list[str]) -> tuple[int, str]:
    """Give the line, counted from 0, and the words."""
    tab = next((n for n in (mark.line, mark.line - 1) if 0 <= n < len(lines) and re.match(r" *\t", lines[n])), None)
    if tab is not None:
        return tab, _("this line is indented with a tab; expected spaces")
    quote = next((n for n, line in enumerate(lines[: mark.line + 1]) if _OPEN_QUOTE.search(line)), None)
    if quote is not None:
        return quote, _("a quote is opened here and never closed; expected another one at the end of the value")
    here = lines[mark.line] if mark.line < len(lines) else ""
    match problem:
        case "mapping values are not allowed in this context" | "could not find expected ':'":
            return _stray_colon(mark, here, lines)
        case "found character that cannot start any token":
            said = _('a value starts with a sign that needs quotes here; expected for example "@acme.example"')
            return mark.line, said
        case "found undefined alias":
            return mark.line, _("a value starts with * here; expected quotes around it")
        case "found unknown escape character" | "did not find expected hexdecimal number":
            return mark.line, _("a backslash stands between double quotes; expected single quotes, or two backslashes")
        case "did not find expected ',' or '}'" | "did not find expected ',' or ']'" if start is not None:
            said = _(
                "a bracket that opens here is not closed, or a comma is missing; expected {key: value, key: value} or [one, "
                "two], with quotes around a value that has a # or a bracket in it"
            )
            return start.line, said
        case "did not find expected key" | "did not find expected '-' indicator":
            said = _(
                "this line does not fit the ones above it; expected the keys of one part to start in the same column, and "
                "nothing behind a closing quote or bracket"
            )
            return min(mark.line, len(lines) - 1), said
        case "but found another document":
            return mark.line, _("a second document begins here; expected no line of --- inside the file")
        case _:
            return mark.line, _in_general(problem)


def _stray_colon(mark: yaml.Mark, here: str, lines: list[str]) -> tuple[int, str]:
    """Tell the three mistakes apart that all end in a colon the parser did not expect."""
    if _KEY.match(here[: mark.column]):
        return mark.line, _(
            "a second colon stands in this line; expected quotes around a value that has a colon and a space in it"
        )
    last = min(mark.line, len(lines)) - 1  # YAML ends a line at a lone carriage return, too: it may count more of them
    before = next((n for n in range(last, -1, -1) if lines[n].strip() and not lines[n].lstrip().startswith("#")), None)
    if before is not None and not _KEY.match(lines[before]) and not lines[before].lstrip().startswith("- "):
        return before, _("the colon after the key is missing, or the space behind it; expected `key: value`")
    return mark.line, _("this line is indented further or less than the ones beside it; expected them all in the same column")


def _in_general(problem: str) -> str:
    return _("this is not YAML ({problem}); expected `key: value` lines, indented with spaces").format(problem=problem)
