"""Whose an address is, and what the plus-tags of the request address name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from made_up_mail import a_mail, people

from ingest.whose import Tag, clients_of, is_own, is_request_address, tags_of

if TYPE_CHECKING:
    from recado.model.practice import Practice


def test_the_contacts_of_all_clients_come_before_any_domain(practice: Practice) -> None:
    assert clients_of("helper@acme.example", practice) == ("beta",)
    assert clients_of("sam@shared.example", practice) == ("acme", "beta")
    assert clients_of("nobody@x.example", practice) == ()


@pytest.mark.parametrize(
    ("address", "is_ours", "is_read"),
    [
        ("requests@marta.example", True, True),
        ("Requests+ACME-42@Marta.Example", True, True),
        ("marta@marta.example", True, False),
        ("luis+list@marta.example", True, False),
        ("jane@acme.example", False, False),
        ("requests@marta.example.evil.example", False, False),
        ("requests@acme.example", False, False),
    ],
)
def test_an_own_address_is_known_with_its_tags(practice: Practice, address: str, *, is_ours: bool, is_read: bool) -> None:
    assert is_own(address, practice) is is_ours
    assert is_request_address(address, practice) is is_read


@pytest.mark.parametrize(
    ("address", "tags"),
    [
        ("requests+acme@marta.example", (Tag("acme"),)),
        ("REQUESTS+Acme-42@marta.example", (Tag("acme", 42),)),
        ("requests+beta-7@marta.example", (Tag("beta", 7),)),
        ("requests+acme-@marta.example", ()),
        ("requests+acme-x@marta.example", ()),
        ("requests+acme-٤٢@marta.example", ()),
        ("requests+acme-1234567890@marta.example", ()),
        ("requests+nobody-42@marta.example", ()),
        ("requests+-42@marta.example", ()),
        ("requests@marta.example", ()),
        ("marta+acme-42@marta.example", ()),
    ],
)
def test_a_tag_names_a_client_or_one_of_its_tasks(practice: Practice, address: str, tags: tuple[Tag, ...]) -> None:
    assert tags_of(a_mail(to=people(address)), practice) == tags
    assert tags_of(a_mail(to=(), cc=people("jane@acme.example", address)), practice) == tags
