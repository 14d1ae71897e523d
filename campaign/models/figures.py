"""What mines do and what is done about them, in numbers: for the world and for each State, each with its year and its source."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import LineField, ProseField, SourceField
from config.kit.models.taken_out import STANDS, CanBeTakenOut, StandingManager
from treaties.models import State


class FigureQuerySet(models.QuerySet):
    def about(self, state: State) -> Self:
        return self.filter(state=state.pk)

    def of_the_world(self) -> Self:
        return self.filter(state__isnull=True)


class HumanitarianFigure(CanBeTakenOut):
    """One number of a year, as a source gives it. It is never computed and never added up: sources count differently."""

    class Measure(models.TextChoices):
        CASUALTIES = "casualties", _("People killed and injured")
        KILLED = "killed", _("Killed")
        INJURED = "injured", _("Injured")
        CHILDREN = "children", _("Children among them")
        CONTAMINATED = "contaminated_km2", _("Mined area (km²)")
        RELEASED = "released_km2", _("Area released (km²)")
        CLEARED = "cleared_km2", _("Area cleared (km²)")
        MINES_DESTROYED = "mines_destroyed", _("Mines destroyed in clearance")
        STOCK_DESTROYED = "stock_destroyed", _("Mines destroyed from stocks")
        REMAINING = "stock_remaining", _("Mines left in stocks")
        RETAINED = "mines_retained", _("Mines kept for training (Art. 3)")

    state = models.ForeignKey(
        State,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="humanitarian_figures",
        verbose_name=_("State"),
        help_text=_("Empty: the world."),
    )
    measure = LineField(_("what is counted"), max_length=20, choices=Measure.choices)
    year = models.PositiveSmallIntegerField(_("year"), help_text=_("The year that the number is about."))
    value = models.DecimalField(_("number"), max_digits=16, decimal_places=4, null=True, blank=True)
    extent = LineField(
        _("extent"), max_length=40, blank=True, help_text=_("The source's word where it gives no number: heavy, light.")
    )
    source_url = SourceField(_("source"))
    note = ProseField(_("note"), blank=True)

    history = HistoricalRecords()
    objects = StandingManager.from_queryset(FigureQuerySet)()

    class Meta:
        ordering = ["state", "measure", "-year"]
        verbose_name = _("humanitarian figure")
        verbose_name_plural = _("humanitarian figures")
        constraints = [
            models.UniqueConstraint(
                Coalesce(F("state"), models.Value(""), output_field=models.CharField()),
                "measure",
                "year",
                condition=STANDS,
                name="humanitarianfigure_once_per_state_and_year",
                violation_error_message=_("This figure of the year is recorded already."),
            ),
            models.CheckConstraint(
                name="humanitarianfigure_has_a_number_or_a_word",
                condition=Q(value__isnull=False) | ~Q(extent=""),
                violation_error_message=_("Give a number, or the word that the source has instead."),
            ),
            models.CheckConstraint(
                name="humanitarianfigure_is_not_negative",
                condition=Q(value__isnull=True) | Q(value__gte=0),
                violation_error_message=_("A number of people, mines or square kilometres is not negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state or _('The world')}: {self.get_measure_display()}, {self.year}"

    def clean(self) -> None:
        super().clean()
        if self.year is not None and not 1945 <= self.year <= 2100:
            raise ValidationError({"year": _("Give a year from 1945 to 2100.")})
