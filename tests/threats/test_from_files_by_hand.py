"""What can go wrong with files that people edit by hand, and what the build does: by the real command, as the VA meets it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from edited_practice import TASK, build, put, told
from portal_builds import readable, site_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# A broken file, the line that is told, and a word of what stands in it: none of them may come to a client.
MARK = "zzbrokenzz"
FRONT = f"---\ntitle: {MARK}\n"
BROKEN: dict[str, tuple[str | bytes | None, int]] = {
    "tasks/0002-yaml.md": (f"---\ntitle: a: {MARK}\n---\n", 2),
    "tasks/0003-tab.md": (f"{FRONT}\tstatus: doing\n---\n", 3),
    "tasks/0004-status.md": (f"{FRONT}status: {MARK}\n---\n", 3),
    "tasks/0005-due.md": (f"{FRONT}due: tomorrow\n---\n", 3),
    "tasks/0001-too.md": (f"{FRONT}---\n", 1),
    "tasks/notes.md": (f"{FRONT}---\n", 1),
    "tasks/0006-ref.md": (f"{FRONT}ref: ACME-7\n---\n", 3),
    "tasks/0008-merge.md": (f"---\n<<<<<<< HEAD\ntitle: a\n=======\ntitle: {MARK}\n>>>>>>> b\n---\n", 2),
    "tasks/0009-merged-words.md": (f"{FRONT}---\nWords\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> b\n", 5),
    "tasks/0010-latin.md": (f"{FRONT}---\n{MARK} caf\xe9\n".encode("latin-1"), 4),
    "tasks/0011-wide.md": (f"{FRONT}---\n".encode("utf-16"), 1),
    "tasks/0012-folder.md": (None, 1),
    "tasks/0013-open.md": (FRONT, 1),
    "tasks/0014-plain.md": (f"{MARK}\n", 1),
    "tasks/0015-twice.md": (f"{FRONT}title: y\n---\n", 3),
    "tasks/0016-no-title.md": (f"---\nstatus: done\n---\n{MARK}\n", 2),
    "tasks/0017-alias.md": (f"{FRONT}a: &a [x, x]\nb: *a\n---\n", 4),
    "tasks/0018-python.md": (f"{FRONT}service: !!python/object/apply:os.system [id]\n---\n", 3),
    "tasks/0019-empty.md": ("", 1),
    "tasks/0001-posts/20261120T090000Z-00000002.md": (f"{MARK}\n", 1),
    "tasks/0001-posts/20261120T090000Z-00000003.md": (f"---\nfrom: x@x.example\nkind: {MARK}\n---\n", 3),
    "tasks/0001-posts/files/folder": (None, 1),
    "history.csv": (f"at,ref,by,from,to\n2026-11-20T08:00:00Z,ACME-1,{MARK},,odd\n", 2),
    "time/2026-11.csv": (f"id,start,minutes\n{MARK},x,y\n", 1),
    "invoices/2026-0001.yml": (f"number: {MARK}\nkind: [\n", 3),
    "pages/how.md": (f"---\ntitle: a: b\n---\n{MARK}\n", 2),
    "pages/merged.md": (f"Words\n<<<<<<< HEAD\n{MARK}\n=======\nb\n>>>>>>> b\n", 2),
    "welcome.md": (f"{MARK} caf\xe9\n".encode("latin-1"), 1),
}


def put_broken(root: Path) -> None:
    for name, (content, _line) in BROKEN.items():
        if content is None:
            (root / "portal_src" / "acme" / name).mkdir(parents=True)
        else:
            put(root, "acme", name, content)


def test_every_mistake_is_told_in_one_run_with_file_line_and_what_to_do_and_the_old_portal_stays(root: Path) -> None:
    before = site_of(root / "site")
    put_broken(root)
    put(root, "beta", "tasks/0002-more.md", TASK.format(title="More of beta", text="x"))
    done = build(root)
    assert done.status == 1
    assert {name: line for name, (line, _said) in told(done).items()} == {name: line for name, (_, line) in BROKEN.items()}
    assert [
        said for _line, said in told(done).values() if not re.search("expected|is already|starts with|close it", said)
    ] == []
    assert "acme: not built; what was built before stays" in done.out
    after = site_of(root / "site")
    assert {name: content for name, content in after.items() if name.startswith("acme/")} == {
        name: content for name, content in before.items() if name.startswith("acme/")
    }
    assert b"More of beta" in after["beta/index.html"]


def test_a_spaniard_reads_the_same_in_spanish(root: Path) -> None:
    put_broken(root)
    english, spanish = told(build(root)), told(build(root, language="es"))
    assert {name: line for name, (line, _) in english.items()} == {name: line for name, (line, _) in spanish.items()}
    said = {name: re.sub(r"\(.+?\)", "", said) for name, (_, said) in spanish.items()}  # what a library says is English
    assert [words for name, words in said.items() if words == english[name][1] or "expected" in words] == []


def test_what_is_left_out_is_told_to_the_va_each_time_and_nothing_of_it_is_on_the_portal(root: Path) -> None:
    put_broken(root)
    put(root, "acme", "tasks/0020-good.md", TASK.format(title="A good one", text="x"))
    done = build(root, "--keep-going")
    assert done.status == 1
    assert told(done).keys() == BROKEN.keys()
    assert f"{len(done.err.splitlines())} mistakes left out" in done.out
    site = site_of(root / "site" / "acme")
    assert b"A good one" in site["index.html"]
    assert b"Posts of acme" in site["requests/acme-1.html"]
    names = [name.encode() for name in re.findall(r"\d{4}-[a-z-]{5,}", " ".join(BROKEN))]
    for name, content in readable(site):
        assert MARK.encode() not in content, name
        assert [word for word in (*names, b"left out", b"mistake") if word in content] == [], name
    again = build(root, "--keep-going")
    assert (again.status, told(again)) == (1, told(done))
    data = next(each for each in json.loads(build(root, "--keep-going", "--json").out) if each["key"] == "acme")
    assert {problem["file"].removeprefix("portal_src/acme/") for problem in data["left_out"]} == BROKEN.keys()
    assert build(root).status == 1
    assert site_of(root / "site" / "acme") == site


@pytest.mark.parametrize("spoil", [lambda file: file.write_text("at,ref\n"), lambda file: file.symlink_to("/dev/null")])
def test_a_history_that_cannot_be_read_stays_as_it_is_and_leaves_nothing_else_out(
    root: Path, spoil: Callable[[Path], object]
) -> None:
    history = root / "portal_src" / "acme" / "history.csv"
    history.unlink()
    spoil(history)
    put(root, "acme", "tasks/0002-odd.md", f"{FRONT}status: odd\n---\n")
    put(root, "acme", "tasks/0020-good.md", TASK.format(title="A good one", text="x"))
    before = history.read_bytes()
    assert told(build(root, "--keep-going")).keys() == {"history.csv", "tasks/0002-odd.md"}
    assert b"A good one" in site_of(root / "site" / "acme")["index.html"]
    assert history.read_bytes() == before


def test_of_a_welcome_in_two_versions_neither_is_shown(root: Path) -> None:
    put(root, "acme", "welcome.md", f"Welcome.\n<<<<<<< HEAD\n{MARK}\n=======\nb\n>>>>>>> b\n")
    assert told(build(root)).keys() == told(build(root, "--keep-going")).keys() == {"welcome.md"}
    assert MARK.encode() not in site_of(root / "site" / "acme")["welcome.html"]
    put(root, "acme", "welcome.md", f"Of merges, such as <<<<<<< HEAD, {MARK} writes nothing.\n")
    assert build(root).status == 0
    assert MARK.encode() in site_of(root / "site" / "acme")["welcome.html"]


def test_once_all_is_put_right_nothing_is_said_and_all_is_there(root: Path) -> None:
    before = site_of(root / "site")
    put_broken(root)
    build(root, "--keep-going")
    for name, (content, _line) in BROKEN.items():
        file = root / "portal_src" / "acme" / name
        if content is None:
            file.rmdir()
        else:
            file.unlink()
    done = build(root)
    assert (done.status, done.err) == (0, "")
    assert {name: content for name, content in site_of(root / "site").items() if ".portal" not in name} == {
        name: content for name, content in before.items() if ".portal" not in name
    }
