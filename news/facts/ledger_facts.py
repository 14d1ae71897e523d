"""The facts that the guard asks for, from the ledger."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from news.facts import guard
from treaties.law import rules
from treaties.models import State, Treaty
from treaties.status.boards import Board, status_board
from treaties.status.sentences import what_is_not_certain

PRESS_NAMES = {
    "Britain": "GBR",
    "Burma": "MMR",
    "Cape Verde": "CPV",
    "Cote d'Ivoire": "CIV",
    "Czech Republic": "CZE",
    "DRC": "COD",
    "East Timor": "TLS",
    "Great Britain": "GBR",
    "Ivory Coast": "CIV",
    "Swaziland": "SWZ",
    "Turkey": "TUR",
    "UAE": "ARE",
    "U.K.": "GBR",
    "U.S.": "USA",
    "UK": "GBR",
    "US": "USA",
    "USA": "USA",
    "Vatican": "VAT",
}
"""Names that the press uses and no list of ours has: former ones, short ones, and spellings without accents."""


class LedgerFacts:
    """The ledger of one treaty as the guard asks it. Each day is computed once."""

    def __init__(self, treaty: Treaty) -> None:
        self.treaty = treaty
        self._boards: dict[date, Board] = {}

    @cached_property
    def names(self) -> Mapping[str, str]:
        states = list(State.objects.all())
        known = {s.pk for s in states}
        ours = {name: s.pk for s in states for name in {s.name, s.common_name}}
        return {name: iso3 for name, iso3 in PRESS_NAMES.items() if iso3 in known} | ours

    def _board(self, on: date) -> Board:
        day = self.treaty.last_shown_day(on)
        if day not in self._boards:
            self._boards[day] = status_board(self.treaty, day)
        return self._boards[day]

    def counts(self, on: date) -> Mapping[str, tuple[int, int]]:
        counts = self._board(on).counts
        return {name: counts.range_of(name) for name in rules.COUNTS}

    def may_have_changed(self, count: str, on: date) -> bool:
        return self._board(on).may_have_changed(count)

    def why_not_certain(self, on: date, iso3: str = "") -> str:
        return " ".join(what_is_not_certain(self._board(on), iso3))

    def state_on(self, iso3: str, on: date) -> guard.StateOnDay:
        line = self._board(on).by_state[iso3]
        standing = line.standing
        return guard.StateOnDay(
            str(standing.status),
            standing.withdrawal.deposited_on if standing.withdrawal else None,
            standing.withdrawal_effective_on,
            standing.evidence,
            tuple(map(str, line.possible)),
        )
