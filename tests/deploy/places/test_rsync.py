"""Releases by rsync, in a folder of this machine: the same scripts and the same rsync as over SSH, without the line."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from published import forget, killed, read, site, tree, version_of, watched

from recado.deploy.places import far_releases
from recado.deploy.places.far_folder import address_of
from recado.deploy.places.rsync import RsyncPlace
from recado.deploy.places.running import run
from recado.deploy.tree import Sent
from recado.errors import WorkError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from published import Files

    from recado.deploy.places.running import Ended

_ODD: Files = {
    ".nojekyll": b"",
    "a b/ñandú – “x”.html": b"one",
    "a b/\\#012 'q' \"$HOME\" `x` *.txt": b"q",
    "a b/line\nbreak": b"n",
    "-rf/--delete": b"o",
    "__ \udce9t\udce9": b"latin",
}


@pytest.fixture(autouse=True)
def must_have_rsync() -> None:
    if not any(os.access(f"{folder}/rsync", os.X_OK) for folder in os.get_exec_path()):
        pytest.skip("rsync is not installed (apt-get install rsync)")


@pytest.fixture
def there(tmp_path: Path) -> Path:
    return tmp_path / "srv" / 'it\'s a "site"'


def shown(there: Path) -> Files:
    return read(there / "current")


def releases(there: Path) -> list[str]:
    return sorted(each.name for each in (there / "releases").iterdir())


def is_tidy(there: Path) -> bool:
    """Tell whether nothing is left of a deploy that broke off."""
    names = releases(there)
    return (
        not any(name.startswith(".") for name in names)
        and len(names) <= 5
        and {each.name for each in there.iterdir()} <= {"releases", "current", "server"}
    )


def told(sent: Sent) -> dict[str, list[str]]:
    return {kind: sorted(paths) for kind, paths in sent._asdict().items() if kind != "size" and paths}


def test_what_visitors_see_becomes_the_tree_whatever_the_files_are_called(tmp_path: Path, there: Path) -> None:
    place = RsyncPlace(str(there))
    sent = place.publish(tree(tmp_path, _ODD))
    assert shown(there) == _ODD
    assert told(sent) == {"added": sorted(_ODD)}
    assert sent.size == sum(map(len, _ODD.values()))
    assert (there / "current").is_symlink()
    later = {path: content + b"!" for path, content in _ODD.items()}
    assert told(place.publish(tree(tmp_path, later))) == {"changed": sorted(_ODD)}
    assert told(place.publish(tree(tmp_path, {"index.html": b"x"}))) == {"added": ["index.html"], "removed": sorted(_ODD)}


def test_everyone_may_read_it_whatever_the_umask(tmp_path: Path, there: Path) -> None:
    before = os.umask(0o077)
    try:
        staged = tree(tmp_path, site("one"), {"server/passwords/a": b"x"})
        (staged.root / "a" / "0" / "page-1.html").chmod(0o700)
        RsyncPlace(str(there)).publish(staged)
    finally:
        os.umask(before)
    for each in [there, *there.rglob("*")]:
        mode = each.stat().st_mode & 0o7777
        assert mode == (0o755 if each.is_dir() else 0o644), each


def test_only_what_changed_is_sent_and_the_rest_is_shared(tmp_path: Path, there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = statistics(monkeypatch)
    place = RsyncPlace(str(there))
    place.publish(tree(tmp_path, site("one")))
    before = {file.relative_to(there / "current"): file.stat().st_ino for file in (there / "current").rglob("*.html")}
    said.clear()
    changed = site("one") | {"b/1/page-5.html": b"another"}
    sent = place.publish(tree(tmp_path, changed))
    assert told(sent) == {"changed": ["b/1/page-5.html"]}
    assert sent.size == len(b"another")
    after = {file.relative_to(there / "current"): file.stat().st_ino for file in (there / "current").rglob("*.html")}
    assert [str(path) for path in before if before[path] != after[path]] == ["b/1/page-5.html"]
    assert [line for line in said if "files transferred" in line] == ["Number of regular files transferred: 1"]


def statistics(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let rsync count what it transfers, and write that down."""
    said: list[str] = []

    def counted(command: Sequence[str], *arguments: object, **named: object) -> Ended:
        ended = run([command[0], "--stats", *command[1:]] if command[0] == "rsync" else command, *arguments, **named)  # type: ignore[arg-type]
        said.extend(ended.output.decode(errors="replace").splitlines())
        return ended

    monkeypatch.setattr("recado.deploy.places.far_folder.run", counted)
    return said


