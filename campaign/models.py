"""What is asked, promised and done: campaigns, their calls and events, commitments, endorsements and pledges."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaign.querysets import CampaignActionQuerySet, CommitmentQuerySet, PledgeQuerySet
from treaties.models import Article, PrecisionChoices, State, Treaty
from treaties.models.source import SourceField

A_YEAR = timedelta(days=365)


class Campaign(models.Model):
    """A campaign. Announced on, launched on and the window are different days, and each may be unknown."""

    slug = models.SlugField(
        max_length=80, unique=True, help_text=_("Part of every address of the campaign: never change it.")
    )
    title = models.CharField(_("title"), max_length=200)
    title_note = models.TextField(_("note on the title"), blank=True)
    summary = models.TextField(_("summary"))
    announced_by = models.CharField(_("announced by"), max_length=200, blank=True)
    announced_on = models.DateField(_("announced on"))
    launched_on = models.DateField(
        _("launched on"),
        null=True,
        blank=True,
        help_text=_("Only if a launch is known: an intention is not a launch."),
    )
    window_starts_on = models.DateField(_("window starts on"), null=True, blank=True)
    window_ends_on = models.DateField(_("window ends on"), null=True, blank=True)
    treaties = models.ManyToManyField(Treaty, related_name="campaigns", verbose_name=_("treaties"))
    result = models.TextField(_("result"), blank=True)
    result_note = models.TextField(_("note on the result"), blank=True)
    source_url = SourceField(_("source"))

    history = HistoricalRecords(m2m_fields=[treaties])

    class Meta:
        ordering = ["-announced_on", "slug"]
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.CheckConstraint(
                name="campaign_window_has_both_ends_in_order",
                condition=Q(window_starts_on__isnull=True, window_ends_on__isnull=True)
                | Q(window_ends_on__gte=F("window_starts_on")),
                violation_error_message=_("The window needs both ends, the first not after the last."),
            ),
            models.CheckConstraint(
                name="campaign_launched_after_it_was_announced",
                condition=Q(launched_on__isnull=True) | Q(launched_on__gte=F("announced_on")),
                violation_error_message=_("A campaign is not launched before it is announced."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("campaign:campaign", args=[self.slug])

    def day_of_window(self, on: date) -> int | None:
        """The number of the day within the window, from 1; None outside it."""
        if self.window_starts_on is None or self.window_ends_on is None:
            return None
        return (on - self.window_starts_on).days + 1 if self.window_starts_on <= on <= self.window_ends_on else None

    def window_is_over(self, on: date) -> bool:
        return self.window_ends_on is not None and self.window_ends_on < on

    @property
    def days_in_window(self) -> int | None:
        if self.window_starts_on is None or self.window_ends_on is None:
            return None
        return (self.window_ends_on - self.window_starts_on).days + 1


class Pillar(models.Model):
    """An objective of a campaign, or one of the means by which it is to reach them."""

    class Role(models.TextChoices):
        OBJECTIVE = "objective", _("Objective")
        MEANS = "means", _("Means")

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="pillars", verbose_name=_("campaign"))
    slug = models.SlugField(max_length=80)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.OBJECTIVE)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"))
    source_url = SourceField(_("source"))
    position = models.PositiveSmallIntegerField(_("place"), default=0)

    history = HistoricalRecords()

    class Meta:
        ordering = ["campaign", "position"]
        verbose_name = _("pillar")
        verbose_name_plural = _("pillars")
        constraints = [models.UniqueConstraint(fields=["campaign", "slug"], name="pillar_once_per_campaign_and_slug")]

    def __str__(self) -> str:
        return self.title


class CampaignAction(models.Model):
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
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=250)
    summary = models.TextField(_("summary"))
    date = models.DateField(_("date"))
    end_date = models.DateField(_("last day"), null=True, blank=True)
    date_precision = models.CharField(
        _("how sure the day is"),
        max_length=15,
        choices=PrecisionChoices.choices,
        default=PrecisionChoices.DAY,
    )
    place = models.CharField(_("place"), max_length=120, blank=True)
    who = models.CharField(_("who"), max_length=250, blank=True, help_text=_("Who holds, does or asks it."))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction.choices, default=Direction.NEUTRAL)
    official = models.BooleanField(_("of the United Nations"), default=True)
    audience = models.CharField(_("audience"), max_length=20, choices=Audience.choices, blank=True)
    target_rule = models.CharField(
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
    doubt = models.TextField(_("doubt"), blank=True, help_text=_("What could not be confirmed."))
    source_url = SourceField(_("source"))

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


class Commitment(models.Model):
    """What a State or an organization has publicly promised, followed up until it is settled."""

    class Status(models.TextChoices):
        ANNOUNCED = "announced", _("Announced")
        UNDER_WAY = "under_way", _("Under way")
        DONE = "done", _("Done")
        NOT_KEPT = "not_kept", _("Not kept")
        WITHDRAWN = "withdrawn", _("Taken back")

    pillar = models.ForeignKey(Pillar, on_delete=models.PROTECT, related_name="commitments", verbose_name=_("pillar"))
    slug = models.SlugField(max_length=80, unique=True)
    by_state = models.ForeignKey(
        State,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("by State"),
    )
    by_organization = models.CharField(_("by organization"), max_length=200, blank=True)
    title = models.CharField(_("promise"), max_length=300)
    announced_on = models.DateField(_("announced on"))
    date_precision = models.CharField(
        _("how sure the day is"),
        max_length=15,
        choices=PrecisionChoices.choices,
        default=PrecisionChoices.DAY,
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status.choices,
        default=Status.ANNOUNCED,
        help_text=_("Moved by follow-ups."),
    )
    target_amount = models.DecimalField(_("target"), max_digits=16, decimal_places=2, null=True, blank=True)
    target_unit = models.CharField(
        _("unit"), max_length=20, blank=True, help_text=_("For example USD, hectares, mines.")
    )
    articles = models.ManyToManyField(Article, related_name="commitments", blank=True, verbose_name=_("articles"))
    doubt = models.TextField(_("doubt"), blank=True, help_text=_("What could not be confirmed."))
    source_url = SourceField(_("source"))

    history = HistoricalRecords(m2m_fields=[articles])
    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["-announced_on", "id"]
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        indexes = [
            models.Index(fields=["status", "due_on"], name="commitment_status_due"),
            models.Index(fields=["pillar", "announced_on"], name="commitment_pillar_day"),
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
                # Some promises were told only after their term: then the day of the report stands as the day announced.
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("announced_on")) | ~Q(date_precision="day"),
                violation_error_message=_("It is due before it was announced."),
            ),
            models.CheckConstraint(
                name="commitment_target_has_a_unit",
                condition=Q(target_amount__isnull=True, target_unit="")
                | (Q(target_amount__isnull=False) & ~Q(target_unit="")),
                violation_error_message=_("A target is a number with its unit."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_by}: {self.title}"

    def get_absolute_url(self) -> str:
        return f"{reverse('campaign:commitments', args=[self.pillar.campaign.slug])}#{self.slug}"

    @property
    def made_by(self) -> str:
        return self.by_state.name if self.by_state else self.by_organization

    def is_overdue(self, on: date) -> bool:
        """Due before that day and not settled."""
        return (
            self.due_on is not None
            and self.due_on < on
            and self.status in (self.Status.ANNOUNCED, self.Status.UNDER_WAY)
        )

    @property
    def last_heard_on(self) -> date:
        """The day of the last follow-up, or of the promise itself."""
        return max((f.on for f in self.follow_ups.all()), default=self.announced_on)

    def is_silent(self, on: date) -> bool:
        """Not settled, and nobody has spoken of it for a year."""
        return self.status in (self.Status.ANNOUNCED, self.Status.UNDER_WAY) and self.last_heard_on < on - A_YEAR

    def trackable_by(self) -> list[str]:
        """What makes it possible to tell whether it was kept: a number, a date, a source, an owner."""
        marks = [
            (self.target_amount is not None, _("a number")),
            (self.due_on is not None, _("a date")),
            (bool(self.source_url), _("a source")),
            (bool(self.by_state_id or self.by_organization), _("an owner")),
        ]
        return [str(mark) for has, mark in marks if has]


class FollowUp(models.Model):
    """What was heard of a commitment on a day, and the status it moved it to."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="follow_ups", verbose_name=_("commitment")
    )
    on = models.DateField(_("heard on"))
    status = models.CharField(_("status from then on"), max_length=10, choices=Commitment.Status.choices)
    text = models.TextField(_("what was heard"))
    evidence_url = SourceField(_("evidence"), blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["on", "id"]
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        constraints = [
            models.CheckConstraint(
                name="followup_done_needs_evidence",
                condition=~Q(status="done") | ~Q(evidence_url=""),
                violation_error_message=_("'Done' needs evidence: give its address."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.get_status_display()}"


class Endorsement(models.Model):
    """A city, parliamentarian or organization that stands behind a campaign; entered with a source, counted apart from people."""

    class Kind(models.TextChoices):
        CITY = "city", _("City")
        PARLIAMENTARIAN = "parliamentarian", _("Parliamentarian")
        ORGANIZATION = "organization", _("Organization")

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="endorsements", verbose_name=_("campaign")
    )
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=200)
    state = models.ForeignKey(
        State,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="endorsements",
        verbose_name=_("State"),
    )
    endorsed_on = models.DateField(_("endorsed on"))
    source_url = SourceField(_("source"))
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("verified by"),
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["-endorsed_on", "name"]
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")
        constraints = [
            models.UniqueConstraint(
                "campaign",
                "kind",
                Lower("name"),
                name="endorsement_once_per_campaign_and_name",
                violation_error_message=_("This endorsement is recorded already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Pledge(models.Model):
    """A person's backing of a campaign. It counts once its address is confirmed.

    The only table with personal data. Its history keeps no name and no address.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="pledges", verbose_name=_("campaign"))
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"))
    address_key = models.CharField(
        max_length=254,
        editable=False,
        help_text=_("The address in lower case: one person backs a campaign once."),
    )
    state = models.ForeignKey(
        State,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pledges",
        verbose_name=_("State"),
    )
    show_name = models.BooleanField(_("show the name"), default=False)
    language = models.CharField(_("language"), max_length=10, default="en")
    consent_version = models.CharField(_("version of the consent text"), max_length=20)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    is_demonstration = models.BooleanField(
        _("demonstration data"),
        default=False,
        help_text=_("Made up to show the site at work; never in production."),
    )

    history = HistoricalRecords(excluded_fields=["name", "email", "address_key"])
    objects = PledgeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        indexes = [
            models.Index(fields=["campaign", "confirmed_at"], name="pledge_campaign_confirmed"),
            models.Index(fields=["campaign", "state", "confirmed_at"], name="pledge_campaign_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "address_key"],
                name="pledge_once_per_campaign_and_address",
                violation_error_message=_("This address backs the campaign already."),
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.address_key = self.email.strip().casefold()
        super().save(*args, **kwargs)  # type: ignore[arg-type]
