"""The VA's own pages: plain Markdown through the site generator, links resolved, then cleaned and filled like any other.

They may use what Material can do without a script: tables, admonitions and what folds, footnotes, definition lists,
abbreviations, lists of tasks, keys, and marked, inserted, deleted, raised and lowered words.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from markupsafe import Markup

from recado import __version__
from recado.errors import WorkError
from recado.portal.file_digests import file_digest
from recado.portal.page import Page
from recado.portal.theme import generator_versions
from recado.speech import _
from recado.store.atomic import write_whole
from recado.store.sealed import sealed, unsealed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from recado.model.client_work import OwnPage
    from recado.speech import Catalogue

# What makes their content of a text, the allow-list with it: another one makes it anew.
_MAKERS = ("own_run.py", "body.py", "generator.py", "addresses.py", "mail_pictures.py")

_HERE = Path(__file__).parent

KIND = "own"
URL = "pages/any.html"  # where such a page stands


class Own(NamedTuple):
    """What the page shows: what the VA wrote, cleaned, under a heading of its own where she wrote none."""

    content: Markup


def own_pages(
    pages: Sequence[OwnPage], words: Catalogue, urls: Iterable[str] = (), cache: Path | None = None
) -> tuple[Page, ...]:
    """Make the VA's own pages of one client. `urls` are the portal's other pages, to which hers may link.

    `cache` is a folder of this client's alone, where they are kept for the next build: it may be empty, broken or gone. Raises
    WorkError that names the page and the link, where one leads nowhere.
    """
    if not pages:
        return ()
    if {"README", "index"} <= {page.slug for page in pages}:  # the generator would leave one of them out
        raise WorkError(_("pages/README.md: index.md stands beside it, and both would be the first page. Rename one of them."))
    meant = _meant(pages, urls)
    kept = cache / f"{own_pages_inputs(pages, words, meant).hex()}.json" if cache else None
    contents = _read(kept, pages) if kept else None
    if contents is None:
        from recado.portal.own_run import own_contents  # noqa: PLC0415 (late: Markdown, the allow-list, the generator)

        contents = own_contents(pages, meant, *_words(words))
        _keep(kept, contents)
    return tuple(
        Page(
            KIND,
            f"pages/{page.slug}.html",
            page.title,
            page.title,
            Own(Markup(contents[page.slug])),  # noqa: S704 (cleaned by the allow-list before it was kept)
        )
        for page in pages
    )


def own_pages_inputs(pages: Sequence[OwnPage], words: Catalogue, urls: Iterable[str] = ()) -> bytes:
    """Give a digest of all that the VA's own pages depend on: their texts, our words in them, and the pages they may mean.

    What makes them counts by its content: an allow-list that was mended cleans again what an earlier one let through.
    """
    told: list[object] = [__version__, generator_versions(), *_words(words)]
    told += [file_digest(str(_HERE / name)) for name in _MAKERS]
    told += [[page.slug, page.title, page.text] for page in pages]
    told.append(_meant(pages, urls))
    return hashlib.blake2b(json.dumps(told).encode(), digest_size=16).digest()


def _words(words: Catalogue) -> tuple[str, str]:
    """Give what the generator says in the reader's language: of a picture elsewhere, and of the way back from a footnote."""
    return (
        words.gettext("Picture on another server: {host}"),
        words.gettext("Back to where footnote {number} stands").format(number="{}"),
    )


def _meant(pages: Sequence[OwnPage], urls: Iterable[str]) -> list[str]:
    """Leave out the pages that no text can link to: their names are in none, however a link may write them."""
    texts = "\0".join(page.text for page in pages)
    texts += unquote(texts.replace("\\", ""))
    return sorted(url for url in set(urls) if url.rpartition("/")[2].removesuffix(".html") in texts)


def _read(file: Path, pages: Sequence[OwnPage]) -> dict[str, str] | None:
    try:
        kept = json.loads(unsealed(file.read_bytes()))
        return {page.slug: str(kept[page.slug]) for page in pages}
    except (OSError, ValueError, KeyError, TypeError):
        return None  # gone, or not whole: they are made again


def _keep(file: Path | None, contents: Mapping[str, str]) -> None:
    """Keep them in place of those kept before. What cannot be kept costs time, nothing else; a power cut may lose it."""
    if file is None:
        return
    with suppress(OSError):
        write_whole(file, sealed(json.dumps(contents).encode()), is_lasting=False)
        for old in file.parent.glob("*.json"):
            if old != file:
                old.unlink()
