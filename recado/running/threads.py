"""Threads of a run: each speaks the language of who began it, and none keeps the process from its end."""

from __future__ import annotations

import threading
from contextvars import copy_context
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def begin_thread(name: str, work: Callable[[], None]) -> threading.Thread:
    """Begin some work in a thread."""
    thread = threading.Thread(target=copy_context().run, args=(work,), name=name, daemon=True)
    thread.start()
    return thread
