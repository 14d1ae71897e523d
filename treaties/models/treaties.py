"""Treaties with their rules as data, and their articles."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Self, cast

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import HasLocalTexts, LineField, SlugField, SourceField
from config.kit.models.translations import TranslatedLineField, TranslatedProseField
from treaties.law import rules
from treaties.models.choices import EntryIntoForceChoices
from treaties.models.local_names import full_title, short_title

MAIN_TREATY = "mine-ban-convention"


class TreatyQuerySet(models.QuerySet):
    def main(self) -> "Treaty":
        """The treaty that the site is about."""
        return cast("Treaty", self.get(slug=MAIN_TREATY))

    def comparison_is_due(self, on: date) -> Self:
        """Treaties that were never compared with the Depositary's table here, or too long ago."""
        limit = on - timedelta(days=settings.COMPARISON_DAYS)
        return self.filter(Q(last_compared_on__isnull=True) | Q(last_compared_on__lt=limit))


class Treaty(HasLocalTexts):
    """A treaty with its rules of dates as data, so that one more treaty needs no code."""

    slug = SlugField(max_length=80, unique=True, help_text=_("Part of every address of the treaty: never change it."))
    short_title = TranslatedLineField(_("short title"), max_length=120, unique=True, in_language=short_title)
    title = TranslatedLineField(_("title"), max_length=300, in_language=full_title)
    reference = LineField(
        _("reference"),
        max_length=20,
        unique=True,
        help_text=_("Chapter and number in the UN Treaty Collection."),
    )
    depositary = LineField(_("Depositary"), max_length=120)
    adopted_on = models.DateField(_("adopted on"))
    adopted_at = TranslatedLineField(_("adopted at"), max_length=60)
    opened_on = models.DateField(_("opened for signature on"), null=True, blank=True)
    closed_on = models.DateField(
        _("closed for signature on"), null=True, blank=True, help_text=_("The first day without signature.")
    )
    entered_into_force_on = models.DateField(_("entered into force on"), null=True, blank=True)
    entry_into_force_rule = LineField(_("entry-into-force rule"), max_length=40, choices=EntryIntoForceChoices.choices)
    entry_into_force_n = models.PositiveSmallIntegerField(
        _("number of days or months"),
        null=True,
        blank=True,
        help_text=_("For the rules that count days or months."),
    )
    withdrawal_notice_months = models.PositiveSmallIntegerField(
        _("notice of withdrawal, months"), null=True, blank=True
    )
    withdrawal_notice_days = models.PositiveSmallIntegerField(_("notice of withdrawal, days"), null=True, blank=True)
    armed_conflict_clause = models.BooleanField(
        _("armed conflict postpones a withdrawal"),
        help_text=_("As in Art. 20(3) of the Mine Ban Convention."),
    )
    dated_duties = models.BooleanField(
        _("dated duties"),
        default=False,
        help_text=_("States Parties owe what Articles 4, 5 and 7 of the Mine Ban Convention ask, within its periods."),
    )
    source_url = SourceField(_("source"))
    complete_to = models.DateField(
        _("ledger complete to"),
        help_text=_("The last day up to which all acts are known to be in the ledger."),
    )
    counts_withheld_after = models.DateField(
        _("no counts after"),
        null=True,
        blank=True,
        help_text=_(
            "Set it where later acts are known to be missing: counts of a later day would be wrong and are not shown."
        ),
    )
    last_compared_on = models.DateField(
        _("last compared with the Depositary on"),
        null=True,
        editable=False,
        help_text=_("Set when a second officer closes a comparison."),
    )
    compared_differences = models.PositiveIntegerField(
        _("differences then"), default=0, editable=False, help_text=_("How many differences that comparison found.")
    )
    compared_contested = models.PositiveIntegerField(
        _("contested then"), default=0, editable=False, help_text=_("How many of them are contested.")
    )
    note = TranslatedProseField(_("note on the ledger"), blank=True)
    article_signature = LineField(_("article on signature"), max_length=10, blank=True)
    article_consent = LineField(_("article on consent"), max_length=10, blank=True)
    article_entry_into_force = LineField(_("article on entry into force"), max_length=10, blank=True)
    article_withdrawal = LineField(_("article on withdrawal"), max_length=10, blank=True)
    position = models.PositiveSmallIntegerField(_("place in lists"), default=0)

    history = HistoricalRecords()
    objects = TreatyQuerySet.as_manager()

    class Meta:
        ordering = ["position", "short_title"]
        verbose_name = _("treaty")
        verbose_name_plural = _("treaties")
        constraints = [
            models.CheckConstraint(
                name="treaty_is_not_named_as_the_site_s_chain",
                condition=~Q(slug="site"),
                violation_error_message=_("The record of the site itself has this name: choose another."),
            ),
            models.CheckConstraint(
                name="treaty_counts_days_or_months_where_its_rule_does",
                condition=Q(
                    entry_into_force_rule=EntryIntoForceChoices.FIRST_DAY_OF_SIXTH_MONTH_AFTER_DEPOSIT,
                    entry_into_force_n__isnull=True,
                )
                | (
                    ~Q(entry_into_force_rule=EntryIntoForceChoices.FIRST_DAY_OF_SIXTH_MONTH_AFTER_DEPOSIT)
                    & Q(entry_into_force_n__isnull=False)
                ),
                violation_error_message=_("Give the number of days or months, and only where the rule counts them."),
            ),
            models.CheckConstraint(
                name="treaty_notice_of_withdrawal_is_in_months_or_in_days",
                condition=Q(withdrawal_notice_months__isnull=False, withdrawal_notice_days__isnull=True)
                | Q(withdrawal_notice_months__isnull=True, withdrawal_notice_days__isnull=False),
                violation_error_message=_("Give the notice of withdrawal in months or in days, not both."),
            ),
        ]

    def __str__(self) -> str:
        return self.short_title

    def get_absolute_url(self) -> str:
        return reverse("treaties:treaty", args=[self.slug])

    @cached_property
    def rules(self) -> rules.TreatyRules:
        """What the text says of dates, in the form that `treaties.law.rules` computes with."""
        return rules.TreatyRules(
            entry_into_force_rule=rules.EntryIntoForceRule(self.entry_into_force_rule),
            entry_into_force_n=self.entry_into_force_n,
            entered_into_force_on=self.entered_into_force_on,
            withdrawal_notice_months=self.withdrawal_notice_months,
            withdrawal_notice_days=self.withdrawal_notice_days,
            armed_conflict_postpones=self.armed_conflict_clause,
            opened_on=self.opened_on,
            closed_on=self.closed_on,
        )

    def comparison_is_due(self, on: date) -> bool:
        """It was never compared with the Depositary's table here, or too long ago (the setting COMPARISON_DAYS)."""
        return self.last_compared_on is None or (on - self.last_compared_on).days > settings.COMPARISON_DAYS

    def counts_are_withheld(self, on: date) -> bool:
        """Acts before that day are known to be missing, so its counts would be wrong."""
        return self.counts_withheld_after is not None and on > self.counts_withheld_after

    def last_shown_day(self, on: date) -> date:
        """The day itself, or the last one before it whose counts can be shown."""
        return self.counts_withheld_after if self.counts_withheld_after and on > self.counts_withheld_after else on


class ArticleQuerySet(models.QuerySet):
    def by_treaty_and_number(self) -> dict[tuple[str, int], "Article"]:
        """All articles by the slug of their treaty and their number."""
        articles = cast("Iterable[Article]", self.select_related("treaty"))
        return {(a.treaty.slug, a.number): a for a in articles}


class Article(HasLocalTexts):
    """An article of a treaty, summed up in our own words."""

    treaty = models.ForeignKey(Treaty, on_delete=models.PROTECT, related_name="articles", verbose_name=_("treaty"))
    number = models.PositiveSmallIntegerField(_("number"))
    heading = LineField(_("heading"), max_length=120, blank=True)
    summary = TranslatedProseField(
        _("summary"), blank=True, help_text=_("Our own words; the text itself is at the source.")
    )
    is_duty = models.BooleanField(
        _("duty of States Parties"),
        default=False,
        help_text=_("It ends for a State with the effect of its withdrawal."),
    )

    history = HistoricalRecords()
    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["treaty", "number"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [models.UniqueConstraint(fields=["treaty", "number"], name="article_once_per_treaty_and_number")]

    def __str__(self) -> str:
        return f"{self.treaty}, Art. {self.number}"
