"""YAML as people write it, read as strings only: `NO`, `1:30` and `yes` stay what they are (DESIGN, section 4, Reading).

Repeated keys, tags (`!!python/…`) and anything that is not YAML are refused; every value's line is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import yaml

ValuePath = tuple[str | int, ...]
Value = str | None | list["Value"] | dict[str, "Value"]

_STR, _SEQ, _MAP = "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"
_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with the YAML itself, at a line counted from 1."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file's values (strings, lists, mappings; None where nothing is written), their lines, and what is wrong."""

    value: Value
    lines: dict[ValuePath, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def line_of(self, path: ValuePath) -> int:
        """Give the line on which a value stands, or the nearest one around it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(text: str, *, first_line: int = 1) -> Document:
    """Read YAML whose first line is the file's line `first_line`. What is wrong comes back as faults; it never raises."""
    try:
        node = yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(part for part in (error.context, error.problem) if part)
        return Document(None, {}, (Fault(first_line + (mark.line if mark else 0), _in_words(what)),))
    except (yaml.YAMLError, ValueError) as error:
        return Document(None, {}, (Fault(first_line, _in_words(str(error).splitlines()[0])),))
    if node is None:
        return Document(None)
    walk = _Walk(first_line)
    value = walk.read(node, (), 0)
    return Document(value, walk.lines, tuple(walk.faults))


def _in_words(problem: str) -> str:
    return f"this is not YAML ({problem}); expected `key: value` lines, indented with spaces"


class _Walk:
    """One reading of a tree of nodes."""

    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.lines: dict[ValuePath, int] = {}
        self.faults: list[Fault] = []
        self.seen: set[int] = set()

    def read(self, node: yaml.Node, path: ValuePath, depth: int) -> Value:
        line = node.start_mark.line + self.first_line
        self.lines.setdefault(path, line)
        if id(node) in self.seen or depth > _DEEPEST:
            self.faults.append(Fault(line, "anchors and aliases (& and *) are not read; expected the value itself"))
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, line)
        if isinstance(node, yaml.SequenceNode) and self._is_plain(node, _SEQ, line):
            return [self.read(item, (*path, number), depth + 1) for number, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode) and self._is_plain(node, _MAP, line):
            return self._mapping(node, path, depth)
        return None

    def _is_plain(self, node: yaml.Node, tag: str, line: int) -> bool:
        if node.tag != tag:
            self.faults.append(Fault(line, f"the tag {node.tag} is not read; expected a plain value"))
            return False
        return True

    def _scalar(self, node: yaml.ScalarNode, line: int) -> str | None:
        if not self._is_plain(node, _STR, line):
            return None
        return None if node.style is None and node.value in {"", "~", "null"} else str(node.value)

    def _mapping(self, node: yaml.MappingNode, path: ValuePath, depth: int) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + self.first_line
            if not isinstance(key_node, yaml.ScalarNode):
                self.faults.append(Fault(line, "a list or a mapping stands where a key should; expected `key: value`"))
                continue
            key = str(key_node.value)
            if key in values:
                first = self.lines[(*path, key)]
                self.faults.append(Fault(line, f"`{key}` stands here twice (first on line {first}); expected it once"))
                continue
            self.lines[(*path, key)] = line
            values[key] = self.read(value_node, (*path, key), depth + 1)
        return values
