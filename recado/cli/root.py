"""The root of the command line: what there is, in the order of a working day."""

from __future__ import annotations

from importlib import import_module
from typing import cast

import click

from recado import __version__
from recado.cli.click_words import translate_click
from recado.speech import _, speak, terminal_language

# A command is a module of this package that holds a click command of its own name. One line lists it.
COMMANDS = (
    "demo",
    "init",
    "ingest",
    "build",
    "serve",
    "deploy",
    "run",
    "status",
    "service",
    "task",
    "message",
    "client",
    "access",
    "quarantine",
    "doctor",
)


def load_command(name: str) -> click.Command:
    """Load one command. The terminal's language is set first: a command's help is written when it is loaded."""
    _speak()
    command = cast("click.Command", getattr(import_module(f"recado.cli.{name}"), name))
    _say_usage(command)
    return command


def _speak() -> None:
    speak(terminal_language())
    translate_click()


def _say_usage(command: click.Command) -> None:
    """Put the reader's words into the line that says how a command is used; click takes them as they are."""
    command.options_metavar = _("[OPTIONS]")
    if isinstance(command, click.Group):
        command.subcommand_metavar = _("COMMAND [ARGS]...")
        for each in command.commands.values():
            _say_usage(each)


class _Commands(click.Group):
    """A group whose commands are imported only when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        return load_command(cmd_name) if cmd_name in COMMANDS else None


def _root() -> click.Group:
    _speak()
    help_text = _(
        "Recado: client mail in, a private portal for each client out.\n"
        "\n"
        "Your clients write to one address. Recado files each mail as a task you can read and edit in any text editor, and "
        "builds for each client a private site that says where everything stands.\n"
        "\n"
        "\b\n"
        "See it work, with nothing to set up:   recado demo\n"
        "Begin your own workspace:              recado init my-practice\n"
        "A working day:                         recado ingest, recado task list, recado deploy\n"
        "All of it, by itself:                  recado run\n"
    )
    group = _Commands("recado", help=help_text, no_args_is_help=True)
    _say_usage(group)
    return cast("click.Group", click.version_option(__version__, prog_name="recado")(group))


recado = _root()
