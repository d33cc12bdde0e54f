"""What fails is told at length once, then shortly, with pauses that grow."""

from __future__ import annotations

from recado.backoff import Backoff
from recado.running.trouble import SOON, Trouble, several_lines


def test_what_is_still_so_is_said_shortly_after_a_longer_pause_each_time() -> None:
    trouble = Trouble(chance=lambda: 1.0)
    assert trouble.failed("The host is away.", SOON) == ("The host is away. Trying again in 2 seconds.", 2)
    assert trouble.failed("The host is away.", SOON) == ("It is still so. Trying again in 4 seconds.", 4)
    assert trouble.failed("The key is refused.", SOON) == ("The key is refused. Trying again in 8 seconds.", 8)
    assert [trouble.failed("x", SOON).seconds for _ in range(20)][-1] == SOON.most


def test_what_went_well_begins_anew() -> None:
    trouble = Trouble(chance=lambda: 1.0)
    assert not trouble.went_well()
    trouble.failed("away", Backoff(10, 100))
    assert trouble.went_well()
    assert trouble.text == ""
    assert trouble.failed("away", Backoff(10, 100)).seconds == 10


def test_what_no_try_will_mend_is_said_once() -> None:
    trouble = Trouble()
    assert trouble.refused("no access") == "no access"
    assert trouble.refused("no access") == ""
    assert trouble.went_well()


def test_an_error_of_several_lines_is_one_line_and_one_without_words_has_some() -> None:
    assert several_lines(ValueError("a\nb")) == "a · b"
    assert "ValueError" in several_lines(ValueError())


def test_what_the_system_refuses_is_said_without_a_number() -> None:
    assert several_lines(OSError(28, "x", "/srv/portal")) == "/srv/portal: No space left on device"
