"""Figures of statements, checked against the ledger."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from news.models import Figure
from treaties import rules
from treaties.ledger import actions_by_treaty


@dataclass(frozen=True)
class CheckedFigure:
    """A number cited, beside what the ledger says of that day and of today."""

    figure: Figure
    then: int
    now: int

    @property
    def holds(self) -> bool:
        return self.figure.value == self.then


def check_figures(figures: Iterable[Figure], today: date) -> list[CheckedFigure]:
    """What the ledger says of each figure's day, and of today. Three queries, however many figures and days."""
    chosen = list(figures)
    treaties = {f.treaty_id: f.treaty for f in chosen}
    counts: dict[tuple[int, date], dict[str, int]] = {}
    if treaties:
        for pk, by_state in actions_by_treaty(treaties.values()).items():
            days = sorted({f.on for f in chosen if f.treaty_id == pk} | {today})
            for day, counted in rules.counts_on_days(by_state, treaties[pk].rules, days):
                counts[pk, day] = asdict(counted)
    return [
        CheckedFigure(f, then=counts[f.treaty_id, f.on][f.query], now=counts[f.treaty_id, today][f.query])
        for f in chosen
    ]
