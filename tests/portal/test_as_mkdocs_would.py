"""What is published is what MkDocs itself would have published: every page's document tree, and the sitemap."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from document_tree import document_tree, first_difference
from plain_mkdocs import PLACES, build_plainly, published_plainly
from portal_builds import build

from recado.portal.sitemap import PACKED, SITEMAP, packed, sitemap
from recado.portal.thumbnails import with_thumbnails
from recado.store.client_work import load_client_work
from recado.store.practice_file import load_practice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from recado.store.workspace import Workspace

NOW = datetime(2026, 11, 24, 23, 40, tzinfo=UTC)  # in Madrid and Sydney it is the 25th already
_EMPTY = "  void:\n    code: VOID\n    name: <Void> & Sons\n    contacts: [{name: Jane, email: jane@void.example}]\n"
_HOSTILE = "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; {{ config }} zqxtitlezqx \\1 %s"
SAMPLES = ("southerly", "hale", "tomillo", "void", "hostile")


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory, demo_copied: Callable[[Path], Workspace]) -> Workspace:
    """Give the demo's clients, one who has nothing yet, and one who writes what templates would trip over; built quickly."""
    workspace = demo_copied(tmp_path_factory.mktemp("quick"))
    text = workspace.practice_file.read_text(encoding="utf-8")
    more = _EMPTY + _EMPTY.replace("void", "hostile").replace("VOID", "HOST").replace("Void", "H'\"")
    workspace.practice_file.write_text(text.rstrip("\n") + "\n" + more, encoding="utf-8")
    tasks = workspace.client("hostile").root / "tasks"
    thread = tasks / "0001-x"
    thread.mkdir(parents=True)
    (tasks / "0001-x.md").write_text(
        f"---\nref: HOST-1\ntitle: '{_HOSTILE}'\nstatus: new\nreceived: 2026-11-20T08:00:00Z\n---\n{_HOSTILE}\n",
        encoding="utf-8",
    )
    (thread / "20261120T080000Z-7f3a91c2.md").write_text(
        "---\nmessage_id: <1@host.example>\nfrom: Jane <jane@hostile.example>\nreceived: 2026-11-20T08:00:00Z\nkind: request\n"
        f"verified: pass\n---\n# {_HOSTILE}\n\n    <b>&amp;\n\n<script>alert(1)</script> *{_HOSTILE}*\n",
        encoding="utf-8",
    )
    assert not build(workspace.root, NOW).errors
    return workspace


def plainly(workspace: Workspace, key: str, folder: Path, patch: pytest.MonkeyPatch) -> Path:
    client = workspace.client(key)
    work = load_client_work(client, load_practice(workspace).record(key))
    threads = tuple(with_thumbnails(client, thread, workspace.state / "thumbnails") for thread in work.threads)
    return published_plainly(replace(work, threads=threads), NOW, folder, patch)


def pages(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.html"))}


def differences(quick: dict[str, str], plain: dict[str, str]) -> list[str]:
    alone = [f"{url}: in one of them only" for url in sorted(quick.keys() ^ plain.keys())]
    both = sorted(quick.keys() & plain.keys())
    told = {url: first_difference(document_tree(quick[url]), document_tree(plain[url])) for url in both}
    return alone + [f"{url}: {difference}" for url, difference in told.items() if difference]


@pytest.mark.parametrize("key", SAMPLES)
def test_what_is_published_is_what_mkdocs_would_have_published(
    practice: Workspace, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, quick = plainly(practice, key, tmp_path, monkeypatch), practice.site / key
    assert differences(pages(quick), pages(plain)) == []
    assert (quick / SITEMAP).read_bytes() == (plain / SITEMAP).read_bytes()
    assert gzip.decompress((quick / PACKED).read_bytes()) == (plain / SITEMAP).read_bytes()
    assert f"<loc>https://portal.marta.example/{key}/index.html</loc>".encode() in (plain / SITEMAP).read_bytes()
    assert {*PLACES, "404.html"} <= pages(plain).keys()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<h1", "<h2"),
        ('class="r-', 'class="q-'),
        (' aria-current="page"', ""),
        ("</article>", "<p></p></article>"),
        ("</main>", ""),
        ("<title>", "<title> "),
        ("<meta ", "<meta a "),
    ],
)
def test_a_page_that_differs_is_noticed(practice: Workspace, old: str, new: str) -> None:
    built = pages(practice.site / "hale")
    altered = built | {"index.html": built["index.html"].replace(old, new, 1)}
    assert altered != built
    assert len(differences(altered, built)) == 1
    assert differences(built, built) == []


def test_a_page_too_many_or_too_few_is_noticed(practice: Workspace) -> None:
    built = pages(practice.site / "hale")
    assert differences(built | {"more.html": ""}, built) == ["more.html: in one of them only"]
    assert differences(built, built | {"more.html": ""}) == ["more.html: in one of them only"]


def test_the_order_of_attributes_makes_no_difference() -> None:
    assert document_tree('<p id="a" class=b>') == document_tree("<p class='b' id='a'>")
    assert document_tree("<p id=a>") != document_tree("<p id=b>")


# Names that a tree of files sorts otherwise than a list of addresses, and that an address cannot hold as they are.
ODD = (
    "index.html",
    "404.html",
    "Zebra.html",
    "a-b.html",
    "a.html",
    "a.j.html",
    "a/z.html",
    "a/index.html",
    "a/Año & ‘mañana’.html",
    "a/b/c.html",
    "a/b/index.html",
    "ab/it's 100%.html",
    "a b/x+y~z@(1).html",
)


@pytest.mark.parametrize(
    "address", ["https://portal.marta.example/x/", "https://u.example/ñ&'/x/", "http://a.example:81/x", None]
)
def test_the_sitemap_is_the_one_mkdocs_writes(address: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = {url: "---\ntitle: x\n---\nx\n" for url in ODD if url != "404.html"}
    site = build_plainly(tmp_path, sources, address, NOW, monkeypatch)
    expected = (site / SITEMAP).read_bytes()
    assert sitemap(ODD, address, NOW.date()) == expected
    assert sitemap(reversed(ODD), address, NOW.date()) == expected
    assert expected.count(b"<url>") == (len(sources) if address else 0)


def test_a_packed_sitemap_tells_neither_its_name_nor_a_time() -> None:
    content = sitemap(["index.html"], "https://a.example/", NOW.date())
    assert gzip.decompress(packed(content)) == content
    assert packed(content)[3:8] == bytes(5)  # RFC 1952, 2.3: no flags (so no name), and no time
