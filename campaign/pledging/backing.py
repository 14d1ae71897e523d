"""How many people back a campaign, shown so that nobody can be singled out. Read from counter rows."""

from dataclasses import dataclass
from datetime import date

from campaign.models import Campaign, DayTally, Invalidation, StateTally
from treaties.ledger.reading import states_known
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

    @property
    def next_mark(self) -> int:
        """The next round number above, for the thermometer: 1, 2 or 5 with noughts, from 10 on."""
        step = 10
        while True:
            for factor in (1, 2, 5):
                if factor * step > self.confirmed:
                    return factor * step
            step *= 10


def backing_of(campaign: Campaign) -> Backing:
    """The pledges of a campaign that count: in all, by State and by day. Three queries, however many people."""
    tallies = list(StateTally.objects.filter(campaign=campaign, counted__gt=0).order_by("-counted", "state_id"))
    states = states_known(None)
    named = [(t.state_id, t.counted) for t in tallies if t.state_id and t.counted >= SMALLEST_GROUP]
    shown = [(states[iso3], n) for iso3, n in named if iso3 in states]
    confirmed = sum(t.counted for t in tallies)
    days = DayTally.objects.filter(campaign=campaign, counted__gt=0)
    return Backing(
        confirmed=confirmed,
        by_state=shown,
        other=confirmed - sum(n for _state, n in shown),
        by_day=list(days.values_list("day", "counted")),
        is_demonstration=any(t.demonstration for t in tallies),
    )


def backing_by_people_of(state: State) -> dict[int, int]:
    """By campaign, how many people of a State back it; those with fewer than five are left out. One query."""
    tallies = StateTally.objects.filter(state=state, counted__gte=SMALLEST_GROUP)
    return dict(tallies.values_list("campaign", "counted"))


@dataclass(frozen=True)
class AccountDay:
    """What happened to pledges on a day, and how many counted at its end."""

    tally: DayTally
    total: int
    reasons: list[Invalidation]


def account_of(campaign: Campaign) -> list[AccountDay]:
    """The public account of a campaign, newest day first: confirmed, removed, invalidated and why. Two queries."""
    reasons: dict[date, list[Invalidation]] = {}
    for taken in Invalidation.objects.filter(campaign=campaign):
        reasons.setdefault(taken.made_at.date(), []).append(taken)
        if taken.reinstated_at:
            reasons.setdefault(taken.reinstated_at.date(), []).append(taken)
    total, found = 0, []
    for tally in DayTally.objects.filter(campaign=campaign):
        total += tally.confirmed - tally.removed - tally.invalidated + tally.reinstated
        found.append(AccountDay(tally, total, list(dict.fromkeys(reasons.get(tally.day, [])))))
    return found[::-1]