def test_what_is_unchanged_makes_no_release(tmp_path: Path, there: Path) -> None:
    place = RsyncPlace(str(there))
    place.publish(tree(tmp_path, site("one"), {"server/nginx.conf": b"x"}))
    before = stamps(there)
    assert place.publish(tree(tmp_path, site("one"), {"server/nginx.conf": b"x"})).is_nothing
    forget(tree(tmp_path, site("one")))
    assert place.publish(tree(tmp_path, site("one"), {"server/nginx.conf": b"x"})).is_nothing
    assert stamps(there) == before


def stamps(there: Path) -> dict[str, tuple[int, int]]:
    return {str(each): (each.lstat().st_ino, each.lstat().st_mtime_ns) for each in there.rglob("*")}


def test_other_times_alone_are_no_change(tmp_path: Path, there: Path) -> None:
    place = RsyncPlace(str(there))
    staged = tree(tmp_path, site("one"))
    place.publish(staged)
    forget(staged)
    for file in staged.root.rglob("*.html"):
        os.utime(file, (1, 1))
    assert place.publish(staged).is_nothing
    assert len(releases(there)) == 1
    assert (there / "current" / "index.html").stat().st_mtime == 1
    assert place.publish(staged).is_nothing


def test_a_file_of_the_same_size_and_second_is_sent_all_the_same(tmp_path: Path, there: Path) -> None:
    place = RsyncPlace(str(there))
    first, second = site("one") | {"x": b"1"}, site("one") | {"x": b"2"}
    staged = tree(tmp_path, first)
    os.utime(staged.root / "x", ns=(10**18, 10**18))
    place.publish(staged)
    staged = tree(tmp_path, second)
    os.utime(staged.root / "x", ns=(10**18 + 5, 10**18 + 5))
    assert told(place.compare(staged)) == {"changed": ["x"]}
    assert told(place.publish(staged)) == {"changed": ["x"]}
    assert (there / "current" / "x").read_bytes() == b"2"
    forget(tree(tmp_path, second))
    staged = tree(tmp_path, second | {"x": b"3"})
    os.utime(staged.root / "x", ns=(10**18 + 5, 10**18 + 5))
    assert told(place.publish(staged)) == {"changed": ["x"]}
    assert (there / "current" / "x").read_bytes() == b"3"


def test_what_was_altered_there_by_hand_is_told_and_put_right(tmp_path: Path, there: Path) -> None:
    place = RsyncPlace(str(there))
    place.publish(tree(tmp_path, site("one")))
    now = (there / "current").resolve()
    (now / "a/0/page-1.html").write_text("defaced, and longer than before", encoding="utf-8")
    (now / "a/0/page-2.html").unlink()
    (now / "a/0/page-3.html").chmod(0o600)
    (now / "b").chmod(0o700)
    (now / "shell.php").write_text("<?php", encoding="utf-8")
    for file in (now / "c/0").iterdir():
        file.unlink()
    (now / "c/0").rmdir()
    (now / "c/0").symlink_to("/etc")
    gone = [f"c/0/page-{page}.html" for page in range(4)]
    expected = {
        "added": ["a/0/page-2.html", *gone],
        "changed": ["a/0/page-1.html", "a/0/page-3.html", "b/"],
        "removed": ["shell.php"],
        "altered": sorted(["a/0/page-1.html", "a/0/page-2.html", "a/0/page-3.html", "b/", *gone, "shell.php"]),
    }
    assert told(place.compare(tree(tmp_path, site("one")))) == expected
    assert told(place.publish(tree(tmp_path, site("one")))) == expected
    assert version_of(shown(there)) == "one"
    assert (there / "current" / "b").stat().st_mode & 0o777 == 0o755
    assert place.publish(tree(tmp_path, site("one"))) == Sent()


def test_what_was_altered_there_is_told_beside_what_is_new(tmp_path: Path, there: Path) -> None:
    place = RsyncPlace(str(there))
    place.publish(tree(tmp_path, site("one")))
    (there / "current" / "a/0/page-1.html").unlink()
    sent = place.publish(tree(tmp_path, site("one") | {"index.html": b"one, and more"}))
    assert told(sent) == {"added": ["a/0/page-1.html"], "changed": ["index.html"], "altered": ["a/0/page-1.html"]}


