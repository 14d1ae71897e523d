"""The facts that the guard asks for, from the ledger."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from functools import cached_property

from news.facts import guard
from treaties.models import State, Treaty
from treaties.status.boards import Board, status_board


class LedgerFacts:
    """The ledger of one treaty as the guard asks it. Each day is computed once."""

    def __init__(self, treaty: Treaty) -> None:
        self.treaty = treaty
        self._boards: dict[date, Board] = {}

    @cached_property
    def names(self) -> Mapping[str, str]:
        return {name: s.pk for s in State.objects.all() for name in {s.name, s.common_name}}

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
