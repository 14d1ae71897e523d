"""Commitments of States and organizations, and the follow-ups to them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaign.models.campaigns import Campaign, Pillar
from config.kit.models.fields import HasLocalTexts, LineField, ProseField, SlugField, SourceField
from config.kit.models.translations import TranslatedLineField, TranslatedProseField
from treaties.models import Article, PrecisionChoices, State

A_YEAR = timedelta(days=365)


class CommitmentQuerySet(models.QuerySet):
    def of(self, campaign: Campaign) -> Self:
        return self.filter(pillar__campaign=campaign)

    def by(self, state: State) -> Self:
        return self.filter(by_state=state)

    def open(self) -> Self:
        """Not yet settled: announced or under way."""
        return self.filter(status__in=Commitment.OPEN)

    def done_unchecked(self) -> Self:
        """Told as done by their source, with no evidence here that a second person has seen."""
        checked = FollowUp.objects.filter(
            commitment=OuterRef("pk"), status=Commitment.Status.DONE, check_result=FollowUp.Check.CONFIRMED
        )
        return self.filter(status=Commitment.Status.DONE).exclude(Exists(checked))

    def overdue(self, on: date) -> Self:
        return self.open().filter(due_on__lt=on)

    def silent(self, on: date) -> Self:
        """Not settled, and nobody has spoken of them for a year before that day."""
        since = on - A_YEAR
        heard = FollowUp.objects.public().filter(commitment=OuterRef("pk"), on__gte=since)
        return self.open().filter(announced_on__lt=since).exclude(Exists(heard))

    def tally(self) -> dict[str, int]:
        """How many have each status; a status that none has counts 0."""
        counted = dict(self.order_by().values_list("status").annotate(n=models.Count("pk")))
        return {status: counted.get(status, 0) for status in Commitment.Status.values}

    def for_display(self) -> Self:
        return (
            self.select_related("by_state", "pillar", "pillar__campaign")
            .prefetch_related("follow_ups")
            .order_by("-announced_on", "-id")
        )


class Commitment(HasLocalTexts):
    """What a State or an organization has publicly promised, followed up until it is settled."""

    class Status(models.TextChoices):
        ANNOUNCED = "announced", _("Announced")
        UNDER_WAY = "under_way", _("Under way")
        DONE = "done", _("Done")
        NOT_KEPT = "not_kept", _("Not kept")
        WITHDRAWN = "withdrawn", _("Taken back")

    OPEN = (Status.ANNOUNCED, Status.UNDER_WAY)
    """The statuses that are not yet settled."""

    pillar = models.ForeignKey(Pillar, on_delete=models.PROTECT, related_name="commitments", verbose_name=_("pillar"))
    slug = SlugField(max_length=80, unique=True)
    by_state = models.ForeignKey(
        State,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("by State"),
    )
    by_organization = LineField(_("by organization"), max_length=200, blank=True)
    title = TranslatedLineField(_("promise"), max_length=300)
    text = TranslatedProseField(
        _("in its own words"), blank=True, help_text=_("The words of the promise, as the source has them.")
    )
    announced_on = models.DateField(_("announced on"))
    date_precision = LineField(
        _("how sure the day is"),
        max_length=15,
        choices=PrecisionChoices.choices,
        default=PrecisionChoices.DAY,
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    status = LineField(
        _("status"),
        max_length=10,
        choices=Status.choices,
        default=Status.ANNOUNCED,
        help_text=_("Moved by follow-ups."),
    )
    baseline_amount = models.DecimalField(
        _("baseline"),
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Where it stood when the promise was made, in the unit of the target; empty means from nothing."),
    )
    target_amount = models.DecimalField(_("target"), max_digits=16, decimal_places=2, null=True, blank=True)
    target_unit = LineField(_("unit"), max_length=20, blank=True, help_text=_("For example USD, hectares, mines."))
    articles = models.ManyToManyField(Article, related_name="commitments", blank=True, verbose_name=_("articles"))
    doubt = TranslatedProseField(_("doubt"), blank=True, help_text=_("What could not be confirmed."))
    source_url = SourceField(_("source"))

    history = HistoricalRecords(m2m_fields=[articles])
    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["-announced_on", "-id"]
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        indexes = [
            models.Index(fields=["status", "due_on"], name="commitment_status_due"),
            models.Index(fields=["pillar", "announced_on"], name="commitment_pillar_day"),
            models.Index(fields=["-announced_on", "-id"], name="commitment_newest_first"),
        ]
        constraints = [
            models.CheckConstraint(
                name="commitment_by_a_state_or_an_organization",
                condition=(Q(by_state__isnull=False) & Q(by_organization=""))
                | (Q(by_state__isnull=True) & ~Q(by_organization="")),
                violation_error_message=_("A commitment is made by a State or by an organization: give one of them."),
            ),
            models.CheckConstraint(
                name="commitment_due_after_it_was_announced",
                # Some promises became known only after their term; their day of announcement is then the day of the report.
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("announced_on")) | ~Q(date_precision="day"),
                violation_error_message=_("It is due before it was announced."),
            ),
            models.CheckConstraint(
                name="commitment_target_has_a_unit",
                condition=Q(target_amount__isnull=True, target_unit="")
                | (Q(target_amount__isnull=False) & ~Q(target_unit="")),
                violation_error_message=_("A target is a number with its unit."),
            ),
            models.CheckConstraint(
                name="commitment_baseline_stands_before_a_target",
                condition=Q(baseline_amount__isnull=True)
                | (Q(target_amount__isnull=False) & ~Q(target_amount=F("baseline_amount"))),
                violation_error_message=_("A baseline needs a target that differs from it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_by}: {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("campaign:commitment", args=[self.pillar.campaign.slug, self.slug])

    @property
    def made_by(self) -> str:
        return self.by_state.name if self.by_state else self.by_organization

    @property
    def is_open(self) -> bool:
        """Not yet settled."""
        return self.status in self.OPEN

    def is_overdue(self, on: date) -> bool:
        """Due before that day and not settled."""
        return self.due_on is not None and self.due_on < on and self.is_open

    @property
    def public_follow_ups(self) -> list["FollowUp"]:
        """The follow-ups that the public sees: all but a 'done' that waits for a second person or was declined."""
        return [f for f in self.follow_ups.all() if f.is_public]

    @property
    def done_is_checked(self) -> bool | None:
        """Whether a second person here has seen the evidence that it is done; None for what is not done."""
        if self.status != self.Status.DONE:
            return None
        return any(f.status == self.Status.DONE for f in self.public_follow_ups)

    @property
    def last_heard_on(self) -> date:
        """The day of the last follow-up, or of the promise itself."""
        return max([self.announced_on, *(f.on for f in self.public_follow_ups)])

    @property
    def reached(self) -> Decimal | None:
        """The amount last reported, in the unit of the target."""
        return next((f.amount for f in reversed(self.public_follow_ups) if f.amount is not None), None)

    @property
    def progress(self) -> int | None:
        """Per cent of the way from the baseline to the target, 0 to 100; None where no numbers are known."""
        if self.target_amount is None or self.reached is None:
            return None
        start = self.baseline_amount or Decimal(0)
        if self.target_amount == start:
            return None
        share = (self.reached - start) / (self.target_amount - start)
        return round(min(max(share, Decimal(0)), Decimal(1)) * 100)

    def is_silent(self, on: date) -> bool:
        """Not settled, and nobody has spoken of it for a year."""
        return self.is_open and self.last_heard_on < on - A_YEAR

    def trackable_by(self) -> list[str]:
        """What makes it possible to tell whether it was kept: a number, a date, a source, an owner."""
        marks = [
            (self.target_amount is not None, _("a number")),
            (self.due_on is not None, _("a date")),
            (bool(self.source_url), _("a source")),
            (bool(self.by_state_id or self.by_organization), _("an owner")),
        ]
        return [str(mark) for has, mark in marks if has]


class FollowUpQuerySet(models.QuerySet):
    def public(self) -> Self:
        """Those that the public sees: see `FollowUp.is_public`."""
        return self.filter(check_result__in=FollowUp.PUBLIC)


class FollowUp(HasLocalTexts):
    """What was heard of a commitment on a day, and the status it moved it to.

    'Done' moves it only when a second person has confirmed it.
    """

    class Check(models.TextChoices):
        NOT_NEEDED = "", _("Not needed")
        WAITING = "waiting", _("Waiting for a second person")
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Declined")

    PUBLIC = (Check.NOT_NEEDED, Check.CONFIRMED)
    """The results with which the public sees it: it needs no second person, or one has confirmed it."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="follow_ups", verbose_name=_("commitment")
    )
    on = models.DateField(_("heard on"))
    status = LineField(_("status from then on"), max_length=10, choices=Commitment.Status.choices)
    text = TranslatedProseField(_("what was heard"), help_text=_("The reason for the status, in a sentence or two."))
    amount = models.DecimalField(
        _("reached by then"),
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("In the unit of the commitment's target, if it has one."),
    )
    evidence_url = SourceField(_("evidence"), blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    check_result = LineField(
        _("second person"), max_length=10, choices=Check.choices, default=Check.NOT_NEEDED, editable=False
    )
    check_reason = ProseField(_("reason"), blank=True, editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("checked by"),
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, editable=False)

    history = HistoricalRecords()
    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["on", "id"]
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        constraints = [
            models.CheckConstraint(
                name="followup_done_needs_evidence",
                condition=~Q(status="done") | ~Q(evidence_url=""),
                violation_error_message=_("'Done' needs evidence: give its address."),
            ),
            models.CheckConstraint(
                name="followup_done_is_checked_by_a_second_person",
                condition=~Q(status="done") | ~Q(check_result=""),
                violation_error_message=_("'Done' waits for a second person."),
            ),
            models.CheckConstraint(
                name="followup_checked_by_another_than_its_recorder",
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("recorded_by")),
                violation_error_message=_("A second person is somebody else."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.get_status_display()}"

    @property
    def is_public(self) -> bool:
        return self.check_result in self.PUBLIC
