"""What statements say, held against the ledger: their figures, the tags in their texts, and the claims the guard finds."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse

from news import guard
from news.figures import Tag, filled, tags_of
from news.models import Figure, Statement
from treaties import rules, status
from treaties.ledger import actions_by_treaty
from treaties.models import State, Treaty
from treaties.querysets import MAIN_TREATY


@dataclass(frozen=True)
class CheckedFigure:
    """A number cited, beside what the ledger says of that day and of today."""

    figure: Figure
    then: int
    now: int

    @property
    def holds(self) -> bool:
        """A tag has no number of its own: what the ledger says is what the text says."""
        return self.figure.value is None or self.figure.value == self.then


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


# --- Tags in texts -------------------------------------------------------------------------------------------


def fill(statements: Iterable[Statement], today: date) -> list[Statement]:
    """The statements, each with `told`: its text with every tag computed. A handful of queries if there are tags, else none."""
    chosen = list(statements)
    tags = {statement.pk: tags_of(statement.body) for statement in chosen}
    figures = tagged_figures({tag for own in tags.values() for tag in own}, today)
    checked = {(item.figure.text): item for item in check_figures(figures.values(), today)}
    words = {tag: _words(checked[figure.text]) for tag, figure in figures.items()}
    for statement in chosen:
        statement.told = filled(statement.body, words)
        statement.tagged = [checked[figures[tag].text] for tag in tags[statement.pk]]
    return chosen


def tagged_figures(tags: Iterable[Tag], today: date) -> dict[Tag, Figure]:
    """A figure for each tag, kept nowhere. Raises Treaty.DoesNotExist for a treaty that is none. One query, or none."""
    chosen = list(tags)
    if not chosen:
        return {}
    treaties = {t.slug: t for t in Treaty.objects.filter(slug__in={tag.treaty or MAIN_TREATY for tag in chosen})}
    found = {}
    for tag in chosen:
        treaty = treaties.get(tag.treaty or MAIN_TREATY)
        if treaty is None:
            raise Treaty.DoesNotExist(tag.treaty)
        on = tag.on or today
        found[tag] = Figure(
            text=f"{treaty.short_title}: {Figure.Query(tag.count).label}, {on.isoformat()}",
            treaty=treaty,
            query=tag.count,
            on=on,
        )
    return found


def _words(item: CheckedFigure) -> str:
    """A number that leads to its proof, in Markdown."""
    day = item.figure.on.isoformat()
    return f"[{item.then}]({reverse('treaties:treaty', args=[item.figure.treaty.slug])}?on={day})"


def figures_that_fail(today: date) -> list[Figure]:
    """Figures of public statements that the ledger contradicts, and that no editor has said anything about."""
    figures = Figure.objects.filter(statement__in=Statement.objects.public(), note="").select_related(
        "treaty", "statement"
    )
    return [item.figure for item in check_figures(figures, today) if not item.holds]


# --- Claims --------------------------------------------------------------------------------------------------


class LedgerFacts:
    """The ledger of a treaty, as the guard asks it. Each day is computed once."""

    def __init__(self, treaty: Treaty) -> None:
        self.treaty = treaty
        self._boards: dict[date, status.Board] = {}

    @cached_property
    def names(self) -> Mapping[str, str]:
        return {name: s.pk for s in State.objects.all() for name in {s.name, s.common_name}}

    def _board(self, on: date) -> status.Board:
        day = self.treaty.last_shown_day(on)
        if day not in self._boards:
            self._boards[day] = status.board(self.treaty, day)
        return self._boards[day]

    def counts(self, on: date) -> Mapping[str, int]:
        return asdict(self._board(on).counts)

    def standing(self, iso3: str, on: date) -> guard.Standing:
        own = self._board(on).by_state[iso3].standing
        return guard.Standing(
            str(own.status),
            own.withdrawal.deposited_on if own.withdrawal else None,
            own.withdrawal_effective_on,
            own.evidence,
        )
