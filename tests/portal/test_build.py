"""The build of a whole practice: what stands in the folders afterwards, and what never does."""

from __future__ import annotations

import hashlib
import pickle
import re
import shutil
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from recado.errors import FileError, WorkError
from recado.portal.build import BuildOptions, build_portal, build_practice
from recado.portal.place import MARKER
from recado.store import exchange
from recado.store.practice_file import load_practice

if TYPE_CHECKING:
    from pathlib import Path

    from recado.store.workspace import Workspace

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)
OPTIONS = BuildOptions(NOW)


def tree(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def test_every_client_has_a_portal_with_its_five_places(built: Workspace) -> None:
    for key in ("southerly", "hale", "tomillo"):
        for place in ("index.html", "requests/index.html", "new.html", "invoices/index.html", "welcome.html", "404.html"):
            assert (built.site / key / place).is_file()
    assert sorted(path.name for path in built.site.iterdir()) == ["hale", "southerly", "tomillo"]


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(built: Workspace) -> None:
    for page in pages(built.site):
        html = page.read_text(encoding="utf-8")
        assert not re.search(r"<[^>]*\sstyle\s*=", html), page
        assert "<style" not in html, page
        assert not re.search(r"<[^>]*\son\w+\s*=", html), page
        assert not re.search(r"<script(?![^>]*\ssrc=)", html), page
        assert not re.search(r"\bsrc(?:set)?=\"(?:https?:)?//", html), page
        assert not re.search(r"<link[^>]+href=\"(?:https?:)?//", html), page
        assert '<meta name="robots" content="noindex, nofollow">' in html, page
        assert "zqx" not in html, page


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        self.found += [value for name, value in attrs if name in {"href", "src"} and value is not None]
        self.ids |= {value for name, value in attrs if name == "id" and value}


def test_every_link_leads_somewhere(built: Workspace) -> None:
    for page in pages(built.site):
        links = Links()
        links.feed(page.read_text(encoding="utf-8"))
        portal = built.site / page.relative_to(built.site).parts[0]
        for link in links.found:
            parts = urlsplit(link)
            if parts.scheme:
                assert parts.scheme in {"http", "https", "mailto", "tel"}, link
                continue
            start = built.site if parts.path.startswith("/") else page.parent
            target = (start / unquote(parts.path).lstrip("/")) if parts.path else page
            assert target.is_file(), f"{page}: {link}"
            assert target.resolve().is_relative_to(portal.resolve()), f"{page}: {link}"
            if parts.fragment and target == page:
                assert parts.fragment in links.ids, f"{page}: {link}"


def test_a_portal_holds_nothing_of_another_client_nor_what_is_private(workspace: Workspace) -> None:
    practice = load_practice(workspace)
    marks = {key: f"marker{number}zebra" for number, key in enumerate(practice.clients)}
    for key, mark in marks.items():
        folder = workspace.client(key)
        for task in folder.tasks.glob("*.md"):
            task.write_text(re.sub(r"^title: (['\"]?)", rf"title: \g<1>{mark} ", task.read_text(), count=1, flags=re.MULTILINE))
        for thread in folder.tasks.iterdir():
            if thread.is_dir():
                (thread / "private.md").write_text("privatezebra")
        (folder.root / "private").mkdir(exist_ok=True)
        (folder.root / "private" / f"privatezebra-{mark}.md").write_text("privatezebra")
        (folder.root / "sent" / "2026").mkdir(parents=True, exist_ok=True)
        (folder.root / "sent" / "2026" / "x.eml").write_text("privatezebra")
    (workspace.sources / "_desk").mkdir(exist_ok=True)
    (workspace.sources / "_desk" / "x.md").write_text("privatezebra")
    assert not build_practice(workspace, practice, OPTIONS).errors
    for key, mark in marks.items():
        everything = b"\n".join(
            [
                file.read_bytes() + str(file.relative_to(workspace.site)).encode()
                for file in (workspace.site / key).rglob("*")
                if file.is_file()
            ]
        )
        assert mark.encode() in everything
        assert b"privatezebra" not in everything
        for other in set(marks.values()) - {mark}:
            assert other.encode() not in everything


def test_the_same_input_gives_the_same_bytes(workspace: Workspace, built: Workspace, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    build_practice(workspace, load_practice(workspace), BuildOptions(NOW, site=elsewhere))
    assert tree(elsewhere) == tree(built.site)
    shutil.rmtree(workspace.state)
    build_practice(workspace, load_practice(workspace), BuildOptions(NOW, site=elsewhere, is_full=True))
    assert tree(elsewhere) == tree(built.site)


def test_a_page_without_a_source_is_gone_after_the_next_build(workspace: Workspace) -> None:
    record = load_practice(workspace).record("tomillo")
    build_portal(workspace, record, OPTIONS)
    own = next(workspace.client("tomillo").pages.glob("*.md"))
    page = workspace.site / "tomillo" / "pages" / f"{own.stem}.html"
    assert page.is_file()
    own.unlink()
    build_portal(workspace, record, OPTIONS)
    assert not page.exists()


def test_a_portal_is_withdrawn_on_the_day_the_work_ends(workspace: Workspace) -> None:
    text = workspace.practice_file.read_text()
    build_practice(workspace, load_practice(workspace), OPTIONS)
    workspace.practice_file.write_text(text.replace("    code: HALE\n", "    code: HALE\n    ended: 2026-11-25\n"))
    assert build_portal(workspace, load_practice(workspace).record("hale"), OPTIONS).folder is not None
    workspace.practice_file.write_text(text.replace("    code: HALE\n", "    code: HALE\n    ended: 2026-11-24\n"))
    result = build_portal(workspace, load_practice(workspace).record("hale"), OPTIONS)
    assert (result.folder, result.pages) == (None, 0)
    assert not (workspace.site / "hale").exists()
    assert workspace.client("hale").root.is_dir()


def test_what_was_not_built_here_is_left_alone(workspace: Workspace) -> None:
    practice = load_practice(workspace)
    gone = workspace.site / "formerclient"
    hers = workspace.site / "notes"
    for folder in (gone, hers):
        folder.mkdir(parents=True)
        (folder / "index.html").write_text("x")
    (gone / MARKER).write_text("x")
    build_practice(workspace, practice, OPTIONS, ["hale"])
    assert gone.exists()
    build_practice(workspace, practice, OPTIONS)
    assert not gone.exists()
    assert (hers / "index.html").read_text() == "x"


def test_what_a_killed_build_left_of_a_client_who_is_gone_is_cleared(workspace: Workspace) -> None:
    left = workspace.site / ".formerclient.new-0badc0de"
    left.mkdir(parents=True)
    (left / "index.html").write_text("their words")
    build_practice(workspace, load_practice(workspace), OPTIONS)
    assert not left.exists()


def test_a_folder_named_for_the_build_is_not_tidied_for_it_may_be_another_practices_too(
    workspace: Workspace, tmp_path: Path
) -> None:
    theirs = tmp_path / "shared" / "theirs"
    theirs.mkdir(parents=True)
    (theirs / MARKER).write_text("x")
    build_practice(workspace, load_practice(workspace), BuildOptions(NOW, site=tmp_path / "shared"))
    assert theirs.is_dir()


def test_a_language_nobody_has_translated_is_told(workspace: Workspace) -> None:
    practice = load_practice(workspace)
    assert [portal.notes for portal in build_practice(workspace, practice, OPTIONS).portals] == [(), (), ()]
    text = workspace.practice_file.read_text()
    workspace.practice_file.write_text(text.replace("language: en", "language: cy", 1))
    result = build_practice(workspace, load_practice(workspace), OPTIONS)
    assert [note for portal in result.portals for note in portal.notes if "site_templates/translations/cy.po" in note]


@pytest.mark.parametrize("name", ["pages/.draft.md", "pages/._how-we-post.md", "invoices/.2026-0099.yml"])
def test_an_editors_and_a_macs_own_files_are_no_pages(workspace: Workspace, name: str) -> None:
    (workspace.client("hale").root / name).parent.mkdir(exist_ok=True)
    (workspace.client("hale").root / name).write_bytes(b"\x00\x05\x16\x07 not text: \xff")
    (workspace.client("hale").root / "pages" / ".#lock.md").symlink_to("marta@desk.1234")
    assert not build_practice(workspace, load_practice(workspace), OPTIONS, ["hale"]).errors


def test_a_client_folder_that_is_not_there_does_not_empty_the_portal(workspace: Workspace) -> None:
    practice = load_practice(workspace)
    build_practice(workspace, practice, OPTIONS)
    before = tree(workspace.site / "hale")
    away = workspace.client("hale").root.rename(workspace.root / "away")
    result = build_practice(workspace, practice, OPTIONS)
    assert (result.kept, [portal.key for portal in result.portals]) == (("hale",), ["southerly", "tomillo"])
    assert "portal_src/hale is not there" in str(result.errors[0])
    assert tree(workspace.site / "hale") == before
    away.rename(workspace.client("hale").root)
    assert not build_practice(workspace, practice, OPTIONS).errors


def test_a_folder_of_someone_elses_in_the_way_is_told_and_kept(workspace: Workspace) -> None:
    (workspace.site / "hale").mkdir(parents=True)
    (workspace.site / "hale" / "index.html").write_text("hers")
    with pytest.raises(WorkError, match="in the way"):
        build_portal(workspace, load_practice(workspace).record("hale"), OPTIONS)
    assert (workspace.site / "hale" / "index.html").read_text() == "hers"
    assert [path.name for path in workspace.site.iterdir()] == ["hale"]


def test_a_mistake_leaves_the_old_portal_and_stops_no_other(workspace: Workspace) -> None:
    practice = load_practice(workspace)
    build_practice(workspace, practice, OPTIONS)
    before = tree(workspace.site / "hale")
    broken = next(workspace.client("hale").tasks.glob("*.md"))
    broken.write_text(broken.read_text().replace("status: ", "status: un", 1))
    result = build_practice(workspace, practice, OPTIONS)
    (error,) = result.errors
    assert isinstance(error, FileError)
    assert broken.name in str(error)
    assert {portal.key for portal in result.portals} == {"southerly", "tomillo"}
    assert tree(workspace.site / "hale") == before


def test_a_build_that_dies_leaves_the_old_portal_and_the_next_one_tidies(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = load_practice(workspace).record("hale")
    build_portal(workspace, record, OPTIONS)
    before = tree(workspace.site / "hale")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(exchange, "put_in_place", die)
        patch.setattr(shutil, "rmtree", lambda *_, **__: None)
        with pytest.raises(KeyboardInterrupt):
            build_portal(workspace, record, BuildOptions(NOW, is_full=True))
    assert tree(workspace.site / "hale") == before
    assert len(list(workspace.site.iterdir())) == 2
    build_portal(workspace, record, OPTIONS)
    assert [path.name for path in workspace.site.iterdir()] == ["hale"]


def test_a_disk_that_refuses_is_an_error_in_words(workspace: Workspace) -> None:
    workspace.site.write_text("a file where the folder should be")
    result = build_practice(workspace, load_practice(workspace), OPTIONS, ["hale"])
    assert "could not be written" in str(result.errors[0])
    assert "Errno" not in str(result.errors[0])


def test_nobody_is_asked_to_question_an_invoice_while_there_are_none(workspace: Workspace) -> None:
    practice, page = load_practice(workspace), workspace.site / "hale" / "invoices" / "index.html"
    build_practice(workspace, practice, OPTIONS, ["hale"])
    assert "Ask me before you pay" in page.read_text(encoding="utf-8")
    for invoice in workspace.client("hale").root.glob("invoices/*.yml"):
        invoice.unlink()
    build_practice(workspace, practice, OPTIONS, ["hale"])
    assert "There are no invoices yet." in page.read_text(encoding="utf-8")
    assert "Ask me before you pay" not in page.read_text(encoding="utf-8")


def test_a_withheld_message_leaves_neither_text_nor_file(workspace: Workspace) -> None:
    folder = workspace.client("tomillo")
    thread = next(path for path in sorted(folder.tasks.iterdir()) if path.is_dir() and list(path.glob("2*.md")))
    (thread / "20261123T090000Z-deadbeef.md").write_text(
        "---\nmessage_id: <x@evil.example>\nfrom: Lucía Ferrer <lucia@casatomillo.example>\nto: [requests@marta.example]\n"
        "received: 2026-11-23T09:00:00Z\nkind: reply\nverified: fail\nattachments: [deadbeef-zebra.txt]\n---\n"
        "our account is zebra\n"
    )
    (thread / "files").mkdir(exist_ok=True)
    (thread / "files" / "deadbeef-zebra.txt").write_text("zebra")
    build_portal(workspace, load_practice(workspace).record("tomillo"), OPTIONS)
    for file in (workspace.site / "tomillo").rglob("*"):
        assert "zebra" not in file.name
        assert not file.is_file() or b"zebra" not in file.read_bytes()


def test_the_page_for_a_wrong_address_works_at_any_address(built: Workspace) -> None:
    html = (built.site / "hale" / "404.html").read_text()
    assert 'href="/hale/assets/portal.css"' in html
    assert 'href="/hale/index.html"' in html


def test_a_logo_and_a_font_of_the_practices_own_are_used(workspace: Workspace) -> None:
    (workspace.root / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (workspace.root / "mine.woff2").write_bytes(b"font")
    text = workspace.practice_file.read_text()
    branded = text.replace('brand: {colour: "#1f6f5c"}', 'brand: {colour: "#1f6f5c", logo: logo.svg, font: mine.woff2}')
    workspace.practice_file.write_text(branded)
    build_portal(workspace, load_practice(workspace).record("hale"), OPTIONS)
    portal = workspace.site / "hale"
    assert '<img class="r-logo" src="assets/logo.svg" alt="">' in (portal / "index.html").read_text()
    assert (portal / "assets" / "font.woff2").read_bytes() == b"font"
    assert "font.woff2" in (portal / "assets" / "brand.css").read_text()


@pytest.mark.parametrize("logo", ["missing.png", "../outside.png", "clients.yml"])
def test_a_logo_that_cannot_be_used_is_told(workspace: Workspace, logo: str) -> None:
    (workspace.root.parent / "outside.png").write_bytes(b"x")
    text = workspace.practice_file.read_text().replace('brand: {colour: "#1f6f5c"}', f"brand: {{logo: {logo}}}")
    workspace.practice_file.write_text(text)
    with pytest.raises(FileError, match=re.escape(logo)):
        build_portal(workspace, load_practice(workspace).record("hale"), OPTIONS)


def test_what_a_build_is_given_travels_to_another_process(workspace: Workspace) -> None:
    given = (workspace, load_practice(workspace).record("hale"), OPTIONS)
    there = pickle.loads(pickle.dumps(given))  # noqa: S301 (our own bytes)
    result = build_portal(*there)
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 (our own bytes)


def test_the_workspaces_own_templates_stand_before_the_programs(workspace: Workspace) -> None:
    (workspace.root / "site_templates" / "assets").mkdir(parents=True)
    (workspace.root / "site_templates" / "assets" / "portal.css").write_text("/* hers */")
    (workspace.root / "site_templates" / "shells").mkdir()
    (workspace.root / "site_templates" / "shells" / "missing.md.j2").write_text(
        '---\ntitle: x\n---\n<p>Her own words. <a href="{{ slot("home") }}">home</a></p>\n'
    )
    build_portal(workspace, load_practice(workspace).record("hale"), OPTIONS)
    assert (workspace.site / "hale" / "assets" / "portal.css").read_text() == "/* hers */"
    assert "Her own words." in (workspace.site / "hale" / "404.html").read_text()
