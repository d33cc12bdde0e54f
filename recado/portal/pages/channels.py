"""Which channel for what, as clients.yml says, each with a link that can be trusted to be one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from recado.model.address import is_address
from recado.portal.pages.sentence import opening

if TYPE_CHECKING:
    from recado.model.practice import Channel
    from recado.portal.pages.view import View

_NAMES = {
    "slack": "Slack",
    "teams": "Microsoft Teams",
    "zoom": "Zoom",
    "meet": "Google Meet",
    "whatsapp": "WhatsApp",
    "signal": "Signal",
}


class ShownChannel(NamedTuple):
    """One channel. `href` is '' where `to` is no address, number or web address; then `text` stands alone."""

    name: str
    purpose: str
    text: str
    href: str


def channels(view: View) -> tuple[ShownChannel, ...]:
    """Give the channels in the file's order; the request address goes first where the file does not name it."""
    written = tuple(_channel(channel, view) for channel in view.business.channels)
    address = view.record.request_address
    if any(channel.text == address for channel in written):
        return written
    gettext = view.reader.gettext
    return (ShownChannel(view.reader.pgettext("channel", "Mail"), gettext("Requests"), address, view.mail()), *written)


def _channel(channel: Channel, view: View) -> ShownChannel:
    pgettext = view.reader.pgettext
    key = channel.by.lower()
    ours = {"email": pgettext("channel", "Mail"), "mail": pgettext("channel", "Mail"), "phone": pgettext("channel", "Phone")}
    name = ours.get(key) or _NAMES.get(key) or opening(channel.by)
    text, href = _link(channel.to)
    return ShownChannel(name, view.text_of(channel.purpose), text, href)


def _link(to: str) -> tuple[str, str]:
    """Give what to show and where it leads: only addresses, telephone numbers and the web."""
    bare = to.removeprefix("mailto:")
    if is_address(bare):
        return bare, f"mailto:{bare}"
    if to.startswith("tel:") or (to.startswith("+") and to[1:].replace(" ", "").isdigit()):
        number = to.removeprefix("tel:")
        return number, f"tel:{number.replace(' ', '')}"
    parts = urlsplit(to)
    if parts.scheme in {"http", "https"} and parts.netloc:
        return parts.netloc, to
    return to, ""
