"""Deploys by rsync that are killed, cut off, or meet another at the same moment."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest
from far_place import is_tidy, shown, statistics
from published import killed, read, site, tree, version_of, watched

from recado.deploy.places.rsync import RsyncPlace
from recado.deploy.places.running import run
from recado.deploy.tree import AwayError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from recado.deploy.places.running import Ended


@pytest.fixture(autouse=True)
def must_have_rsync() -> None:
    if not any(os.access(f"{folder}/rsync", os.X_OK) for folder in os.get_exec_path()):
        pytest.skip("rsync is not installed (apt-get install rsync)")


@pytest.fixture
def there(tmp_path: Path) -> Path:
    return tmp_path / "srv" / 'it\'s a "site"'


@pytest.mark.parametrize("when", ["before", "during", "after"])
def test_a_deploy_killed_at_any_program_shows_the_old_site_or_the_new_and_the_next_repairs(
    tmp_path: Path, there: Path, when: str
) -> None:
    place = RsyncPlace(str(there))
    place.publish(tree(tmp_path, site("v"), {"server/x": b"v"}))
    number = 0
    with watched(there / "current") as seen:
        while True:
            new, newer = f"w{number}", f"x{number}"
            staged = tree(tmp_path, site(new), {"server/x": new.encode()})
            if not killed(lambda staged=staged: place.publish(staged), number, when):  # type: ignore[misc]
                break
            sent = place.publish(tree(tmp_path, site(newer), {"server/x": newer.encode()}))
            assert sent.altered == ()
            assert version_of(shown(there)) == newer
            assert read(there / "server") == {"x": newer.encode()}
            place.publish(tree(tmp_path, site(newer), {"server/x": newer.encode()}))
            number += 1
    assert number >= 5  # programs that a deploy runs
    assert f"x{number - 1}" in seen
    settled(there)


def settled(there: Path) -> None:
    """Wait for what was left behind to end, and see that nothing is left of it."""
    until = time.monotonic() + 20
    while not is_tidy(there):
        assert time.monotonic() < until, list(there.rglob("*"))


def test_a_first_deploy_that_was_cut_off_goes_on_where_it_was(
    tmp_path: Path, there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = RsyncPlace(str(there))
    staged = tree(tmp_path, site("one"))
    assert killed(lambda: place.publish(staged), 3, "before")  # sent, and not shown
    assert not (there / "current").exists()
    said = statistics(monkeypatch)
    staged = tree(tmp_path, site("one") | {"index.html": b"newer"})
    place.publish(staged)
    assert [line for line in said if "files transferred" in line] == ["Number of regular files transferred: 1"]
    assert shown(there) == site("one") | {"index.html": b"newer"}
    assert is_tidy(there)


def test_half_a_release_of_the_same_second_is_not_taken_for_what_it_is_not(tmp_path: Path, there: Path) -> None:
    place = RsyncPlace(str(there))
    for content, moment in ((b"1", 10**18), (b"2", 10**18 + 1)):
        staged = tree(tmp_path, site("one") | {"x": content})
        os.utime(staged.root / "x", ns=(moment, moment))
        if content == b"1":
            assert killed(lambda staged=staged: place.publish(staged), 3, "before")  # type: ignore[misc]
        else:
            place.publish(staged)
    assert (there / "current" / "x").read_bytes() == b"2"


def test_a_release_that_was_shown_just_before_the_end_is_known_again(tmp_path: Path, there: Path) -> None:
    place = RsyncPlace(str(there))
    staged = tree(tmp_path, site("one"))
    assert killed(lambda: place.publish(staged), 3, "after")  # shown, and not written down
    assert version_of(shown(there)) == "one"
    for _again in range(2):
        (there / "current" / "index.html").write_text("defaced", encoding="utf-8")
        assert place.publish(staged).altered == ("index.html",)
    assert place.publish(staged).is_nothing
    (there / "current" / "index.html").write_text("defaced", encoding="utf-8")
    assert place.publish(staged).altered == ("index.html",)


def test_two_machines_that_deploy_at_the_same_moment_leave_one_whole_site(
    tmp_path: Path, there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = RsyncPlace(str(there))
    place.publish(tree(tmp_path, site("one")))
    meanwhile = [tree(tmp_path / "other", site("two"))]

    def interrupted(command: Sequence[str], *arguments: object, **named: object) -> Ended:
        ended = run(command, *arguments, **named)  # type: ignore[arg-type]
        if command[0] == "rsync" and meanwhile:
            RsyncPlace(str(there)).publish(meanwhile.pop())
        return ended

    monkeypatch.setattr("recado.deploy.places.far_folder.run", interrupted)
    with pytest.raises(AwayError, match="Somebody else deployed"):
        place.publish(tree(tmp_path, site("three")))
    assert version_of(shown(there)) == "two"
    place.publish(tree(tmp_path, site("three")))
    assert version_of(shown(there)) == "three"
    assert is_tidy(there)
