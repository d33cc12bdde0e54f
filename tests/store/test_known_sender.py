"""A remembered sender: one item more in clients.yml, every other byte as it was, and nothing that could not stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recado.errors import RecadoError
from recado.store.known_sender import remember
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
# Mine.
practice: {name: M, owner: Marta Ruiz, email: marta@marta.example, timezone: Europe/Madrid, language: en, country: ES}
mailbox: {address: requests@marta.example, host: 127.0.0.1, security: none, user: r, password: {env: P}}  # here
clients:
  beta:
    code: BETA
    name: Beta
    contacts: [{name: Bob, email: bob@beta.example}]   # Bob
    senders: ["@beta.example"]
"""
JANE = "    contacts: [{name: Jane, email: jane@acme.example}]  # she\n"
CLIENTS = {
    "a list in brackets": (
        '    senders: ["@acme.example"]  # all of them\n',
        '    senders: ["@acme.example", {new}]  # all of them\n',
    ),
    "an empty list": (f"    senders: [ ]\n{JANE}", f"    senders: [{{new}}]\n{JANE}"),
    "a list with a comma at its end": ("    senders: [a@x.example,]\n", "    senders: [a@x.example, {new}]\n"),
    "a list in brackets over lines": (
        "    senders: [\n      a@x.example,  # one\n      b@x.example\n    ]\n",
        "    senders: [\n      a@x.example,  # one\n      b@x.example, {new}]\n",
    ),
    "a list of lines": (
        '    senders:\n      - "@acme.example"   # all\n      # more\n      - x@y.example  # him\n',
        '    senders:\n      - "@acme.example"   # all\n      # more\n      - x@y.example  # him\n      - {new}\n',
    ),
    "lines not moved in": (
        "    senders:\n    - a@x.example\n",
        "    senders:\n    - a@x.example\n    - {new}\n",
    ),
    "no list": (
        JANE,
        JANE + "    senders: [{new}]\n",
    ),
    "no list, and a block at the end": (
        "    contacts:\n      - {name: Jane, email: jane@acme.example}\n\n",
        "    senders: [{new}]\n    contacts:\n      - {name: Jane, email: jane@acme.example}\n\n",
    ),
}
ACME = "  acme:\n    code: ACME\n    name: Acme   # her name\n"
TAIL = "    # the end\n"


def workspace_with(folder: Path, text: str) -> Workspace:
    (folder / "clients.yml").write_bytes(text.encode())
    return Workspace(folder)


@pytest.mark.parametrize("shape", CLIENTS)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize(("sender", "written"), [("ann@new.example", "ann@new.example"), ("@new.example", '"@new.example"')])
def test_one_item_is_added_and_every_other_byte_stays(
    tmp_path: Path, shape: str, ending: str, sender: str, written: str
) -> None:
    before, after = CLIENTS[shape]
    workspace = workspace_with(tmp_path, (HEAD + ACME + before + TAIL).replace("\n", ending))
    assert remember(workspace, "acme", sender)
    wanted = (HEAD + ACME + after.replace("{new}", written) + TAIL).replace("\n", ending)
    assert workspace.practice_file.read_bytes().decode() == wanted
    assert load_practice(workspace).clients["acme"].senders[-1] == sender
    assert not remember(workspace, "acme", sender)
    assert workspace.practice_file.read_bytes().decode() == wanted


def test_a_client_in_brackets_is_written_by_the_writer_that_keeps_comments(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path, HEAD + "  acme: {code: ACME, name: Acme, senders: [a@x.example]}  # short\n" + TAIL)
    assert remember(workspace, "acme", "ann@new.example")
    assert load_practice(workspace).clients["acme"].senders == ("a@x.example", "ann@new.example")
    text = workspace.practice_file.read_text(encoding="utf-8")
    assert text.startswith("# Mine.\n")
    assert "# short" in text
    assert "# Bob" in text


@pytest.mark.parametrize(
    ("sender", "said"),
    [
        ("@gmail.com", "@gmail.com is a public mail provider"),
        ("bob@beta.example", "bob@beta.example is already among those who write for beta"),
        ("@beta.example", "@beta.example is already among those who write for beta"),
        ("Marta+x@marta.example", "is an address of your own practice"),
        ("@marta.example", "is your own practice's domain"),
        ("nobody", "'nobody' is no address"),
    ],
)
def test_a_sender_that_cannot_be_the_clients_is_refused_with_the_reason(tmp_path: Path, sender: str, said: str) -> None:
    workspace = workspace_with(tmp_path, HEAD + ACME + CLIENTS["no list"][0])
    before = workspace.practice_file.read_bytes()
    with pytest.raises(RecadoError, match=said.replace("'", ".")):
        remember(workspace, "acme", sender)
    assert workspace.practice_file.read_bytes() == before


def test_a_public_providers_single_address_is_remembered(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path, HEAD + ACME + CLIENTS["no list"][0])
    assert remember(workspace, "acme", "o'neill@gmail.com")
    assert load_practice(workspace).clients["acme"].senders == ("o'neill@gmail.com",)
