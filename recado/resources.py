"""Where the program's own files are: its templates and words, and the demo practice.

In a wheel they travel as package data (`recado/_data`); in a checkout they stand at the root of the tree.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_PACKED = _PACKAGE / "_data"


def program_templates() -> Path:
    """Give the folder of the program's `site_templates`."""
    return _PACKED / "site_templates" if _PACKED.is_dir() else _PACKAGE.parent / "site_templates"


def demo_practice() -> Path:
    """Give the folder that holds the demo practice's `clients.yml` and `portal_src`."""
    return _PACKED / "practice" if _PACKED.is_dir() else _PACKAGE.parent
