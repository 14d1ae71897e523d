"""What the record does not know: every open doubt about a treaty, computed, with what would settle it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from config.kit.formats.days import written
from config.kit.formats.lists import listed
from treaties.law import rules
from treaties.models import (
    Comparison,
    Declaration,
    Difference,
    GroupMembership,
    ObligationChoices,
    PrecisionChoices,
    State,
    StateName,
    Treaty,
    WithdrawalStep,
)
from treaties.status.boards import status_board
from treaties.status.duties import dated_duties
from treaties.status.sentences import acts_on_record_to, comparison_is_due, open_act


@dataclass(frozen=True)
class Doubt:
    """Something that the record does not know."""

    key: str
    """Its name in addresses; it stays while the doubt does."""
    kind: str
    state: State | None
    sentence: str
    settled_by: str
    """What a source would have to say."""
    url: str
    """Where the record shows it."""


def doubts_about(treaty: Treaty, on: date) -> list[Doubt]:
    """The open doubts about a treaty on a day. The number of queries does not grow with the doubts."""
    return [
        *_missing_acts(treaty, on),
        *_open_acts(treaty, on),
        *_contested(treaty),
        *_deadlines(treaty, on),
        *_texts(treaty),
        *_steps(treaty),
    ]


def doubts_about_states() -> list[Doubt]:
    """What is not known of names and groups, whatever the treaty. Two queries."""
    return [*_names(), *_groups()]


def _missing_acts(treaty: Treaty, on: date) -> Iterator[Doubt]:
    page = treaty.get_absolute_url()
    if on > treaty.complete_to:
        settled = _("The Depositary's status table of a later day, whole.")
        yield Doubt("complete", "acts_may_be_missing", None, acts_on_record_to(treaty), settled, page)
    if due := comparison_is_due(treaty, on):
        settled = _("The Depositary's status table, compared by two officers.")
        yield Doubt("compared", "not_compared", None, due, settled, page)


def _open_acts(treaty: Treaty, on: date) -> Iterator[Doubt]:
    board = status_board(treaty, on)
    for state, act in board.open_acts:
        yield Doubt(
            f"act-{act.id}",
            "day_of_an_act",
            state,
            open_act(state, treaty, act),
            _("The Depositary's notification of the act, or a status table with its day."),
            f"{reverse('treaties:ledger', args=[treaty.slug])}?row={act.id}#action-{act.id}",
        )


def _contested(treaty: Treaty) -> Iterator[Doubt]:
    closed = Comparison.objects.filter(treaty=treaty, closed_at__isnull=False).order_by("-table_of", "-closed_at")
    # A later comparison has settled what an earlier one found, or has found it again.
    differences = Difference.objects.filter(comparison=closed.first(), decision=Difference.Decision.CONTESTED)
    for found in differences.select_related("state", "comparison").order_by("pk"):
        yield Doubt(
            f"difference-{found.pk}",
            "contested",
            found.state,
            _("%(state)s, %(act)s: the Depositary's table of %(day)s says otherwise. Contested here: %(reason)s")
            % {
                "state": found.state.name,
                "act": found.get_action_display(),
                "day": written(found.comparison.table_of),
                "reason": found.reason,
            },
            _("The instrument, or the Depositary's notification of it."),
            found.state.get_absolute_url(),
        )


def _deadlines(treaty: Treaty, on: date) -> Iterator[Doubt]:
    page = reverse("treaties:deadlines", args=[treaty.slug])
    for duty in dated_duties([treaty], on):
        names = {"state": duty.state.name, "duty": str(ObligationChoices(duty.obligation.value).label)}
        key = f"deadline-{duty.state.pk.lower()}-{duty.obligation}"
        if duty.deadline is None:
            sentence = _("%(state)s, %(duty)s: extended, to a day that was not found.") % names
        elif duty.status is rules.ObligationStatus.NOT_CONFIRMED:
            names["deadline"] = written(duty.deadline)
            sentence = (
                _("%(state)s, %(duty)s: the deadline was %(deadline)s; whether it was moved is not known.") % names
            )
            if duty.known_to:
                sentence = _(
                    "%(state)s, %(duty)s: the deadline was %(deadline)s; decisions after %(known)s were not looked up."
                ) % (names | {"known": written(duty.known_to)})
        else:
            continue
        settled = _(
            "The decision of a Meeting of the States Parties, or the State's declaration that the duty is done."
        )
        yield Doubt(key, "deadline", duty.state, sentence, settled, page)


def _texts(treaty: Treaty) -> Iterator[Doubt]:
    for text in Declaration.objects.of(treaty).filter(made_on=None).select_related("state", "treaty").order_by("pk"):
        names = {"state": text.state.name, "kind": text.get_kind_display(), "summary": text.summary or text.text}
        yield Doubt(
            f"declaration-{text.pk}",
            "day_of_a_text",
            text.state,
            _("%(state)s, %(kind)s: the day is not known. %(summary)s") % names,
            _("The text with its day, or the Depositary's notification of it."),
            text.get_absolute_url(),
        )


_INEXACT = {
    PrecisionChoices.MONTH,
    PrecisionChoices.YEAR,
    PrecisionChoices.REPORTED,
    PrecisionChoices.INFERRED,
    PrecisionChoices.ON_OR_BEFORE,
}


def _steps(treaty: Treaty) -> Iterator[Doubt]:
    steps = WithdrawalStep.objects.of(treaty).filter(date_precision__in=_INEXACT).for_display()
    for step in steps:
        names = {
            "state": step.state.name,
            "step": step.get_step_display(),
            "day": written(step.date),
            "precision": step.get_date_precision_display(),
            "detail": step.detail,
        }
        yield Doubt(
            f"step-{step.pk}",
            "day_of_a_step",
            step.state,
            _("%(state)s, %(step)s, %(day)s (%(precision)s): %(detail)s") % names,
            _("A page of the State or of its parliament with the day."),
            step.state.get_absolute_url(),
        )


def _names() -> Iterator[Doubt]:
    for name in StateName.objects.filter(kind="former").select_related("state"):
        bounds = [bound for bound in (name.valid_from, name.valid_to) if bound]
        if name.valid_to and all(len(bound) == 10 for bound in bounds):
            continue
        names = {"state": name.state.name, "name": name.name, "note": name.note}
        yield Doubt(
            f"name-{name.pk}",
            "name",
            name.state,
            _("%(state)s was called %(name)s before; the day of the change is not known. %(note)s") % names,
            _("The notice of the United Nations on the change of the name."),
            name.state.get_absolute_url(),
        )


def _groups() -> Iterator[Doubt]:
    by_group: dict[str, list[GroupMembership]] = {}
    for membership in GroupMembership.objects.filter(since=None).select_related("state"):
        by_group.setdefault(membership.group, []).append(membership)
    for group, memberships in by_group.items():
        label = memberships[0].get_group_display()
        states = listed(m.state.name for m in memberships)
        yield Doubt(
            f"group-{group}",
            "group",
            None,
            _("%(group)s: the day of joining was not read for %(states)s.") % {"group": label, "states": states},
            _("The group's own list of members with the days."),
            reverse("treaties:states") + f"?group={group}",
        )
