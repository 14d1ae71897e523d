"""Declarations, reservations, objections and other texts, and the Depositary's notifications of acts."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import HasLocalTexts, LanguageField, LineField, ProseField, SourceField
from config.kit.models.taken_out import STANDS, CanBeTakenOut, StandingManager
from config.kit.models.translations import TranslatedProseField
from treaties.models.choices import DeclarationChoices
from treaties.models.states import State
from treaties.models.treaties import Treaty
from treaties.models.treaty_actions import TreatyAction


class DeclarationQuerySet(models.QuerySet):
    def of(self, treaty: Treaty) -> Self:
        return self.filter(treaty=treaty)

    def until(self, on: date) -> Self:
        """Those made by a day. One whose day is not known may have been."""
        return self.filter(Q(made_on__lte=on) | Q(made_on=None))

    def newest_first(self) -> Self:
        """The newest first; those whose day is not known last."""
        return self.order_by(F("made_on").desc(nulls_last=True), "-id")

    def with_moments(self) -> Self:
        """With `recorded_at` and `changed_at`: the first and the last moment of its history."""
        versions = Declaration.history.model.objects.filter(id=models.OuterRef("pk"))
        return self.annotate(
            recorded_at=models.Subquery(versions.order_by("history_date").values("history_date")[:1]),
            changed_at=models.Subquery(versions.order_by("-history_date").values("history_date")[:1]),
        )

    def for_display(self) -> Self:
        """With what a page shows beside each: State, treaty, act, what it answers, who answered it, its notification."""
        answers: Any = (
            type(self)(self.model)
            .filter(STANDS)
            .select_related("state")
            .order_by(F("made_on").asc(nulls_last=True), "state")
        )
        return self.select_related("state", "treaty", "with_action", "answers__state", "about").prefetch_related(
            models.Prefetch("answered_by", queryset=answers), models.Prefetch("notifications", to_attr="told")
        )


class Declaration(HasLocalTexts, CanBeTakenOut):
    """A text of a State about a treaty. It never changes a status by itself."""

    kind = LineField(_("kind"), max_length=30, choices=DeclarationChoices.choices, db_index=True)
    treaty = models.ForeignKey(Treaty, on_delete=models.PROTECT, related_name="declarations", verbose_name=_("treaty"))
    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="declarations", verbose_name=_("State"))
    made_on = models.DateField(
        _("made on"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("Empty only where no source gives the day: say in the note what is known of it."),
    )
    articles = LineField(
        _("articles"), max_length=150, blank=True, help_text=_("What it is about, for example Art. 1(1)(c).")
    )
    with_action = models.ForeignKey(
        TreatyAction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="declarations",
        verbose_name=_("lodged with"),
    )
    answers = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="answered_by",
        verbose_name=_("answers"),
    )
    about = models.ForeignKey(
        State,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("about"),
        help_text=_("The State whose act it is about, where it answers no text of that State."),
    )
    summary = TranslatedProseField(_("summary"), blank=True, help_text=_("What it says, in our own words."))
    text = ProseField(_("text"), blank=True, help_text=_("The official words, where they were read."))
    language = LanguageField(
        _("language"), blank=True, help_text=_("BCP 47 tag of the official words; empty where they were not read.")
    )
    withdrawn_on = models.DateField(
        _("without effect since"), null=True, blank=True, help_text=_("The day on which it ceased to have effect.")
    )
    is_public_statement = models.BooleanField(
        _("public statement"), default=False, help_text=_("Said in public, and not lodged with the Depositary.")
    )
    source_url = SourceField(_("source"))
    note = ProseField(_("note"), blank=True)
    loaded_as = LineField(max_length=120, blank=True, editable=False, db_index=True)
    """The key of the row of the data file that it came from; empty if an editor has entered it."""

    told: list[Any]
    """The Depositary's notifications of it. Set by `for_display`."""

    history = HistoricalRecords()
    objects = StandingManager.from_queryset(DeclarationQuerySet)()

    class Meta:
        ordering = [F("made_on").desc(nulls_last=True), "-id"]
        verbose_name = _("declaration")
        verbose_name_plural = _("declarations")
        constraints = [
            models.CheckConstraint(
                name="declaration_objection_answers_one",
                condition=~Q(kind=DeclarationChoices.OBJECTION) | Q(answers__isnull=False),
                violation_error_message=_("An objection answers a declaration: say which."),
            ),
            models.CheckConstraint(
                name="declaration_never_answers_itself",
                condition=Q(answers__isnull=True) | ~Q(answers=F("id")),
            ),
            models.CheckConstraint(
                name="declaration_says_something",
                condition=~Q(summary="") | ~Q(text=""),
                violation_error_message=_("Give a summary or the official words."),
            ),
            models.CheckConstraint(
                name="declaration_without_a_day_says_why",
                condition=Q(made_on__isnull=False) | ~Q(note=""),
                violation_error_message=_("Say in the note what is known of the day."),
            ),
            models.CheckConstraint(
                name="declaration_ends_after_it_was_made",
                condition=Q(withdrawn_on__isnull=True) | Q(made_on__isnull=True) | Q(withdrawn_on__gte=F("made_on")),
                violation_error_message=_("It cannot end before it was made."),
            ),
        ]

    def __str__(self) -> str:
        day = f"{self.made_on:%Y-%m-%d}" if self.made_on else _("day not known")
        return f"{self.state_id} {self.get_kind_display()} {day}"

    def get_absolute_url(self) -> str:
        return f"{reverse('treaties:declarations', args=[self.treaty.slug])}#declaration-{self.pk}"

    @property
    def is_an_act(self) -> bool:
        """Whether it stands in the ledger as an act too, as a provisional application does."""
        return self.with_action is not None and self.with_action.action == self.kind

    @property
    def meaning(self) -> str:
        """What a text of its kind says, and what it must not be taken for."""
        return DeclarationChoices(self.kind).meaning


class DepositaryNotification(CanBeTakenOut):
    """The number under which the Depositary told the States of an act or a text."""

    act = models.ForeignKey(
        TreatyAction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notifications",
        verbose_name=_("treaty action"),
    )
    declaration = models.ForeignKey(
        Declaration,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notifications",
        verbose_name=_("declaration"),
    )
    reference = LineField(
        _("number"), max_length=60, unique=True, help_text=_("For example C.N.360.2025.TREATIES-XXVI-5")
    )
    notified_on = models.DateField(_("notified on"))
    source_url = SourceField(_("source"))
    note = ProseField(_("note"), blank=True)

    history = HistoricalRecords()
    objects = StandingManager()

    class Meta:
        ordering = ["-notified_on", "reference"]
        verbose_name = _("depositary notification")
        verbose_name_plural = _("depositary notifications")
        constraints = [
            models.CheckConstraint(
                name="notification_tells_of_one_thing",
                condition=Q(act__isnull=False, declaration__isnull=True)
                | Q(act__isnull=True, declaration__isnull=False),
                violation_error_message=_(
                    "Say of which treaty action or of which declaration it tells: one of the two."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.reference
