"""Every flag that a message can have is said in words, wherever it is given."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import ingest
from recado.cli.message_words import flag_in_words

PACKAGE = Path(ingest.__file__).parent


def flags_by_name(module: str) -> set[str]:
    """Give the flags that a module names, each a constant of its own: `NEW_SUBJECT: Final = "new-subject"`."""
    text = (PACKAGE / f"{module}.py").read_text(encoding="utf-8")
    return set(re.findall(r"^[A-Z_]+(?:: Final)? = \"([a-z'-]+)\"", text, re.MULTILINE))


def flags_of_a_mail() -> set[str]:
    """Give the flags that reading a mail can give, as `Mail` lists them."""
    (listed,) = re.findall(r"`flags` says (.*?)`forwarded`", (PACKAGE / "mail.py").read_text(encoding="utf-8"), re.DOTALL)
    return set(re.findall(r"`([a-z-]+)`", listed))


DECIDED = flags_by_name("decision")
READ = flags_of_a_mail()


def test_the_flags_are_found() -> None:
    assert {"new-subject", "other-client's-ref", "after-cancelled"} <= DECIDED
    assert {"no-date", "secret-masked", "broken-structure"} <= READ


@pytest.mark.parametrize("flag", sorted(DECIDED | READ | {"program-left-out", "not-reopened"}))
def test_a_flag_has_its_words(flag: str) -> None:
    assert flag_in_words(flag) != flag


def test_a_flag_that_is_not_known_is_given_as_it_stands() -> None:
    assert flag_in_words("made-up") == "made-up"
