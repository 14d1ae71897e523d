"""How many people back a campaign, told so that nobody can be singled out. Read from counter rows, never counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Campaign, DayTally, Invalidation, StateTally
from treaties.models import State
from treaties.worldmap import Mark, WorldMap, draw

SMALLEST_GROUP = 5
"""A State with fewer confirmed pledges is counted under 'other'."""
CLASSES = (SMALLEST_GROUP, 20, 100, 1000)
"""From how many people on a State is drawn darker on the map."""


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
    states: Mapping[str, State] = State.objects.in_bulk(
        [t.state_id for t in tallies if t.state_id and t.counted >= SMALLEST_GROUP]
    )
    shown = [(states[t.state_id], t.counted) for t in tallies if t.state_id and t.state_id in states]
    confirmed = sum(t.counted for t in tallies)
    days = DayTally.objects.filter(campaign=campaign, counted__gt=0)
    return Backing(
        confirmed=confirmed,
        by_state=shown,
        other=confirmed - sum(n for _state, n in shown),
        by_day=list(days.values_list("day", "counted")),
        is_demonstration=any(t.demonstration for t in tallies),
    )


def backing_map(backing: Backing) -> WorldMap:
    """The map of the world by people who back the campaign. One query."""
    numbers = {state.pk: n for state, n in backing.by_state}

    def mark(state: State) -> Mark:
        n = numbers.get(state.pk, 0)
        label = ngettext("%(n)s person", "%(n)s people", n) % {"n": n} if n else few()
        return Mark(state, f"people-{sum(n >= least for least in CLASSES)}", label)

    return draw(mark(state) for state in State.objects.all())


def few() -> str:
    return _("fewer than %(n)s people") % {"n": SMALLEST_GROUP}


def legend() -> list[tuple[str, str]]:
    """The classes of the map: name and words."""
    ends = [*CLASSES[1:], None]
    words = [
        _("%(from)s to %(to)s people") % {"from": a, "to": b - 1} if b else _("%(from)s people or more") % {"from": a}
        for a, b in zip(CLASSES, ends, strict=True)
    ]
    return [(f"people-{n}", text) for n, text in enumerate([few(), *words])]


@dataclass(frozen=True)
class AccountDay:
    """What happened on a day, and how many counted at its end."""

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
