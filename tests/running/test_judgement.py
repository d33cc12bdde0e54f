"""Whether a run is well, from how it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from recado.running.judgement import Life, is_hanging, life_of, span_in_words, wrongs
from recado.running.standing import (
    BuildsStand,
    JobStands,
    MailboxStands,
    PlaceStands,
    Standing,
    instant,
    read_standing,
    written,
)

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)


def ago(**time: float) -> str:
    return instant(NOW - timedelta(**time))


WELL = Standing(
    pid=7,
    version="0.1.0",
    since=ago(days=1),
    at=ago(seconds=10),
    mailbox=MailboxStands(address="r@marta.example", is_connected=True, looked=ago(minutes=2)),
    builds=BuildsStand(at=ago(minutes=1)),
    places={"web": PlaceStands(held=ago(minutes=30))},
    jobs={"look": JobStands(done=ago(seconds=30))},
)


def said(standing: Standing) -> list[tuple[str, str]]:
    return [tuple(wrong) for wrong in wrongs(standing, NOW)]  # type: ignore[misc]


def test_nothing_is_wrong_where_all_is_well() -> None:
    assert said(WELL) == []
    assert not is_hanging(WELL, NOW)


@pytest.mark.parametrize(
    ("standing", "what", "words"),
    [
        (replace(WELL, at=ago(minutes=4)), "run", "it has said nothing for 4 minutes; it may hang"),
        (replace(WELL, trouble="No space left."), "run", "No space left."),
        (replace(WELL, mailbox=MailboxStands(trouble="The mailbox does not answer.")), "mail", "The mailbox does not answer."),
        (replace(WELL, mailbox=MailboxStands(looked=ago(minutes=20))), "mail", "not been looked through for 20 minutes"),
        (replace(WELL, mailbox=MailboxStands()), "mail", "not been looked through for 24 hours"),
        (replace(WELL, builds=BuildsStand(everywhere=["clients.yml:3: odd"])), "portals", "clients.yml:3: odd"),
        (replace(WELL, builds=BuildsStand(trouble={"acme": ["a.md:4: odd"]})), "portals", "a.md:4: odd"),
        (replace(WELL, builds=BuildsStand(busy=ago(hours=1))), "portals", "at work for 1 hour"),
        (replace(WELL, places={"web": PlaceStands(trouble="The key is refused.")}), "place web", "The key is refused."),
        (replace(WELL, places={"web": PlaceStands(busy=ago(hours=2))}), "place web", "at work for 2 hours"),
        (replace(WELL, jobs={"log": JobStands(trouble="No space left.")}), "job log", "No space left."),
    ],
)
def test_each_thing_that_is_wrong_is_told(standing: Standing, what: str, words: str) -> None:
    ((found, told),) = said(standing)
    assert found == what
    assert words in told


def test_only_what_stands_still_amid_its_work_hangs() -> None:
    assert is_hanging(replace(WELL, mailbox=MailboxStands(looked=ago(minutes=20))), NOW)
    assert is_hanging(replace(WELL, builds=BuildsStand(busy=ago(hours=1))), NOW)
    assert not is_hanging(replace(WELL, mailbox=MailboxStands(looked=ago(hours=20), trouble="away")), NOW)
    assert not is_hanging(replace(WELL, places={"web": PlaceStands(busy=ago(hours=2))}), NOW)


@pytest.mark.parametrize(
    ("standing", "is_running", "is_kept", "life"),
    [
        (None, False, False, Life.NEVER),
        (None, True, False, Life.UNKNOWN),
        (None, False, True, Life.UNKNOWN),
        (WELL, True, True, Life.RUNNING),
        (WELL, False, True, Life.DIED),
        (replace(WELL, ended=ago(days=1)), False, True, Life.ENDED),
        (replace(WELL, ended=ago(days=1)), True, True, Life.RUNNING),
    ],
)
def test_whether_it_lives_is_told_by_its_lock_and_how_it_ended_by_what_it_kept(
    standing: Standing | None, life: Life, *, is_running: bool, is_kept: bool
) -> None:
    assert life_of(standing, is_running=is_running, is_kept=is_kept) is life


def test_what_is_written_is_read_again_and_what_is_not_ours_is_not() -> None:
    assert read_standing(written(WELL)) == WELL
    for content in (b"", b"[]", b"{}", b'{"format": 2}', b'{"format": 1, "pid": 3}', b"\xff"):
        assert read_standing(content) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (3600, "1 hour"), (2 * 86400, "2 days"), (86400, "24 hours")],
)
def test_a_span_is_said_in_one_unit(seconds: float, words: str) -> None:
    assert span_in_words(seconds) == words
