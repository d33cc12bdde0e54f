"""What the front matter of tasks and messages says, value by value: each is read from its text, or refused in words.

A function here raises ValueError("expected …"); who reads the file adds where it stands and what stood there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.model.address import Person, parse_person
from recado.model.instant import in_our_times, parse_due, parse_instant
from recado.model.message import Kind, Verified
from recado.model.status import Status

if TYPE_CHECKING:
    from datetime import date, datetime


def read_status(text: str) -> Status:
    """Read a status, in any case."""
    try:
        return Status(text.strip().lower())
    except ValueError as error:
        raise ValueError("expected one of new, accepted, doing, waiting, review, approval, done, cancelled") from error


def read_due(text: str) -> date | datetime:
    """Read a due date: a day, or an instant in UTC."""
    try:
        return in_our_times(parse_due(text))
    except ValueError as error:
        raise ValueError("expected a day such as 2026-11-28, or a day and time with its zone") from error


def read_instant(text: str) -> datetime:
    """Read an instant of the years people work in, in UTC."""
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
    """Read a person leniently: a name alone is a person too, for a task the VA writes by hand."""
    if not text.strip():
        raise ValueError("expected a person such as Jane Doe <jane@acme.example>")
    try:
        return parse_person(text)
    except ValueError:
        return Person(text.strip(), "")


def read_kind(text: str) -> Kind:
    """Read what a message is in its thread."""
    try:
        return Kind(text)
    except ValueError as error:
        raise ValueError("expected one of request, reply, command, outgoing, note") from error


def read_verified(text: str) -> Verified:
    """Read how far a message's sender can be believed."""
    try:
        return Verified(text)
    except ValueError as error:
        raise ValueError("expected one of pass, fail, none, accepted, rejected") from error


def read_words(value: object) -> object:
    """Take one word for a list of one; a list is given back as it is."""
    return (value,) if isinstance(value, str) and value else () if value == "" else value
