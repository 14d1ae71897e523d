"""The counts that a treaty would have if some States gave notice of withdrawal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from treaties.law import rules
from treaties.models import State
from treaties.status.boards import Board, line_of


@dataclass(frozen=True)
class WhatIf:
    """The counts if some States notified their withdrawal on a day: a supposition, not the record."""

    states: Sequence[State]
    notified_on: date
    effective_on: date
    before: rules.Counts
    board: Board

    @property
    def after(self) -> rules.Counts:
        return self.board.counts


def what_if(board: Board, leaving: Iterable[State]) -> WhatIf | None:
    """What the counts would be on the day of effect, had these parties deposited their notices on the board's day.

    Everything else is as the ledger had it on the board's day: acts deposited later are not looked at.
    """
    treaty = board.treaty
    chosen = [s for s in leaving if board.by_state[s.pk].status is rules.Status.PARTY]
    effect = rules.withdrawal_takes_effect(board.on, treaty.rules)
    if not chosen or effect is None:
        return None
    notices = {s.pk: [rules.Action(0, s.pk, rules.ActionKind.WITHDRAWAL, board.on)] for s in chosen}
    supposed = {
        iso3: [*(row for row in rows if (row.not_before or row.deposited_on) <= board.on), *notices.get(iso3, [])]
        for iso3, rows in board.actions.items()
    }
    lines = [line_of(line.state, supposed[line.state.pk], treaty, effect) for line in board.lines]
    supposition = Board(treaty, effect, board.known_at, lines, supposed)
    return WhatIf(chosen, board.on, effect, board.counts, supposition)
