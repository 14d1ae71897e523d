"""What of the record beside the ledger's own rows waits for a second officer when it is changed: all of it is public."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.urls import reverse

from config.kit.proposals.guards import Guard, guard
from treaties.ledger.recording import refresh_effects
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


def _refresh(treaty: Treaty, by: AbstractUser) -> None:
    """The days of effect by which acts are listed follow the treaty's rules."""
    refresh_effects(TreatyAction.objects.filter(treaty=treaty).select_related("treaty"))


def register() -> None:
    """Guard the models of the record."""
    guard(
        Guard(State),
        Guard(StateName, page=_page_of_the_state),
        Guard(GroupMembership, page=_page_of_the_state),
        Guard(Treaty, when_accepted=_refresh),
        Guard(Article, page=_page_of_the_treaty),
        Guard(WithdrawalStep, page=lambda row: reverse("treaties:withdrawals", args=[row.treaty.slug])),
        Guard(Obligation, page=_page_of_the_state),
        Guard(Extension, page=lambda row: _page_of_the_state(row.obligation)),
        Guard(Declaration),
        Guard(DepositaryNotification, page=_page_of_what_it_tells_of),
    )
