"""The vocabulary of the record. Pages, API, feeds and admin ask in these words."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self, cast

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone

if TYPE_CHECKING:
    from treaties.models import State, Treaty

MAIN_TREATY = "mine-ban-convention"


class StateQuerySet(models.QuerySet):
    def named_like(self, words: str) -> Self:
        """States whose short, common or formal name contains the words, or whose code they are."""
        from treaties.models.state import alphabetical_key

        match = Q(common_name__icontains=words) | Q(formal_name__icontains=words) | Q(iso3__iexact=words)
        key = alphabetical_key(words)
        if key:
            match |= Q(sort_name__contains=key)
        return self.filter(match)


class TreatyQuerySet(models.QuerySet):
    def main(self) -> "Treaty":
        """The treaty that the site is about."""
        return cast("Treaty", self.get(slug=MAIN_TREATY))


class LedgerQuerySet(models.QuerySet):
    def confirmed(self) -> Self:
        """Rows that a second officer has confirmed: only these count."""
        return self.filter(confirmed_at__isnull=False)

    def waiting(self) -> Self:
        """Rows recorded and not yet confirmed."""
        return self.filter(confirmed_at__isnull=True)

    def known_at(self, moment: datetime | None = None) -> Self:
        """The rows that the record held at a moment: confirmed by then, and not replaced by then."""
        moment = moment or timezone.now()
        replaced = self.model._default_manager.filter(replaces=OuterRef("pk"), confirmed_at__lte=moment)
        return self.filter(confirmed_at__lte=moment).exclude(Exists(replaced))

    def current(self) -> Self:
        """The rows that count now."""
        return self.known_at()


class TreatyActionQuerySet(LedgerQuerySet):
    def of(self, treaty: "Treaty") -> Self:
        return self.filter(treaty=treaty)

    def by(self, state: "State") -> Self:
        return self.filter(state=state)

    def newest_first(self) -> Self:
        return self.order_by("-deposited_on", "-id")

    def effective_between(self, first: date, last: date) -> Self:
        """Rows whose deposit or effect falls after the first day and not after the last."""
        return self.filter(
            Q(deposited_on__gt=first, deposited_on__lte=last) | Q(effective_on__gt=first, effective_on__lte=last)
        )

    def for_ledger(self, known_at: datetime | None = None) -> Self:
        """With what a line of the ledger shows: State, treaty, and what had replaced it by a moment."""
        confirmed: Any = type(self)(self.model).confirmed().order_by("confirmed_at")
        if known_at:
            confirmed = confirmed.filter(confirmed_at__lte=known_at)
        return self.select_related("state", "treaty", "replaces").prefetch_related(
            Prefetch("replacements", queryset=confirmed, to_attr="confirmed_replacements")
        )


class WithdrawalStepQuerySet(models.QuerySet):
    def of(self, treaty: "Treaty") -> Self:
        return self.filter(treaty=treaty)

    def about(self, state: "State") -> Self:
        return self.filter(state=state)

    def until(self, on: date) -> Self:
        return self.filter(date__lte=on)

    def for_display(self) -> Self:
        return self.select_related("state", "actor", "treaty")
