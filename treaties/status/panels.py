"""Tables for researchers: each State in each year, and the counts of regions and groups on a day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from config.kit.models.generations import Remembered
from treaties.law import rules
from treaties.ledger.reading import actions_by_state, as_known, states_known
from treaties.models import GroupChoices, Treaty
from treaties.status.boards import Board, Line, line_of
from treaties.status.names import memberships

AT_THE_END = "12-31"
"""The day of each year that is looked at, where none is named."""


@dataclass(frozen=True)
class StateYear:
    """Where a State stood on one day of a year."""

    on: date
    line: Line

    @property
    def year(self) -> int:
        return self.on.year

    @property
    def party(self) -> bool:
        """A party as the United Nations count: from the deposit of consent on (`parties`)."""
        return self.line.status in (rules.Status.CONSENTED, rules.Status.PARTY, rules.Status.WITHDRAWING)

    @property
    def in_force(self) -> bool:
        """The treaty is in force for it (`in_force`)."""
        return self.line.standing.is_bound


def state_years(
    treaty: Treaty, first: date, last: date, known_at: datetime | None = None, anchor: str = AT_THE_END
) -> list[StateYear]:
    """Every State on a day of each year (`anchor`, MM-DD) between two days, both included; by State and year.

    Days that the treaty's ledger cannot answer for are left out. Three queries, however many years there are.
    """
    key = (treaty.pk, first, last, known_at, anchor)
    return _kept_years.get(key, lambda: _state_years(treaty, first, last, known_at, anchor))


_kept_years: Remembered[list[StateYear]] = Remembered("treaties", most=8)


def _state_years(treaty: Treaty, first: date, last: date, known_at: datetime | None, anchor: str) -> list[StateYear]:
    (treaty,) = as_known([treaty], known_at)
    last = min(last, treaty.last_shown_day(last))
    each = (date.fromisoformat(f"{year}-{anchor}") for year in range(first.year, last.year + 1))
    days = [day for day in each if first <= day <= last]
    states, acts = states_known(known_at), actions_by_state(treaty, known_at)
    found = (
        StateYear(day, line_of(state, acts[iso3], treaty, day))
        for iso3, state in sorted(states.items())
        for day in days
    )
    return list(found)


@dataclass(frozen=True)
class Part:
    """A region, a subregion or a group of States, with the counts over it."""

    kind: str
    key: str
    name: str
    states: int
    counts: rules.Counts


def parts_of(board: Board) -> list[Part]:
    """The counts of each region, subregion and group on the day of a board. A group's members are those of that day. One query."""
    named: list[tuple[str, str, str, Collection[str]]] = []
    for kind in ("region", "subregion"):
        members: dict[str, set[str]] = {}
        for line in board.lines:
            members.setdefault(getattr(line.state, kind), set()).add(line.state.pk)
        named += [(kind, name, name, codes) for name, codes in sorted(members.items())]
    for key, spans in memberships(board.known_at).items():
        codes = {iso3 for iso3, since, until in spans if (since or date.min) <= board.on <= (until or date.max)}
        named.append(("group", key, str(GroupChoices(key).label), codes))
    return [Part(kind, key, name, len(codes), board.counts_of(codes)) for kind, key, name, codes in named]
