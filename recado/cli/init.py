"""`recado init`: a new private workspace, from a few questions."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recado.errors import UsageError
from recado.model.address import is_address
from recado.speech import SOURCE_LANGUAGE, _, languages, terminal_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from recado.store.new_workspace import Answers, FirstClient

_FORMS = frozenset({"co", "gmbh", "inc", "limited", "llc", "ltd", "plc", "pty", "sa", "sl", "slu"})


@click.command(
    help=_(
        "Begin a workspace of your own in DIR.\n"
        "\n"
        "It asks who you are, where your mail arrives and who your first client is, and writes a clients.yml you can read and "
        "change at any time. Keep the folder private: it will hold your clients' mail.\n"
        "\n"
        "\b\n"
        "recado init my-practice\n"
        "recado init my-practice --yes     (no questions: an example to look around in)"
    )
)
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--yes", is_flag=True, help=_("Ask nothing: write the example as it is, to be edited later."))
def init(directory: Path, yes: bool) -> None:
    """Begin a workspace."""
    from recado.store.new_workspace import make_workspace  # noqa: PLC0415 (late)
    from recado.store.workspace import PRACTICE_FILE  # noqa: PLC0415

    if (directory / PRACTICE_FILE).exists():
        raise UsageError(
            _("There is a workspace in {folder} already. Nothing was changed; choose another folder.").format(folder=directory)
        )
    language = terminal_language()
    answers = _example(language) if yes else _asked(language)
    made = make_workspace(directory, answers)
    click.echo(_("Your workspace is in {folder}:").format(folder=directory))
    for path in made:
        click.echo(f"  {path}")
    click.echo()
    _say_next(shlex.quote(str(directory)))


def _say_next(folder: str) -> None:
    """Say the way from here to the first portal, as commands in their order. `folder` is quoted for a shell."""
    from recado.cli.demo import PASSWORD_NAME  # noqa: PLC0415 (late)

    click.echo(_("Next: open clients.yml in a text editor and see that it says what is so. Then, in this terminal:"))
    steps = (
        (f"cd {folder}", _("into your workspace")),
        (f"export {PASSWORD_NAME}='…'", _("the mailbox's password, which no file holds")),
        ("recado doctor", _("does everything work?")),
        ("recado ingest", _("file the mail that waits")),
        ("recado serve", _("build the portals and look at them")),
        ("recado deploy", _("publish them, once clients.yml says where")),
    )
    widest = max(len(command) for command, _what in steps)
    for command, what in steps:
        click.echo(f"  {command.ljust(widest)}   # {what}")


def _asked(language: str) -> Answers:
    """Ask; where nobody is there to answer, say how it goes without."""
    try:
        return _ask(language)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        click.echo()
        raise UsageError(
            _("There is nobody here to answer. With --yes nothing is asked: an example is written, to be edited later.")
        ) from None


def _example(language: str) -> Answers:
    from recado.store.new_workspace import Answers  # noqa: PLC0415

    spoken = language.split("-")[0]
    return Answers(
        owner="Marta Ruiz",
        business=_("Marta Ruiz · Virtual assistance"),
        email="marta@marta.example",
        language=spoken if spoken in languages() else SOURCE_LANGUAGE,
        timezone="Europe/Madrid",
        country="ES",
        request_address="requests@marta.example",
        imap_host="imap.marta.example",
        imap_user="requests@marta.example",
    )


def _ask(language: str) -> Answers:
    from babel.core import get_global  # noqa: PLC0415 (late)

    from recado.store.new_workspace import Answers  # noqa: PLC0415
    from recado.store.zone import local_zone  # noqa: PLC0415

    click.echo(_("A few questions. Enter takes what stands in brackets; everything can be changed later in clients.yml."))
    click.echo()
    owner = click.prompt(_("Your name"), type=str)
    business = click.prompt(_("The name of your practice, as clients know it"), default=owner)
    email = _prompt(_("Your own e-mail address"), None, _an_address)
    spoken = _prompt(_("Your language (es, en, …)"), language, _a_language)
    zone = _prompt(_("Your time zone"), local_zone() or "Europe/Madrid", _a_zone)
    country = _prompt(_("Your country (two letters)"), get_global("zone_territories").get(zone, "ES"), _a_country)
    address = _prompt(
        _("The address your clients will send requests to"), f"{_('requests')}@{email.partition('@')[2]}", _an_address
    )
    host = click.prompt(_("Its IMAP server"), default=f"imap.{address.partition('@')[2]}")
    user = click.prompt(_("The user name there"), default=address)
    return Answers(owner, business, email, spoken, zone, country, address, host, user, _ask_client())


def _ask_client() -> FirstClient:
    """Ask for the first client. Who has none yet gets the example."""
    from recado.store.mail_names import slug_of  # noqa: PLC0415 (late)
    from recado.store.new_workspace import EXAMPLE, FirstClient  # noqa: PLC0415

    click.echo()
    click.echo(_("Your first client; write the others into clients.yml. If you have none yet, Enter takes an example."))
    name = click.prompt(_("The client's name, a company's or a person's"), default=EXAMPLE.name)
    is_example = name == EXAMPLE.name
    key = _prompt(_("A short name: that of its folder and of its portal"), slug_of(_without_form(name)), _a_key)
    contact = click.prompt(_("Who writes for this client"), default=EXAMPLE.contact if is_example else name)
    email = _prompt(_("From which address"), EXAMPLE.email if is_example else None, _an_address)
    return FirstClient(name, key, contact, email)


def _without_form(name: str) -> str:
    """Leave out of a company's name what kind of company it is."""
    words = name.partition(",")[0].split()
    return " ".join(word for word in words if word.lower().replace(".", "") not in _FORMS)


def _prompt(question: str, default: str | None, check: Callable[[str], str]) -> str:
    return str(click.prompt(question, default=default, value_proc=check))


def _an_address(text: str) -> str:
    if not is_address(text.strip()):
        raise click.UsageError(_("expected an address such as marta@marta.example"))
    return text.strip()


def _a_key(text: str) -> str:
    from recado.store.mail_names import slug_of  # noqa: PLC0415 (late)

    if text.strip() != slug_of(text):
        raise click.UsageError(_("expected small letters, digits and hyphens, such as acme"))
    return text.strip()


def _a_language(text: str) -> str:
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 (late)

    try:
        Locale.parse(text.strip().replace("-", "_"))
    except (UnknownLocaleError, ValueError) as error:
        raise click.UsageError(_("expected a language such as es or en")) from error
    return text.strip()


def _a_zone(text: str) -> str:
    from zoneinfo import available_timezones  # noqa: PLC0415 (late)

    if text.strip() not in available_timezones():
        raise click.UsageError(_("expected a time zone such as Europe/Madrid"))
    return text.strip()


def _a_country(text: str) -> str:
    from babel import Locale  # noqa: PLC0415 (late)

    code = text.strip().upper()
    if code not in Locale("en").territories or len(code) != 2:  # noqa: PLR2004 (ISO 3166)
        raise click.UsageError(_("expected the two letters of a country, such as ES"))
    return code
