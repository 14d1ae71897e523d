"""The facts that the guard asks for, from the ledger."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from functools import cached_property

from news.facts import guard
from treaties.models import State, Treaty
from treaties.status.boards import Board, status_board

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

    def counts(self, on: date) -> Mapping[str, int]:
        return asdict(self._board(on).counts)

    def state_on(self, iso3: str, on: date) -> guard.StateOnDay:
        standing = self._board(on).by_state[iso3].standing
        return guard.StateOnDay(
            str(standing.status),
            standing.withdrawal.deposited_on if standing.withdrawal else None,
            standing.withdrawal_effective_on,
            standing.evidence,
        )
