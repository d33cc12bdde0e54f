"""How a run stands, in words: a few lines for a person, one for a monitor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from recado.running.judgement import Life, of_place, seconds_since, span_in_words
from recado.speech import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from recado.running.judgement import Wrong
    from recado.running.standing import Standing

_GOOD, _BAD, _NEITHER = "✓", "✗", "-"
_COLOURS = {_GOOD: "green", _BAD: "red"}


def check_line(standing: Standing | None, life: Life, wrong: Sequence[Wrong], now: datetime) -> str:
    """Say in one line whether all is well."""
    if life is not Life.RUNNING or standing is None:
        return _("NOT RUNNING: {said}").format(said=_life_in_words(standing, life, now))
    if not wrong:
        number = len(standing.places)
        words = ngettext("mail, portals and {number} place", "mail, portals and {number} places", number)
        return _("OK: {what}").format(what=words.format(number=number))
    return _("TROUBLE: {what}").format(what=" · ".join(f"{name_in_words(each.what)}: {_one_line(each.said)}" for each in wrong))


def status_lines(standing: Standing | None, life: Life, wrong: Sequence[Wrong], now: datetime) -> Iterator[str]:
    """Say it in a few lines, and what to do next."""
    yield _life_in_words(standing, life, now)
    if standing is None or life is not Life.RUNNING:
        yield _("Start it here: recado run. Have it start by itself: recado service install.")
        return
    facts = dict(_facts(standing, now))
    names = list(facts) + [each.what for each in wrong if each.what not in facts]
    width = max(len(name_in_words(name)) for name in names)
    for name in dict.fromkeys(names):
        troubles = [each.said for each in wrong if each.what == name]
        fact = facts.get(name, ("", ""))
        mark = _BAD if troubles else fact[0]
        said = [*troubles, fact[1]] if fact[1] else troubles
        for number, line in enumerate(line for each in said for line in each.splitlines()):
            head = f"{click.style(mark, fg=_COLOURS.get(mark))} {name_in_words(name).ljust(width)}"
            yield f"{head if number == 0 else ' ' * (width + 2)}  {line}"
    if wrong:
        yield _("What failed is tried again by itself. The log is in .recado/log/run.jsonl.")


def name_in_words(name: str) -> str:
    """Name what a line is about."""
    kind, _gap, own = name.partition(" ")
    words = {
        "run": _("run"),
        "mail": _("mail"),
        "portals": _("portals"),
        "place": _("place {name}"),
        "places": _("places"),
        "job": _("job {name}"),
    }
    return words.get(kind, kind).format(name=own)


def _life_in_words(standing: Standing | None, life: Life, now: datetime) -> str:
    if life is Life.NEVER:
        return _("Nothing runs here, and nothing has yet.")
    if standing is None or life is Life.UNKNOWN:
        return _("What is kept of the run cannot be read: another version of Recado wrote it. Start the run again.")
    if life is Life.ENDED:
        return _("Nothing runs here; the last run ended {time} ago.").format(time=_since(standing.ended, now))
    if life is Life.DIED:
        told = _("Nothing runs here. The last run did not end by itself; it was last heard of {time} ago.")
        return told.format(time=_since(standing.at or standing.since, now))
    told = _("Recado {version} has run for {time} (process {pid}).")
    return told.format(version=standing.version, time=_since(standing.since, now), pid=standing.pid)


def _facts(standing: Standing, now: datetime) -> Iterator[tuple[str, tuple[str, str]]]:
    """Give for each thing a mark, and a sentence on how it stands."""
    mailbox, builds = standing.mailbox, standing.builds
    looked = seconds_since(mailbox.looked, now)
    if looked is None:
        yield "mail", (_NEITHER, _("{address}: not looked through yet").format(address=mailbox.address))
    else:
        told = ngettext(
            "{address}: looked through {time} ago, {number} mail filed since the start",
            "{address}: looked through {time} ago, {number} mails filed since the start",
            mailbox.filed,
        )
        yield "mail", (_GOOD, told.format(address=mailbox.address, time=span_in_words(looked), number=mailbox.filed))
    if builds.busy:
        yield "portals", (_GOOD, _("being built for {time}").format(time=_since(builds.busy, now)))
    elif builds.at:
        told = _("as your files say; looked at {time} ago")
        if builds.everywhere:
            told = _("until this is put right, what was built before stays; looked at {time} ago")
        elif builds.trouble:
            told = _("all others are as your files say; looked at {time} ago")
        yield "portals", (_GOOD, told.format(time=_since(builds.at, now)))
    for name, place in standing.places.items():
        held = seconds_since(place.held, now)
        if place.busy:
            yield of_place(name), (_GOOD, _("being published for {time}").format(time=_since(place.busy, now)))
        elif held is None:
            yield of_place(name), (_NEITHER, _("not published yet"))
        else:
            yield of_place(name), (_GOOD, _("holds what was built; seen {time} ago").format(time=span_in_words(held)))
    if not standing.places:
        yield "places", (_NEITHER, _("clients.yml names none: nothing is published"))


def _since(at: str, now: datetime) -> str:
    return span_in_words(seconds_since(at, now) or 0.0)


def _one_line(text: str) -> str:
    return " ".join(text.split())
