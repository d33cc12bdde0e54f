"""Secrets: only their place is read from a file, and a secret that was looked up prints as `***`."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import pprint
import traceback

import pytest
from pydantic import TypeAdapter, ValidationError

from recado.model.secret import Revealed, Secret, SecretPlace

HIDDEN = "correct-horse-battery"
REVEALED = Revealed(HIDDEN)


def read(value: object) -> SecretPlace:
    place: SecretPlace = TypeAdapter(Secret).validate_python(value)
    return place


@pytest.mark.parametrize(
    ("written", "place", "said"),
    [
        ({"env": "RECADO_IMAP_PASSWORD"}, SecretPlace(env="RECADO_IMAP_PASSWORD"), "{env: RECADO_IMAP_PASSWORD}"),
        ({"keyring": "recado"}, SecretPlace(keyring="recado"), "{keyring: recado}"),
        ({"command": ["pass", "show", "imap"]}, SecretPlace(command=("pass", "show", "imap")), "{command: pass}"),
        ({"oauth2": "marta"}, SecretPlace(oauth2="marta"), "{oauth2: marta}"),
    ],
)
def test_a_place_is_read_and_says_where_it_is(written: object, place: SecretPlace, said: str) -> None:
    assert read(written) == place
    assert str(place) == said


@pytest.mark.parametrize(
    "written",
    [
        HIDDEN,
        "",
        None,
        [HIDDEN],
        {},
        {"password": HIDDEN},
        {HIDDEN: None},
        {"env": f"{HIDDEN}!"},
        {"env": ""},
        {"env": [HIDDEN]},
        {"env": "A", "keyring": HIDDEN},
        {"command": f"echo {HIDDEN}"},
        {"command": []},
        {"keyring": [HIDDEN]},
        {"keyring": None},
        {"oauth2": {"token": HIDDEN}},
        {"keyring": {"secret": HIDDEN}},
        {"command": [{"secret": HIDDEN}]},
        {"command": ["pass", [HIDDEN]]},
    ],
)
def test_anything_but_a_place_is_refused_in_words_that_do_not_repeat_it(written: object) -> None:
    with pytest.raises(ValidationError) as caught:
        read(written)
    sentences = [str(error.get("ctx", {}).get("error", "")) for error in caught.value.errors()]
    assert len(sentences) == 1
    assert "expected" in sentences[0]
    assert HIDDEN not in sentences[0]


@pytest.mark.parametrize(
    "printed",
    [
        repr(REVEALED),
        str(REVEALED),
        f"{REVEALED}",
        f"{REVEALED!r:>30}".strip(),
        f"{REVEALED:>30}",
        "{}".format(REVEALED),  # noqa: UP032 (the very call that is tried)
        "%s" % REVEALED,  # noqa: UP031 (the same)
        format(REVEALED, "s"),
        pprint.pformat(REVEALED),
    ],
)
def test_a_revealed_secret_prints_as_three_stars(printed: str) -> None:
    assert printed == "***"


def test_a_revealed_secret_in_a_list_a_log_or_a_traceback_is_hidden(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("test").warning("login with %s and %r: %s", REVEALED, REVEALED, [REVEALED])
    assert HIDDEN not in caplog.text
    assert "***" in caplog.text
    try:
        raise RuntimeError("no", REVEALED)
    except RuntimeError:
        assert HIDDEN not in traceback.format_exc()


def test_a_revealed_secret_slips_into_no_text_and_no_file() -> None:
    with pytest.raises(TypeError):
        _ = "Bearer " + REVEALED  # type: ignore[operator]  # the mistake that is tried
    with pytest.raises(TypeError):
        ", ".join(["marta", REVEALED])  # type: ignore[list-item]  # noqa: FLY002 (the same)
    with pytest.raises(TypeError):
        json.dumps({"password": REVEALED})
    with pytest.raises(TypeError):
        pickle.dumps(REVEALED)
    with pytest.raises(TypeError):
        copy.copy(REVEALED)


def test_reveal_gives_the_secret_itself() -> None:
    assert REVEALED.reveal() == HIDDEN
