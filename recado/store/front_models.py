"""The front matter of tasks and messages as pydantic reads it: for every file that is not plain, with each mistake in it.

Imported only where such a file is read: pydantic takes longer to import than a hundred plain files to read.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from recado.model.address import Person
from recado.model.message import Kind, Verified
from recado.model.quantity import parse_work
from recado.model.ref import Ref, parse_ref
from recado.model.status import Status
from recado.model.written import Line, Truth, from_text
from recado.store.front_values import (
    read_due,
    read_instant,
    read_kind,
    read_person,
    read_sent,
    read_status,
    read_verified,
    read_words,
)

Instant = Annotated[datetime, from_text(read_instant)]
WrittenPerson = Annotated[Person, from_text(read_person)]
Words = Annotated[tuple[str, ...], BeforeValidator(read_words)]


class TaskFront(BaseModel):
    """The front matter of a task; keys the program does not know are kept and ignored."""

    model_config = ConfigDict(frozen=True, extra="allow", arbitrary_types_allowed=True)

    title: Line
    ref: Annotated[Ref, from_text(parse_ref)] | None = None
    status: Annotated[Status, from_text(read_status)] = Status.NEW
    important: Truth = False
    urgent: Truth = False
    service: Line = ""
    received: Instant | None = None
    due: Annotated[date | datetime, from_text(read_due)] | None = None
    estimate: Annotated[int, from_text(parse_work)] | None = None
    requester: WrittenPerson | None = None
    assignee: Line = ""
    message: Line = ""
    merged: Annotated[Ref, from_text(parse_ref)] | None = None


class MessageFront(BaseModel):
    """The front matter of a message. Needed are `from`, `received` and `kind` (DESIGN, section 4)."""

    model_config = ConfigDict(frozen=True, extra="allow", arbitrary_types_allowed=True)

    sender: WrittenPerson = Field(alias="from")
    received: Instant
    kind: Annotated[Kind, from_text(read_kind)]
    message_id: Line = ""
    digest: Line = ""
    to: Words = ()
    date: Annotated[datetime, from_text(read_sent)] | None = None
    subject: Line = ""
    verified: Annotated[Verified, from_text(read_verified)] = Verified.NONE
    flags: Words = ()
    attachments: Words = ()
