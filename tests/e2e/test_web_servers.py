"""Portals behind the real nginx and Caddy, with the configuration as it was made: who gets in, and what they get."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from guarded_place import BESIDE, INSTALLED, PHOTOS, GuardedPlace, demo_site, guarded

from recado.portal.headers import SECURITY_HEADERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from web_server import WebServer

    from recado.deploy.servers.configuration import Kind

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_site(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module", params=INSTALLED)
def running(request: pytest.FixtureRequest, site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    kind: Kind = request.param
    if not INSTALLED[kind]():
        pytest.skip(f"Debian's {kind} is not installed (apt-get install {kind})")
    with guarded(kind, tmp_path_factory.mktemp(kind), site) as (place, server):
        yield place, server


Running = tuple[GuardedPlace, "WebServer"]


def test_every_path_opens_with_its_own_password_and_with_no_other(running: Running) -> None:
    place, server = running
    paths = place.paths("tomillo")
    assert len(paths) > 50
    for path, content in paths.items():
        asked = f"/tomillo/{path}"
        mine = server.ask(asked, place.door("tomillo"))
        assert (mine.status, mine.body) == (200, content), asked
        doors = (
            None,
            place.door("hale"),
            ("tomillo", place.passwords["hale"]),
            ("hale", place.passwords["tomillo"]),
            ("tomillo", ""),
        )
        for door in doors:
            refused = server.ask(asked, door)
            assert refused.status == 401, (asked, door)
            assert refused.headers["WWW-Authenticate"] == 'Basic realm="Portal tomillo"'
            assert "Content-Disposition" not in refused.headers


TRICKS = [
    "//tomillo//{path}",
    "/./tomillo/./{path}",
    "/tomillo/x/../{path}",
    "/tomillo/x/%2e%2e/{path}",
    "/hale/../tomillo/{path}",
    "/hale/%2e%2e/tomillo/{path}",
    "/hale/..%2ftomillo/{path}",
    "/hale/%2e%2e%2ftomillo%2f{path}",
    "/hale%2f..%2ftomillo/{path}",
    "/hale/..%252ftomillo/{path}",
    "/hale/%252e%252e/tomillo/{path}",
    "/hale/..%5ctomillo%5c{path}",
    "/hale\\..\\tomillo\\{path}",
    "/hale/..;/tomillo/{path}",
    "/hale/../../20261124T080000Z-0001/tomillo/{path}",
    "/hale/../../../portals/tomillo/1/{path}",
    "/hale/..%2f..%2f..%2fportals/tomillo/1/{path}",
    "/releases/20261124T080000Z-0001/tomillo/{path}",
    "/portals/tomillo/1/{path}",
    "/current/tomillo/{path}",
    "/tomillo%2f{path}",
    "/%74omillo/{path}",
    "/TOMILLO/{path}",
    "/tomillo./{path}",
    "/tomillo%20/{path}",
    "/tomillo%00/{path}",
    "/tomillo/{path}%00",
    "/tomillo/{path}%00.css",
    "/hale/%00/../../tomillo/{path}",
    "/tomillo/{path}/",
    "/tomillo/{path}.",
    "/tomillo/{path}?hale",
    "/tomillo/{path}%3f",
    "/tomillo;hale/{path}",
    "http://127.0.0.1/tomillo/{path}",
    "http://hale@127.0.0.1/hale/../tomillo/{path}",
]


@pytest.mark.parametrize("trick", TRICKS)
def test_no_way_of_writing_a_path_gets_around_the_password(running: Running, trick: str) -> None:
    place, server = running
    host = f"127.0.0.1:{server.port}"
    for path, content in place.paths("tomillo").items():
        asked = trick.format(path=path).replace("127.0.0.1", host)
        for door in (None, place.door("hale")):
            refused = server.ask(asked, door)
            assert 400 <= refused.status < 500, (asked, door)
            assert content not in refused.body
            assert b"tomillo" not in refused.body.lower()
        mine = server.ask(asked, place.door("tomillo"))
        assert (mine.status == 200 and mine.body == content) or mine.status in {301, 308} or 400 <= mine.status < 500, asked


@pytest.mark.parametrize("method", "HEAD POST PUT PATCH DELETE OPTIONS TRACE PROPFIND COPY MKCOL get FOO".split())
def test_no_method_gets_around_the_password_and_only_reading_is_done(running: Running, method: str) -> None:
    place, server = running
    for door in (None, place.door("hale"), place.door("tomillo")):
        answer = server.ask("/tomillo/index.html", door, method, Content_Length="0")
        if method == "HEAD":
            assert answer.status == (200 if door == place.door("tomillo") else 401)
        else:
            assert answer.status in {400, 405}
        assert b"<html" not in answer.body or answer.status != 200
    assert place.portal("tomillo").joinpath("index.html").is_file()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/index.html",
        "/robots.txt",
        "/nobody/",
        "/nobody",
        "/southerly/",
        "/southerly/index.html",
        "/server/nginx.conf",
        "/server/Caddyfile",
        "/server/passwords/tomillo",
        "/server/passwords/",
        "/passwords/",
        "/releases/",
        "/portals/",
        "/current/",
        "/tomillo/../server/passwords/tomillo",
        "/tomillo/.portal",
        "/tomillo/%2eportal",
        "/tomillo/requests/.hidden/x.html",
        "/.git/config",
        "/.current/tomillo/",
    ],
)
def test_what_is_no_portal_is_not_there_for_anyone(running: Running, path: str) -> None:
    place, server = running
    for door in (None, place.door("hale"), place.door("tomillo")):
        answer = server.ask(path, door)
        assert answer.status == 404
        assert BESIDE not in answer.body


def test_no_folder_is_listed_and_one_with_a_page_shows_it(running: Running) -> None:
    place, server = running
    mine = place.door("tomillo")
    assert server.ask("/tomillo/", mine).body == (place.portal("tomillo") / "index.html").read_bytes()
    assert server.ask("/tomillo/requests/", mine).body == (place.portal("tomillo") / "requests/index.html").read_bytes()
    for folder in ("assets/", "pages/", f"{PHOTOS}/"):
        answer = server.ask(f"/tomillo/{folder}", mine)
        assert answer.status == 404
        assert b"cuencos" not in answer.body
    for path in ("/tomillo", "/tomillo/requests"):
        assert server.ask(path).status == 401
        assert server.ask(path, mine).headers["Location"] == f"{path}/"


def test_what_is_missing_is_told_by_the_portals_own_page_after_the_password(running: Running) -> None:
    place, server = running
    page = (place.portal("tomillo") / "404.html").read_bytes()
    for path in ("nothing", "requests/tom-999.html", f"{PHOTOS}/nothing.pdf", "assets/nothing.12345678.css", "a/b/c/"):
        answer = server.ask(f"/tomillo/{path}", place.door("tomillo"))
        assert (answer.status, answer.body) == (404, page)
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert "Content-Disposition" not in answer.headers
        assert server.ask(f"/tomillo/{path}", place.door("hale")).status == 401


def test_every_answer_has_the_headers_errors_too(running: Running) -> None:
    place, server = running
    asked = [
        "/",
        "/tomillo",
        "/tomillo/",
        "/tomillo/nothing",
        "/tomillo/.portal",
        "/nobody/",
        "/tomillo/%00",
        f"/tomillo/{PHOTOS}/",
    ]
    asked += [f"/tomillo/{path}" for path in place.paths("tomillo")]
    for path in asked:
        for door in (None, place.door("tomillo")):
            for method in ("GET", "HEAD", "POST"):
                answer = server.ask(path, door, method)
                seen = {name: answer.headers.get_all(name) for name in SECURITY_HEADERS}
                assert seen == {name: [value] for name, value in SECURITY_HEADERS.items()}, (path, method)
                assert "Strict-Transport-Security" not in answer.headers  # plain http
                assert "X-Elsewhere" not in answer.headers


def test_what_was_attached_is_saved_and_what_a_browser_would_run_is_bytes(running: Running) -> None:
    place, server = running
    types = {}
    for path in place.paths("tomillo"):
        answer = server.ask(f"/tomillo/{path}", place.door("tomillo"))
        is_attached = path.startswith("requests/tom-") and path.count("/") == 2 and "/thumbnail~" not in path
        assert answer.headers.get("Content-Disposition") == ("attachment" if is_attached else None), path
        types[path.rpartition(".")[2], is_attached] = answer.headers["Content-Type"]
        if is_attached:
            assert answer.headers["Cache-Control"] == "private, no-cache"
    assert {ending for ending, is_attached in types if is_attached} == {"csv", "html", "jpg", "pdf", "svg", "xml"}
    assert {types[ending, True] for ending in ("html", "svg", "xml")} == {"application/octet-stream"}
    assert types["csv", True] == "text/csv"
    assert types["pdf", True] == "application/pdf"
    assert types["jpg", True] == "image/jpeg"
    assert types["html", False] == "text/html; charset=utf-8"
    assert types["css", False] == "text/css; charset=utf-8"
    assert types["js", False] == "text/javascript; charset=utf-8"
    assert types["json", False] == "application/json"
    assert types["svg", False] == "image/svg+xml"
    assert types["webp", False] == "image/webp"


def test_pages_are_asked_for_again_and_what_carries_a_digest_is_kept(running: Running) -> None:
    place, server = running
    mine = place.door("tomillo")
    page = server.ask("/tomillo/index.html", mine)
    assert page.headers["Cache-Control"] == "private, no-cache"
    again = server.ask("/tomillo/index.html", mine, If_None_Match=page.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["Cache-Control"] == "private, no-cache"
    assert server.ask("/tomillo/index.html", mine, If_Modified_Since=page.headers["Last-Modified"]).status == 304
    assert server.ask("/tomillo/index.html", None, If_None_Match=page.headers["ETag"]).status == 401
    (style,) = (path for path in place.paths("tomillo") if path.startswith("assets/main."))
    thumbnail = next(path for path in place.paths("tomillo") if "/thumbnail~" in path)
    for path in (style, thumbnail):
        assert server.ask(f"/tomillo/{path}", mine).headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert "immutable" not in server.ask(f"/tomillo/{path}").headers.get("Cache-Control", "")
    assert server.ask("/tomillo/assets/portal.css", mine).headers["Cache-Control"] == "private, no-cache"


def test_texts_are_packed_on_the_way_and_pictures_are_not(running: Running) -> None:
    place, server = running
    mine = place.door("tomillo")
    for path in ("index.html", "assets/portal.css", "assets/search.js", "assets/search.json"):
        answer = server.ask(f"/tomillo/{path}", mine, Accept_Encoding="gzip")
        assert answer.headers["Content-Encoding"] == "gzip", path
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert gzip.decompress(answer.body) == (place.portal("tomillo") / path).read_bytes()
        again = server.ask(f"/tomillo/{path}", mine, Accept_Encoding="gzip", If_None_Match=answer.headers["ETag"])
        assert again.status == 304
    for path in (f"{PHOTOS}/8c26a459-cuencos-apilados.jpg", "sitemap.xml.gz"):
        assert "Content-Encoding" not in server.ask(f"/tomillo/{path}", mine, Accept_Encoding="gzip").headers


def test_part_of_a_file_is_given(running: Running) -> None:
    place, server = running
    path = f"{PHOTOS}/8c26a459-cuencos-apilados.jpg"
    answer = server.ask(f"/tomillo/{path}", place.door("tomillo"), Range="bytes=100-199")
    assert (answer.status, answer.body) == (206, (place.portal("tomillo") / path).read_bytes()[100:200])
    assert server.ask(f"/tomillo/{path}", place.door("hale"), Range="bytes=100-199").status == 401


def test_another_release_is_seen_at_once_and_whole(running: Running) -> None:
    place, server = running
    mine = place.door("tomillo")
    link = place.base / "releases" / "20261124T080000Z-0001" / "tomillo"
    old = place.base / "portals" / "tomillo" / "0"
    old.mkdir()
    (old / "index.html").write_text("the release before", encoding="utf-8")
    link.unlink()
    link.symlink_to("../../portals/tomillo/0")
    place.switch("20261124T080000Z-0001")
    try:
        assert server.ask("/tomillo/", mine).body == b"the release before"
        assert server.ask("/tomillo/welcome.html", mine).status == 404
        assert server.ask("/tomillo/").status == 401
    finally:
        place.switch("20261124T090000Z-0001")
    assert server.ask("/tomillo/", mine).body != b"the release before"
