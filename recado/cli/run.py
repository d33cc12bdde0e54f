"""`recado run`: all of it, in one process, until it is told to end."""

from __future__ import annotations

import os
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING

import click

from recado.cli.frame import json_option, workspace_at, workspace_option
from recado.speech import _

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    help=_(
        "Do all of it, until Ctrl-C: file mail as it comes, build what changes, publish it.\n"
        "\n"
        "A client writes, and moments later sees it on their page. What you save in your files is built and published too. "
        "What fails is said, and tried again; it never stops the rest. One line says each thing that happens; the same lines "
        "stand as JSON in .recado/log/run.jsonl.\n"
        "\n"
        "\b\n"
        "See how it stands:        recado status\n"
        "Have it run for good:     recado service install\n"
        "\n"
        "It publishes to all places of clients.yml. Without any, it files and builds."
    )
)
@workspace_option
@json_option
def run(folder: Path | None, as_json: bool) -> None:
    """File, build and publish until told to end."""
    from ingest.worker import only_worker  # noqa: PLC0415 (late: IMAP and mail parsing, not for --help)
    from recado.cli.run_line import only_run, run_line  # noqa: PLC0415
    from recado.cli.run_words import show_json, show_line  # noqa: PLC0415
    from recado.deploy.publishing import publish  # noqa: PLC0415
    from recado.store.practice_file import load_practice  # noqa: PLC0415

    workspace = workspace_at(folder)
    with only_run(workspace), only_worker(workspace):
        show = show_json if as_json else partial(show_line, zone=load_practice(workspace).business.timezone)
        run_line(workspace, partial(publish, workspace), show)
        leave()


def leave() -> None:
    """End this process; where a thread still waits for a place or a disk, as it is: all that it does may be left anywhere."""
    if threading.active_count() == 1:
        return
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
