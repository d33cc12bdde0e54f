"""From what was read to values of the model: every refusal becomes one line that says where, what, and what is expected."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from recado.errors import Problem
from recado.model.secret import SecretInFileError
from recado.speech import _

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from recado.store.strict_yaml import Document, ValuePath

M = TypeVar("M", bound=BaseModel)


def problems_of_yaml(document: Document, file: str) -> list[Problem]:
    """Tell what is wrong with the YAML itself."""
    return [Problem(file, fault.line, fault.text) for fault in document.faults]


def check(model: type[M], document: Document, file: str) -> tuple[M | None, list[Problem]]:
    """Make the model's value of a document; with problems, the value is None."""
    try:
        return model.model_validate(document.value if document.value is not None else {}), []
    except ValidationError as error:
        return None, [_problem(model, details, document, file) for details in error.errors(include_url=False)]


def _problem(model: type[BaseModel], details: ErrorDetails, document: Document, file: str) -> Problem:
    path: ValuePath = tuple(part for part in details["loc"] if part != "[key]")
    name = written_path(path)
    match details["type"]:
        case "missing":
            # The place to add it is the thing that lacks it.
            line = document.line_of(path[:-1])
            text = _("`{name}` is missing; expected a value for it").format(name=name)
        case "extra_forbidden":
            line = document.line_of(path)
            near = difflib.get_close_matches(str(path[-1]), _known(model, path[:-1]), n=1)
            text = _("`{name}` is not a key that is known here; ").format(name=name) + (
                _("did you mean `{near}`?").format(near=near[0]) if near else _known_in_words(model, path[:-1])
            )
        case "literal_error":
            line = document.line_of(path)
            text = _("`{name}` is {value}; expected {expected}").format(
                name=name, value=_shown(details["input"]), expected=str(details.get("ctx", {}).get("expected", ""))
            )
        case "value_error":
            line = document.line_of(path)
            cause = details.get("ctx", {}).get("error")
            said = _(str(cause))
            if isinstance(cause, SecretInFileError):
                text = f"`{name}`: {said}"
            elif isinstance(details["input"], str):
                text = _("`{name}` is {value}; {expected}").format(name=name, value=_shown(details["input"]), expected=said)
            else:
                text = f"`{name}`: {said}" if name else said
        case _:
            line = document.line_of(path)
            text = _("`{name}` is {value}; expected {expected}").format(
                name=name, value=_shown(details["input"]), expected=_expected(details["type"], details["msg"])
            )
    return Problem(file, line, text)


def written_path(path: ValuePath) -> str:
    """Write where a value stands as a person would: `clients.acme.contacts[0].email`, counted from 1 in lists."""
    parts = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return parts.removeprefix(".")


def _shown(value: object) -> str:
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "…")  # noqa: PLR2004 (a line's worth)
    return {list: _("a list"), dict: _("a mapping"), type(None): _("empty")}.get(type(value), str(value))


def _expected(kind: str, message: str) -> str:
    if kind in {"model_type", "dict_type", "model_attributes_type"}:
        return _("keys with values below it")
    if kind in {"tuple_type", "list_type"}:
        return _("a list, such as [one, two] or lines that start with a hyphen")
    return message


def _known(model: type[BaseModel], path: ValuePath) -> list[str]:
    """List the keys that a part of the model knows, found by walking down the annotations."""
    here: type[BaseModel] | None = model
    for part in path:
        if here is None:
            return []
        field = next((f for n, f in here.model_fields.items() if (f.alias or n) == part), None)
        if field is not None:
            here = _model_in(field.annotation)
    return [] if here is None else [field.alias or name for name, field in here.model_fields.items()]


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found is not None:
            return found
    return None


def _known_in_words(model: type[BaseModel], path: ValuePath) -> str:
    known = ", ".join(sorted(_known(model, path)))
    return _("expected one of: {known}").format(known=known) if known else _("remove it")
