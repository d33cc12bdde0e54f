"""Front matter: YAML between two lines of `---` at the head of a Markdown file, and the words below it.

Read by the strict loader; written by ruamel.yaml, which keeps order, comments and keys the program does not know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

from recado.store.strict_yaml import Document, Fault, read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_FENCE = "---"
_CONFLICT = ("<<<<<<< ", ">>>>>>> ")
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9:+.-]*[A-Za-z0-9])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Marked:
    """A Markdown file, cut: its front matter read, its body as it stands."""

    front: Document
    body: str


def read_front_matter(text: str) -> Marked:
    """Cut a file's text. Without a front matter the whole is the body. What is wrong stands in `front.faults`."""
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        return Marked(Document(None), text)
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
    if end is None:
        fault = Fault(1, "the front matter is not closed; expected a line of --- below it")
        return Marked(Document(None, {}, (fault,)), "")
    conflict = next((number for number, line in enumerate(lines, 1) if line.startswith(_CONFLICT)), None)
    if conflict is not None:
        fault = Fault(
            conflict, "two versions stand here side by side (a merge conflict); expected one of them, without the marks"
        )
        return Marked(Document(None, {}, (fault,)), "")
    front = read_yaml("\n".join(lines[1:end]), first_line=2)
    if front.value is not None and not isinstance(front.value, dict):
        front = Document(None, front.lines, (*front.faults, Fault(2, "expected `key: value` lines between the two ---")))
    return Marked(front, "\n".join(lines[end + 1 :]))


def write_front_matter(values: Mapping[str, object], body: str) -> str:
    """Write a new file: our own keys, by a YAML writer, so that no text of anyone's can become a key."""
    kept = {key: value for key, value in values.items() if value not in (None, "")}
    return f"{_FENCE}\n{_dump(kept)}{_FENCE}\n{body}"


def edit_front_matter(text: str, changes: Mapping[str, str]) -> str:
    """Set keys in a file's front matter; everything else stays, comments and unknown keys included.

    A key with a plain value on a line of its own is changed on that line alone, byte for byte; the rest goes through
    ruamel.yaml.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        return write_front_matter(changes, text)
    end = next(number for number, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE)
    front = lines[1:end]
    left = {key: value for key, value in changes.items() if not _changed_in_place(front, key, value)}
    if left:
        front = _rewritten("\n".join(front) + "\n", left).removesuffix("\n").split("\n")
    return "\n".join([lines[0], *front, *lines[end:]])


def _changed_in_place(front: list[str], key: str, value: str) -> bool:
    if not _PLAIN.fullmatch(value):
        return False
    for number, line in enumerate(front):
        found = re.fullmatch(rf"({re.escape(key)}:[ \t]+)({_PLAIN.pattern})?([ \t]*(?:[ \t]#.*)?\r?)", line)
        is_alone = number + 1 == len(front) or not front[number + 1].startswith((" ", "\t", "-"))
        if found and is_alone:
            front[number] = f"{found[1]}{value}{found[3]}"
            return True
    return False


def _rewritten(front: str, changes: Mapping[str, str]) -> str:
    from ruamel.yaml import YAML  # noqa: PLC0415 (late: only writing pays for it)

    writer = YAML(typ="rt")
    writer.preserve_quotes = True
    writer.width = 4096
    values = writer.load(front) or {}
    for key, value in changes.items():
        values[key] = value
    out = StringIO()
    writer.dump(values, out)
    return out.getvalue()


def _dump(values: Mapping[str, object]) -> str:
    from yaml import CSafeDumper, dump  # noqa: PLC0415 (late: only writing pays for it)

    text = dump(dict(values), Dumper=CSafeDumper, allow_unicode=True, sort_keys=False, width=4096, default_flow_style=None)
    return str(text)
