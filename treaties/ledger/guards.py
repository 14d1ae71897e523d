"""What of the record beside the ledger's own rows waits for a second officer when it is changed, and is sealed: all is public."""

from typing import Any

from django.db.models import Model
from django.urls import reverse

from config.kit.models.proposals import Proposal
from config.kit.proposals.guards import Guard, guard
from treaties.ledger.chain import lock_ledger
from treaties.ledger.recording import refresh_effects
from treaties.ledger.sealing import history_kind, seal, seal_kinds
from treaties.models import (
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


def _page_of_the_state(row: Any) -> str:
    return str(row.state.get_absolute_url())


def _page_of_the_treaty(row: Any) -> str:
    return str(row.treaty.get_absolute_url())


def _page_of_what_it_tells_of(row: DepositaryNotification) -> str:
    told = row.act or row.declaration
    return str(told.get_absolute_url()) if told is not None else ""


def _seal(row: Any, proposal: Proposal) -> None:
    """What a second officer has accepted is sealed with both officers' numbers."""
    seal(type(row), recorded_by=proposal.made_by_id)


def _seal_and_refresh(treaty: Treaty, proposal: Proposal) -> None:
    """The days of effect by which acts are listed follow the treaty's rules."""
    _seal(treaty, proposal)
    refresh_effects(TreatyAction.objects.filter(treaty=treaty).select_related("treaty"))


def _guard(model: type[Model], **how: Any) -> Guard:
    return Guard(model, **{"when_accepted": _seal, "before_locking": lock_ledger, **how})


def register() -> None:
    """Guard the models of the record, and have all their versions sealed."""
    guards = (
        _guard(State),
        _guard(StateName, page=_page_of_the_state),
        _guard(GroupMembership, page=_page_of_the_state),
        _guard(Treaty, when_accepted=_seal_and_refresh),
        _guard(Article, page=_page_of_the_treaty),
        _guard(WithdrawalStep, page=lambda row: reverse("treaties:withdrawals", args=[row.treaty.slug])),
        _guard(Obligation, page=_page_of_the_state),
        _guard(Extension, page=lambda row: _page_of_the_state(row.obligation)),
        _guard(Declaration),
        _guard(DepositaryNotification, page=_page_of_what_it_tells_of),
    )
    guard(*guards)
    seal_kinds(*(history_kind(each.model) for each in guards))
