"""What a place should hold, made ready: only what changed, and never what no build made."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest
from hand_built import Shouted, stage, texts_in

from recado.deploy.form import Plain
from recado.deploy.staging import AlteredError, Staging
from recado.deploy.walk import files_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hand_built import Built

    from recado.deploy.form import Form

PAGES = {"index.html": "home", "requests/acme-1.html": "one", "requests/acme-1/brief.pdf": "a brief", "404.html": "nothing"}


def test_a_portal_is_made_ready_as_it_was_built_but_for_the_builds_own_mark(built: Built) -> None:
    built.portal("acme", PAGES)
    staging = stage(built, "acme", Plain("acme"))
    assert texts_in(staging.root) == {f"acme/{path}": text for path, text in PAGES.items()}


def test_a_form_gives_files_other_names_and_contents_and_adds_its_own(built: Built) -> None:
    built.portal("acme", PAGES)
    staging = stage(built, "acme", Shouted("x7"))
    assert texts_in(staging.root)["x7/f/REQUESTS+ACME-1.HTML"] == "ONE!"
    assert texts_in(staging.root)["x7/list"].splitlines() == sorted(PAGES)
    assert staging.folders() == {"acme": "x7"}


def test_only_what_changed_is_made_again(built: Built) -> None:
    built.portal("acme", PAGES)
    stage(built, "acme", Shouted("x7"))
    built.portal("acme", PAGES | {"index.html": "another home", "new.html": "new"})
    form = Shouted("x7")
    staging = stage(built, "acme", form)
    assert sorted(form.made) == ["index.html", "new.html"]
    assert texts_in(staging.root)["x7/f/INDEX.HTML"] == "ANOTHER HOME!"
    again = Shouted("x7")
    stage(built, "acme", again)
    assert again.made == []


def test_what_vanished_is_taken_away_and_a_file_may_stand_where_a_folder_was(built: Built) -> None:
    built.portal("acme", PAGES)
    stage(built, "acme", Plain("acme"))
    built.portal("acme", {"index.html": "home", "requests": "no folder any more", "404.html/x": "and the other way"})
    staging = stage(built, "acme", Plain("acme"))
    assert texts_in(staging.root / "acme") == {
        "index.html": "home",
        "requests": "no folder any more",
        "404.html/x": "and the other way",
    }


def test_another_key_makes_all_of_it_again_in_the_same_folder(built: Built) -> None:
    built.portal("acme", PAGES)
    before = stage(built, "acme", Shouted("x7")).identities()
    form = Shouted("x7", "?")
    staging = stage(built, "acme", form)
    assert sorted(form.made) == sorted(PAGES)
    assert set(texts_in(staging.root / "x7" / "f").values()) == {f"{text.upper()}?" for text in PAGES.values()}
    assert before != staging.identities()


def edited(place: Path) -> None:
    (place / "index.html").write_text("by hand", encoding="utf-8")


def replaced(place: Path) -> None:
    (place / "index.html").unlink()
    edited(place)


def deleted(place: Path) -> None:
    (place / "index.html").unlink()


def of_the_same_size_and_second(place: Path) -> None:
    state = (place / "index.html").stat()
    (place / "index.html").write_text("homE", encoding="utf-8")
    os.utime(place / "index.html", ns=(state.st_atime_ns, state.st_mtime_ns + 1))


def added(place: Path) -> None:
    (place / "index.html").rename(place / "index.html.bak")
    (place / "index.html").write_text("home", encoding="utf-8")


@pytest.mark.parametrize("form", [Plain("acme"), Shouted("x7")])
@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("alter", [edited, replaced, deleted, of_the_same_size_and_second, added])
def test_a_built_file_that_was_altered_by_hand_is_noticed(
    built: Built, alter: Callable[[Path], None], form: Form, *, is_first: bool
) -> None:
    place = built.portal("acme", PAGES)
    if not is_first:
        stage(built, "acme", form)
    alter(place)
    with pytest.raises(AlteredError) as caught:
        stage(built, "acme", form)
    assert caught.value.key == "acme"
    assert is_first or caught.value.paths[0].startswith("index.html")
    built.portal("acme", PAGES)  # the build mends it
    staging = stage(built, "acme", form)
    assert "by hand" not in "".join(texts_in(staging.root).values()).lower()


def spoil_ready(home: Path) -> None:
    file = next(path for path in sorted((home / "tree").rglob("*")) if path.is_file())
    file.unlink()
    file.write_text("someone else's", encoding="utf-8")


def lose_ready(home: Path) -> None:
    shutil.rmtree(home / "tree")


def lose_record(home: Path) -> None:
    shutil.rmtree(home / "portals")


def spoil_record(home: Path) -> None:
    (home / "portals" / "acme.json").write_bytes(b"\0" * 100)


def forge_record(home: Path) -> None:
    (home / "portals" / "acme.json").write_text(json.dumps({"folder": "..", "sources": {}, "ready": {}}), encoding="utf-8")


def lose_all(home: Path) -> None:
    shutil.rmtree(home)


@pytest.mark.parametrize("lose", [spoil_ready, lose_ready, lose_record, spoil_record, forge_record, lose_all])
@pytest.mark.parametrize("form", [Plain("acme"), Shouted("x7")])
def test_what_is_kept_may_be_lost_or_spoilt_and_the_same_is_made_again(
    built: Built, lose: Callable[[Path], None], form: Form
) -> None:
    built.portal("acme", PAGES)
    staging = stage(built, "acme", form)
    wanted = texts_in(staging.root)
    lose(built.root / ".recado" / "places" / "web")
    assert texts_in(stage(built, "acme", form).root) == wanted


def test_a_portal_that_is_not_wanted_any_more_is_taken_away_with_what_is_kept_of_it(built: Built) -> None:
    built.portal("acme", PAGES)
    built.portal("beta", PAGES)
    stage(built, "acme", Plain("acme"))
    staging = Staging(built.workspace, "web")
    staged = {"beta": staging.stage("beta", Plain("beta"))}
    staging.leave_only(staged)
    assert set(staging.folders()) == {"beta"}
    assert {path.split("/")[0] for path in texts_in(staging.root)} == {"beta"}


def test_files_at_the_top_are_those_that_are_told(built: Built) -> None:
    staging = Staging(built.workspace, "web")
    staging.put_root({"robots.txt": b"none", "404.html": b"door"})
    staging.put_root({"404.html": b"another door"})
    assert texts_in(staging.root) == {"404.html": "another door"}


def test_what_is_owed_is_remembered_until_it_is_done(built: Built) -> None:
    staging = Staging(built.workspace, "web")
    staging.owe("reload")
    assert Staging(built.workspace, "web").owes("reload")
    staging.paid("reload")
    assert not Staging(built.workspace, "web").owes("reload")


def test_a_link_in_a_portal_is_not_followed(built: Built, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("of another client", encoding="utf-8")
    place = built.portal("acme", PAGES)
    (place / "index.html").unlink()
    (place / "index.html").symlink_to(tmp_path / "secret")
    with pytest.raises(AlteredError):
        stage(built, "acme", Plain("acme"))
    assert "of another client" not in str(files_in(built.root / ".recado"))


def test_of_no_portal_at_all_there_is_an_empty_folder_to_send(built: Built) -> None:
    staging = Staging(built.workspace, "web")
    staging.put_root({})
    assert list(staging.root.iterdir()) == []
