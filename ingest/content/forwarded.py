"""The original mail inside a forwarded one: who wrote it, when, and under what subject.

Mail programs write it as a block of lines, each in the language of its user; which lines those are, `history` says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Final

from ingest.charset import clean_line
from ingest.content.phrases import label_of
from ingest.content.written_date import in_utc, read_date
from recado.model.address import Person, is_address

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

LONGEST_BLOCK: Final = 120  # lines, empty ones and wrapped recipients included
FEWEST_LABELS: Final = 3  # one below the other, with an address and a date, are the head of a mail
DASHES: Final = "-_=~\u2010\u2011\u2012\u2013\u2014\u2015\u2500"


@dataclass(frozen=True, slots=True)
class Forwarded:
    """What a forwarded mail says of the original.

    Nobody vouches for it: whoever forwards can write anything here. `date` is UTC; where the programs wrote no zone, it was
    read in the one of the mail that forwards, and can be an hour or a few off. None: not written, or not to be read.
    """

    sender: Person
    subject: str
    date: datetime | None


def block_end(lines: Sequence[str]) -> int:
    """Give how many of these lines are the block; 0 if they begin with none."""
    return _block(lines)[1]


def names_another(lines: Sequence[str]) -> bool:
    """Tell whether any of these lines may announce a mail, in whatever language: then what stands below is in that mail.

    Such are a title between dashes, a label or a sentence with an address in angle brackets, and three labels with a date.
    Who is named in a block below may have been named by the writer of that mail, to pass for another.
    """
    labels: list[str] = []
    label_above = False
    for whole in lines:
        line = whole[:_LONGEST_LINE].strip()
        if not line:
            continue
        if not _MAY_NAME.search(line):
            labels, label_above = [], False
            continue
        is_labelled = bool(_ANY_LABEL.match(line))
        has_address = bool(_ADDRESS_IN_BRACKETS.search(_LINKED.sub(r"\1", line)))
        if _is_title(line) or (has_address and (is_labelled or label_above or line.endswith(_COLONS))):
            return True
        labels = [*labels[-_MOST_LABELS:], line] if is_labelled else []
        if _is_head(labels):
            return True
        label_above = line.endswith(_COLONS)
    return False


def names_two(lines: Sequence[str]) -> bool:
    """Tell whether the block that these lines begin with goes on with another sender, without a line between."""
    _, end = _block(lines)
    return 0 < end < len(lines) and label_of(lines[end][:_LONGEST_LINE]) == "from"


def read_forwarded(lines: Sequence[str], zone: tzinfo | None = None) -> Forwarded | None:
    """Read the lines of a block `From: … Date: … Subject: … To: …`, in any order; None if no address stands at From.

    `zone` is that of a date without one; None is UTC.
    """
    values, _ = _block(lines)
    sender = _person(values.get("from", ""))
    if sender is None:
        return None
    date = in_utc(read_date(values.get("sent", ""), zone or UTC))
    return Forwarded(sender, clean_line(values.get("subject", "")), date)


_COLONS: Final = (":", "\uff1a")
_MAY_NAME: Final = re.compile(rf"[:\uff1a@]|^[{re.escape(DASHES)}]")  # most lines have none of it
_ANY_LABEL: Final = re.compile(r"[^:\uff1a<>@]{1,40}[:\uff1a]")
# Outlook's plain text of a linked address, in a signature as well: bo@x<mailto:bo@x>
_LINKED: Final = re.compile(r"(?<![^\s<>@])([^\s<>@]{1,200}@[^\s<>@]{1,200}) ?<mailto:\1>", re.IGNORECASE)
_ADDRESS_IN_BRACKETS: Final = re.compile(
    r"[<\uff1c\[](?:mailto:)?\s?[^\s<>\[\]@]{1,200}@[^\s<>\[\]@]{1,200}\s?[>\uff1e\]]", re.IGNORECASE
)
_DATED: Final = re.compile(r"(?=.*(?<!\d)\d{4}(?!\d)).*\d{1,2}[:.h]\d{2}")
_MOST_LABELS: Final = 8
_NEEDED: Final = frozenset({"from", "subject"})
_OTHER_LABEL: Final = re.compile(r"[*_\s]*[^\W\d_][\w .'’-]{0,24}[*_\s]*[:\uff1a](?:\s|$)")
_MARKS: Final = "*_ \t"
_BRACKETED: Final = tuple(
    re.compile(rf"{opening}(?:mailto:)?\s*([^<>\[\]()\s]+@[^<>\[\]()\s]+?)\s*{closing}", re.IGNORECASE)
    for opening, closing in (("<", ">"), (r"\[", r"\]"), (r"\(", r"\)"))
)
_OPENED: Final = re.compile(r"[<\[(][^\s<>]+@[^\s<>]*\s*$")
_LONGEST_LINE: Final = 1_000  # characters; no name, address or subject is longer
_FULL: Final = 60  # characters; a longer line may have been wrapped
_BARE: Final = re.compile(r"[^\s<>\[\]()\"',;:]+@[^\s<>\[\]()\"',;:]+")


def _is_title(line: str) -> bool:
    """Tell whether words stand between dashes, or after many."""
    words = line.lstrip(DASHES)
    before, after = len(line) - len(words), len(words) - len(words.rstrip(DASHES))
    many, some = 4, 2
    return (before >= many or min(before, after) >= some) and any(char.isalpha() for char in words)


def _is_head(labels: Sequence[str]) -> bool:
    """Tell whether labels one below the other may be the head of a mail: three with an address, or four, one with a date."""
    if len(labels) < FEWEST_LABELS + (not any("@" in line for line in labels)):
        return False
    return any(_DATED.match(line) for line in labels)


def _block(lines: Sequence[str]) -> tuple[dict[str, str], int]:
    """Give what stands after each label, wrapped lines and the next cell of a table with it; and where the block ends."""
    values: dict[str, str] = {}
    current = ""
    end = 0
    for number, whole in enumerate(lines[:LONGEST_BLOCK]):
        line = whole[:_LONGEST_LINE]
        label = label_of(line)
        if not line.strip():
            if values.keys() >= _NEEDED and values.get(current, " "):
                break
            continue
        if label == "from" and label in values:  # a forward within the forward
            break
        if label:
            current = label if label not in values else ""
            values.setdefault(label, line.replace("\uff1a", ":").partition(":")[2].strip(_MARKS))
        elif _OTHER_LABEL.match(line) and not _BARE.match(line):
            current = ""
        elif not current and not values:
            break
        elif current and _is_wrapped(current, values[current], line, lines[number - 1]):
            values[current] = f"{values[current]} {line.strip(_MARKS)}".strip()
        elif values.keys() >= _NEEDED:
            break
        end = number + 1
    return (values, end) if values.keys() >= _NEEDED else ({}, 0)


def _is_wrapped(label: str, value: str, line: str, above: str) -> bool:
    """Tell whether a line goes on with the value above it: the next cell of a table, or what no longer fitted."""
    if not value or line[:1].isspace() or label == "to":
        return True
    return len(above) >= _FULL or (label == "from" and "@" not in value)


def _person(text: str) -> Person | None:
    """Read a sender as a block shows it: `Bo <b@x>`, `Bo [mailto:b@x]`, `b@x<mailto:b@x>`, `b@x`.

    The address in brackets counts: a name that looks like one is a name.
    """
    bracketed = next((found for pattern in _BRACKETED if (found := list(pattern.finditer(text)))), [])
    if bracketed:
        address, name = bracketed[-1][1], _OPENED.sub("", text[: bracketed[0].start()])
    else:
        bare = _BARE.findall(text)
        if len(set(bare)) != 1:
            return None
        address, name = bare[0], text.replace(bare[0], "", 1)
    address = clean_line(address)
    shown = clean_line(name).strip("\"'*<>[]() ")
    return Person("" if shown.lower() == address.lower() else shown, address) if is_address(address) else None
