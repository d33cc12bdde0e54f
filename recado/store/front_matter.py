"""Front matter: YAML between two lines of `---` at the head of a Markdown file, and the words below it.

Read by the strict loader. Changed on the one value that is meant, every other byte stays; what cannot be changed so goes
through ruamel.yaml, which keeps order, comments and keys the program does not know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import StringIO
from itertools import groupby
from typing import TYPE_CHECKING

import yaml

from recado.speech import _
from recado.store.strict_yaml import Document, Fault, read_yaml
from recado.store.yaml_faults import merge_conflict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FENCE = "---"
_BYTE_ORDER_MARK = "\ufeff"
# Our own keys are written as they are: they are plain words. Anyone's text stands only where a value does.
_OWN_KEY = re.compile(r"[a-z_]+")
_MARKS_OF_A_CONFLICT = re.compile(r"^(?=<{7} )", re.MULTILINE)
_MARKS_IN_ORDER = ("<<<<<<< ", "=======", ">>>>>>> ")
# Addresses and flags of the usual kind, which YAML takes for no number and no truth: most lists hold nothing else.
_PLAIN_ITEM = re.compile(r"[a-z0-9][a-z0-9._+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)*|[a-z]{3,}(?:-[a-z]+)+")
# Texts of the usual kind (names, ids, subjects, instants), which the YAML writer too puts down as they are: it takes its time.
_PLAIN_TEXT = re.compile(
    r"(?!(?:true|false|yes|no|on|off|null|y|n)\Z)(?:[A-Za-z\u00c0-\u024f]|<(?!<))"
    r"(?:[A-Za-z0-9_<>@.+/()'!?\u00c0-\u024f-]|[:,](?=[A-Za-z0-9])|,? (?=[A-Za-z0-9<(\u00c0-\u024f]))*"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    re.ASCII | re.IGNORECASE,
)
_HEAD_BYTES = 8192
_END_OF_FRONT = re.compile(rb"(?<=\n)---[ \t]*\r?\n")
_ENDLESS = 1 << 30  # columns: the writer never folds a line


@dataclass(frozen=True, slots=True)
class Marked:
    """A Markdown file, cut: its front matter read, its body as it stands."""

    front: Document
    body: str


def read_front_matter(text: str) -> Marked:
    """Cut a file's text. Without a front matter the whole is the body. What is wrong stands in `front.faults`."""
    lines = text.removeprefix(_BYTE_ORDER_MARK).split("\n")
    end = _end_of_front(lines)
    in_front = merge_conflict("\n".join(lines[: (end or 0) + 1]))
    conflict = in_front or _conflict_below(lines, (end or 0) + 1)
    if conflict is not None:
        return Marked(Document(None, {}, (conflict,)), "")
    if lines[0].rstrip() != _FENCE:
        return Marked(Document(None), text.removeprefix(_BYTE_ORDER_MARK))
    if end is None:
        fault = Fault(1, _("the front matter is not closed; expected a line of --- below it"))
        return Marked(Document(None, {}, (fault,)), "")
    front = read_yaml("".join(f"{line}\n" for line in lines[1:end]), first_line=2)
    if front.value is not None and not isinstance(front.value, dict):
        fault = Fault(2, _("no keys stand here; expected `key: value` lines between the two ---"))
        front = Document(None, front.lines, (*front.faults, fault))
    return Marked(front, "\n".join(lines[end + 1 :]))


