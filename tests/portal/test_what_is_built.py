"""What a build makes, and what it leaves as it is: what was not made again is the same file, and not only the same words."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from building import built, differing, tick
from desk import Desk
from portal_builds import site_of
from small_practice import Bill, Job, Said, picture

from recado.resources import program_templates

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from small_practice import Customer

ACME = "acme/"
MARK = {".portal"}
SITEMAP = {"sitemap.xml", "sitemap.xml.gz"}
LISTS = {"index.html", "requests/index.html", "assets/search.json"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Give one that was built, and where nothing was written since for so long that it may count as unchanged."""
    desk = Desk(tmp_path)
    desk.build()
    desk.settle()
    return desk


def inodes(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Tell which file stands at each path, and when it was last written."""
    found = {path.relative_to(folder).as_posix(): path.stat() for path in folder.rglob("*") if path.is_file()}
    return {path: (state.st_ino, state.st_mtime_ns, state.st_ctime_ns) for path, state in found.items()}


def made(desk: Desk) -> set[str]:
    """Build, and name what stands in the site now that did not before: new files, and new ones at an old place."""
    tick(desk.root)
    before = {path: found[:2] for path, found in inodes(desk.site).items()}
    kept_open = [os.open(desk.site / path, os.O_RDONLY) for path in before]  # no new file may take the number of an old one
    try:
        result = desk.build()
        after = {path: found[:2] for path, found in inodes(desk.site).items()}
    finally:
        for descriptor in kept_open:
            os.close(descriptor)
    new = {path for path, found in after.items() if before.get(path) != found}
    pages = {path for path in new if path.endswith(".html")}
    assert sum(portal.built for portal in result.portals) >= len(pages)
    return new


# ---- Nothing changed ----


def test_where_nothing_changed_nothing_is_written(desk: Desk) -> None:
    before = inodes(desk.root)
    folders = {path: path.stat().st_ctime_ns for path in desk.root.rglob("*") if path.is_dir()}
    for now in (desk.now, desk.now + timedelta(minutes=1), desk.now + timedelta(hours=2)):
        result = built(desk.root, now)
        assert [(portal.built, portal.reused) for portal in result.portals] == [(0, 11), (0, 7)]
    assert inodes(desk.root) == before
    assert {path: path.stat().st_ctime_ns for path in folders} == folders


def test_nor_where_files_were_touched_or_written_anew_with_the_same_words(desk: Desk) -> None:
    before = inodes(desk.site)
    for number, path in enumerate(sorted(path for path in desk.root.glob("portal_src/**/*") if path.is_file())):
        if number % 2:
            path.touch()
        else:
            content = path.read_bytes()
            path.unlink()
            path.write_bytes(content)
    result = desk.build()
    assert {path: found[:2] for path, found in inodes(desk.site).items()} == {path: f[:2] for path, f in before.items()}
    assert sum(portal.pages for portal in result.portals) == 18
    desk.expect_right()


# ---- One thing changed ----


@dataclass(frozen=True, slots=True)
class Change:
    """An edit, what is made for it of acme's portal besides the marker, and what is gone for it."""

    edit: Callable[[Customer], object]
    made: set[str]
    gone: set[str] = field(default_factory=set)


def words(client: Customer) -> None:
    client.jobs[1].body = "Twelve of them."


def title(client: Customer) -> None:
    client.jobs[1].title = "January posts"


def done(client: Customer) -> None:
    client.jobs[1].status = "done"


def new_task(client: Customer) -> None:
    client.jobs[7] = Job("hotel", "A hotel in Lisbon", "new", due="")


def task_gone(client: Customer) -> None:
    del client.jobs[2]
    client.pages["how-we-post"] = "# How we post\n"


def delivery_changed(client: Customer) -> None:
    client.jobs[1].files["report.pdf"] = b"%PDF another"


def photo_added(client: Customer) -> None:
    client.jobs[1].files["photo.png"] = picture(5)


def reply(client: Customer) -> None:
    client.jobs[1].messages["aaaaaaa2"] = Said("2026-11-24T08:00:00Z", "reply", "Thank you")


def own_page(client: Customer) -> None:
    client.pages["how-we-post"] = "# How we post now\n"


def welcome(client: Customer) -> None:
    client.welcome = "Welcome back!\n"


def time_spent(client: Customer) -> None:
    client.minutes.append((1, 45))


def paid(client: Customer) -> None:
    client.bills[1].paid = "100.00"


def invoice(client: Customer) -> None:
    client.bills[2] = Bill(due="2026-12-20")


def merged(client: Customer) -> None:
    client.jobs[2].merged, client.jobs[2].status = 1, "cancelled"


TASK, OTHER = "requests/acme-1.html", "requests/acme-2.html"
CHANGES = {
    "words": Change(words, {TASK, "assets/search.json"}),
    "title": Change(title, LISTS | {TASK, "new.html"}),
    "status": Change(done, LISTS | {TASK, "new.html"}),
    "task added": Change(new_task, LISTS | SITEMAP | {"requests/acme-7.html", "new.html", "welcome.html"}),
    "task gone": Change(
        task_gone,
        LISTS | SITEMAP | {"new.html", "welcome.html", "pages/how-we-post.html"},
        {OTHER, "requests/acme-2/photo.jpg", "requests/acme-2/thumbnail"},
    ),
    "delivery": Change(delivery_changed, {TASK, "requests/acme-1/report.pdf"}),
    "photo": Change(photo_added, {TASK, "requests/acme-1/photo.png", "requests/acme-1/thumbnail", "assets/search.json"}),
    "reply": Change(reply, {TASK, "index.html", "requests/index.html", "assets/search.json"}),
    "own page": Change(own_page, {"pages/how-we-post.html", "welcome.html"}),
    "welcome": Change(welcome, {"welcome.html"}),
    "time": Change(time_spent, {TASK, "index.html"}),
    "payment": Change(paid, {"invoices/2026-0001.html", "invoices/index.html", "index.html"}),
    "invoice": Change(invoice, SITEMAP | {"invoices/2026-0002.html", "invoices/index.html", "index.html"}),
    "merged": Change(merged, LISTS | {OTHER, "new.html", "welcome.html"}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_changed_is_made_and_nothing_else(desk: Desk, name: str) -> None:
    change = CHANGES[name]
    before = set(site_of(desk.site))
    change.edit(desk.office.clients["acme"])
    desk.save()
    assert named(made(desk)) == {f"{ACME}{path}" for path in change.made | MARK}
    assert named(before - set(site_of(desk.site))) == {f"{ACME}{path}" for path in change.gone}
    desk.expect_right()


def named(paths: set[str]) -> set[str]:
    """Leave out of a thumbnail's name which picture it is of."""
    return {path.partition("~")[0] for path in paths}


def test_a_colour_is_on_no_page_of_anothers(desk: Desk) -> None:
    desk.office.clients["acme"].colour = "#1f6f5c"
    desk.save()
    found = made(desk)
    assert {path for path in found if not path.startswith(ACME)} == set()
    assert {f"{ACME}assets/brand.css", f"{ACME}index.html"} <= found
    desk.expect_right()


# ---- Time ----


def test_on_another_day_only_what_says_so_is_made(desk: Desk) -> None:
    desk.now += timedelta(days=1)
    found = made(desk)
    says_so = {"acme": {"index.html", TASK, OTHER, "invoices/2026-0001.html"}, "bolt": {"index.html"}}
    assert found == {f"{key}/{path}" for key, pages in says_so.items() for path in pages | MARK | SITEMAP}
    desk.expect_right()


def test_a_day_turns_where_the_client_is(desk: Desk) -> None:
    bolt = desk.office.clients["bolt"]
    bolt.jobs[1].due, bolt.jobs[1].status = "2026-11-25", "doing"
    desk.save()
    desk.build()
    desk.settle()
    desk.now = desk.now.replace(hour=12, minute=59, second=59)  # 23:59:59 in Sydney
    assert made(desk) == set()
    desk.now += timedelta(seconds=1)
    found = made(desk)
    assert "bolt/index.html" in found
    assert not any(path.startswith(ACME) for path in found)
    desk.expect_right()


# ---- What was built, changed by hand ----

BUILT = (
    "index.html",
    TASK,
    "pages/how-we-post.html",
    "requests/acme-1/report.pdf",
    "requests/acme-1/a.svg.zip",
    "assets/mark.svg",
    "assets/search.json",
    "sitemap.xml",
)


@pytest.mark.parametrize("path", BUILT)
def test_a_built_file_that_was_altered_stays_so_until_all_is_built_in_full(desk: Desk, path: str) -> None:
    before, right = desk.site / "acme" / path, site_of(desk.site)
    before.write_bytes(b"by hand")
    assert made(desk) == set()
    assert before.read_bytes() == b"by hand"
    built(desk.root, desk.now, is_full=True)
    assert differing(site_of(desk.site), right) == []


@pytest.mark.parametrize("path", BUILT)
def test_a_built_file_that_was_deleted_comes_back_in_full_or_with_the_next_change(desk: Desk, path: str) -> None:
    right = site_of(desk.site)
    (desk.site / "acme" / path).unlink()
    assert made(desk) == set()
    assert not (desk.site / "acme" / path).exists()
    built(desk.root, desk.now, is_full=True)
    assert differing(site_of(desk.site), right) == []
    (desk.site / "acme" / path).unlink()
    welcome(desk.office.clients["acme"])
    desk.save()
    desk.build()
    desk.expect_right()


# ---- Stamps ----


def test_a_change_of_the_same_size_whose_time_was_put_back_is_seen(desk: Desk) -> None:
    acme = desk.office.clients["acme"]
    acme.jobs[1].title, acme.jobs[1].files["report.pdf"] = "Dezember posts", b"%PDF repork"
    acme.bills[1].due, acme.welcome, acme.pages["how-we-post"] = (
        "2026-11-27",
        "Welcame!\n",
        "# Haw we post\n\nSee [the logo](../requests/acme-2.html).\n",
    )
    before = {path: path.stat() for path in desk.root.glob("portal_src/**/*") if path.is_file()}
    touched = desk.save(in_place=True)
    assert len(touched) == 5
    for path in touched:
        state = path.stat()
        assert (state.st_size, state.st_mtime_ns, state.st_ino) == (
            before[path].st_size,
            before[path].st_mtime_ns,
            before[path].st_ino,
        )
    desk.build()
    desk.expect_right()


@pytest.mark.parametrize("name", ["assets/portal.css", "parts/missing.html.j2", "translations/es.po"])
def test_so_it_is_of_a_template(desk: Desk, name: str) -> None:
    text = (program_templates() / name).read_text(encoding="utf-8")
    desk.office.templates[name] = text
    desk.save()
    desk.settle()
    desk.office.templates[name] = altered(name, text)
    before = site_of(desk.site)
    desk.save(in_place=True)
    desk.build()
    assert differing(site_of(desk.site), before)
    desk.expect_right()


def altered(name: str, text: str) -> str:
    """Change a letter that shows."""
    was, now = {"css": ("Recado's", "Recada's"), "j2": ("index.html", "Index.html"), "po": ('"Inicio"', '"Inicia"')}[
        name.rpartition(".")[2]
    ]
    assert was in text
    return text.replace(was, now, 1)
