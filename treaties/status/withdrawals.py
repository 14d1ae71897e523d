"""The withdrawal watch: each State's path from announcement to effect, the legal days from the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.kit.formats.days import written
from config.kit.models.generations import Remembered
from treaties.law import rules
from treaties.ledger.reading import known_rows, states_known
from treaties.models import State, StepChoices, Treaty, WithdrawalStep
from treaties.status.boards import Board, Line
from treaties.status.legal_days import LegalMoment, NoticeClock, notice_clock, start_of_legal_day

PATH = [
    StepChoices.ANNOUNCED_INTENTION,
    StepChoices.GOVERNMENT_DECISION,
    StepChoices.PARLIAMENT_VOTE,
    StepChoices.PROMULGATED,
    StepChoices.NOTIFICATION_DEPOSITED,
    StepChoices.TAKES_EFFECT,
]


@dataclass(frozen=True)
class Stage:
    """A station on the path: the day it was reached, or will be, if known; an armed conflict can postpone it (Art. 20(3))."""

    kind: StepChoices
    on: date | None
    is_reached: bool
    is_postponed: bool = False
    votes: WithdrawalStep | None = None


@dataclass(frozen=True)
class Path:
    """One State's steps out of a treaty, taken and still to come."""

    state: State
    standing: rules.Standing
    clock: NoticeClock | None
    stages: Sequence[Stage]
    steps: Sequence[WithdrawalStep]
    objections: Sequence[WithdrawalStep]
    suspension: WithdrawalStep | None
    is_reversed: bool
    moment: LegalMoment | None

    @property
    def objecting_states(self) -> int:
        """The number of States that have objected, each once."""
        return len({s.actor_id for s in self.objections if s.actor_id})

    @property
    def acts_of_meetings(self) -> int:
        """The number of objections that are acts of a meeting of the States Parties, not of one State."""
        return sum(s.actor_id is None for s in self.objections)

    @property
    def may_leave(self) -> bool:
        """It is a party, has announced or decided to leave, and has given no notice."""
        return self.standing.status is rules.Status.PARTY and not self.is_reversed


def next_in_words(board: Board, paths: Sequence[Path]) -> list[str]:
    """What can happen next under a treaty, by the acts on record on the board's day, in sentences.

    Which notices run and until when; who has announced to leave without notice; which suspensions are disputed; and the earliest
    day on which a notice received on the board's day could take effect (Art. 20(3) of the Mine Ban Convention).
    """
    running = [path for path in paths if path.standing.status is rules.Status.WITHDRAWING]
    found = [_running_notice(path) for path in running] or [_("No notice of withdrawal is running.")]
    waiting = [path.state.name for path in paths if path.may_leave and not path.suspension]
    found += [_("%(state)s has spoken of leaving and has given no notice.") % {"state": name} for name in waiting]
    for path in paths:
        if path.suspension and path.objecting_states:
            names = {"state": path.state.name, "n": path.objecting_states}
            found.append(
                ngettext(
                    "%(state)s: suspension disputed. %(n)d State objects to it, and the treaty has no rule of suspension.",
                    "%(state)s: suspension disputed. %(n)d States object to it, and the treaty has no rule of suspension.",
                    path.objecting_states,
                )
                % names
            )
    if board.treaty.rules.withdrawal_notice_months or board.treaty.rules.withdrawal_notice_days:
        earliest = rules.withdrawal_notice_expires(board.on, board.treaty.rules)
        days = {"day": written(earliest), "on": written(board.on)}
        found.append(
            _(
                "The earliest day on which a further exit could take effect is %(day)s, if notice were received on %(on)s."
            )
            % days
        )
    return found


def _running_notice(path: Path) -> str:
    names = {"state": path.state.name}
    effect = path.standing.withdrawal_effective_on
    if effect is None or path.standing.held_by_armed_conflict:
        return _("%(state)s has given notice; when it takes effect is not known.") % names
    return _("%(state)s has given notice; it takes effect on %(day)s.") % (names | {"day": written(effect)})


