"""YAML as people write it, read as strings only: `NO`, `1:30` and `yes` stay what they are (DESIGN, section 4, Reading).

Repeated keys, tags (`!!python/…`) and anything that is not YAML are refused; every value's line is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import yaml

from recado.speech import _
from recado.store.yaml_faults import Fault, fault_of

__all__ = ["Document", "Fault", "Value", "ValuePath", "read_yaml", "written_values"]

ValuePath = tuple[str | int, ...]
Value = str | None | list["Value"] | dict[str, "Value"]

_STR, _SEQ, _MAP = "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"
_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Document:
    """A file's values (strings, lists, mappings; None where nothing is written), their lines, and what is wrong.

    `lost` are the places of values that a fault kept from being read: they are None and need no second complaint.
    """

    value: Value
    lines: dict[ValuePath, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    lost: tuple[ValuePath, ...] = ()

    def line_of(self, path: ValuePath) -> int:
        """Give the line on which a value stands, or the nearest one around it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(text: str, *, first_line: int = 1) -> Document:
    """Read YAML whose first line is the file's line `first_line`. What is wrong comes back as faults; it never raises."""
    try:
        node = yaml.compose(text, Loader=yaml.CBaseLoader)
        anchors = _anchors(text, first_line) if "&" in text else []
    except (yaml.YAMLError, ValueError) as error:
        return Document(None, {}, (fault_of(error, text, first_line),))
    if node is None:
        return Document(None)
    walk = _Walk(first_line)
    value = walk.read(node, (), 0)
    return Document(value, walk.lines, (*walk.faults, *anchors), tuple(walk.lost))


def written_values(document: Document) -> Document:
    """Leave out the keys nothing is written for: `due:` alone means no due date."""
    value = document.value
    kept: Value = {k: v for k, v in value.items() if v is not None} if isinstance(value, dict) else {}
    return Document(kept, document.lines, document.faults)


def _anchors(text: str, first_line: int) -> list[Fault]:
    """Find aliases, whose values are somewhere else; without any, the first anchor."""
    said = _("an anchor or alias (& or *) stands here; expected the value itself, in quotes if it starts with such a sign")
    events = list(yaml.parse(text, Loader=yaml.CBaseLoader))
    aliases = [event for event in events if isinstance(event, yaml.AliasEvent)]
    anchors = [event for event in events if getattr(event, "anchor", None)]
    marks = [event.start_mark for event in aliases or anchors[:1]]
    return [Fault(mark.line + first_line, said) for mark in marks if mark is not None]


class _Walk:
    """One reading of a tree of nodes."""

    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.lines: dict[ValuePath, int] = {}
        self.faults: list[Fault] = []
        self.lost: list[ValuePath] = []
        self.seen: set[int] = set()

    def read(self, node: yaml.Node, path: ValuePath, depth: int) -> Value:
        line = node.start_mark.line + self.first_line
        self.lines.setdefault(path, line)
        if id(node) in self.seen:  # an alias, told of elsewhere: read once, so that nothing grows without end
            self.lost.append(path)
            return None
        self.seen.add(id(node))
        if depth > _DEEPEST:
            self._lose(path, line, _("this is nested too deeply; expected fewer levels"))
        elif isinstance(node, yaml.ScalarNode) and self._is_plain(node, _STR, path):
            return None if not node.style and node.value in {"", "~", "null"} else str(node.value)
        elif isinstance(node, yaml.SequenceNode) and self._is_plain(node, _SEQ, path):
            return [self.read(item, (*path, number), depth + 1) for number, item in enumerate(node.value)]
        elif isinstance(node, yaml.MappingNode) and self._is_plain(node, _MAP, path):
            return self._mapping(node, path, depth)
        return None

    def _is_plain(self, node: yaml.Node, tag: str, path: ValuePath) -> bool:
        if node.tag == tag:
            return True
        said = _("a tag (a word that starts with !) is not read; expected the value itself, in quotes if it starts with !")
        self._lose(path, node.start_mark.line + self.first_line, said)
        return False

    def _lose(self, path: ValuePath, line: int, said: str) -> None:
        self.faults.append(Fault(line, said))
        self.lost.append(path)

    def _mapping(self, node: yaml.MappingNode, path: ValuePath, depth: int) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + self.first_line
            if not isinstance(key_node, yaml.ScalarNode):
                said = _("a list or a mapping stands where a key should; expected `key: value`")
                self.faults.append(Fault(line, said))
                continue
            key = str(key_node.value)
            if key in values:
                said = _("`{key}` stands here twice (first on line {first}); expected it once")
                self.faults.append(Fault(line, said.format(key=key, first=self.lines[(*path, key)])))
                continue
            self.lines[(*path, key)] = line
            values[key] = self.read(value_node, (*path, key), depth + 1)
        return values
