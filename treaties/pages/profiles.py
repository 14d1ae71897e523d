"""What the record holds of one State, as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from config.kit.models.generations import Remembered
from treaties.ledger.reading import as_listed_then, known_rows
from treaties.models import Declaration, GroupMembership, State, StateName, StepChoices, TreatyAction, WithdrawalStep
from treaties.models.states import holds_on
from treaties.pages.publishers import Grade, Publisher, Source, by_grade
from treaties.status.declarations import Thread, threads
from treaties.status.withdrawals import steps_known


@dataclass(frozen=True)
class Event:
    """An act of a State or a step around its withdrawal; one of the two is there."""

    on: date
    act: TreatyAction | None = None
    step: WithdrawalStep | None = None


@dataclass(frozen=True)
class Profile:
    """The rows about a State up to a day. Several pages may share one at the same time: nobody may change it."""

    events: Sequence[Event]
    """Acts under all treaties and steps around withdrawals, in one order: the newest first."""
    suspension: WithdrawalStep | None
    """The last notice of a suspension, which changes no status."""
    declarations: Sequence[Thread]
    """Its own texts with what others answered. A provisional application is an act, and stands among the acts alone."""
    about: Sequence[Declaration]
    """What other States have said of its acts."""
    other_names: Sequence[StateName]
    groups: Sequence[GroupMembership]


_profiles: Remembered[Profile] = Remembered("treaties", most=256)


def profile_of(state: State, on: date, known_at: datetime | None = None) -> Profile:
    """What was on record of a State, up to a day, now or at a moment. At most fourteen queries."""
    return _profiles.get((state.pk, on, known_at), lambda: _read(state, on, known_at))


def _read(state: State, on: date, known_at: datetime | None) -> Profile:
    acts = TreatyAction.objects.by(state).known_at(known_at).for_ledger(known_at)
    acts = acts.prefetch_related("declarations").newest_first_by_treaty()
    texts = threads(Declaration.objects.filter(Q(state=state.pk) | Q(about=state.pk)).until(on))
    names, groups = known_rows(StateName, known_at), known_rows(GroupMembership, known_at)
    events = [Event(act.deposited_on, act=act) for act in as_listed_then(acts, known_at)]
    steps = steps_known(None, on, known_at, about=state)
    events += [Event(step.date, step=step) for step in reversed(steps)]
    suspensions = [step for step in steps if step.step == StepChoices.SUSPENSION_NOTIFIED]
    return Profile(
        events=sorted(events, key=lambda event: event.on, reverse=True),
        suspension=suspensions[-1] if suspensions else None,
        declarations=[t for t in texts if t.text.state_id == state.pk and not t.text.is_an_act],
        about=[t.text for t in texts if t.text.about_id == state.pk],
        other_names=list(names.filter(state=state.pk).order_by("kind", "-valid_to", "name")),
        groups=list(groups.filter(holds_on(on), state=state.pk).order_by("group")),
    )


def sources_of(profile: Profile, on: date) -> list[tuple[Grade, list[tuple[Source, Publisher]]]]:
    """Where the acts and steps are read, with the Depositary's notifications up to a day, by grade: the Depositary first."""
    found = []
    for event in profile.events:
        if event.step:
            found.append(Source(event.step.get_step_display(), event.on, event.step.source_url))
        if event.act:
            about = f"{event.act.get_action_display()}, {event.act.treaty.short_title}"
            told = [one for one in event.act.told if one.notified_on <= on]
            found.append(Source(about, event.on, event.act.source_url))
            found += [Source(f"{about} ({one.reference})", one.notified_on, one.source_url) for one in told]
    return by_grade(found)
