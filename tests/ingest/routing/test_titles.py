"""The title of a task that a mail begins."""

from __future__ import annotations

from typing import Any

import pytest
from made_up_mail import a_mail

from ingest.attachment import Attachment
from ingest.titles import LONGEST_TITLE, title_of


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("December posts", "December posts"),
        ("RE: Fwd: AW: December posts", "December posts"),
        ("Re: RV: Publicaciones", "Publicaciones"),  # Spanish
        ("RES: ENC: Postagens", "Postagens"),  # Portuguese
        ("RE\u00a0: TR\u00a0: Publications", "Publications"),  # French
        ("AW: WG: Beiträge", "Beiträge"),  # German
        ("R: I: RIF: Pubblicazioni", "Pubblicazioni"),  # Italian
        ("Antw: Doorst: Berichten", "Berichten"),  # Dutch
        ("SV: VB: Inlägg", "Inlägg"),  # Swedish
        ("[EXTERNAL] Re: Posts", "Posts"),
        ("Re[2]: RE [3]: Posts", "Posts"),
        ("re:re:RE:fw: Posts", "Posts"),
        ("Re\uff1a Posts", "Posts"),
        ("Reenviado: Publicaciones", "Publicaciones"),
        ("[ACME-42] Posts", "Posts"),
        ("Re: [ACME-42] Fwd: [ acme-43 ] Posts [BETA-7]", "Posts"),
        ("Posts [draft] for Monday", "Posts [draft] for Monday"),
        ("Regarding: the posts", "Regarding: the posts"),
        ("Reposts: three", "Reposts: three"),
        ("", "Please do it."),
        ("Re:", "Please do it."),
        ("Re: [ACME-42]", "Please do it."),
    ],
)
def test_a_title_is_the_subject_without_prefixes_and_refs(subject: str, title: str) -> None:
    assert title_of(a_mail(subject=subject)) == title


@pytest.mark.parametrize(
    ("parts", "title"),
    [
        ({"text": "\n\n## **Urgent thing**\n\nMore."}, "Urgent thing"),
        ({"text": "> - \n---\nReal words"}, "Real words"),
        ({"text": "", "attachments": (Attachment("logo.png", "image/png", b"x", inline=True),)}, "jane@acme.example"),
        ({"text": "", "attachments": (Attachment("brief.pdf", "application/pdf", b"x"),)}, "brief.pdf"),
        ({"text": ""}, "jane@acme.example"),
    ],
)
def test_without_a_subject_the_first_words_are_the_title(parts: dict[str, Any], title: str) -> None:
    assert title_of(a_mail(subject="", **parts)) == title


def test_a_title_is_never_too_long() -> None:
    title = title_of(a_mail(subject="word " * 500))
    assert len(title) <= LONGEST_TITLE
    assert title.endswith("word…")
