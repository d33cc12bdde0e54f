"""The pictures that came with a request, at the places in its texts where they stood: where each is published."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from recado.model.kept_picture import FILES
from recado.portal.files import is_drawn, published_url, thumbnail_url
from recado.portal.kept_picture import Drawn, KeptPicture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recado.model.client_work import File
    from recado.model.ref import Ref
    from recado.portal.pages.view import ShownThread

_UP = "../"  # from a request's page to the portal's root


def pictures(thread: ShownThread) -> Mapping[str, KeptPicture]:
    """Give where each file of a request is published, by what a picture in a text points at: `files/7f3a91c2-plan.png`.

    Files of a withheld message are not among them.
    """
    ref = thread.task.ref
    return {
        f"{FILES}{quote(file.name)}": KeptPicture(
            url=f"{_UP}{published_url(ref, file)}", is_drawn=is_drawn(file), drawn=drawn(ref, file, _UP)
        )
        for file in thread.files
    }


def drawn(ref: Ref, file: File, root: str = "") -> Drawn | None:
    """Give what is drawn of a file, if it is a picture: where it stands, `root` being the way up to the portal's root."""
    thumbnail = file.thumbnail
    return Drawn(f"{root}{thumbnail_url(ref, file)}", thumbnail.width, thumbnail.height) if thumbnail else None
