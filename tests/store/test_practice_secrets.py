"""No secret is read from clients.yml, and none is sent unprotected: what is refused is said without repeating it."""

from __future__ import annotations

import pytest

from recado.errors import ConfigurationError
from recado.store.practice_file import parse_practice

HIDDEN = "correct-horse-battery"

# A file with places to put a mistake: each is a comment, so that the file is right as it stands.
FILE = """\
practice:
  name: Clara Vidal
  owner: Clara Vidal
  email: clara@vidal.example
  language: es
  timezone: Europe/Madrid
  country: ES
  # PRACTICE
mailbox:
  address: pedidos@vidal.example
  host: imap.vidal.example
  user: pedidos
  password: {env: VIDAL_IMAP}
  # MAILBOX
# TOP
clients:
  north:
    code: NORTH
    name: North Ltd
    senders: ["@north.example"]
    # CLIENT
"""
LINE_OF = {"PRACTICE": 8, "MAILBOX": 14, "TOP": 15, "CLIENT": 21}


def said_about(text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        parse_practice(text)
    return str(caught.value).splitlines()


def test_the_file_is_right_before_a_mistake_is_put_into_it() -> None:
    lines = FILE.splitlines()
    assert set(parse_practice(FILE).clients) == {"north"}
    assert all(lines[line - 1].strip() == f"# {name}" for name, line in LINE_OF.items())


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", '"::1"', '"[::1]"'])
def test_plain_text_is_allowed_on_this_machine_alone(host: str) -> None:
    text = FILE.replace("host: imap.vidal.example", f"host: {host}").replace("# MAILBOX", "security: none")
    assert parse_practice(text).mailbox.host in {"localhost", "127.0.0.1", "::1"}


@pytest.mark.parametrize("host", ["localhost.vidal.example", "127.0.0.1.vidal.example", "10.0.0.1", "192.168.1.2", '"fe80::1"'])
def test_plain_text_to_any_other_host_is_refused(host: str) -> None:
    text = FILE.replace("host: imap.vidal.example", f"host: {host}").replace("# MAILBOX", "security: none")
    (said,) = said_about(text)
    assert "mail and password would cross the network unprotected" in said


@pytest.mark.parametrize(
    "written",
    [
        HIDDEN,
        f'"{HIDDEN}"',
        f"!{HIDDEN}",
        f"!{HIDDEN} x",
        f"*{HIDDEN}",
        f"&{HIDDEN} x",
        f"@{HIDDEN}",
        f"%{HIDDEN}",
        f"{HIDDEN}: x",
        f"[{HIDDEN}]",
        f"{{{HIDDEN}}}",
        f"{{password: {HIDDEN}}}",
        f"{{env: '{HIDDEN}!'}}",
        f"{{env: A, password: {HIDDEN}}}",
        f"{{command: echo {HIDDEN}}}",
        f"{{oauth2: {{token: {HIDDEN}}}}}",
        f"{{keyring: [{HIDDEN}]}}",
        f"|\n    {HIDDEN}",
        f'"{HIDDEN}',
        f'"{HIDDEN}\\q"',
        f"{HIDDEN}\x07",
        f"{{env: {HIDDEN}",
        f"{{env: A}}\n  password: {HIDDEN}",
    ],
)
@pytest.mark.parametrize("section", ["mailbox", "outgoing"])
def test_a_password_in_the_file_is_refused_and_never_repeated(section: str, written: str) -> None:
    if section == "mailbox":
        text = FILE.replace("{env: VIDAL_IMAP}", written)
    else:
        text = FILE.replace("# TOP", f"outgoing:\n  host: smtp.vidal.example\n  from: c@vidal.example\n  password: {written}")
    lines = said_about(text)
    assert len(lines) == 1, lines
    assert HIDDEN not in lines[0]


@pytest.mark.parametrize(
    ("place", "written"),
    [
        ("MAILBOX", f"passwd: {HIDDEN}"),
        ("MAILBOX", f"pass: {HIDDEN}"),
        ("TOP", f"places: {{p: {{kind: git, remote: 'https://clara:{HIDDEN}@git.example/p.git'}}}}"),
        ("TOP", f"places: {{p: {{kind: rsync, to: 'rsync://clara:{HIDDEN}@box.example/p'}}}}"),
        ("TOP", f"places: {{p: {{kind: git, remote: 'https://ghp_{HIDDEN}@github.com/clara/p.git'}}}}"),
        ("TOP", f"places: {{p: {{kind: git, remote: 'https://glpat-{HIDDEN}@git.example/p.git'}}}}"),
        ("TOP", f"places: {{p: {{kind: git, remote: 'https://{HIDDEN}{'0' * 40}@git.example/p.git'}}}}"),
        ("CLIENT", f"links: [{{name: X, url: 'https://clara:{HIDDEN}@drive.example'}}]"),
        ("PRACTICE", f"portal_url: 'https://clara:{HIDDEN}@portal.example'"),
    ],
)
def test_a_password_in_another_place_is_refused_and_not_repeated(place: str, written: str) -> None:
    (said,) = said_about(FILE.replace(f"# {place}", written))
    assert HIDDEN not in said
    assert said.startswith(f"clients.yml:{LINE_OF[place]}: ")
