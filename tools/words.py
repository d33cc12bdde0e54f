"""Bring the catalogues up to date: every sentence of the code and the templates stands in each language's file.

python tools/words.py           add what is new (untranslated), drop what is gone
python tools/words.py --check   change nothing; fail where a sentence is missing, untranslated or no longer said
"""

from __future__ import annotations

import argparse
import ast
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from recado.cli.click_words import words_to_translate

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "site_templates" / "translations"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "terminal": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
METHODS = [
    ("recado/**.py", "python"),
    ("ingest/**.py", "python"),
    ("site_templates/**.j2", "jinja2"),
    ("site_templates/theme/**.html", "jinja2"),
]


def said() -> Catalog:
    """Extract every sentence that code and templates say."""
    catalog = Catalog()
    found = extract_from_dir(
        str(ROOT),
        METHODS,
        {"site_templates/**.j2": {"silent": "false", "trimmed": "true"}},
        keywords=KEYWORDS,
        directory_filter=lambda folder: (
            Path(folder).name in {"recado", "ingest", "site_templates"}
            or any(Path(folder).is_relative_to(ROOT / top) for top in ("recado", "ingest", "site_templates"))
        ),
    )
    for file, _line, message, _comments, context in found:
        if message and (message[0] if isinstance(message, tuple) else message):
            catalog.add(message, locations=[(Path(file).as_posix(), 0)], context=context)
    for sentence in expectations():
        catalog.add(sentence, locations=[("recado/model", 0)])
    for word in words_to_translate():
        catalog.add(word, locations=[("recado/cli/click_words.py", 0)])
    return catalog


def expectations() -> set[str]:
    """Find what is expected of what people write ("expected a day such as …"): recado/store/checked.py translates it."""
    found = set()
    store = ROOT / "recado" / "store"
    for file in (*(ROOT / "recado" / "model").glob("*.py"), store / "front_values.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        in_f_strings = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        found |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and "expected" in node.value
            and id(node) not in docstrings | in_f_strings
        }
    return found


def catalogues() -> list[Path]:
    """List the languages' files. One for formal address (`es@formal.po`) holds only what differs, and is not completed."""
    return sorted(path for path in TRANSLATIONS.glob("*.po") if "@" not in path.stem)


def wrong_with(path: Path, source: Catalog) -> list[str]:
    """Say what a file lacks, and what it still says that nothing says any more."""
    with path.open("rb") as stream:
        there = read_po(stream)
    problems = []
    for message in source:
        if not message.id:
            continue
        found = there.get(_one(message.id), message.context)
        forms = [] if found is None else list(found.string) if isinstance(found.string, (tuple, list)) else [found.string]
        if found is None:
            problems.append(f"{path.name}: missing: {_one(message.id)!r}")
        elif found.fuzzy or not forms or not all(forms):
            problems.append(f"{path.name}: not translated: {_one(message.id)!r}")
        else:
            problems += [f"{path.name}: {_one(message.id)!r}: {error}" for error in found.check()]
    problems += [
        f"{path.name}: no longer said: {_one(message.id)!r}"
        for message in there
        if message.id and source.get(_one(message.id), message.context) is None
    ]
    return problems


def update(path: Path, source: Catalog) -> None:
    """Add what is new and drop what is gone; translations stay."""
    with path.open("rb") as stream:
        there = read_po(stream)
    there.update(source, no_fuzzy_matching=True, update_creation_date=False)
    there.obsolete.clear()
    out = BytesIO()
    write_po(out, there, width=120, omit_header=False, sort_output=True, no_location=True)
    path.write_bytes(out.getvalue())


def _one(identity: str | tuple[str, ...] | list[str]) -> str:
    return identity if isinstance(identity, str) else identity[0]


def main() -> int:
    """Update the files, or check them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; fail where something is missing")
    arguments = parser.parse_args()
    source = said()
    if arguments.check:
        problems = [problem for path in catalogues() for problem in wrong_with(path, source)]
        sys.stderr.writelines(f"{problem}\n" for problem in problems)
        return 1 if problems else 0
    for path in catalogues():
        update(path, source)
        left = [problem for problem in wrong_with(path, source) if "not translated" in problem]
        sys.stdout.write(f"{path.relative_to(ROOT)}: {len(left)} to translate\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
