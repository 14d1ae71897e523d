"""What States were called on a day and in other languages, and which groups they belonged to."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from config.kit.formats.lists import listed
from config.kit.models.generations import Remembered
from treaties.ledger.reading import known_rows
from treaties.models import GroupMembership, State, StateName, StateNameChoices
from treaties.models.local_names import state_names
from treaties.models.states import holds_on, last_of, named_so


def names_in_other_languages() -> dict[str, tuple[str, ...]]:
    """The short names of the 197 States in Arabic, Chinese, French, Russian and Spanish, by code, to find States by."""
    return {iso3: tuple(names.values()) for iso3, names in state_names().items()}


def names_on(on: date, states: Mapping[str, State], known_at: datetime | None = None) -> Mapping[str, str]:
    """How to name those of the States whose short name was, or may have been, another one on a day, by code. One query.

    Args: states: by code, with the names that they have now, or had at the moment.
    """
    by_state: dict[str, list[StateName]] = {}
    for name in _former_names.get(known_at, lambda: _read_former_names(known_at)):
        if name.state_id in states and name.was_used_on(on) is not False:
            by_state.setdefault(name.state_id, []).append(name)
    return {iso3: _named(names, states[iso3].name, on) for iso3, names in by_state.items()}


_former_names: Remembered[list[StateName]] = Remembered("treaties", most=8)


def _read_former_names(known_at: datetime | None) -> list[StateName]:
    former = known_rows(StateName, known_at).filter(kind=StateNameChoices.FORMER).exclude(valid_to="")
    return list(former.order_by("state", "valid_to", "id"))


def _named(names: list[StateName], today: str, on: date) -> str:
    sure = [name.name for name in names if name.was_used_on(on)]
    if sure:
        return _("%(then)s (now %(today)s)") % {"then": sure[0], "today": today}
    then = listed(name.name for name in names)
    return _("%(today)s (in %(year)s also %(then)s)") % {"today": today, "year": on.year, "then": then}


def names_of(state: State) -> list[dict[str, str | None]]:
    """All names of a State with the days, or the years, between which each was used; first those of today.

    The name of today begins where the last former one ends. A bound that was not read is None.
    """
    others = list(state.other_names.all())
    former = [name for name in others if name.kind == StateNameChoices.FORMER]
    ends = [name.valid_to for name in former]
    since = _after(max(ends)) if ends and all(ends) else None
    found = [
        _told(state.name, "short", since, None),
        _told(state.formal_name, "formal", None, None),
    ]
    if state.common_name != state.name:
        found.append(_told(state.common_name, StateNameChoices.ALSO_KNOWN, None, None))
    known = {state.name, state.common_name}
    found += [
        _told(name.name, name.kind, name.valid_from or None, name.valid_to or None)
        for name in others
        if name.name not in known or name.kind == StateNameChoices.FORMER
    ]
    return found


def _told(name: str, kind: str, first: str | None, last: str | None) -> dict[str, str | None]:
    return {"name": name, "kind": str(kind), "from": first, "to": last}


def _after(text: str) -> str:
    """The day after a day; the same year where only the year is known."""
    return text if len(text) == 4 else str(last_of(text) + timedelta(days=1))


def states_named(words: str, known_at: datetime | None = None) -> frozenset[str]:
    """The codes of the States one of whose names contains the words, or whose code they are. Two queries."""
    match, other = named_so(words)
    states = known_rows(State, known_at).filter(match).values_list("iso3", flat=True)
    names = known_rows(StateName, known_at).filter(other).values_list("state_id", flat=True)
    return frozenset([*states, *names])


def members_of(groups: Iterable[str], on: date, known_at: datetime | None = None) -> frozenset[str]:
    """The codes of the States that belong on a day to one of the groups. One query."""
    chosen = known_rows(GroupMembership, known_at).filter(holds_on(on), group__in=list(groups))
    return frozenset(chosen.values_list("state", flat=True))


def memberships(known_at: datetime | None = None) -> dict[str, list[tuple[str, date | None, date | None]]]:
    """By group, the States that ever belonged to it, each with the first and the last day; None where it has none. One query."""
    found: dict[str, list[tuple[str, date | None, date | None]]] = {}
    spans = known_rows(GroupMembership, known_at).order_by("group", "state", "since")
    for group, state, since, until in spans.values_list("group", "state", "since", "until"):
        found.setdefault(group, []).append((state, since, until))
    return found


def membership_turns(groups: Iterable[str], known_at: datetime | None = None) -> list[date]:
    """The days on which a State joins one of the groups, or is no longer in it, ascending. One query."""
    spans = known_rows(GroupMembership, known_at).filter(group__in=list(groups)).values_list("since", "until")
    turns = {since for since, _until in spans if since}
    return sorted(turns | {until + timedelta(days=1) for _since, until in spans if until})
