"""The title of a task that a mail begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.charset import clean_line
from ingest.subjects import bare_subject

if TYPE_CHECKING:
    from ingest.mail import Mail

LONGEST_TITLE: Final = 200


def title_of(mail: Mail) -> str:
    """Make a title: the subject without Re:, Fwd: and refs; else the text's first line, a file's name, the sender."""
    first_line = next((line.strip(" #>*-\\") for line in mail.text.splitlines() if line.strip(" #>*-\\")), "")
    file = next((attachment.name for attachment in mail.attachments if not attachment.inline), "")
    title = clean_line(bare_subject(mail.subject) or first_line or file or str(mail.from_))
    if len(title) <= LONGEST_TITLE:
        return title
    whole_words = title[:LONGEST_TITLE].rpartition(" ")[0] or title[: LONGEST_TITLE - 1]
    return f"{whole_words.rstrip(' ,;:.')}…"
