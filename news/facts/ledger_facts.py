"""The facts that the guard asks for, from the ledger."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import cached_property

from config.kit.models.generations import Remembered
from news.facts import guard
from treaties.law import rules
from treaties.models import State, Treaty
from treaties.status.boards import Board, status_board
from treaties.status.sentences import what_is_not_certain

PRESS_NAMES = {"Britain": "GBR"}
"""What the press calls a State, and no list of names has."""


def spellings(codes: Mapping[str, str]) -> dict[str, str]:
    """The names by which a text may mean a State: those of the lists, with points in abbreviations (U.K.), without accents.

    A name that joins two others (Serbia and Montenegro) is left out: in a sentence of today it means two States.
    """
    found = {
        name: iso3
        for name, iso3 in codes.items()
        if " and " not in name or not all(part in codes for part in name.split(" and "))
    }
    dotted = {f"{'.'.join(name)}.": iso3 for name, iso3 in found.items() if name.isupper() and len(name) <= 3}
    bare = {_without_accents(name): iso3 for name, iso3 in found.items()}
    return PRESS_NAMES | bare | dotted | found


def _without_accents(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


_spellings: Remembered[dict[str, str]] = Remembered("treaties", most=2)


class LedgerFacts:
    """The ledger of one treaty as the guard asks it. Each day is computed once."""

    def __init__(self, treaty: Treaty) -> None:
        self.treaty = treaty
        self._boards: dict[date, Board] = {}

    @cached_property
    def names(self) -> Mapping[str, str]:
        return _spellings.get(None, lambda: spellings(State.objects.codes_by_name()))

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
