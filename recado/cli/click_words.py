"""Click's own words ("Usage", "Options", "No such command") in the reader's language.

Click has no catalogue for Spanish and no place to give it one: its modules each hold gettext as `_`, and that name is set here.
"""

from __future__ import annotations

import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.termui
import click.types

from recado import speech

_MODULES = (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.termui, click.types)


def translate_click() -> None:
    """Let click say its words through our catalogues."""
    for module in _MODULES:
        if hasattr(module, "_"):
            setattr(module, "_", speech._)  # noqa: B010 (a name that mypy knows as something else)
        if hasattr(module, "ngettext"):
            setattr(module, "ngettext", speech.ngettext)  # noqa: B010


def words_to_translate() -> tuple[str | tuple[str, str], ...]:
    """List the words of click that a person meets here, for the catalogues: click is not ours to extract from.

    A pair is said of one and of many.
    """
    return (
        "Usage:",
        "Options",
        "Commands",
        "Show this message and exit.",
        "Show the version and exit.",
        "%(prog)s, version %(version)s",
        "Try '{command} {option}' for help.",
        "Error: {message}",
        "No such command {name!r}.",
        "No such option {name!r}.",
        ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
        "Missing argument",
        "Missing option",
        "Missing command.",
        "Invalid value: {message}",
        "Invalid value for {param_hint}: {message}",
        "{value!r} is not a valid {number_type}.",
        ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
        "{value} is not in the range {range}.",
        "{name} {filename!r} is a file.",
        "{name} {filename!r} is a directory.",
        "Option {name!r} does not take a value.",
        ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
        ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
        "default: {default}",
        "required",
        "Aborted!",
    )
