"""What is added to a page before it is encrypted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from recado.deploy.sealed.pages import is_attached, is_page, page_for_sealing

if TYPE_CHECKING:
    from pathlib import Path

FORGET = {"en": "Forget me", "es": "Olvídame <aquí>"}
FOLDER = "abcdefghijklmnopqrstuvwxyz"


def sealed(content: str, path: str = "index.html") -> str:
    return page_for_sealing(content.encode(), path, FOLDER, FORGET).decode()


@pytest.mark.parametrize(
    ("page", "word"),
    [
        ('<html lang="es"><body></body></html>', "Olvídame &lt;aquí&gt;"),
        ("<html class=no-js lang=es-MX><body></body></html>", "Olvídame &lt;aquí&gt;"),
        ('<html lang="fr"><body></body></html>', "Forget me"),
        ("<html><body></body></html>", "Forget me"),
    ],
)
def test_the_link_speaks_the_language_of_its_page(page: str, word: str) -> None:
    assert f">{word}</a>" in sealed(page)


@pytest.mark.parametrize(("path", "up"), [("index.html", ""), ("pages/a.html", "../"), ("a/b/c.html", "../../")])
def test_it_leads_to_the_door_from_any_depth(path: str, up: str) -> None:
    page = sealed('<html lang="en"><body></body></html>', path)
    assert f'href="{up}door/forget.html#en"' in page
    assert f'src="{up}door/page.js"' in page


def test_it_stands_in_the_pages_own_foot_the_last_one() -> None:
    page = sealed("<body><p></div></footer></p><footer><div>mine</div>\n</footer></div></body></html>")
    assert re.search(r'mine<p class="r-acts"><a [^>]*>Forget me</a></p></div>\n</footer></div><script', page)
    assert page.count("Forget me") == 1


@pytest.mark.parametrize("page", ["<body>text</body>", "text", ""])
def test_a_page_without_a_foot_is_given_one(page: str) -> None:
    assert sealed(page).count('<footer class="r-foot">') == 1


@pytest.mark.parametrize("address", ["/tomillo/", "/", "/portals/of/tomillo/", "https://portal.example/tomillo/"])
def test_the_page_for_what_is_not_there_leads_into_the_folder(address: str) -> None:
    page = sealed(
        f'<link href="{address}assets/portal.css"><a href="{address}index.html">x</a><a href="mailto:m@m.example">y</a>',
        "404.html",
    )
    assert f'<a href="/{FOLDER}/index.html">' in page
    assert f'href="/{FOLDER}/door/forget.html#en"' in page
    assert 'href="mailto:m@m.example"' in page


@pytest.mark.parametrize("client", ["tomillo", "southerly", "hale"])
def test_that_of_every_portal_of_the_demo_does(demo_site: Path, client: str) -> None:
    page = page_for_sealing((demo_site / client / "404.html").read_bytes(), "404.html", FOLDER, FORGET).decode()
    links = re.findall(r'(?:href|src)="([^"]*)"', page)
    assert len(links) > 8
    assert [link for link in links if not link.startswith((f"/{FOLDER}/", "mailto:", "#"))] == []


@pytest.mark.parametrize(
    ("path", "page", "attached"),
    [
        ("index.html", True, False),
        ("requests/tom-31.html", True, False),
        ("requests/index.html", True, False),
        ("requests/tom-31/report.pdf", False, True),
        ("requests/tom-31/page.html", False, True),
        ("assets/portal.css", False, False),
    ],
)
def test_a_page_is_told_from_what_hangs_on_a_request(path: str, *, page: bool, attached: bool) -> None:
    assert (is_page(path), is_attached(path)) == (page, attached)
