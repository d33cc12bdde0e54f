"""What a deploy says: a line a place, the files where they are asked for, and the same for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recado.cli.build_words import seconds_in_words
from recado.deploy.strange_text import in_one_line
from recado.speech import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recado.deploy.publishing import PlaceResult

_THOUSAND, _NAMED = 1000, 3


def result_in_words(result: PlaceResult, *, is_dry: bool) -> str:
    """Say in one line what was sent to a place, or would be; and in a second what another hand had changed there."""
    sent = result.sent
    new = len(sent.added) + len(sent.changed)
    said = [ngettext("{number} portal", "{number} portals", len(result.portals)).format(number=len(result.portals))]
    if sent.is_nothing and not sent.beside:
        said.append(_("nothing changed"))
    elif sent.is_nothing:
        said.append(_("only what the web server asks for changed"))
    elif is_dry:
        said.append(ngettext("{number} file to send", "{number} files to send", new).format(number=new))
        said.append(ngettext("{number} to remove", "{number} to remove", len(sent.removed)).format(number=len(sent.removed)))
    else:
        said.append(ngettext("{number} file sent", "{number} files sent", new).format(number=new))
        if sent.removed:
            said.append(ngettext("{number} removed", "{number} removed", len(sent.removed)).format(number=len(sent.removed)))
    if new:
        said.append(size_in_words(sent.size))
    line = f"{result.place}: {', '.join(said)}, {seconds_in_words(result.seconds)}"
    if not sent.altered:
        return line
    names = ", ".join(map(in_one_line, sent.altered[:_NAMED])) + (", …" if len(sent.altered) > _NAMED else "")
    if is_dry:
        told = _("{place}: changed there by another hand: {files}. A deploy puts it right.")
    else:
        told = _("{place}: changed there by another hand, and put right: {files}.")
    return f"{line}\n{told.format(place=result.place, files=names)}"


def changes_in_words(result: PlaceResult) -> Iterator[str]:
    """List each file that would be sent or removed."""
    for sign, paths in (("+", result.sent.added), ("~", result.sent.changed), ("-", result.sent.removed)):
        for path in paths:
            yield f"{sign} {result.place}: {in_one_line(path)}"


def as_data(result: PlaceResult) -> dict[str, Any]:
    """Give for programs what became of a place."""
    sent = result.sent
    return {
        "place": result.place,
        "portals": list(result.portals),
        "added": list(sent.added),
        "changed": list(sent.changed),
        "removed": list(sent.removed),
        "altered": list(sent.altered),
        "beside": list(sent.beside),
        "bytes": sent.size,
        "seconds": round(result.seconds, 3),
        "notes": list(result.notes),
    }


def size_in_words(size: int) -> str:
    """Write a number of bytes as people read it."""
    if size < _THOUSAND:
        return f"{size} B"
    if size < _THOUSAND * _THOUSAND:
        return f"{round(size / _THOUSAND)} kB"
    return f"{size / _THOUSAND / _THOUSAND:.1f} MB"
