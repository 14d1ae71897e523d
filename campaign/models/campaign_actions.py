"""Actions of campaigns: calls to States, and events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaign.models.campaigns import Campaign, Pillar
from config.kit.models.fields import HasLocalTexts, LineField, SlugField, SourceField
from config.kit.models.translations import TranslatedLineField, TranslatedProseField
from treaties.models import Article, PrecisionChoices, State, Treaty


class CampaignActionQuerySet(models.QuerySet):
    def of(self, campaign: Campaign) -> Self:
        return self.filter(pillar__campaign=campaign)

    def public(self) -> Self:
        """What a visitor may see: all but what is held back for a bundle."""
        return self.filter(is_held=False)

    def calls(self) -> Self:
        return self.filter(kind=CampaignAction.Kind.CALL_TO_ACTION)

    def dated(self) -> Self:
        """What happens on a day: everything but the calls."""
        return self.exclude(kind=CampaignAction.Kind.CALL_TO_ACTION)

    def about(self, state: State) -> Self:
        return self.filter(states=state)

    def for_display(self) -> Self:
        return self.select_related("pillar", "pillar__campaign", "target_treaty").prefetch_related(
            "states", "articles__treaty"
        )


class CampaignAction(HasLocalTexts):
    """A dated thing that a campaign does or asks."""

    class Kind(models.TextChoices):
        CALL_TO_ACTION = "call_to_action", _("Call to action")
        EVENT = "event", _("Event")
        MILESTONE = "milestone", _("Milestone")
        DELIVERY = "delivery", _("Delivery")

    class Audience(models.TextChoices):
        STATES_NOT_PARTY = "states_not_party", _("States not party")
        STATES_WITHDRAWING = "states_withdrawing", _("States under notice of withdrawal")
        STATES_PARTIES = "states_parties", _("States parties")
        STATES_WITHDRAWN = "states_withdrawn", _("States that have withdrawn")
        PUBLIC = "public", _("Everyone")

    class Target(models.TextChoices):
        """Whom a call is aimed at, as the ledger has it on the day of reading. Counted as the UN counts."""

        NOT_PARTY = "not_party", _("Every State outside the treaty")
        SIGNATORY = "signatory", _("Every State that has signed only")
        PARTY = "party", _("Every State that is bound")
        WITHDRAWING = "withdrawing", _("Every State under notice of withdrawal")
        WITHDRAWN = "withdrawn", _("Every State that has left")

    class Status(models.TextChoices):
        ANNOUNCED = "announced", _("Announced")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    class Direction(models.TextChoices):
        FORWARD = "forward", _("Forward for the treaty")
        SETBACK = "setback", _("Setback for the treaty")
        NEUTRAL = "neutral", _("Neither")

    pillar = models.ForeignKey(Pillar, on_delete=models.PROTECT, related_name="actions", verbose_name=_("pillar"))
    slug = SlugField(max_length=80, unique=True)
    kind = LineField(_("kind"), max_length=15, choices=Kind.choices)
    title = TranslatedLineField(_("title"), max_length=250)
    summary = TranslatedProseField(_("summary"))
    date = models.DateField(_("date"))
    end_date = models.DateField(_("last day"), null=True, blank=True)
    date_precision = LineField(
        _("how sure the day is"),
        max_length=15,
        choices=PrecisionChoices.choices,
        default=PrecisionChoices.DAY,
    )
    place = TranslatedLineField(_("place"), max_length=120, blank=True)
    who = TranslatedLineField(_("who"), max_length=250, blank=True, help_text=_("Who holds, does or asks it."))
    status = LineField(_("status"), max_length=10, choices=Status.choices)
    direction = LineField(_("direction"), max_length=10, choices=Direction.choices, default=Direction.NEUTRAL)
    official = models.BooleanField(_("of the United Nations"), default=True)
    audience = LineField(_("audience"), max_length=20, choices=Audience.choices, blank=True)
    target_rule = LineField(
        _("live target"),
        max_length=15,
        choices=Target.choices,
        blank=True,
        help_text=_("Computed from the ledger each time the call is read."),
    )
    target_treaty = models.ForeignKey(
        Treaty,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="calls",
        verbose_name=_("under the treaty"),
    )
    states = models.ManyToManyField(State, related_name="campaign_actions", blank=True, verbose_name=_("States"))
    articles = models.ManyToManyField(Article, related_name="campaign_actions", blank=True, verbose_name=_("articles"))
    doubt = TranslatedProseField(_("doubt"), blank=True, help_text=_("What could not be confirmed."))
    source_url = SourceField(_("source"))
    is_held = models.BooleanField(
        _("held back"),
        default=False,
        help_text=_("Not public yet: it goes public with the bundle that it is part of."),
    )

    history = HistoricalRecords(m2m_fields=[states, articles])
    objects = CampaignActionQuerySet.as_manager()

    class Meta:
        ordering = ["date", "id"]
        verbose_name = _("campaign action")
        verbose_name_plural = _("campaign actions")
        indexes = [
            models.Index(fields=["pillar", "date"], name="campaignaction_pillar_day"),
            models.Index(fields=["kind", "date"], name="campaignaction_kind_day"),
            models.Index(fields=["status", "date"], name="campaignaction_status_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="campaignaction_ends_after_it_starts",
                condition=Q(end_date__isnull=True) | Q(end_date__gte=F("date")),
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                name="campaignaction_live_target_names_its_treaty",
                condition=Q(target_rule="") | Q(target_treaty__isnull=False),
                violation_error_message=_("Say under which treaty the live target is computed."),
            ),
            models.CheckConstraint(
                name="campaignaction_call_has_an_audience",
                condition=~Q(kind="call_to_action") | ~Q(audience=""),
                violation_error_message=_("A call to action is addressed to somebody: choose the audience."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{self.pillar.campaign.get_absolute_url()}#{self.slug}"

    @property
    def is_call(self) -> bool:
        return self.kind == self.Kind.CALL_TO_ACTION

    def clean(self) -> None:
        """A call to States of one status names them by a live target within that status."""
        super().clean()
        if not self.is_call or self.audience not in TARGETS_OF_AUDIENCES:
            return
        fitting = TARGETS_OF_AUDIENCES[self.Audience(self.audience)]
        if self.target_rule not in fitting:
            names = "; ".join(str(target.label) for target in fitting)
            raise ValidationError(
                {
                    "target_rule": _("Choose the States that it is aimed at by their status: %(names)s.")
                    % {"names": names}
                }
            )


TARGETS_OF_AUDIENCES = {
    CampaignAction.Audience.STATES_NOT_PARTY: (
        CampaignAction.Target.NOT_PARTY,
        CampaignAction.Target.SIGNATORY,
        CampaignAction.Target.WITHDRAWN,
    ),
    CampaignAction.Audience.STATES_WITHDRAWING: (CampaignAction.Target.WITHDRAWING,),
    CampaignAction.Audience.STATES_PARTIES: (CampaignAction.Target.PARTY, CampaignAction.Target.WITHDRAWING),
    CampaignAction.Audience.STATES_WITHDRAWN: (CampaignAction.Target.WITHDRAWN,),
}
"""The live targets that lie within an audience of States; the other audiences name no State."""


@dataclass(frozen=True)
class EarlierDay:
    """A day that was announced for an action and then changed."""

    was: date
    changed_at: datetime


def earlier_days(actions: Iterable[CampaignAction]) -> dict[int, list[EarlierDay]]:
    """By action, the days that were announced for it before, oldest first. One query for any number of actions."""
    keys = [action.pk for action in actions]
    records = CampaignAction.history.filter(id__in=keys).order_by("history_date", "history_id")
    found: dict[int, list[EarlierDay]] = {}
    last: dict[int, date] = {}
    for key, day, at in records.values_list("id", "date", "history_date"):
        if key in last and last[key] != day:
            found.setdefault(key, []).append(EarlierDay(last[key], at))
        last[key] = day
    return found
