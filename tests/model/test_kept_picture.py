"""A picture in a text points at its file, before and after the file has the digits of its message."""

from __future__ import annotations

from recado.model.kept_picture import picture_of, pointing


def test_a_picture_points_at_the_file_as_it_is_kept() -> None:
    text = f"Look:\n\n![a b.png]({picture_of('a b.png')}) and ![ñ.png]({picture_of('ñ.png')})"
    kept = pointing(text, "7f3a91c2", ["a b.png", "ñ.png"])
    assert kept == "Look:\n\n![a b.png](files/7f3a91c2-a%20b.png) and ![ñ.png](files/7f3a91c2-%C3%B1.png)"
    assert pointing(kept, "7f3a91c2", ["a b.png", "ñ.png"]) == kept


def test_what_points_at_no_file_of_the_message_stays() -> None:
    text = "![other.png](files/other.png) [page](https://x.example/files/plan.png) files/plan.png"
    assert pointing(text, "7f3a91c2", ["plan.png"]) == text