_ORDER = {rules.Status.WITHDRAWING: 0, rules.Status.WITHDRAWN: 1}


def steps_known(
    treaty: Treaty | None, on: date, known_at: datetime | None, about: State | None = None
) -> list[WithdrawalStep]:
    """The steps of a treaty, or those about a State, up to a day, that are on record now or were at a moment.

    At most three queries.
    """
    key = (treaty.pk if treaty else None, on, known_at, about.pk if about else None)
    return list(_kept_steps.get(key, lambda: _read_steps(treaty, on, known_at, about)))


_kept_steps: Remembered[list[WithdrawalStep]] = Remembered("treaties", most=16)


def _read_steps(
    treaty: Treaty | None, on: date, known_at: datetime | None, about: State | None
) -> list[WithdrawalStep]:
    found = known_rows(WithdrawalStep, known_at).filter(date__lte=on).order_by("date", "id")
    if treaty is not None:
        found = found.filter(treaty=treaty.pk)
    if about is not None:
        found = found.filter(state=about.pk)
    if known_at is None:
        return list(found.select_related("state", "actor", "treaty"))
    steps = list(found)
    states = states_known(known_at)
    treaties = {known.pk: known for known in known_rows(Treaty, known_at)}
    for step in steps:
        step.state, step.treaty = states[step.state_id], treaties[step.treaty_id]
        step.actor = states[step.actor_id] if step.actor_id else None
    return steps


def withdrawal_paths(board: Board) -> list[Path]:
    """The States with a notice of withdrawal or a step towards it, those under notice first. Steps in one query."""
    steps: dict[str, list[WithdrawalStep]] = {}
    for step in steps_known(board.treaty, board.on, board.known_at):
        steps.setdefault(step.state_id, []).append(step)
    paths = [
        _path(line, steps.get(line.state.pk, []), board)
        for line in board.lines
        if line.state.pk in steps or line.standing.withdrawal
    ]
    return sorted(
        paths,
        key=lambda p: (_ORDER.get(p.standing.status, 2), p.standing.withdrawal_effective_on or date.max),
    )


def _path(line: Line, steps: list[WithdrawalStep], board: Board) -> Path:
    objections = [s for s in steps if s.step == StepChoices.OBJECTION]
    suspensions = [s for s in steps if s.step == StepChoices.SUSPENSION_NOTIFIED]
    last_turn = [s.step for s in steps if s.step in (StepChoices.INTENTION_REVERSED, StepChoices.ANNOUNCED_INTENTION)]
    effect = line.standing.withdrawal_effective_on
    return Path(
        state=line.state,
        standing=line.standing,
        clock=notice_clock(line.standing, board.on),
        stages=_stages(line.standing, steps, board.on),
        steps=[s for s in steps if s.step != StepChoices.OBJECTION],
        objections=objections,
        suspension=suspensions[-1] if suspensions else None,
        is_reversed=bool(last_turn) and last_turn[-1] == StepChoices.INTENTION_REVERSED,
        moment=start_of_legal_day(effect, line.state) if effect else None,
    )


def _stages(standing: rules.Standing, steps: list[WithdrawalStep], on: date) -> list[Stage]:
    """Domestic stations from the recorded steps, legal ones from the ledger alone."""
    stages = []
    for kind in PATH:
        of_kind = [s for s in steps if s.step == kind]
        if kind == StepChoices.NOTIFICATION_DEPOSITED:
            day = standing.withdrawal.deposited_on if standing.withdrawal else None
            stages.append(Stage(kind, day, is_reached=day is not None))
        elif kind == StepChoices.TAKES_EFFECT:
            day = standing.withdrawal_effective_on
            postponed = day is None and standing.held_by_armed_conflict
            stages.append(Stage(kind, day, is_reached=day is not None and day <= on, is_postponed=postponed))
        else:
            votes = next((s for s in of_kind if s.votes_for is not None), None)
            stages.append(Stage(kind, of_kind[0].date if of_kind else None, is_reached=bool(of_kind), votes=votes))
    return stages
