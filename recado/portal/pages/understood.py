"""What the practice understood: the task's body once it says more than the request did, its checklist set apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from recado.model.task import check_in
from recado.portal.body import body
from recado.portal.pages.mailto import subject_of
from recado.portal.pages.pictures import pictures

if TYPE_CHECKING:
    from markupsafe import Markup

    from recado.model.task import Check
    from recado.portal.pages.view import ShownThread, View

_HEADING = re.compile(r"^#{1,6}\s")
_SAYS_NOTHING = re.compile(r"[\W_]+")


class Understood(NamedTuple):
    """`text` is None where the body only repeats the request; `correct` is the mail that says "that's not quite it"."""

    heading: str
    text: Markup | None
    checks: tuple[Check, ...]
    correct: str


def understood(thread: ShownThread, view: View) -> Understood | None:
    """Say back what was understood; None where the task file says no more than the request."""
    task, reader = thread.task, view.reader
    text = without_checklist(task.body)
    says_more = bool(text) and not _is_same(text, without_checklist(thread.opening.text if thread.opening else ""))
    if not says_more and not task.checklist:
        return None
    correction = subject_of(task.ref, reader.pgettext("subject", "Correction"))
    return Understood(
        heading=reader.gettext("What I understood") if thread.request else reader.gettext("What is to be done"),
        text=body(text, reader.words, pictures=pictures(thread)) if says_more else None,
        checks=task.checklist,
        correct=view.mail(correction, reader.gettext("Not quite:") + "\n") if task.is_open else "",
    )


def without_checklist(text: str) -> str:
    """Take the ticked and unticked lines out of a body, and a heading that stood over nothing else."""
    text = text.replace("\r\n", "\n")
    if "[" not in text:
        return text.strip()
    kept: list[str] = []
    heads_checks = False
    for line in text.split("\n"):
        if check_in(line):
            if not heads_checks:
                while kept and not kept[-1].strip():
                    kept.pop()
                if kept and _HEADING.match(kept[-1]):
                    kept.pop()
            heads_checks = True
            continue
        heads_checks = heads_checks and not line.strip()
        kept.append(line)
    return "\n".join(kept).strip()


def _is_same(text: str, other: str) -> bool:
    """Compare two texts by their letters and figures, for Markdown's marks and line ends say nothing."""
    return text == other or _SAYS_NOTHING.sub("", text.casefold()) == _SAYS_NOTHING.sub("", other.casefold())
