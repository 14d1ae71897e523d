"""The map of the world by people who back a campaign."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.pledging.backing import SMALLEST_GROUP, Backing
from treaties.ledger.reading import states_known
from treaties.models import State
from treaties.pages.world_map import Mark, WorldMap, draw

CLASSES = (SMALLEST_GROUP, 20, 100, 1000)
"""The colour of the map gets darker at each of these numbers of people."""


def backing_map(backing: Backing) -> WorldMap:
    """The map of the world by people who back the campaign."""
    numbers = {state.pk: n for state, n in backing.by_state}
    too_few = few()

    def mark(state: State) -> Mark:
        n = numbers.get(state.pk, 0)
        label = ngettext("%(n)s person", "%(n)s people", n) % {"n": n} if n else too_few
        return Mark(state, f"people-{sum(n >= least for least in CLASSES)}", label)

    return draw(mark(state) for state in states_known(None).values())


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
