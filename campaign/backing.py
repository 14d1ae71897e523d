"""How many people back a campaign, told so that nobody can be singled out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from campaign.models import Campaign, Pledge
from treaties.models import State

SMALLEST_GROUP = 5
"""A State with fewer confirmed pledges is counted under 'other'."""


@dataclass(frozen=True)
class Backing:
    confirmed: int
    by_state: list[tuple[State, int]]
    other: int
    by_day: list[tuple[date, int]]
    is_demonstration: bool

    @property
    def largest(self) -> int:
        return max((n for _state, n in self.by_state), default=0)


def backing_of(campaign: Campaign) -> Backing:
    """The confirmed pledges of a campaign, in all, by State and by day. Four queries."""
    pledges = Pledge.objects.of(campaign)
    tally = pledges.by_state()
    states: Mapping[str, State] = State.objects.in_bulk([s for s, n in tally if s and n >= SMALLEST_GROUP])
    shown = [(states[s], n) for s, n in tally if s is not None and s in states]
    confirmed = sum(n for _state, n in tally)
    return Backing(
        confirmed=confirmed,
        by_state=shown,
        other=confirmed - sum(n for _state, n in shown),
        by_day=pledges.by_day(),
        is_demonstration=pledges.demonstration().exists(),
    )
