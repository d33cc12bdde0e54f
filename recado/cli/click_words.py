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


def words_to_translate() -> tuple[str, ...]:
    """List the words of click that a person meets here, for the catalogues: click is not ours to extract from."""
    _ = str
    return (
        _("Usage:"),
        _("Options"),
        _("Commands"),
        _("[OPTIONS]"),
        _("COMMAND [ARGS]..."),
        _("Show this message and exit."),
        _("Show the version and exit."),
        _("%(prog)s, version %(version)s"),
        _("Try '{command} {option}' for help."),
        _("Error: {message}"),
        _("No such command {name!r}."),
        _("No such option: {name}"),
        _("Did you mean {possibility}?"),
        _("Missing argument"),
        _("Missing option"),
        _("Missing command."),
        _("Invalid value: {message}"),
        _("Invalid value for {param_hint}: {message}"),
        _("{value!r} is not a valid {number_type}."),
        _("required"),
        _("default: {default}"),
        _("Aborted!"),
        _("Got unexpected extra argument ({args})"),
        _("Option {name!r} requires an argument."),
    )
