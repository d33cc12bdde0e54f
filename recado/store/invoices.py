"""Invoice files: read, and their totals checked against their lines to the minor unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.errors import Problem
from recado.speech import _
from recado.store.source import read_text, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from recado.model.invoice import Invoice
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


def issued_once(
    found: Iterable[tuple[Invoice | None, str]], shown_as: Callable[[str], str], problems: list[Problem]
) -> list[tuple[Invoice, str]]:
    """Give the issued ones among invoices that were read, each with its file, newest first; a number is one invoice's."""
    invoices: dict[str, tuple[Invoice, str]] = {}
    for invoice, path in found:
        if invoice is None or not invoice.is_issued or invoice.number is None:
            continue
        page = invoice.number.casefold()  # many disks, and many who type an address, do not tell a from A
        if page in invoices:
            problems.append(Problem(shown_as(path), 1, _taken(invoice.number, invoices[page][0].number)))
            continue
        invoices[page] = (invoice, path)
    return sorted(invoices.values(), key=lambda one: (str(one[0].issued), str(one[0].number)), reverse=True)


def parse_invoice(text: str, file: str, problems: list[Problem]) -> Invoice | None:
    """Read one invoice. None, and what is wrong added to `problems`, where its form is wrong or, with a number, its sums."""
    from recado.model import invoice as model  # noqa: PLC0415 (late, with YAML and pydantic: few builds read an invoice)
    from recado.store.checked import check, problems_of_yaml  # noqa: PLC0415
    from recado.store.strict_yaml import read_yaml, written_values  # noqa: PLC0415

    document = written_values(read_yaml(text))
    found = problems_of_yaml(document, file)
    invoice = None
    if not found:
        invoice, found = check(model.Invoice, document, file)
    if invoice is not None and invoice.number is not None:
        found = [Problem(file, document.line_of(path), said) for path, said in _wrong_in(invoice)]
    problems += found
    return None if found else invoice


def _taken(number: str, other: str | None) -> str:
    if number == other:
        return _("the number {number} stands in another file too; expected each number once").format(number=number)
    said = _("the number {number} differs from {other}, of another file, by its capitals alone; expected more of a difference")
    return said.format(number=number, other=other)


def _wrong_in(invoice: Invoice) -> Iterator[tuple[ValuePath, str]]:
    """Find what an invoice with a number may not have. A draft may: it is not finished."""
    from recado.model.invoice import disagreements  # noqa: PLC0415 (late, as above)
    from recado.store.checked import written_path  # noqa: PLC0415

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
