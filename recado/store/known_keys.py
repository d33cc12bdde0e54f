"""Which keys a part of a file may have, found in the model; and which of them a misspelled one was meant to be."""

from __future__ import annotations

import difflib
from dataclasses import MISSING, dataclass, fields, is_dataclass
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from recado.model.reading import Written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recado.store.strict_yaml import ValuePath

_SHOWN = 3
_NEAR = 0.66  # of difflib's likeness: `emial` is near to `email`, `pass` to `password`, `trust` is not near to `terms`


def known_keys(model: type, path: ValuePath) -> list[str]:
    """List the keys that the part at `path` knows; none for a mapping whose keys the VA chooses."""
    return [field.key for field in _fields_at(model, path)]


def needed_keys(model: type, path: ValuePath) -> list[str]:
    """List the keys that the part at `path` cannot do without; where it needs none, a few of those it may have."""
    needed = [field.key for field in _fields_at(model, path) if field.is_required]
    return needed or known_keys(model, path)[:_SHOWN]


def misspelled(key: str, known: Sequence[str]) -> str | None:
    """Tell which of the known keys was meant by one that is not; None where none is near."""
    by_form = {_form(name): name for name in known}
    near = difflib.get_close_matches(_form(key), by_form, n=1, cutoff=_NEAR)
    return by_form[near[0]] if near else None


def _form(key: str) -> str:
    return key.casefold().replace("-", "_").replace(" ", "_")


@dataclass(frozen=True, slots=True)
class _Field:
    """A key that a part of a file may have, and what may stand there."""

    key: str
    annotation: object
    is_required: bool


def _fields_at(model: type, path: ValuePath) -> list[_Field]:
    """Walk down the annotations to the fields of the model at `path`."""
    here: object = model
    for part in path:
        known = _fields_of(here)
        if known:
            here = next((field.annotation for field in known if field.key == part), None)
        else:  # a list, or a mapping whose keys the VA chooses: the last parameter that is a type is what it holds
            here = next((kept for kept in reversed(get_args(_bare(here))) if kept is not Ellipsis), None)
    return _fields_of(here)


def _fields_of(annotation: object) -> list[_Field]:
    bare = _bare(annotation)
    if not isinstance(bare, type):
        return []
    if issubclass(bare, BaseModel):
        found = bare.model_fields.items()
        return [_Field(field.alias or name, field.annotation, field.is_required()) for name, field in found]
    if not (issubclass(bare, Written) and is_dataclass(bare)):
        return []
    hints = get_type_hints(bare, include_extras=True)
    return [
        _Field(
            field.metadata.get("alias", field.name),
            hints[field.name],
            is_required=field.default is MISSING and field.default_factory is MISSING,
        )
        for field in fields(bare)
    ]


def _bare(annotation: object) -> object:
    """Take `| None` and `Annotated[…]` off."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        return _bare(next(kept for kept in get_args(annotation) if kept is not type(None)))
    return annotation
