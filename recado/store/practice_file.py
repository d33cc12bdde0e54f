"""Reading clients.yml: all that is wrong with it at once, or the practice it describes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from recado.errors import ConfigurationError, Problem, WorkError
from recado.reasons import reason_of
from recado.speech import _
from recado.store.kept_practice import keep_practice, kept_practice
from recado.store.workspace import PRACTICE_FILE

if TYPE_CHECKING:
    from recado.model.practice import Practice
    from recado.store.workspace import Workspace


def load_practice(workspace: Workspace) -> Practice:
    """Read the practice; a file that did not change is not checked again.

    Raises ConfigurationError with every mistake and its line, WorkError where it cannot be read.
    """
    try:
        content = workspace.practice_file.read_bytes()
    except OSError as error:
        raise WorkError(_("clients.yml cannot be read: {reason}.").format(reason=reason_of(error))) from error
    kept = kept_practice(workspace, content)
    if kept is not None:
        return kept
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problem = Problem(PRACTICE_FILE, line, _("this is not UTF-8 text; expected the file saved as UTF-8"))
        raise ConfigurationError([problem]) from error
    practice = parse_practice(text)
    keep_practice(workspace, content, practice)
    return practice


def parse_practice(text: str) -> Practice:
    """Make the practice of the file's text. Raises ConfigurationError."""
    # Late: a practice that was kept needs neither YAML nor the checks.
    from recado.model.practice import Practice  # noqa: PLC0415
    from recado.store.checked import is_below, problems_of_yaml, refusals  # noqa: PLC0415
    from recado.store.practice_checks import cross_checks  # noqa: PLC0415
    from recado.store.strict_yaml import read_yaml  # noqa: PLC0415

    document = read_yaml(text)
    problems = problems_of_yaml(document, PRACTICE_FILE)
    practice = None
    if document.value is None and not problems:
        said = _("this file is empty; expected `practice`, `mailbox` and `clients` (`recado init` writes one to start from)")
        problems.append(Problem(PRACTICE_FILE, 1, said))
    elif document.value is not None:
        practice, refused = refusals(Practice, document)
        # One mistake, one line: what is refused by itself is not complained about again by a rule between fields.
        told = [refusal.path for refusal in refused] + [refusal.meant for refusal in refused if refusal.meant]
        crossed = [found for found in cross_checks(document) if not is_below(found.path, (*told, *document.lost))]
        faulty = {problem.line for problem in problems}
        problems += [one.in_file(PRACTICE_FILE) for one in (*refused, *crossed) if one.line not in faulty]
    if problems or practice is None:
        raise ConfigurationError(problems)
    return _with_currency(practice)


def _with_currency(practice: Practice) -> Practice:
    """Complete the practice's currency from its country, where the file does not say it."""
    if practice.business.currency is not None:
        return practice
    from babel.numbers import get_territory_currencies  # noqa: PLC0415 (late: only where the file leaves it out)

    currencies = get_territory_currencies(practice.business.country)
    business = replace(practice.business, currency=currencies[0] if currencies else "EUR")
    return replace(practice, business=business)
