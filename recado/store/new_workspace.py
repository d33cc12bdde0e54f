"""A new workspace: its files written from the program's templates, explained to who opens them for the first time."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from recado.resources import program_templates
from recado.speech import catalogue
from recado.store.atomic import write_new

if TYPE_CHECKING:
    from pathlib import Path

# The file of the workspace, and the template it is written from.
_FILES = (
    ("clients.yml", "clients.yml.j2"),
    ("README.md", "README.md.j2"),
    (".gitignore", "gitignore.j2"),
    ("portal_src/{client}/welcome.md", "welcome.md.j2"),
    ("portal_src/_desk/README.md", "desk.md.j2"),
)

_CODE_LETTERS, _ANY_CODE = 4, "ONE"
_PROVIDERS = {
    "imap.gmail.com": "gmail",
    "outlook.office365.com": "microsoft365",
    "imap-mail.outlook.com": "microsoft365",
    "imap.fastmail.com": "fastmail",
}


@dataclass(frozen=True, slots=True)
class FirstClient:
    """The client that a new workspace begins with; the others are copies of its block."""

    name: str
    key: str
    contact: str
    email: str

    @property
    def code(self) -> str:
        """Make the beginning of its tasks' refs from its key."""
        letters = self.key.replace("-", "").upper().lstrip("0123456789")[:_CODE_LETTERS]
        return letters if len(letters) > 1 else _ANY_CODE


EXAMPLE = FirstClient("ACME Pty Ltd", "acme", "Jane Doe", "jane@acme.example")


@dataclass(frozen=True, slots=True)
class Answers:
    """What a new workspace is made from: who the VA is, where her clients' mail arrives, and the first client."""

    owner: str
    business: str
    email: str
    language: str
    timezone: str
    country: str
    request_address: str
    imap_host: str
    imap_user: str
    client: FirstClient = EXAMPLE

    @property
    def provider(self) -> str:
        """Give the mail provider whose word on senders can be believed, known by its IMAP server; '' for any other."""
        return next((name for host, name in _PROVIDERS.items() if self.imap_host.lower().endswith(host)), "")


def make_workspace(directory: Path, answers: Answers) -> tuple[str, ...]:
    """Write a new workspace and give the names of the files written. A file that is there already stays. Raises OSError.

    A folder that is made for it is hers alone: clients' words will stand in it.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 (late)

    words = catalogue(answers.language)
    # These are text files, not HTML: values reach YAML through `quoted`, which is a YAML string whatever it holds.
    environment = Environment(  # noqa: S701 (nothing of this is ever HTML)
        loader=FileSystemLoader(program_templates() / "init"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
    )
    environment.filters["quoted"] = lambda text: json.dumps(text, ensure_ascii=False)
    environment.globals["_"] = words.gettext
    written = []
    if not directory.exists():
        directory.parent.mkdir(parents=True, exist_ok=True)
        directory.mkdir(mode=0o700)
    values = asdict(answers) | {"client": answers.client, "provider": answers.provider}
    for pattern, template in _FILES:
        name = pattern.format(client=answers.client.key)
        text = environment.get_template(template).render(values)
        if write_new(directory / name, text.encode()):
            written.append(name)
    return tuple(written)
