"""What the VA is told of a message that is kept from the portal: why, what to do first, and the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.model.message import Verified
from recado.speech import _

if TYPE_CHECKING:
    from recado.model.message import Message


def withheld_advice(message: Message) -> tuple[str, ...]:
    """Say in lines what there is to know and to do about a withheld message; nothing about any other."""
    if message.verified is Verified.FAIL:
        said = _(
            "Your mail server's check failed: this may not be from {sender}, and no client sees it. Ask them first, by another "
            "way than mail. Then:"
        )
        return (
            said.format(sender=message.sender.email or message.sender),
            f"  recado message accept {message.id}",
            f"  recado message reject {message.id}",
        )
    if message.verified is Verified.REJECTED:
        return (
            _("You rejected it, and no client sees it. If it is theirs after all:"),
            f"  recado message accept {message.id}",
        )
    return ()
