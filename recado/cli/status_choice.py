"""A status as it is given on a command line: by its word in the files, or by the word that lists show the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from recado.cli.task_verbs import status_in_words
from recado.model.status import Status
from recado.speech import _

if TYPE_CHECKING:
    from click import Context, Parameter

    _ParamType = click.ParamType[Status]
else:
    _ParamType = click.ParamType  # generic since click 8.2 alone


class StatusChoice(_ParamType):
    """`doing`, or in Spanish `en marcha` as well. What is neither is refused, with both words of each."""

    name = "status"

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> Status:
        """Read a status as people write it."""
        wanted = " ".join(str(value).split()).casefold()
        for status in Status:
            if wanted in {status.value, status_in_words(status).casefold()}:
                return status
        said = _("{value!r} is no status; expected one of: {known}").format(value=value, known=", ".join(map(_pair, Status)))
        return self.fail(said, param, ctx)


def _pair(status: Status) -> str:
    words = status_in_words(status)
    return status.value if words == status.value else f"{status.value} ({words})"
