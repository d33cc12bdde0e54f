"""Whether a run is well, from how it stands. Pure: values in, what is wrong out."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from recado.speech import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recado.running.standing import PlaceStands, Standing

_SILENT_SECONDS = 180  # the report is written every 20 seconds at least
_UNLOOKED_SECONDS = 900  # the inbox is looked through every two minutes at least
_BUILDING_SECONDS = 1800
_PUBLISHING_SECONDS = 3600
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


class Life(StrEnum):
    """Whether it runs."""

    NEVER = "never"
    RUNNING = "running"
    ENDED = "ended"
    DIED = "died"
    UNKNOWN = "unknown"  # what it keeps is another version's


class Wrong(NamedTuple):
    """One thing that is wrong: with what (`run`, `mail`, `portals`, `place NAME`, `job NAME`), and what."""

    what: str
    said: str


def life_of(standing: Standing | None, *, is_running: bool, is_kept: bool) -> Life:
    """Tell whether it runs. `is_running`: its lock is held; `is_kept`: something was kept, readable or not."""
    if standing is None:
        return Life.UNKNOWN if is_running or is_kept else Life.NEVER
    if is_running:
        return Life.RUNNING
    return Life.ENDED if standing.ended else Life.DIED


def wrongs(standing: Standing, now: datetime) -> tuple[Wrong, ...]:
    """List what is wrong with a run that lives."""
    return tuple(_wrongs(standing, now))


def is_hanging(standing: Standing, now: datetime) -> bool:
    """Tell whether mail or builds stand still in the middle of their work: only a new start helps."""
    mailbox, busy = standing.mailbox, standing.builds.busy
    is_mail_still = not mailbox.trouble and _seconds(mailbox.looked or standing.since, now) > _UNLOOKED_SECONDS
    return is_mail_still or (bool(busy) and _seconds(busy, now) > _BUILDING_SECONDS)


def _wrongs(standing: Standing, now: datetime) -> Iterator[Wrong]:
    silent = _seconds(standing.at or standing.since, now)
    if silent > _SILENT_SECONDS:
        yield Wrong("run", _("it has said nothing for {time}; it may hang").format(time=span_in_words(silent)))
    if standing.trouble:
        yield Wrong("run", standing.trouble)
    yield from _mail_wrongs(standing, now)
    builds = standing.builds
    for line in dict.fromkeys([*builds.everywhere, *(line for lines in builds.trouble.values() for line in lines)]):
        yield Wrong("portals", line)
    if builds.busy and (busy := _seconds(builds.busy, now)) > _BUILDING_SECONDS:
        yield Wrong("portals", _("a build has been at work for {time}").format(time=span_in_words(busy)))
    for name, place in standing.places.items():
        yield from _place_wrongs(of_place(name), place, now)
    for name, job in standing.jobs.items():
        if job.trouble:
            yield Wrong(f"job {name}", job.trouble)


def of_place(name: str) -> str:
    """Give what is told of a place; it may be called `mail`."""
    return f"place {name}"


def _mail_wrongs(standing: Standing, now: datetime) -> Iterator[Wrong]:
    mailbox = standing.mailbox
    if mailbox.trouble:
        yield Wrong("mail", mailbox.trouble)
        return
    unlooked = _seconds(mailbox.looked or standing.since, now)
    if unlooked > _UNLOOKED_SECONDS:
        yield Wrong("mail", _("the inbox has not been looked through for {time}").format(time=span_in_words(unlooked)))


def _place_wrongs(name: str, place: PlaceStands, now: datetime) -> Iterator[Wrong]:
    if place.trouble:
        yield Wrong(name, place.trouble)
    elif place.busy and (busy := _seconds(place.busy, now)) > _PUBLISHING_SECONDS:
        yield Wrong(name, _("publishing has been at work for {time}").format(time=span_in_words(busy)))


def span_in_words(seconds: float) -> str:
    """Write how long something took, in one unit."""
    if seconds < _MINUTE:
        return ngettext("{number} second", "{number} seconds", int(seconds)).format(number=int(seconds))
    if seconds < _HOUR:
        return ngettext("{number} minute", "{number} minutes", int(seconds // _MINUTE)).format(number=int(seconds // _MINUTE))
    if seconds < 2 * _DAY:
        return ngettext("{number} hour", "{number} hours", int(seconds // _HOUR)).format(number=int(seconds // _HOUR))
    return ngettext("{number} day", "{number} days", int(seconds // _DAY)).format(number=int(seconds // _DAY))


def seconds_since(at: str, now: datetime) -> float | None:
    """Give how long ago an instant of the report was; None where there was none."""
    return _seconds(at, now) if at else None


def _seconds(at: str, now: datetime) -> float:
    """Give the seconds since an instant; an instant that is none is as long ago as can be."""
    try:
        return max(0.0, (now - datetime.fromisoformat(at)).total_seconds())
    except (ValueError, TypeError):
        return now.astimezone(UTC).timestamp()
