"""The address a portal asks by: the practice's own, and with the client's key where a person writes for two clients."""

from __future__ import annotations

import pytest

from recado.store.practice_file import parse_practice

FILE = """
practice: {{name: M, owner: M, email: m@marta.example, timezone: Europe/Madrid, language: es, country: ES}}
mailbox: {{address: requests@marta.example, host: 127.0.0.1, security: none, user: r, password: {{env: P}}}}
clients:
  acme: {{code: ACME, name: Acme, contacts: [{{name: Jane, email: jane@acme.example}}]}}
  beta: {{code: BETA, name: Beta, {beta}}}
  gamma: {{code: GAMMA, name: Gamma, senders: ["@gamma.example"]}}
"""


@pytest.mark.parametrize(
    ("beta", "acme_asks_by"),
    [
        ("contacts: [{name: Bo, email: bo@beta.example}]", "requests@marta.example"),
        ("contacts: [{name: Jane, email: Jane@ACME.example}]", "requests+acme@marta.example"),
        ("senders: [jane@acme.example]", "requests+acme@marta.example"),
    ],
)
def test_a_person_at_two_clients_asks_with_the_key(beta: str, acme_asks_by: str) -> None:
    practice = parse_practice(FILE.format(beta=beta))
    assert practice.record("acme").request_address == acme_asks_by
    assert practice.record("gamma").request_address == "requests@marta.example"
