"""Mistakes in a workspace's own templates, told as lines a person can jump to: `site_templates/parts/home.html.j2:12: …`."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

from recado.errors import FileError, Problem, RecadoError
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet
    from types import TracebackType

    from recado.portal.page import Shell


@contextmanager
def told_of_templates(overrides: Path | None) -> Iterator[None]:
    """Tell what fails in a template of `overrides`, or in one of the program's because of them, as a FileError.

    Without any the program's own templates are at fault, which is a bug and raised as it came.
    """
    try:
        yield
    except RecadoError:
        raise
    except Exception as error:
        place = _place(error, overrides) if overrides is not None else None
        if place is None:
            raise
        raise FileError([Problem(*place, _reason(error))]) from error


def check_icon(kind: str, text: str, overrides: Path | None) -> None:
    """See that the shell of one of the places has an icon which the theme knows. Raises FileError."""
    from recado.store.front_matter import read_front_matter  # noqa: PLC0415 (late: where shells are made)

    front = read_front_matter(text).front.value
    icon = front.get("icon") if isinstance(front, dict) else None
    from importlib.resources import files  # noqa: PLC0415 (late: templates are seldom wrong)

    known = files("material") / "templates" / ".icons"
    if isinstance(icon, str) and re.fullmatch(r"[\w-]+(/[\w-]+)*", icon) and (known / f"{icon}.svg").is_file():
        return
    if icon is None:
        said = _("`icon` is missing; expected an icon of the theme, such as material/home-outline")
    else:
        said = _("`icon` is {icon}; expected an icon of the theme, such as material/home-outline").format(icon=icon)
    raise FileError([Problem(*_written(f"shells/{kind}.md.j2", "icon:", overrides), said)])


def check_slots(shell: Shell, given: AbstractSet[str], overrides: Path | None) -> None:
    """See that a shell asks for nothing but what a page gives: the frame's values, its part's blocks. Raises FileError."""
    for name in shell.slots:
        if name in given:
            continue
        part, asks = f"parts/{shell.kind}.html.j2", f"shells/{shell.kind}.md.j2"
        is_part = overrides is not None and (overrides / part).is_file() and not (overrides / asks).is_file()
        said = _("the slot {slot} has no block of its name in {part}; expected one of: {known}")
        problem = said.format(slot=name, part=part, known=", ".join(sorted(given)))
        raise FileError([Problem(*_written(part if is_part else asks, f'"{name}"', overrides), problem)])


def _place(error: Exception, overrides: Path) -> tuple[str, int] | None:
    """Find the template that failed and its line: the innermost of the workspace's own, else of the program's."""
    if isinstance(error, TemplateSyntaxError) and error.filename:
        return _named(error.filename, overrides) or error.filename, error.lineno
    found = list(_template_lines(error.__traceback__))
    own = [(name, line) for file, line in found if (name := _named(file, overrides))]
    if own:
        return own[-1]
    if isinstance(error, TemplateError) and found:
        file, line = found[-1]
        return "/".join(["site_templates", *Path(file).parts[-2:]]), line
    return None


def _template_lines(trace: TracebackType | None) -> Iterator[tuple[str, int]]:
    """Go through a traceback's templates: those that Jinja has rewritten already, and those still in its generated code."""
    while trace is not None:
        frame = trace.tb_frame
        template = frame.f_globals.get("__jinja_template__")
        if template is not None and template.filename:
            yield template.filename, template.get_corresponding_lineno(trace.tb_lineno)
        elif "__jinja_exception__" in frame.f_globals:
            yield frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next


def _named(file: str, overrides: Path) -> str | None:
    """Name a template of the workspace's own. Those of the theme are copied to be used: they are known by their path in it."""
    path = Path(file)
    if path.is_relative_to(overrides):
        return f"{overrides.name}/{path.relative_to(overrides).as_posix()}"
    _before, theme, rest = path.as_posix().rpartition("/theme/")
    return f"{overrides.name}/theme/{rest}" if theme and (overrides / "theme" / rest).is_file() else None


def _written(path: str, text: str, overrides: Path | None) -> tuple[str, int]:
    """Find the line of a template on which a text stands, the first where it stands nowhere."""
    file = overrides / path if overrides is not None else None
    lines = file.read_text(encoding="utf-8").splitlines() if file is not None and file.is_file() else []
    return f"site_templates/{path}", next((number for number, line in enumerate(lines, 1) if text in line), 1)


def _reason(error: Exception) -> str:
    if isinstance(error, TemplateNotFound):
        return _("this template asks for another, {name}, which is not there").format(name=error.name)
    reason = error.message if isinstance(error, TemplateError) else f"{type(error).__name__}: {error}"
    return _("this template cannot be used: {reason}").format(reason=reason)
