"""Domains that are not written in plain letters, shown as the network knows them too: `аcme.example` may be no `acme.example`.

A Cyrillic а looks like a Latin one, on the terminal and in clients.yml; its `xn--` name looks like nothing else.
"""

from __future__ import annotations

import re

from recado.model.address import normalise_domain

_DOMAIN = re.compile(r"@([^\s@<>()\[\],;:\"|]+)")


def ascii_domains(text: str) -> tuple[str, ...]:
    r"""Give the domains of the addresses in a text that are not in ASCII, as they are there: `xn--cme-5cd.example`.

    One that has no such form has each letter that is not ASCII escaped: `\u0430cme.example`.
    """
    found = (domain.rstrip(".") for domain in _DOMAIN.findall(text) if not domain.isascii())
    return tuple(dict.fromkeys(normalise_domain(domain).encode("ascii", "backslashreplace").decode() for domain in found))


def with_ascii_domains(text: str) -> str:
    """Write a sender with the domains that are not in ASCII once more behind it, as they are there."""
    domains = ascii_domains(text)
    return f"{text} ({', '.join(domains)})" if domains else text
