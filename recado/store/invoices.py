"""Invoice files: read, and their totals checked against their lines to the minor unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.errors import Problem
from recado.model.invoice import Invoice, disagreements
from recado.speech import _
from recado.store.checked import check, problems_of_yaml, written_path
from recado.store.given_once import issued_once
from recado.store.source import read_text, shown
from recado.store.strict_yaml import read_yaml
from recado.store.tasks import written_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recado.store.strict_yaml import ValuePath
    from recado.store.workspace import ClientFolder


def read_invoices(client: ClientFolder, problems: list[Problem]) -> tuple[Invoice, ...]:
    """Read a client's issued invoices, newest first. Drafts are read and checked for their form, and left out."""
    if not client.invoices.is_dir():
        return ()
    # What begins with a dot is an editor's lock, or macOS's own.
    paths = {shown(client, path): path for path in sorted(client.invoices.glob("*.yml")) if not path.name.startswith(".")}

    def read(file: str) -> Invoice | None:
        text = read_text(client, paths[file], problems)
        return None if text is None else parse_invoice(text, file, problems)

    found = issued_once(((read(file), file) for file in paths), str, problems)
    return tuple(invoice for invoice, _file in found)


def parse_invoice(text: str, file: str, problems: list[Problem]) -> Invoice | None:
    """Read one invoice. None, and what is wrong added to `problems`, where its form is wrong or, with a number, its sums."""
    document = written_values(read_yaml(text))
    found = problems_of_yaml(document, file)
    invoice = None
    if not found:
        invoice, found = check(Invoice, document, file)
    if invoice is not None and invoice.number is not None:
        found = [Problem(file, document.line_of(path), said) for path, said in _wrong_in(invoice)]
    problems += found
    return None if found else invoice


def _wrong_in(invoice: Invoice) -> Iterator[tuple[ValuePath, str]]:
    """Find what an invoice with a number may not have. A draft may: it is not finished."""
    if invoice.issued is None:
        yield ("number",), _("`issued` is missing; expected the date that a numbered invoice has")
    if invoice.issued is not None and invoice.due is not None and invoice.due < invoice.issued:
        said = _("`due` is {due}, before `issued` ({issued}); expected that day or a later one")
        yield ("due",), said.format(due=invoice.due, issued=invoice.issued)
    names = [tax.name for tax in invoice.taxes]
    for number, line in enumerate(invoice.lines):
        if line.tax is not None and line.tax not in names:
            said = _("`{name}` is {tax!r}; expected the name of one of `taxes` ({known})")
            yield (
                ("lines", number, "tax"),
                said.format(
                    name=written_path(("lines", number, "tax")), tax=line.tax, known=", ".join(names) or _("there are none")
                ),
            )
    for path, stands, should in disagreements(invoice):
        said = _("`{name}` is {stands}, but it comes to {should}; expected sums that add up")
        yield path, said.format(name=written_path(path), stands=stands, should=should)
