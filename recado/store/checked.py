"""From what was read to values of the model: every refusal becomes one line that says where, what, and what is expected."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from recado.errors import Problem
from recado.model.reading import PartError, SecretInFileError, read_as
from recado.speech import _
from recado.store.known_keys import known_keys, misspelled, needed_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic_core import ErrorDetails

    from recado.store.strict_yaml import Document, Value, ValuePath

M = TypeVar("M")
_LONGEST_SHOWN = 60
_MISSING = "missing"
_UNKNOWN = frozenset({"extra_forbidden", "unexpected_keyword_argument"})  # pydantic's words, of a model and of a dataclass
_NO_MAPPING = frozenset({"model_type", "dict_type", "model_attributes_type", "dataclass_type"})
_NO_LIST = frozenset({"tuple_type", "list_type"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is wrong with the value at a path; `meant` is the path of the key that a misspelled one stands for."""

    path: ValuePath
    line: int
    text: str
    meant: ValuePath | None = None

    def in_file(self, file: str) -> Problem:
        """Say in which file."""
        return Problem(file, self.line, self.text)


def problems_of_yaml(document: Document, file: str) -> list[Problem]:
    """Tell what is wrong with the YAML itself."""
    return [Problem(file, fault.line, fault.text) for fault in document.faults]


def check(model: type[M], document: Document, file: str) -> tuple[M | None, list[Problem]]:
    """Make the model's value of a document; with problems, the value is None."""
    value, refused = refusals(model, document)
    return value, [refusal.in_file(file) for refusal in refused]


def refusals(model: type[M], document: Document) -> tuple[M | None, list[Refusal]]:
    """Make the model's value of a document, or tell what is refused: one refusal a mistake."""
    try:
        return read_as(model, document.value if document.value is not None else {}), []
    except ValidationError as error:
        found = [_Found(details) for details in error.errors(include_url=False)]
    # A value that a fault kept from being read is None now, and was complained about already.
    found = [one for one in found if not is_below(one.path, document.lost)]
    meant = _meant_keys(model, found, document)
    renamed = set(meant.values())
    left = [one for one in found if not (one.kind == _MISSING and one.path in renamed)]
    return None, [Refusal(one.path, document.line_of(one.place), _say(model, one, meant), meant.get(one.path)) for one in left]


def is_below(path: ValuePath, places: Iterable[ValuePath]) -> bool:
    """Tell whether a path is one of some places, or leads through one of them."""
    return any(path[: len(place)] == place for place in places)


def written_path(path: ValuePath) -> str:
    """Write where a value stands as a person would: `clients.acme.contacts[1].email`, counted from 1 in lists."""
    parts = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return parts.removeprefix(".")


class _Found:
    """One of pydantic's errors, with where it is in the file."""

    def __init__(self, details: ErrorDetails) -> None:
        self.kind = details["type"]
        self.stands = details["input"]
        self.said = details["msg"]
        self.context = details.get("ctx", {})
        self.cause = self.context.get("error")
        self.is_key = "[key]" in details["loc"]
        self.path: ValuePath = tuple(part for part in details["loc"] if part != "[key]")
        if isinstance(self.cause, PartError):
            self.path = (*self.path, *self.cause.part)
            self.stands = self.cause.stands

    @property
    def place(self) -> ValuePath:
        """The place to add what is missing is the thing that lacks it."""
        return self.path[:-1] if self.kind == _MISSING else self.path


def _meant_keys(model: type, found: Sequence[_Found], document: Document) -> dict[ValuePath, ValuePath]:
    """Find what each unknown key was meant to be: first of those that are missing, which are then no second mistake."""
    missing = {one.path for one in found if one.kind == _MISSING}
    meant: dict[ValuePath, ValuePath] = {}
    for one in found:
        if one.kind not in _UNKNOWN:
            continue
        around = one.path[:-1]
        lacking = [str(path[-1]) for path in missing if path[:-1] == around and path not in meant.values()]
        there = value_at(document.value, around)
        free = [key for key in known_keys(model, around) if not (isinstance(there, dict) and key in there)]
        name = misspelled(str(one.path[-1]), lacking) or misspelled(str(one.path[-1]), free)
        if name is not None:
            meant[one.path] = (*around, name)
    return meant


def value_at(value: Value, path: ValuePath) -> Value:
    """Give what stands at a path; None where nothing does."""
    for part in path:
        if isinstance(value, dict) and isinstance(part, str):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value


def _say(model: type, one: _Found, meant: dict[ValuePath, ValuePath]) -> str:
    name = written_path(one.path)
    if one.kind == _MISSING:
        return _("`{name}` is missing; expected a value for it").format(name=name)
    if one.kind in _UNKNOWN:
        return _("`{name}` is not a key that is known here; ").format(name=name) + _instead(model, one.path, meant)
    if isinstance(one.cause, SecretInFileError):
        return f"`{name}`: {_(str(one.cause))}"
    expected = _expected(model, one)
    if not name:
        return _("{value} stands here; {expected}").format(value=_shown(one.stands), expected=expected)
    if one.is_key:
        return _("the key `{name}` cannot be read; {expected}").format(name=name, expected=expected)
    if one.cause is not None and (isinstance(one.stands, dict) or (isinstance(one.cause, PartError) and one.stands is None)):
        return f"`{name}`: {expected}"
    return _("`{name}` is {value}; {expected}").format(name=name, value=_shown(one.stands), expected=expected)


def _instead(model: type, path: ValuePath, meant: dict[ValuePath, ValuePath]) -> str:
    if path in meant:
        return _("did you mean `{near}`?").format(near=meant[path][-1])
    known = ", ".join(sorted(known_keys(model, path[:-1])))
    return _("expected one of: {known}").format(known=known) if known else _("expected it removed")


def _expected(model: type, one: _Found) -> str:
    if one.kind == "value_error":
        return _(str(one.cause))
    if one.kind == "literal_error":
        words = ", ".join(re.findall(r"'([^']*)'", str(one.context.get("expected", ""))))
        return _("expected one of: {known}").format(known=words)
    if one.kind in _NO_MAPPING:
        keys = needed_keys(model, one.path)
        if not keys:
            return _("expected keys with values below it")
        return _("expected keys with values, such as {example}").format(example=_mapping_of(keys))
    if one.kind in _NO_LIST:
        keys = needed_keys(model, (*one.path, 0))
        if keys:
            return _("expected a list, even for one: {example}").format(example=f"[{_mapping_of(keys)}]")
        if isinstance(one.stands, str) and one.stands and len(one.stands) <= _LONGEST_SHOWN:
            example = json.dumps([one.stands], ensure_ascii=False)
            return _("expected a list, even for one: {example}").format(example=example)
        return _("expected a list, such as [one, two] or lines that start with a hyphen")
    if one.kind == "string_type":
        return _("expected a text")
    return _("expected something else ({reason})").format(reason=one.said)


def _mapping_of(keys: Sequence[str]) -> str:
    return "{" + ", ".join(f"{key}: …" for key in keys) + "}"


def _shown(value: object) -> str:
    if isinstance(value, str):
        return repr(value if len(value) <= _LONGEST_SHOWN else value[: _LONGEST_SHOWN - 3] + "…")
    words = {list: _("a list"), tuple: _("a list"), dict: _("a mapping of keys to values"), type(None): _("empty")}
    return words.get(type(value), str(value))
