"""What a mail's text says: HTML and plain text as Markdown, quoted history and signature apart, invitations readable.

Pure and bounded; never raises. The Markdown is rendered alone and cleaned by whoever shows it, and is safe to read
before that.
"""

from __future__ import annotations

from ingest.content.choice import read_passage
from ingest.content.html import html_to_markdown
from ingest.content.html_reply import read_html
from ingest.content.invitation import read_invitation
from ingest.content.phrases import is_forward_subject
from ingest.content.plain import plain_to_markdown
from ingest.content.reply import Reply, read_plain, split_reply
from ingest.content.written import Written

__all__ = [
    "Reply",
    "Written",
    "html_to_markdown",
    "is_forward_subject",
    "plain_to_markdown",
    "read_html",
    "read_invitation",
    "read_passage",
    "read_plain",
    "split_reply",
]
