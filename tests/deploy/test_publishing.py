"""All portals of a practice, to one place: which of them, in which form, and what follows once they are there."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hand_built import Shouted, texts_in
from publishing_scene import PRACTICE, Scene

from recado.deploy.form import Plain
from recado.deploy.publishing import publish
from recado.deploy.tree import AwayError
from recado.deploy.walk import files_in
from recado.errors import WorkError
from recado.model.servers import Place
from recado.store.practice_file import parse_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from recado.deploy.form import Form


def test_every_portal_goes_there_and_what_stands_beside(scene: Scene) -> None:
    result = scene.at().publish()
    assert result.portals == ("acme", "beta")
    assert scene.portals() == {"acme", "beta"}
    assert scene.far.holds["robots.txt"] == "none"
    assert result.notes == ("From the door.",)
    assert not any(".portal" in path for path in scene.far.holds)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place(kind="directory", path="srv"), "access: nginx"),
        (Place(kind="rsync", to="me@host:/srv"), "access: caddy"),
        (Place(kind="git", remote="git@host:x.git"), "access: encrypted"),
        (Place(kind="git", remote="git@host:x.git", access="nginx"), "access: encrypted"),
        (Place(kind="command", run=("true",), access="caddy"), "access: encrypted"),
    ],
)
def test_a_place_that_would_leave_portals_open_is_refused_before_anything_is_written(
    tmp_path: Path, place: Place, words: str
) -> None:
    practice = replace(parse_practice(PRACTICE), places={"web": place})
    with pytest.raises(WorkError, match="web was not published") as caught:
        publish(Workspace(tmp_path), practice, "web")
    assert words in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_client_who_has_ended_is_withdrawn_on_that_day(scene: Scene) -> None:
    scene.end("beta", date(2026, 11, 24))
    scene.at(datetime(2026, 11, 23, 22, 59, tzinfo=UTC)).publish()
    assert scene.portals() == {"acme", "beta"}
    scene.at(datetime(2026, 11, 23, 23, 1, tzinfo=UTC)).publish()  # past midnight in Madrid
    assert scene.portals() == {"acme"}
    assert scene.far.trees[-1].is_last


def test_a_client_who_is_gone_from_the_file_is_withdrawn(scene: Scene) -> None:
    scene.at().publish()
    scene.practice = replace(scene.practice, clients={"acme": scene.practice.clients["acme"]})
    scene.at().publish()
    assert scene.portals() == {"acme"}


def test_whose_portal_is_withdrawn_is_told_once_it_is_gone(scene: Scene) -> None:
    scene.door.forms["beta"] = Shouted("x7")
    scene.at().publish()
    scene.practice = replace(scene.practice, clients={"acme": scene.practice.clients["acme"]})
    compared = scene.at().compare()
    assert "beta/list" in compared.sent.removed
    assert "Would be withdrawn: beta." in compared.notes[0]
    scene.far.is_away = True
    with pytest.raises(AwayError):
        scene.at().publish()
    scene.far.is_away = False
    assert "Withdrawn: beta." in scene.at().publish().notes[0]
    assert scene.at().publish().notes == ("From the door.",)


def test_a_portal_that_is_there_again_before_it_was_gone_is_not_told(scene: Scene) -> None:
    scene.at().publish()
    before = scene.practice
    scene.practice = replace(before, clients={"acme": before.clients["acme"]})
    scene.at().compare()
    scene.practice = before
    assert scene.at().publish().notes == ("From the door.",)
    assert scene.at().publish().notes == ("From the door.",)


def test_the_desk_goes_to_a_private_place_alone(scene: Scene) -> None:
    desk = scene.workspace.site / "_desk"
    desk.mkdir()
    (desk / "index.html").write_text("hers", encoding="utf-8")
    scene.at().publish()
    assert scene.portals() == {"acme", "beta"}
    scene.place(private=True)
    assert scene.at().publish().portals == ("acme", "beta", "_desk")
    assert scene.far.holds["_desk/index.html"] == "hers"
    scene.place(private=False)
    scene.at().publish()
    assert scene.portals() == {"acme", "beta"}


@pytest.mark.parametrize("name", ["acme", ""])
def test_a_site_that_is_not_there_withdraws_nobody(scene: Scene, name: str) -> None:
    scene.at().publish()
    before = dict(scene.far.holds)
    folder = scene.workspace.site / name
    folder.rename(scene.workspace.root / "elsewhere")
    result = scene.at().publish()
    assert scene.far.holds == before
    assert any("site/acme is not there" in note for note in result.notes)


def test_a_portal_that_was_never_built_is_not_published(scene: Scene) -> None:
    (scene.workspace.site / "acme").rename(scene.workspace.root / "elsewhere")
    assert scene.at().publish().portals == ("beta",)


@pytest.mark.parametrize("form", [Plain("acme"), Shouted("x7")])
def test_a_portal_that_stands_there_and_cannot_be_built_on_a_new_machine_is_not_withdrawn(scene: Scene, form: Form) -> None:
    scene.door.forms["acme"] = form
    scene.at().publish()
    before = dict(scene.far.holds)
    shutil.rmtree(scene.workspace.state)
    shutil.rmtree(scene.workspace.site / "acme")
    for work in (scene.at().publish, scene.at().compare):
        with pytest.raises(WorkError, match="acme cannot be built here"):
            work()
    assert scene.far.holds == before
    scene.build()
    scene.at().publish()
    assert scene.far.holds == before


def test_a_new_client_who_cannot_be_built_yet_keeps_nobody_from_going(scene: Scene) -> None:
    scene.practice = replace(scene.practice, clients=scene.practice.clients | {"new": scene.practice.clients["acme"]})
    scene.at().publish()
    scene.end("beta", date(2026, 11, 24))
    scene.at().publish()
    assert scene.portals() == {"acme"}


def test_a_portal_that_was_altered_by_hand_is_built_again_and_said(scene: Scene) -> None:
    scene.at().publish()
    before = dict(scene.far.holds)
    (scene.workspace.site / "acme" / "index.html").write_text("by hand", encoding="utf-8")
    (scene.workspace.site / "acme" / "welcome.html").unlink()
    result = scene.at().publish()
    assert "site/acme/index.html, site/acme/welcome.html" in result.notes[0]
    assert scene.far.holds == before
    assert "by hand" not in (scene.workspace.site / "acme" / "index.html").read_text(encoding="utf-8")


def test_a_new_key_leaves_no_older_release_also_when_the_place_did_not_answer_at_first(scene: Scene) -> None:
    scene.door.forms["acme"] = Shouted("x7", "one")
    scene.at().publish()
    scene.at().publish()
    assert not scene.far.trees[-1].is_last
    scene.door.forms["acme"] = Shouted("x7", "two")
    scene.far.is_away = True
    with pytest.raises(AwayError):
        scene.at().publish()
    scene.at().compare()
    scene.far.is_away = False
    scene.at().publish()
    assert scene.far.trees[-1].is_last
    scene.at().publish()
    assert not scene.far.trees[-1].is_last


def test_a_key_that_was_rotated_leaves_no_older_release_where_nothing_is_known_of_what_was_published(scene: Scene) -> None:
    scene.door.forms["acme"] = Shouted("x7", "one")
    scene.at().publish()
    scene.at().publish()
    shutil.rmtree(scene.workspace.state)
    scene.door.forms["acme"] = Shouted("x7", "two")
    scene.at().publish()
    assert scene.far.trees[-1].is_last


def test_where_keys_that_are_in_use_are_gone_nothing_is_published(scene: Scene) -> None:
    scene.door.keyless = {"acme"}
    scene.at().compare()  # which makes none
    scene.at().publish()  # the first, which makes it
    scene.door.keyless = {"beta"}
    before = dict(scene.far.holds)
    for work in (scene.at().publish, scene.at().compare):
        with pytest.raises(WorkError, match=r"are gone \(beta\).*recado access rotate beta"):
            work()
    assert scene.far.holds == before
    scene.place(access="encrypted")  # whose keys are others
    scene.at().publish()


def test_files_are_called_by_their_names_in_the_portal(scene: Scene) -> None:
    scene.door.forms["acme"] = Shouted("x7")
    result = scene.at().compare()
    assert "acme/index.html" in result.sent.added
    assert "x7/list" in result.sent.added  # no file of the portal's


def test_a_comparison_sends_nothing(scene: Scene) -> None:
    scene.door.server = {"server/nginx.conf": b"1"}
    result = scene.at().compare()
    assert result.sent.added
    assert scene.far.trees == []


def test_going_back_is_asked_of_the_place(scene: Scene) -> None:
    assert scene.at().roll_back() == "the one before"


def test_nothing_is_left_of_a_portal_that_moved_to_another_folder(scene: Scene) -> None:
    scene.door.forms["acme"] = Shouted("x7")
    scene.at().publish()
    scene.door.forms["acme"] = Shouted("y8")
    scene.at().publish()
    assert scene.portals() == {"y8", "beta"}
    assert not files_in(scene.workspace.state / "places" / "web" / "tree" / "x7")


@pytest.mark.parametrize("where", ["places", "places/web", "places/web/tree", "places/web/tree/acme", "places/web/kept"])
def test_a_link_among_what_is_kept_leads_no_deletion_elsewhere(scene: Scene, tmp_path: Path, where: str) -> None:
    hers = tmp_path / "hers"
    for folder in ("thesis", "web/tree/thesis", "tree/thesis"):
        (hers / folder).mkdir(parents=True)
        (hers / folder / "chapter.txt").write_text("years", encoding="utf-8")
    (hers / "notes.txt").write_text("hers", encoding="utf-8")
    before = texts_in(hers)
    scene.at().publish()
    link = scene.workspace.state / where
    if link.exists():
        shutil.rmtree(link)
    link.symlink_to(hers)
    scene.at().publish()
    assert texts_in(hers) == before
    assert scene.portals() == {"acme", "beta"}
