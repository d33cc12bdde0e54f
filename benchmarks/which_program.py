"""Tells which copy of the program a script of this folder would measure: its path, as Python found it."""

from __future__ import annotations

import recado

if __name__ == "__main__":
    print(recado.__file__)