def front_of(path: Path) -> Mapping[str, object]:
    """Read the front matter of a file alone, as far as it can be read: who looks for mistakes reads the whole. Raises OSError.

    A body may be long, and may say in its text what the keys of another file are: it is not looked at.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
        if len(head) == _HEAD_BYTES and _END_OF_FRONT.search(head) is None:
            head += stream.read()
    end = _END_OF_FRONT.search(head)
    text = (head[: end.end()] if end else head).decode("utf-8", errors="replace").replace("\r\n", "\n")
    value = read_front_matter(text).front.value
    return value if isinstance(value, dict) else {}


def write_front_matter(values: Mapping[str, object], body: str) -> str:
    """Write a new file: our own keys, by a YAML writer, so that no text of anyone's can become a key.

    A key without a value (None, or an empty text) is left out. A body that looks like a merge conflict is moved one space in,
    so that no mail can make the file unreadable.
    """
    kept_values = [(_own(key), value) for key, value in values.items() if value not in (None, "")]
    front = "".join(
        _lines_of(dict(some)) for _is_list, some in groupby(kept_values, lambda pair: isinstance(pair[1], list | tuple))
    )
    kept = _MARKS_OF_A_CONFLICT.sub(" ", body) if "<<<<<<< " in body else body
    return f"{_FENCE}\n{front}{_FENCE}\n{kept}"


def edit_front_matter(text: str, changes: Mapping[str, str | list[str]]) -> str:
    """Set keys in a file's front matter; every other byte stays, comments and unknown keys included.

    Raises ValueError where the front matter cannot be read: whoever wants to change it has read it first.
    """
    front = read_front_matter(text).front
    if front.faults:
        raise ValueError(front.faults[0].text)
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    lines = text.removeprefix(mark).split("\n")
    end = _end_of_front(lines)
    if end is None:
        return mark + write_front_matter(changes, text.removeprefix(mark))
    wanted = {**(front.value if isinstance(front.value, dict) else {}), **changes}
    head = "".join(f"{line}\n" for line in lines[1:end])
    edited = head
    for key, value in changes.items():
        edited = _changed_in_place(edited, key, value)
    if read_yaml(edited).value != wanted:
        edited = _rewritten(head, changes)
    return mark + f"{lines[0]}\n{edited}" + "\n".join(lines[end:])


def _end_of_front(lines: list[str]) -> int | None:
    if lines[0].rstrip() != _FENCE:
        return None
    return next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)


def _conflict_below(lines: list[str], start: int) -> Fault | None:
    """Find a merge conflict in the words: there it takes all three marks, for people write about such things."""
    marks = iter(_MARKS_IN_ORDER)
    wanted, first = next(marks), None
    for number, line in enumerate(lines[start:], start + 1):
        if line.startswith(wanted):
            first = first or number
            wanted = next(marks, "")
            if not wanted:
                return merge_conflict(lines[first - 1], first)
    return None


def _own(key: str) -> str:
    if not _OWN_KEY.fullmatch(key):
        raise ValueError(f"{key!r} is no key of ours")
    return key


def _lines_of(values: Mapping[str, object]) -> str:
    """Write keys with either texts or lists: many texts at once, for each call of the writer costs as much as ten texts."""
    if any(isinstance(value, list | tuple) for value in values.values()):
        return "".join(f"{key}: {_rendered(value)}\n" for key, value in values.items())
    lines = [(key, value, _plain(value)) for key, value in values.items()]
    return "".join(
        f"{_dump({key: value for key, value, _none in some}, is_flow=False)}\n"
        if needs_writer
        else "".join(f"{key}: {plain}\n" for key, _value, plain in some)
        for needs_writer, some in groupby(lines, lambda line: line[2] is None)
    )


def _plain(value: object) -> str | None:
    """Give a value as the YAML writer would put it down, where that is plain to see."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) and _PLAIN_TEXT.fullmatch(value) else None


def _rendered(value: object) -> str:
    """Write one value as it stands behind its key: a list in brackets, all else on a line of its own."""
    if isinstance(value, list | tuple):
        if all(_PLAIN_ITEM.fullmatch(str(item)) for item in value):
            return f"[{', '.join(value)}]"
        return _dump([*value], is_flow=True)
    return _dump({"k": value}, is_flow=False).removeprefix("k:").lstrip(" ")


class _Writer(yaml.CSafeDumper):
    """Quotes what a reader could take for a number or a truth, but not instants: people write them without."""

    yaml_implicit_resolvers = {  # noqa: RUF012 (the library's own way to say it)
        first: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:timestamp"]
        for first, rules in yaml.CSafeDumper.yaml_implicit_resolvers.items()
    }


def _dump(value: object, *, is_flow: bool) -> str:
    text = yaml.dump(value, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=_ENDLESS, default_flow_style=is_flow)
    return str(text).rstrip("\n")


def _changed_in_place(front: str, key: str, value: str | list[str]) -> str:
    """Put a value behind its key, or a new line at the end. Where that cannot be done, the text comes back as it was."""
    node = yaml.compose(front, Loader=yaml.CBaseLoader)
    if node is None or (isinstance(node, yaml.MappingNode) and not node.flow_style and not _has(node, key)):
        indent = " " * (node.start_mark.column if node else 0)
        ending = "\r\n" if "\r\n" in front else "\n"
        return f"{front}{indent}{_own(key)}: {_rendered(value)}{ending}"
    for key_node, value_node in node.value if isinstance(node, yaml.MappingNode) else ():
        if key_node.value == key and (isinstance(value_node, yaml.ScalarNode) or value_node.flow_style):
            start, end = value_node.start_mark.index, value_node.end_mark.index
            space = "" if front[start - 1 : start].isspace() else " "
            inside = front[start:end]
            blank = inside[len(inside.rstrip("\r\n")) :]  # what ends a text in lines of its own (| or >)
            return f"{front[:start]}{space}{_rendered(value)}{blank}{front[end:]}"
    return front


def _has(node: yaml.MappingNode, key: str) -> bool:
    return any(isinstance(name, yaml.ScalarNode) and name.value == key for name, _value in node.value)


def _rewritten(front: str, changes: Mapping[str, str | list[str]]) -> str:
    from ruamel.yaml import YAML  # noqa: PLC0415 (late: seldom needed, and slow to import)

    writer = YAML(typ="rt")
    writer.preserve_quotes = True
    writer.width = _ENDLESS
    values = writer.load(front.replace("\r\n", "\n")) or {}
    for key, value in changes.items():
        values[key] = value
    out = StringIO()
    writer.dump(values, out)
    return out.getvalue().replace("\n", "\r\n") if "\r\n" in front else out.getvalue()
