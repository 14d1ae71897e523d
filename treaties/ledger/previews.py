"""What an act would change, computed before anybody decides on it."""

from dataclasses import dataclass
from datetime import date, timedelta

from treaties.law import rules
from treaties.law.intervals import count_possible, possible_standings
from treaties.ledger.checks import held_as, refusal_of
from treaties.ledger.reading import actions_by_state
from treaties.models import TreatyAction


@dataclass(frozen=True)
class Moment:
    """The State's standing and the counts on a day, with or without the act."""

    on: date
    standing: rules.Standing
    counts: rules.Counts


@dataclass(frozen=True)
class Preview:
    """What an act would change if it counted, for the officer who records it and the one who confirms it."""

    refusal: str
    effective_on: date | None
    before: Moment
    on_deposit: Moment
    on_effect: Moment | None


def preview(entry: TreatyAction) -> Preview:
    """Compute what an act would change: the day before, on deposit, on effect. Writes nothing."""
    treaty = entry.treaty
    by_state = actions_by_state(treaty)
    others = [a for a in by_state[entry.state_id] if a.id not in (entry.replaces_id, entry.pk)]
    proposed = entry.as_rule_input(held_as(entry))
    effect = rules.effective_on(proposed, treaty.rules)

    def at(day: date, actions: list[rules.Action]) -> Moment:
        now = by_state | {entry.state_id: actions}
        possible = {iso3: possible_standings(iso3, rows, treaty.rules, day) for iso3, rows in now.items()}
        return Moment(day, possible[entry.state_id][0], count_possible(possible.values()))

    deposit = entry.deposited_on
    with_it = others if entry.is_annulment else [*others, proposed]
    return Preview(
        refusal=refusal_of(entry),
        effective_on=effect,
        before=at((entry.not_before or deposit) - timedelta(days=1), others),
        on_deposit=at(deposit, with_it),
        on_effect=at(effect, with_it) if effect and effect > deposit else None,
    )
