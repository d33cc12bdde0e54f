"""The words that bring a client to their portal: a template of the program's, or of the workspace's own, in their language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.errors import UsageError
from recado.resources import program_templates
from recado.speech import _, catalogue, languages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from recado.model.practice import ClientRecord
    from recado.model.secret import Revealed

_TEMPLATE = "access.txt.j2"


def letter(
    record: ClientRecord, address: str, passphrase: Revealed | None, *, language: str | None, overrides: Path | None
) -> str:
    """Write it. `passphrase`: that of an encrypted portal, which its link carries; None where a server asks for a password.

    `language` is another than the client's own, where one is asked for. Raises UsageError where nobody speaks it, FileError
    with what is wrong in a template of the workspace's own.
    """
    contacts = record.client.contacts
    return _rendered(
        {
            "name": contacts[0].person.first_name if contacts else record.client.name,
            "me": record.business.first_name,
            "user": record.key,
            "is_encrypted": passphrase is not None,
            "address": address if passphrase is None else f"{address}#{passphrase.reveal()}",
            "request_address": record.request_address,
        },
        _spoken(language, overrides) if language else record.language,
        overrides,
        is_formal=record.client.address_form == "formal",
    )


def _rendered(values: Mapping[str, object], language: str, overrides: Path | None, *, is_formal: bool) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 (late)

    from recado.portal.template_faults import told_of_templates  # noqa: PLC0415

    words = catalogue(language, formal=is_formal, overrides=overrides)
    environment = Environment(  # noqa: S701 (plain text, never HTML)
        loader=FileSystemLoader([folder / "mail" for folder in (overrides, program_templates()) if folder is not None]),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
    )
    environment.globals["_"] = words.gettext
    with told_of_templates(overrides):
        return environment.get_template(_TEMPLATE).render(values)


def _spoken(language: str, overrides: Path | None) -> str:
    own = {file.stem for file in (overrides / "translations").glob("*.po")} if overrides is not None else set()
    known = sorted({each for each in own if "@" not in each} | set(languages()))
    if language not in known and language.split("-")[0] not in known:
        raise UsageError(
            _("The text is not there in {language}; there are: {known}.").format(language=language, known=", ".join(known))
        )
    return language
