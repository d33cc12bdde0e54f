"""Tables on a terminal: what may give way gives way, and everything else stands whole."""

from __future__ import annotations

import pytest

from recado.cli.output import print_table, shared_widths


@pytest.mark.parametrize(
    ("widest", "room", "widths"),
    [
        ({"id": 8, "from": 10, "subject": 90}, 60, {"id": 8, "from": 10, "subject": 42}),
        ({"id": 8, "from": 50, "subject": 90}, 60, {"id": 8, "from": 26, "subject": 26}),
        ({"id": 8, "from": 5, "subject": 6}, 60, {"id": 8, "from": 8, "subject": 8}),
        ({"id": 8, "from": 50, "subject": 90}, 10, {"id": 8, "from": 8, "subject": 8}),
    ],
)
def test_columns_that_give_way_share_what_the_others_leave(widest: dict[str, int], room: int, widths: dict[str, int]) -> None:
    assert shared_widths(widest, {"from", "subject"}, room) == widths


def test_what_is_cut_is_one_line_and_what_is_wrapped_keeps_its_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("recado.cli.output.is_terminal", lambda: True)
    print_table(
        ("ID", "A", "B"), [("7f3a91c2", "a subject that is long " * 3, "one two three four five six")], cut=["A"], wrapped=["B"]
    )
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("7f3a91c2  a subject")
    assert lines[1].count("…") == 1
    assert all(len(line) <= 40 for line in lines)
    assert " ".join(" ".join(line[24:] for line in lines[1:]).split()) == "one two three four five six"


def test_in_a_pipe_nothing_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("ID", "A"), [("7f3a91c2", "long " * 40)], cut=["A"])
    assert "…" not in capsys.readouterr().out
