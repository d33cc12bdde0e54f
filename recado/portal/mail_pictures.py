"""Pictures in a text: one that came along is shown, one on another server is a link that says so. Nothing remote is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from xml.etree.ElementTree import Element

from markdown.extensions import Extension
from markdown.inlinepatterns import LinkInlineProcessor
from markdown.treeprocessors import InlineProcessor as InlineTreeprocessor
from markdown.util import AtomicString

from recado.portal.addresses import host_of, without_escapes
from recado.portal.kept_picture import KEPT, KeptPicture

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Collection, Mapping

    from markdown import Markdown

__all__ = ["KEPT", "KeptPicture", "KeptPictures", "MailPicture", "PictureElsewhere", "RemotePictures"]


class KeptPictures:
    """The pictures that came with a text, and those of them that it shows: `shown`, in the order of their numbers."""

    def __init__(self) -> None:
        self.shown: list[KeptPicture] = []
        self._pictures: Mapping[str, KeptPicture] = {}

    def begin(self, pictures: Mapping[str, KeptPicture]) -> None:
        """Begin another text: `pictures` are those that came with it, by what points at them."""
        self.shown = []
        self._pictures = pictures

    def at(self, address: str) -> KeptPicture | None:
        """Give the picture that an address points at."""
        return self._pictures.get(address)

    def number(self, picture: KeptPicture) -> str:
        """Note that a picture is shown, and give what stands for its address."""
        self.shown.append(picture)
        return f"{KEPT}:{len(self.shown) - 1}"

    def element(self, name: str, picture: KeptPicture) -> Element:
        """Draw a picture: its thumbnail, in its size, so that nothing jumps when it comes."""
        drawn = picture.drawn
        source = self.number(KeptPicture(drawn.url, is_drawn=True) if drawn else picture)
        size = {"width": str(drawn.width), "height": str(drawn.height)} if drawn else {}
        return Element("img", {"src": source, "alt": name, "loading": "lazy"} | size)


class RemotePictures(Extension):
    """For any Markdown: a picture on another server becomes a link, `label` says so (`{host}` is where it is)."""

    def __init__(self, **options: object) -> None:
        self.config = {"label": ["Picture on another server: {host}", "what the link says"]}
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the library's name)
        """Take the place of the library's pictures."""
        md.inlinePatterns.register(PictureElsewhere(md, lambda: str(self.getConfig("label"))), "image_link", 150)


class PictureElsewhere(LinkInlineProcessor):
    """A picture on another server is not loaded: a link says where it is. Of any other there is the name."""

    ANCESTOR_EXCLUDES: ClassVar[Collection[str]] = ("a",)

    def __init__(self, md: Markdown, label: Callable[[], str]) -> None:
        super().__init__(r"!\[", md)
        self.label = label

    def handleMatch(  # type: ignore[override] # noqa: N802 (the library's name, and its own subclasses widen it too)
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """Make the link, or show the picture's name."""
        element, start, end = super().handleMatch(m, data)
        if not isinstance(element, Element) or start is None:
            return None, None, None
        name = without_escapes(self.unescape(element.text or ""))
        source = without_escapes(element.get("href") or "")
        host = host_of(source)
        if not host:
            return _named(name), start, end
        link = Element("a", {"href": source})
        label = self.label().format(host=host)
        link.text = AtomicString(f"{name} ({label})" if name else label)
        return link, start, end


class MailPicture(PictureElsewhere):
    """One that came with the mail is a file of the task: it is shown, and leads to its file.

    Of what no browser draws, the name leads there. Within a link it is shown and leads where the link does.
    """

    ANCESTOR_EXCLUDES: ClassVar[Collection[str]] = ()

    def __init__(self, md: Markdown, label: Callable[[], str], kept: KeptPictures) -> None:
        super().__init__(md, label)
        self.kept = kept

    def handleMatch(  # type: ignore[override] # noqa: N802 (the library's name, and its own subclasses widen it too)
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """Show the picture, by a number in place of its address."""
        element, start, end = LinkInlineProcessor.handleMatch(self, m, data)
        if not isinstance(element, Element):
            return None, None, None
        picture = self.kept.at(without_escapes(element.get("href") or ""))
        name = without_escapes(self.unescape(element.text or ""))
        if _is_within_link(self.md):
            return self.kept.element(name, picture) if picture and picture.is_drawn else _named(name), start, end
        if picture is None:
            return super().handleMatch(m, data)
        link = Element("a", {"href": self.kept.number(picture)})
        if picture.is_drawn:
            link.append(self.kept.element(name, picture))
        else:
            link.text = AtomicString(name or "…")
        return link, start, end


def _is_within_link(md: Markdown | None) -> bool:
    at_work = md.treeprocessors["inline"] if md else None
    return isinstance(at_work, InlineTreeprocessor) and "a" in at_work.ancestors


def _named(name: str) -> Element:
    shown = Element("em")
    shown.text = AtomicString(name or "…")
    return shown
