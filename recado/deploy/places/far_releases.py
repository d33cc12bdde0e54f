"""The releases in a folder on a server: looked at, prepared, shown and cleared away there, by scripts for any POSIX shell.

releases/20261124T084000Z-k7mf/   what was sent, one folder a deploy
releases/.20261124T084000Z-k7mf/  the same while it is being sent
current -> releases/…             what visitors see: a link, replaced in one step
server/                           what stands beside, and is never served
whose.txt                         for which practice all of it is
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recado.deploy import whose
from recado.deploy.places.release_names import Releases, is_release, releases
from recado.deploy.strange_text import in_one_line
from recado.errors import WorkError
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recado.deploy.places.far_folder import FarFolder

_LOOK = """\
[ -d "$place" ] || return 0
cd -- "$place"
if [ -L current ]; then
    shown=$(readlink current)
    shown=${shown##*/}
    if [ -n "$shown" ] && [ current -ef "releases/$shown" ]; then tell "current $shown"; fi
elif [ -e current ]; then
    tell blocked
fi
for name in releases server; do
    if [ -e "$name" ]; then tell "stands $name"; fi
done
if [ -s whose.txt ]; then tell "whose $(tail -n 1 whose.txt)"; fi
for folder; do
    if [ -d "./$folder" ]; then find "./$folder" ! -type d -exec sha256sum {} +; fi
done 2>/dev/null | while read -r sum file; do tell "beside $sum $file"; done
[ -d releases ] || return 0
ls -A1 releases | while IFS= read -r name; do tell "has $name"; done
for folder in releases/*/*/; do
    [ ! -d "$folder" ] || tell "holds ${folder#releases/}"
done
"""
_THERE = 'cd -- "$place"\n'
# A name is taken away at one stroke, and then what it led to: nobody shows a release that is half removed.
_CLEAR = """\
for name; do
    case $name in
    .gone*) gone=$name ;;
    *) gone=.gone${name#.} && mv -- "releases/$name" "releases/$gone" ;;
    esac
    rm -rf -- "releases/$gone" || :
done
for link in .current-*; do [ ! -L "$link" ] || rm -f -- "$link"; done
"""
_BEGIN = """\
mkdir -p -- "$place"
cd -- "$place"
[ -s whose.txt ] || printf '%s' "$marked" > whose.txt
mkdir -p releases
half="releases/.$name"
case $source in
"") mkdir -- "$half" ;;
.*) cp -al -- "releases/$source" "$half" 2>/dev/null || mkdir -p -- "$half" ;;
*)
    if ! cp -al -- "releases/$source" "$half" 2>/dev/null; then
        rm -rf -- "$half"
        cp -Rp -- "releases/$source" "$half"
    fi
    ;;
esac
"""
_SHOW = """\
sync -f "releases/.$name" 2>/dev/null || sync
link=".current-$name"
ln -sfn "releases/$name" "$link"
mv -- "releases/.$name" "releases/$name"
mv -T -- "$link" current 2>/dev/null || mv -fh -- "$link" current 2>/dev/null || mv -T -- "$link" current
"""


class There(NamedTuple):
    """What a place holds: its releases, and the digests of what stands beside them, by path."""

    releases: Releases
    beside: Mapping[str, str]


def look(far: FarFolder, mark: str, beside: Sequence[str] = ()) -> There:
    """Tell what is there, and in the folders `beside`. `mark` is the practice's.

    Raises WorkError, also where something stands in the way, or another practice's portals do.
    """
    told = [line.partition(" ") for line in far.script(_LOOK, beside)]
    if any(word == "blocked" for word, _blank, _name in told):
        raise WorkError(
            _(
                "{place} holds something called `current` that is no link, where Recado puts a link to what visitors see."
                " Move it away, or name another folder for this place in clients.yml."
            ).format(place=far.name)
        )
    current = next((name for word, _blank, name in told if word == "current"), None)
    _expect_ours(far, mark, current, {word: rest for word, _blank, rest in told})
    sums = (rest.partition(" ") for word, _blank, rest in told if word == "beside")
    return There(
        releases(
            (name for word, _blank, name in told if word == "has"),
            current,
            (name.rstrip("/") for word, _blank, name in told if word == "holds"),
        ),
        {path.removeprefix("./"): digest for digest, _space, path in sums},
    )


def _expect_ours(far: FarFolder, mark: str, current: str | None, told: Mapping[str, str]) -> None:
    if "whose" in told:
        if told["whose"].strip() != mark:
            raise whose.anothers_folder(far.name, f"{far.name}/{whose.FILE}")
    elif "stands" in told and not is_release(current or ""):
        raise WorkError(
            _(
                "{place} holds something called `{name}` that was not made by `recado deploy`. Move it away, or name another"
                " folder for this place in clients.yml."
            ).format(place=far.name, name=in_one_line(told["stands"]))
        )


def clear_away(far: FarFolder, names: tuple[str, ...]) -> None:
    """Remove releases, whole ones and half ones."""
    far.script(_THERE + _CLEAR, names)


def begin(far: FarFolder, name: str, source: str | None, mark: str) -> None:
    """Begin a release, as a copy of another that shares its files, or empty.

    Of one that is half done (with a dot), as much is taken as can be: whoever was at it may still be.
    """
    far.script(_BEGIN, name=name, source=source or "", marked=whose.marked(mark))


def show(far: FarFolder, name: str, surplus: tuple[str, ...]) -> None:
    """Let visitors see a release that was begun, and then clear away what nobody needs any more."""
    far.script(_THERE + _SHOW + _CLEAR, surplus, name=name)
