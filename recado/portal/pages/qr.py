"""QR codes for payments: a transfer as banks' apps read it (EPC069-12), or a link; as the path of an SVG, not as markup."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from recado.model.practice import Bank

_BORDER = 4  # modules of quiet zone (ISO/IEC 18004)
_LONGEST_TEXT = 140  # characters of an EPC remittance text
_LONGEST_NAME = 70


class QrCode(NamedTuple):
    """A square of `size` modules a side, its quiet zone included; `path` are its dark modules (SVG path data)."""

    size: int
    path: str


def transfer_qr(bank: Bank, amount: Decimal, text: str) -> QrCode:
    """Make the code of a SEPA transfer in euros (EPC069-12, version 2). `amount` is 0.01 or more; `text` names the payment."""
    from segno import helpers  # noqa: PLC0415 (late: only an unpaid invoice needs it)

    code = helpers.make_epc_qr(
        name=bank.holder[:_LONGEST_NAME],
        iban="".join(bank.iban.split()),
        amount=amount,
        text=text[:_LONGEST_TEXT],
        bic=bank.bic,
    )
    return _drawn(code.matrix)


def link_qr(url: str) -> QrCode:
    """Make the code of a web address."""
    import segno  # noqa: PLC0415

    return _drawn(segno.make_qr(url, error="m").matrix)


def _drawn(matrix: Iterable[Iterable[int]]) -> QrCode:
    rows = [list(row) for row in matrix]
    runs = [
        f"M{start + _BORDER} {y + _BORDER}h{length}v1h-{length}z" for y, row in enumerate(rows) for start, length in _runs(row)
    ]
    return QrCode(len(rows) + 2 * _BORDER, "".join(runs))


def _runs(row: list[int]) -> Iterable[tuple[int, int]]:
    """Give where each run of dark modules starts and how long it is."""
    start = None
    for x, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            yield start, x - start
            start = None
