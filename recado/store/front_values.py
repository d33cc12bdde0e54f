"""The values of front matter, each read from the text that stands behind its key; a refusal says what is expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.model.address import Person, parse_person
from recado.model.instant import in_our_times, parse_due, parse_instant
from recado.model.message import Kind, Verified
from recado.model.status import Status

if TYPE_CHECKING:
    from datetime import date, datetime


def read_status(text: str) -> Status:
    """Read a task's status. Raises ValueError."""
    try:
        return Status(text.strip().lower())
    except ValueError as error:
        raise ValueError("expected one of new, accepted, doing, waiting, review, approval, done, cancelled") from error


def read_due(text: str) -> date | datetime:
    """Read until when a task is due. Raises ValueError."""
    try:
        return in_our_times(parse_due(text))
    except ValueError as error:
        raise ValueError("expected a day such as 2026-11-28, or a day and time with its zone") from error


def read_instant(text: str) -> datetime:
    """Read when something was received. Raises ValueError."""
    try:
        return in_our_times(parse_instant(text))
    except ValueError as error:
        raise ValueError("expected an instant such as 2026-11-24T08:12:09Z") from error


def read_sent(text: str) -> datetime:
    """Read what a mail says of itself: any year, for it is the sender's word, and nothing is counted from it."""
    try:
        return parse_instant(text)
    except ValueError as error:
        raise ValueError("expected an instant such as 2026-11-24T08:12:09Z") from error


def read_person(text: str) -> Person:
    """Read a requester leniently: a name alone is a person too, for a task the VA writes by hand. Raises ValueError."""
    if not text.strip():
        raise ValueError("expected a person such as Jane Doe <jane@acme.example>")
    try:
        return parse_person(text)
    except ValueError:
        return Person(text.strip(), "")


def read_kind(text: str) -> Kind:
    """Read what a message is in its thread. Raises ValueError."""
    try:
        return Kind(text)
    except ValueError as error:
        raise ValueError("expected one of request, reply, command, outgoing, note") from error


def read_verified(text: str) -> Verified:
    """Read what was said of a message's sender. Raises ValueError."""
    try:
        return Verified(text)
    except ValueError as error:
        raise ValueError("expected one of pass, fail, none, accepted, rejected") from error