def test_of_what_is_not_known_here_nothing_is_said_to_be_altered(tmp_path: Path, there: Path) -> None:
    place = RsyncPlace(str(there))
    place.publish(tree(tmp_path, site("one")))
    (there / "current" / "a/0/page-1.html").write_text("defaced", encoding="utf-8")
    forget(tree(tmp_path, site("one")))
    assert told(place.publish(tree(tmp_path, site("one")))) == {"changed": ["a/0/page-1.html"]}
    other = tree(tmp_path / "other", site("two"))
    place.publish(other)
    assert place.publish(tree(tmp_path, site("one"))).altered == ()
    assert version_of(shown(there)) == "one"


def test_two_hundred_files_removed_a_folder_that_became_a_file_and_a_file_that_became_a_folder(
    tmp_path: Path, there: Path
) -> None:
    many = {f"acme/old/{number}.html": b"old" for number in range(200)}
    place = RsyncPlace(str(there))
    place.publish(tree(tmp_path, {"stays": b"1", "x/y": b"2", "z": b"3", **many}))
    sent = place.publish(tree(tmp_path, {"stays": b"1", "x": b"4", "z/y": b"5"}))
    assert shown(there) == {"stays": b"1", "x": b"4", "z/y": b"5"}
    assert told(sent) == {"added": ["x", "z/y"], "removed": sorted(["x/y", "z", *many])}


def test_a_look_changes_nothing_there_and_tells_what_is_then_done(tmp_path: Path, there: Path) -> None:
    place = RsyncPlace(str(there))
    beside = {"server/nginx.conf": b"x", "server/passwords/a": b"y"}
    assert told(place.compare(tree(tmp_path, site("one"), beside))) == {
        "added": sorted(site("one")),
        "beside": sorted(beside),
    }
    assert not there.exists()
    place.publish(tree(tmp_path, site("one"), beside))
    before = stamps(there)
    staged = tree(tmp_path, site("two"), {"server/nginx.conf": b"z"})
    looked = place.compare(staged)
    assert stamps(there) == before
    done = place.publish(staged)
    assert told(looked) == told(done)
    assert looked.size == done.size


def test_what_stands_beside_is_put_there_and_what_does_not_any_more_is_gone(tmp_path: Path, there: Path) -> None:
    place = RsyncPlace(str(there))
    place.publish(
        tree(tmp_path, site("one"), {"server/nginx.conf": b"x", "server/passwords/a": b"y", "server/passwords/b": b"z"})
    )
    sent = place.publish(tree(tmp_path, site("one"), {"server/nginx.conf": b"w", "server/passwords/b": b"z"}))
    assert read(there / "server") == {"nginx.conf": b"w", "passwords/b": b"z"}
    assert told(sent) == {"beside": ["server/nginx.conf", "server/passwords/a"]}
    assert len(releases(there)) == 1
    assert not list((tmp_path / "scratch").rglob("passwords"))


def test_six_deploys_leave_five_releases_and_what_is_not_ours(tmp_path: Path, there: Path) -> None:
    place = RsyncPlace(str(there))
    place.publish(tree(tmp_path, site("v0")))
    (there / "releases" / "mine").mkdir()
    for number in range(1, 8):
        place.publish(tree(tmp_path, site(f"v{number}")))
    names = [name for name in releases(there) if name != "mine"]
    assert [version_of(read(there / "releases" / name)) for name in names] == ["v3", "v4", "v5", "v6", "v7"]
    assert (there / "releases" / "mine").is_dir()
    assert (there / "current").resolve().name == names[-1]


