"""What a mail made by the portal's form says in its lines: by when, how much it matters, which service. Pure.

The form (`site_templates/shells/ask.md.j2`) writes `Field: value` lines in the client's language; so may a hand. Free words in
a field are for the VA to read: only what is certain is taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from recado.model.instant import in_our_times

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recado.model.practice import ClientRecord
    from recado.speech import Catalogue

# The form's lines stand at the head of its mail; further down, a colon is just a colon.
_HEAD_LINES = 8
_ESCAPED = re.compile(r"\\([^\w\s])")


@dataclass(frozen=True, slots=True)
class FormWords:
    """The form's words in one client's language, casefolded; `services` maps the names they know to keys of clients.yml."""

    by: str
    importance: str
    service: str
    important: str
    urgent: str
    services: Mapping[str, str]

    @classmethod
    def of(cls, record: ClientRecord, words: Catalogue) -> FormWords:
        """Take them from the catalogue the form itself speaks from."""
        otherwise = record.business.language
        names = {each.name.in_language(record.language, otherwise).casefold(): key for key, each in record.services.items()}
        return cls(
            by=words.pgettext("field", "By").casefold(),
            importance=words.pgettext("field", "Importance").casefold(),
            service=words.pgettext("field", "Service").casefold(),
            important=words.pgettext("importance", "important").casefold(),
            urgent=words.pgettext("importance", "urgent").casefold(),
            services=names,
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """What the lines said; what they did not say, or not certainly, is left at its default."""

    due: date | None = None
    important: bool = False
    urgent: bool = False
    service: str | None = None


def read_asked(text: str, words: FormWords) -> Asked:
    """Read the form's lines at the head of a mail's text."""
    # The text is Markdown by now: what it escapes and its hard line breaks are no words.
    lines = [_ESCAPED.sub(r"\1", line.strip().rstrip("\\")).strip() for line in text.splitlines()]
    fields: dict[str, str] = {}
    for line in [line for line in lines if line][:_HEAD_LINES]:
        name, colon, value = line.partition(":")
        if colon and value.strip():
            fields.setdefault(name.strip().casefold(), value.strip())
    matters = fields.get(words.importance, "").casefold()
    return Asked(
        due=_day(fields.get(words.by, "")),
        important=matters in {words.important, words.urgent},
        urgent=matters == words.urgent,
        service=words.services.get(fields.get(words.service, "").casefold()),
    )


def _day(text: str) -> date | None:
    try:
        return in_our_times(date.fromisoformat(text))
    except ValueError:
        return None
