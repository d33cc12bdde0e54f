"""A parsed mail in which attached messages stay closed: their bytes are a slice of the mail's, unparsed."""

from __future__ import annotations

from email.message import Message


class ClosedMessage(Message):
    """What the standard library's parser is to make of a part, so that a message/rfc822 is a leaf with its bytes as payload.

    Written back from its parts it would differ from what arrived, and not every broken one can be written.
    """

    def get_content_maintype(self) -> str:
        """Give the first half of the type; `message` is called an application, for by it the parser would go inside."""
        kind = super().get_content_maintype()
        return "application" if kind == "message" else kind