def test_a_clock_that_was_set_back_changes_no_order(tmp_path: Path, there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = RsyncPlace(str(there))
    for number, moment in enumerate(("2026-11-24T08:40:00Z", "2026-11-24T08:40:00Z", "2020-01-01T00:00:00Z")):
        monkeypatch.setenv("RECADO_NOW", moment)
        place.publish(tree(tmp_path, site(f"v{number}")))
    assert [version_of(read(there / "releases" / name)) for name in releases(there)] == ["v0", "v1", "v2"]


def test_the_release_before_comes_back(tmp_path: Path, there: Path) -> None:
    place = RsyncPlace(str(there))
    for version in ("one", "two", "three"):
        place.publish(tree(tmp_path, site(version)))
    name = place.roll_back()
    assert (there / "current").resolve().name == name
    assert shown(there) == site("two")
    place.roll_back()
    assert version_of(shown(there)) == "one"
    with pytest.raises(WorkError, match="no release before"):
        place.roll_back()
    place.publish(tree(tmp_path, site("four")))
    assert version_of(shown(there)) == "four"
    assert is_tidy(there)


def test_a_portal_that_is_withdrawn_is_in_no_older_release_either(tmp_path: Path, there: Path) -> None:
    place = RsyncPlace(str(there))
    both = {"acme/index.html": b"1", "gone/index.html": b"of one who has ended"}
    place.publish(tree(tmp_path, both))
    place.publish(tree(tmp_path, both | {"acme/index.html": b"2"}))
    place.publish(tree(tmp_path, {"acme/index.html": b"2"}))
    assert b"of one who has ended" not in read(there).values()
    with pytest.raises(WorkError, match="no release before"):
        place.roll_back()


def test_also_where_the_deploy_that_withdrew_it_was_cut_off_before_it_cleared_away(
    tmp_path: Path, there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = RsyncPlace(str(there))
    place.publish(tree(tmp_path, {"acme/index.html": b"1", "gone/index.html": b"of one who has ended"}))
    with monkeypatch.context() as cut:
        cut.setattr(far_releases, "_CLEAR", "exit 1\n")
        with pytest.raises(WorkError):
            place.publish(tree(tmp_path, {"acme/index.html": b"1"}))
    assert b"of one who has ended" in read(there).values()
    place.publish(tree(tmp_path, {"acme/index.html": b"1"}))
    assert b"of one who has ended" not in read(there).values()


def test_a_rotated_key_leaves_no_older_release_behind(tmp_path: Path, there: Path) -> None:
    place = RsyncPlace(str(there))
    for version in ("one", "two"):
        place.publish(tree(tmp_path, site(version)))
    place.publish(replace(tree(tmp_path, site("three")), is_last=True))
    assert len(releases(there)) == 1


def test_there_is_no_release_before_the_first(tmp_path: Path, there: Path) -> None:
    with pytest.raises(WorkError, match="no release before"):
        RsyncPlace(str(there)).roll_back()
    RsyncPlace(str(there)).publish(tree(tmp_path, site("one")))
    with pytest.raises(WorkError, match="no release before"):
        RsyncPlace(str(there)).roll_back()


def test_a_folder_called_current_is_not_taken_away(tmp_path: Path, there: Path) -> None:
    (there / "current").mkdir(parents=True)
    with pytest.raises(WorkError, match=r"holds something called `current` that is no link"):
        RsyncPlace(str(there)).publish(tree(tmp_path, site("one")))


def test_a_link_that_leads_nowhere_is_put_right(tmp_path: Path, there: Path) -> None:
    there.mkdir(parents=True)
    (there / "current").symlink_to("releases/20200101T000000Z-gone")
    RsyncPlace(str(there)).publish(tree(tmp_path, site("one")))
    assert version_of(shown(there)) == "one"


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


def test_a_deploy_that_cannot_write_says_so_and_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(WorkError, match=r"did not take the pages: .*(File exists|Not a directory)"):
        RsyncPlace(str(tmp_path / "file")).publish(tree(tmp_path, site("one")))


def test_without_rsync_it_is_said_what_to_install(tmp_path: Path, there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("sh", "ls", "mkdir", "find", "sha256sum", "readlink"):
        (programs / name).symlink_to(f"/usr/bin/{name}")
    monkeypatch.setenv("PATH", str(programs))
    with pytest.raises(WorkError, match=r"rsync is not installed here"):
        RsyncPlace(str(there)).publish(tree(tmp_path, site("one")))


@pytest.mark.parametrize(
    "to", ["rsync://host/x", "host::module", "ssh://me@host/srv", "-oProxyCommand=x:y", "host:", "x", "me@my host:/x", ""]
)
def test_what_is_no_address_over_ssh_is_refused(tmp_path: Path, to: str) -> None:
    with pytest.raises(WorkError, match="is no address for rsync over SSH"):
        RsyncPlace(to).publish(tree(tmp_path, site("one")))


@pytest.mark.parametrize(
    ("to", "host", "path"),
    [
        ("me@host:/srv/portal", "me@host", "/srv/portal"),
        ("host:portal/", "host", "portal"),
        ("host:~/portal", "host", "portal"),
        ("host:~/", "host", "."),
        ("host:/", "host", "/"),
        ("me@[2001:db8::1]:/srv", "me@[2001:db8::1]", "/srv"),
        ("host:/a b/it's: c", "host", "/a b/it's: c"),
        ("/srv/portal", None, "/srv/portal"),
        ("/srv/a:b", None, "/srv/a:b"),
    ],
)
def test_an_address_is_a_host_and_a_path(to: str, host: str | None, path: str) -> None:
    assert address_of(to) == (host, path)
