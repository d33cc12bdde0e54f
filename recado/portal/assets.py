"""What a portal's pages need besides themselves: stylesheets, scripts, the mark, a logo, a font.

All of it is copied into the portal: nothing comes from another host.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.errors import FileError, Problem
from recado.portal.brand import brand_css, mark_svg
from recado.portal.file_digests import file_digest, folder_digests
from recado.portal.program import digest_of
from recado.portal.theme import theme_stylesheet
from recado.resources import program_templates
from recado.speech import _
from recado.store.workspace import PRACTICE_FILE

if TYPE_CHECKING:
    from pathlib import Path

    from recado.model.practice import ClientRecord
    from recado.portal.brand import Palette
    from recado.store.workspace import Workspace

_PICTURES = frozenset({".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif"})


def assets(workspace: Workspace, record: ClientRecord, colours: Palette) -> dict[str, bytes]:
    """Give the files of `assets/` by their names.

    A file of the workspace's own `site_templates/assets` stands before the program's of the same name. Raises FileError where
    the logo or the font that clients.yml names cannot be used.
    """
    logo, font = _told(record, "logo"), _told(record, "font")
    made = {theme_stylesheet().name: theme_stylesheet().read_bytes()}
    for folder in (program_templates(), workspace.templates):
        if folder is not None and (folder / "assets").is_dir():
            made |= {file.name: file.read_bytes() for file in sorted((folder / "assets").iterdir()) if file.is_file()}
    made["brand.css"] = brand_css(colours, font="font.woff2" if font else None).encode()
    made["mark.svg"] = mark_svg(colours).encode()
    if logo:
        made[f"logo{_suffix(logo)}"] = _beside(workspace, logo, _PICTURES)
    if font:
        made["font.woff2"] = _beside(workspace, font, frozenset({".woff2"}))
    return made


def assets_inputs(workspace: Workspace, record: ClientRecord, colours: Palette) -> bytes:
    """Give a digest of all that the files of `assets/` depend on. A file is read where its stamp changed. Raises nothing."""
    told = [repr(colours), *_file_told(theme_stylesheet())]
    for folder in (program_templates(), workspace.templates):
        if folder is not None:
            told += ["folder", *folder_digests(str(folder / "assets"), "assets")]
    for name in (_told(record, "logo"), _told(record, "font")):
        told += ["brand", *(_file_told(workspace.root / name) if name else ())]
    return bytes.fromhex(digest_of(*told))


def logo_name(record: ClientRecord) -> str | None:
    """Give the logo's name among the assets; None where there is none, and the initials stand in its place."""
    logo = _told(record, "logo")
    return f"logo{_suffix(logo)}" if logo else None


def _file_told(file: Path) -> tuple[str, str]:
    try:
        return file.name, file_digest(str(file))
    except OSError:
        return file.name, ""  # what cannot be read is told by who reads it


def _told(record: ClientRecord, what: str) -> str | None:
    """Give what the client's brand says, else the practice's."""
    told: str | None = getattr(record.client.brand, what) or getattr(record.business.brand, what)
    return told


def _suffix(name: str) -> str:
    return f".{name.rpartition('.')[2].lower()}"


def _beside(workspace: Workspace, name: str, suffixes: frozenset[str]) -> bytes:
    """Read a file that clients.yml names. It has to be a file of the workspace, and of a type that is meant."""
    file: Path = (workspace.root / name).resolve()
    if _suffix(name) not in suffixes:
        said = _("the brand's file {name} is of no type that can be used; expected one of {types}")
        raise FileError([Problem(PRACTICE_FILE, 1, said.format(name=name, types=", ".join(sorted(suffixes))))])
    if not file.is_relative_to(workspace.root.resolve()) or not file.is_file():
        said = _("the brand's file {name} is not there; expected a file beside clients.yml")
        raise FileError([Problem(PRACTICE_FILE, 1, said.format(name=name))])
    return file.read_bytes()
