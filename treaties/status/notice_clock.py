"""How long a notice of withdrawal still runs."""

from dataclasses import dataclass
from datetime import date

from treaties.law import rules


@dataclass(frozen=True)
class NoticeClock:
    """How long a notice of withdrawal still runs. Days are counted in whole days to the day of effect."""

    effective_on: date
    days_left: int
    days_in_all: int

    @property
    def days_gone(self) -> int:
        return self.days_in_all - self.days_left


def notice_clock(standing: rules.Standing, on: date) -> NoticeClock | None:
    """The clock of a running notice; None where none runs or its end is not known."""
    if standing.status is not rules.Status.WITHDRAWING or standing.withdrawal is None:
        return None
    effect = standing.withdrawal_effective_on
    if effect is None or standing.withdrawal.not_before is not None:
        return None
    received = standing.withdrawal.deposited_on
    return NoticeClock(effect, (effect - on).days, (effect - received).days)
