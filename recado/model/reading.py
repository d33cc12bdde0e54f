"""How a value of the model is made of what a person wrote in a file, and how it refuses what it cannot be made of.

The values are plain dataclasses. Pydantic reads their annotations when a file is read; who has the values does not need it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import GetCoreSchemaHandler, TypeAdapter
    from pydantic_core import CoreSchema

T = TypeVar("T")


class SecretInFileError(ValueError):
    """A secret stands where only its place may stand. What stood there is never repeated in an error."""


class PartError(ValueError):
    """What is wrong is a part of the value: `part` leads to it, `stands` is what stands there; None: nothing does."""

    def __init__(self, part: tuple[str | int, ...], stands: object, expected: str) -> None:
        self.part, self.stands = part, stands
        super().__init__(expected)


class Written:
    """The base of what stands in clients.yml and in invoices: unknown keys are refused, values do not change.

    Each is a dataclass, frozen, with slots; a key that is no name in Python is a field's `alias` (in its metadata).
    """

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "arbitrary_types_allowed": True}

    @classmethod
    def read(cls, value: object) -> Self:
        """Make it of what stands in a file: keys with texts, lists and mappings. Raises pydantic.ValidationError."""
        return read_as(cls, value)


def read_as(model: type[T], value: object) -> T:
    """Make a value of a model of what stands in a file. Raises pydantic.ValidationError with all that is wrong."""
    made: T = _adapter(model).validate_python(value)  # type: ignore[arg-type]  # a type has a hash; mypy asks its instances
    return made


@lru_cache(maxsize=64)
def _adapter(model: type[Any]) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter  # noqa: PLC0415 (late: what was read before is only unpickled)

    return TypeAdapter(model)


@dataclass(frozen=True, slots=True)
class Reading:
    """Stands in an annotation: how the value is made of what was written there; `read` raises ValueError("expected …")."""

    read: Callable[[Any], Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Tell pydantic: first `read`, then what the type itself asks for."""
        from pydantic_core import core_schema  # noqa: PLC0415 (late: asked for by pydantic alone)

        return core_schema.no_info_before_validator_function(self.read, handler(source))


class ReadWhole:
    """The base of a value that reads itself: `read` makes it of whatever stands in its place. Raises ValueError."""

    __slots__ = ()

    @classmethod
    def read(cls, value: object) -> Self:
        """Make it of what stands in a file. Raises ValueError("expected …")."""
        raise NotImplementedError

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Tell pydantic to leave it to `read`."""
        from pydantic_core import core_schema  # noqa: PLC0415 (late: asked for by pydantic alone)

        return core_schema.no_info_plain_validator_function(cls.read)
