"""What the counts would be if States joined or left on given days: imagined, never the record."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from treaties.law import intervals, rules
from treaties.law.sequences import Objection, objections
from treaties.models import State, Treaty
from treaties.status.boards import Board, first_day, line_of


class Step(StrEnum):
    """What a State is supposed to do."""

    JOIN = "join"
    LEAVE = "leave"


KINDS = {Step.JOIN: rules.ActionKind.ACCESSION, Step.LEAVE: rules.ActionKind.WITHDRAWAL}


@dataclass(frozen=True)
class Supposed:
    """An imagined act: a State deposits its consent or its notice of withdrawal on a day."""

    state: State
    step: Step
    on: date

    def __str__(self) -> str:
        return f"{self.state.pk}:{self.step}:{self.on.isoformat()}"

    def as_act(self, number: int) -> rules.Action:
        """The act as input of the rules. Its number is negative, so that it is none of the ledger's."""
        return rules.Action(-number, self.state.pk, KINDS[self.step], self.on)


@dataclass(frozen=True)
class Refused:
    """An imagined act that the State could not do on its day, and why."""

    act: Supposed
    why: Objection


@dataclass(frozen=True)
class Supposition:
    """The counts, lines and map of a day with the imagined acts, beside those of the record."""

    acts: Sequence[tuple[Supposed, date | None]]
    """The acts that count, each with the day on which it takes effect; None where no rule gives one."""
    refused: Sequence[Refused]
    before: rules.Counts
    board: Board
    series: Sequence[tuple[date, rules.Counts]]
    """The counts on every day of change up to the board's day, the imagined ones included."""

    @property
    def after(self) -> rules.Counts:
        return self.board.counts


def suppose(board: Board, acts: Collection[Supposed]) -> Supposition:
    """The record of a board's treaty on its day, with imagined acts added. An act that the State cannot do then is left out.

    Everything else is as the ledger has it. An armed conflict on the day on which a notice runs out would postpone the effect
    (Art. 20(3) of the Mine Ban Convention); none is supposed.
    """
    treaty = board.treaty
    supposed: dict[str, list[rules.Action]] = {iso3: list(rows) for iso3, rows in board.actions.items()}
    counted: list[tuple[Supposed, date | None]] = []
    refused: list[Refused] = []
    for number, act in enumerate(sorted(acts, key=lambda act: (act.on, act.state.pk, act.step)), 1):
        row = act.as_act(number)
        with_it = [*supposed[act.state.pk], row]
        why = objections(with_it, treaty.rules, is_signed_first=False).get(row.id)
        if why is not None:
            refused.append(Refused(act, why))
            continue
        supposed[act.state.pk] = with_it
        counted.append((act, rules.effective_on(row, treaty.rules)))
    lines = [line_of(line.state, supposed[line.state.pk], treaty, board.on, line.then) for line in board.lines]
    imagined = Board(treaty, board.on, board.known_at, lines, supposed)
    return Supposition(counted, refused, board.counts, imagined, _series(supposed, treaty, board.on))


def _series(
    by_state: Mapping[str, Sequence[rules.Action]], treaty: Treaty, last: date
) -> list[tuple[date, rules.Counts]]:
    first = first_day(treaty)
    if last <= first:
        return []
    turning = {day for rows in by_state.values() for day in intervals.turning_days(rows, treaty.rules)}
    days = sorted({first, last} | {day for day in turning if first <= day <= last})
    return intervals.counts_on_days(by_state, treaty.rules, days)


def last_day_of(acts: Iterable[Supposed], treaty: Treaty) -> date | None:
    """The day on which the last of the acts takes effect, or is done where no rule gives a day; None without acts."""
    return max((rules.effective_on(act.as_act(1), treaty.rules) or act.on for act in acts), default=None)
