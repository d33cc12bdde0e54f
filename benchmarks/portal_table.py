"""The table of ratios that `make bench` prints of portals: each beside what it must hold."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `ours` and `beside` are seconds or MB; `beside` is what it is held against, None where it is `bound` itself.

    `at_least`: so many times quicker than `beside`; else it is at most so many times as much. `bound` is None where nothing is
    promised: the figure is for whoever reads it.
    """

    name: str
    ours: float
    beside: float | None
    bound: float | None
    unit: str = "s"
    at_least: bool = False

    @property
    def ratio(self) -> float:
        """Give what is compared with the bound."""
        if self.beside is None:
            return self.ours
        return self.beside / self.ours if self.at_least else self.ours / self.beside

    @property
    def holds(self) -> bool | None:
        """Tell whether the bound holds; None where there is none."""
        if self.bound is None:
            return None
        return self.ratio >= self.bound if self.at_least else self.ratio <= self.bound


def as_table(rows: list[Row]) -> str:
    """Give the table as text."""
    lines = [f"{'':58}{'Recado':>10}{'beside':>10}{'ratio':>9}  must hold"]
    for row in rows:
        beside = "" if row.beside is None else _figure(row.beside, row.unit)
        ratio = "" if row.beside is None else f"{row.ratio:.{1 if row.ratio >= 10 else 2}f}×"  # noqa: PLR2004 (three digits)
        lines.append(f"{row.name:58}{_figure(row.ours, row.unit):>10}{beside:>10}{ratio:>9}  {_bound(row)}")
    return "\n".join(lines)


def as_data(rows: list[Row]) -> list[dict[str, object]]:
    """Give the rows as JSON has them."""
    return [asdict(row) | {"ratio": row.ratio, "holds": row.holds} for row in rows]


def _figure(value: float, unit: str) -> str:
    return f"{value:.1f} MB" if unit == "MB" else f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def _bound(row: Row) -> str:
    if row.bound is None:
        return ""
    sign, unit = "≥" if row.at_least else "≤", f" {row.unit}" if row.beside is None else "×"
    return f"{sign} {row.bound:g}{unit}  {'yes' if row.holds else 'NO'}"
