"""What the door of an encrypted portal says, in every language that has a catalogue.

A door tells nothing of whom it belongs to, their language least of all: it speaks that of the browser before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.resources import program_templates
from recado.speech import SOURCE_LANGUAGE, catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from recado.speech import Catalogue


def door_words(overrides: Path | None = None) -> dict[str, dict[str, str]]:
    """Give the sentences by language and name. `overrides` is a workspace's own `site_templates`. Raises FileError."""
    return {language: _sentences(catalogue(language, overrides=overrides)) for language in _languages(overrides)}


def _languages(overrides: Path | None) -> list[str]:
    folders = [folder / "translations" for folder in (program_templates(), overrides) if folder is not None]
    found = {file.stem.split("@")[0] for folder in folders for file in folder.glob("*.po")}
    return [SOURCE_LANGUAGE, *sorted(found - {SOURCE_LANGUAGE})]


def _sentences(words: Catalogue) -> dict[str, str]:
    gettext = words.gettext
    return {
        # The door.
        "locked": gettext("Private pages"),
        "how": gettext("They open with the link you were sent, or with its passphrase."),
        "passphrase": gettext("Passphrase"),
        "hint": gettext("Twenty letters and digits. Capitals, spaces and hyphens make no difference."),
        "open": gettext("Open the pages"),
        "private": gettext("The pages are decrypted on this device. The passphrase is never sent."),
        "scripts": gettext("These pages are decrypted by a script in your browser. Allow scripts for this address."),
        # What it answers.
        "opening": gettext("Opening…"),
        "wrong": gettext(
            "This passphrase does not open these pages. Compare it letter by letter with the one you were sent. If it is the "
            "same, it was replaced: ask for the new one."
        ),
        "count": gettext("A passphrase has 20 letters and digits; here are {number}. None of them is 0, 1, i, l or o."),
        "rotated": gettext(
            "These pages have a new key, and the one on this device no longer opens them. Ask for the new link."
        ),
        "gone": gettext("Nothing is at this address now. Check the link, or ask whoever sent it to you."),
        "insecure": gettext(
            "A browser decrypts pages only at an address that begins with https:. Change the beginning of this one, or ask "
            "for a new link."
        ),
        "old": gettext(
            "This browser cannot decrypt these pages. Open the link in a newer one: Firefox, Chrome, Edge or Safari."
        ),
        "storage": gettext(
            "This browser may keep nothing for this address, so it cannot open these pages. Allow this address to keep data, "
            "or open the link in a window that is not private."
        ),
        "away": gettext("The host does not answer. Check your connection, then try again."),
        "newer": gettext(
            "These pages have changed since this one was loaded. Reload it; if that does not help, ask for a new link."
        ),
        # What stands in the place of a page.
        "again": gettext("Try again"),
        "home": gettext("To the home page"),
        "unreached": gettext("This page cannot be reached"),
        "unreached how": gettext(
            "The host does not answer, and this page was not opened on this device before. Check your connection, then try "
            "again."
        ),
        "altered": gettext("This page was altered, and is not shown"),
        "altered how": gettext(
            "What came is not what was published: it was altered on the way or on the host. Try again from another network. If "
            "it is altered there too, tell whoever sent you the link, by another way than this site."
        ),
        "missing": gettext("Nothing is here"),
        "missing how": gettext("If you followed a link, open it again, whole: a part of it may have been lost."),
        "vanished": gettext("Nothing is here"),
        "vanished how": gettext("Nothing is at this address now. Check the link, or ask whoever sent it to you."),
        # Leaving.
        "forget": gettext("Forget me on this device"),
        "forget how": gettext(
            "The key and all pages kept here are removed from this browser. To come back, you need the link or the passphrase."
        ),
        "forget now": gettext("Forget"),
        "back": gettext("Go back"),
        "forgotten": gettext(
            "This browser has forgotten the key and the pages. What you saved yourself is still where you put it."
        ),
    }
