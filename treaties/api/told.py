"""What the change feed tells of the record: States, treaties, acts, steps, duties and declarations."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from config.kit.migrations._marks import Marked
from config.kit.models.telling import PublicKind, register
from treaties.models import (
    ArmedConflictHold,
    Article,
    Declaration,
    DepositaryNotification,
    Extension,
    GroupMembership,
    Obligation,
    State,
    StateName,
    Treaty,
    TreatyAction,
    WithdrawalStep,
)


def standing(model: Any, *with_: str) -> Callable[[datetime], QuerySet]:
    """The rows of a model that stand, with the rows that they name."""
    return lambda now: model.objects.select_related(*with_)


def path_of(name: str, key: str = "pk") -> Callable[[Any], str]:
    """The address of a row in the API. Mirrors keep it: it is the same in every language."""
    return lambda row: f"/api/v1/{name}/{getattr(row, key)}/"


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None


def _names(state: State) -> list[dict[str, Any]]:
    found = [{"name": n.name, "kind": n.kind, "from": n.valid_from, "to": n.valid_to} for n in state.other_names.all()]
    return sorted(found, key=str)


def _groups(state: State) -> list[dict[str, Any]]:
    found = [{"group": m.group, "from": m.since, "to": m.until} for m in state.memberships.all()]
    return sorted(found, key=str)


def _decisions(obligation: Obligation) -> list[dict[str, Any]]:
    return [
        {
            "deadline": _day(e.extended_to),
            "granted_at": e.granted_at,
            "granted_on": _day(e.granted_on),
            "known_to": _day(e.known_to),
            "source_url": e.source_url,
            "note": e.note,
        }
        for e in sorted(obligation.extensions.all(), key=lambda e: e.pk)
    ]


def _unless_open(name: str) -> tuple[str, Callable[[TreatyAction], Any]]:
    return name, lambda act: None if act.not_before else getattr(act, name)


def _deposited_between(act: TreatyAction) -> list[Any] | None:
    return [act.not_before, act.deposited_on] if act.not_before else None


def _references(row: Any) -> str:
    return " ".join(sorted(notification.reference for notification in row.notifications.all()))


KINDS = [
    PublicKind(
        "state",
        State,
        (
            "iso3",
            "iso2",
            "m49",
            "name",
            "common_name",
            "formal_name",
            "region",
            "subregion",
            "un_member",
            "un_member_since",
            "regional_group",
            ("names", _names),
            ("groups", _groups),
        ),
        path_of("states"),
        lambda now: State.objects.prefetch_related("other_names", "memberships"),
        name_field="name",
    ),
    PublicKind(
        "treaty",
        Treaty,
        (
            "slug",
            "short_title",
            "title",
            "reference",
            "depositary",
            "adopted_on",
            "adopted_at",
            "opened_on",
            "closed_on",
            "entered_into_force_on",
            "entry_into_force_rule",
            "entry_into_force_n",
            "withdrawal_notice_months",
            "withdrawal_notice_days",
            "armed_conflict_clause",
            "complete_to",
            "counts_withheld_after",
            "note",
            "source_url",
            ("articles", lambda treaty: sorted(article.number for article in treaty.articles.all())),
        ),
        path_of("treaties", "slug"),
        lambda now: Treaty.objects.prefetch_related("articles"),
        key="slug",
        name_field="short_title",
    ),
    PublicKind(
        "treaty_action",
        TreatyAction,
        (
            "id",
            "treaty",
            "state",
            "action",
            _unless_open("deposited_on"),
            ("deposited_between", _deposited_between),
            "interval_source",
            _unless_open("effective_on"),
            "stated_effective_on",
            "stated_effective_reason",
            "source_url",
            "note",
            "confirmed_at",
            ("replaces", "replaces_id"),
            "is_annulment",
            "reason",
            "sequence",
            "hash",
            ("depositary_reference", _references),
        ),
        path_of("treaty-actions"),
        lambda now: (
            TreatyAction.objects.confirmed()
            .select_related("state", "treaty", "replaces__state", "replaces__treaty")
            .prefetch_related("notifications", "replaces__notifications")
        ),
        versions_of="replaces",
    ),
    PublicKind(
        "armed_conflict_hold",
        ArmedConflictHold,
        (
            ("withdrawal", "withdrawal_id"),
            "started_on",
            "ended_on",
            "source_url",
            "confirmed_at",
            ("replaces", "replaces_id"),
            "reason",
        ),
        lambda hold: f"/api/v1/treaty-actions/{hold.withdrawal_id}/",
        lambda now: ArmedConflictHold.objects.confirmed().select_related(
            "withdrawal__state", "withdrawal__treaty", "replaces"
        ),
        versions_of="replaces",
    ),
    PublicKind(
        "withdrawal_step",
        WithdrawalStep,
        (
            "id",
            "treaty",
            "state",
            "step",
            "date",
            "date_precision",
            "actor",
            "votes_for",
            "votes_against",
            "abstentions",
            "detail",
            "source_url",
            "note",
        ),
        path_of("withdrawal-steps"),
        standing(WithdrawalStep, "treaty", "state", "actor"),
    ),
    PublicKind(
        "obligation",
        Obligation,
        (
            "treaty",
            "state",
            "obligation",
            "outcome",
            "completed_on",
            "known_to",
            "source_url",
            "note",
            ("decisions", _decisions),
        ),
        lambda duty: (
            f"/api/v1/obligations/?treaty={duty.treaty.slug}&state={duty.state_id}&obligation={duty.obligation}"
        ),
        lambda now: Obligation.objects.select_related("treaty", "state").prefetch_related("extensions"),
    ),
    PublicKind(
        "declaration",
        Declaration,
        (
            "id",
            "treaty",
            "state",
            "kind",
            "made_on",
            "articles",
            ("with_action", "with_action_id"),
            ("answers", "answers_id"),
            "about",
            "summary",
            "text",
            "language",
            "withdrawn_on",
            "is_public_statement",
            ("depositary_reference", _references),
            "source_url",
            "note",
        ),
        path_of("declarations"),
        lambda now: Declaration.objects.select_related("treaty", "state", "about").prefetch_related("notifications"),
    ),
]
PARTS: list[type[Model]] = [StateName, GroupMembership, Article, Extension, DepositaryNotification]

MARKED = [
    Marked("treaties_state", "state", "iso3"),
    Marked("treaties_statename", "state", "state_id"),
    Marked("treaties_groupmembership", "state", "state_id"),
    Marked("treaties_treaty", "treaty"),
    Marked("treaties_article", "treaty", "treaty_id"),
    Marked("treaties_treatyaction", "treaty_action"),
    Marked("treaties_depositarynotification", "treaty_action", "act_id"),
    Marked("treaties_depositarynotification", "declaration", "declaration_id"),
    Marked("treaties_armedconflicthold", "armed_conflict_hold"),
    Marked("treaties_withdrawalstep", "withdrawal_step"),
    Marked("treaties_obligation", "obligation"),
    Marked("treaties_extension", "obligation", "obligation_id"),
    Marked("treaties_declaration", "declaration"),
]


def register_kinds() -> None:
    """Have what is public of the record told."""
    register(*KINDS, marked=MARKED, parts=PARTS)
