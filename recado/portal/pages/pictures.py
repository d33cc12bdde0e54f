"""The pictures that came with a request, at the places in its texts where they stood: where each is published."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from recado.model.kept_picture import FILES
from recado.portal.files import published_name, published_url
from recado.portal.mail_pictures import KeptPicture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recado.portal.pages.view import ShownThread

# What every browser draws. Any other (SVG goes out zipped) is a link to its file.
_DRAWN = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp"})
_UP = "../"  # from a request's page to the portal's root


def pictures(thread: ShownThread) -> Mapping[str, KeptPicture]:
    """Give where each file of a request is published, by what a picture in a text points at: `files/7f3a91c2-plan.png`.

    Files of a withheld message are not among them.
    """
    return {
        f"{FILES}{quote(file.name)}": KeptPicture(
            url=f"{_UP}{published_url(thread.task.ref, file)}",
            is_drawn=PurePosixPath(published_name(file).lower()).suffix in _DRAWN,
        )
        for file in thread.files
    }
