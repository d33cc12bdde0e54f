"""What is kept of a listing and its files comes back as it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recado.store.kept_files import KeptFile, KeptFiles
from recado.store.listing import Listing
from recado.store.packed_files import pack_files, unpack_files

NUMBERS = st.integers(-(1 << 62), 1 << 62)
STAMPS = st.one_of(
    st.tuples(st.integers(0, 1 << 40), NUMBERS, NUMBERS, st.integers(0, (1 << 64) - 1)),
    st.tuples(st.just(-2), NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
)
NAMES = st.text(st.characters(exclude_characters="\0/"), min_size=1, max_size=8)
PATHS = st.one_of(
    st.builds("tasks/{:04}-{}.md".format, st.integers(1, 12_345), NAMES),
    st.builds("tasks/{:04}-x/{}".format, st.integers(1, 12_345), NAMES),
    st.builds("tasks/{}".format, NAMES),
    st.builds("{}/{}".format, st.sampled_from(("time", "pages")), NAMES),
    st.sampled_from(("history.csv", "welcome.md")),
)


@st.composite
def read_listings(draw: st.DrawFn) -> tuple[Listing, KeptFiles]:
    files = draw(st.dictionaries(PATHS, STAMPS, max_size=12))
    folders = draw(st.dictionaries(NAMES, STAMPS.filter(lambda stamp: len(stamp) == 4), max_size=4))
    some = st.sets(st.sampled_from(sorted(files)), max_size=12) if files else st.just(set[str]())
    unsettled, read = draw(some), draw(some)
    kept = {
        path: KeptFile(None if path in unsettled else files[path], bytes([number + 1]) * 16, f"what {path} says")
        for number, path in enumerate(sorted(read))
    }
    return Listing(files, "a digest", frozenset(unsettled), folders), KeptFiles("ACME", kept)


@given(read_listings())
def test_what_was_packed_comes_back(read: tuple[Listing, KeptFiles]) -> None:
    listing, kept = read
    again, files = unpack_files(*pack_files(listing, kept))
    assert again[:3] == listing[:3]
    assert again.folders in (listing.folders, {})  # a number that is too large for them: they are listed from the start
    assert (files.code, dict(files.files)) == (kept.code, dict(kept.files))


def test_what_tasks_say_is_kept_by_the_hundred() -> None:
    paths = ("tasks/0001-a.md", "tasks/0099-b.md", "tasks/0100-c.md", "tasks/12345-d.md", "tasks/0001-a/1.md", "welcome.md")
    kept = KeptFiles("ACME", {path: KeptFile((1, 2, 3, 4), b"\1" * 16, path) for path in paths})
    _packed, groups = pack_files(Listing(dict.fromkeys(paths, (1, 2, 3, 4)), "", frozenset()), kept)
    assert groups == {
        "00": ("tasks/0001-a.md", "tasks/0099-b.md", "tasks/0001-a/1.md"),
        "01": ("tasks/0100-c.md",),
        "123": ("tasks/12345-d.md",),
        "…": ("welcome.md",),
    }
