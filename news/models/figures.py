"""Numbers cited in statements."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import LineField, ProseField
from config.kit.models.taken_out import STANDS, CanBeTakenOut, StandingManager
from news.models.statements import Statement, check_counted_day
from treaties.models import Treaty


class Figure(CanBeTakenOut):
    """A number cited in a statement and tied to the ledger, so that it can be checked for that day and today."""

    class Query(models.TextChoices):
        SIGNATORIES = "signatories", _("Signatories")
        PARTIES = "parties", _("Parties")
        IN_FORCE = "in_force", _("In force for")
        NOT_PARTIES = "not_parties", _("Not parties")
        WITHDRAWING = "withdrawing", _("Withdrawing")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        NEVER_JOINED = "never_joined", _("Never joined")

    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, related_name="figures", verbose_name=_("statement")
    )
    text = LineField(_("as cited"), max_length=200, help_text=_("The words of the statement that carry the number."))
    treaty = models.ForeignKey(Treaty, on_delete=models.PROTECT, related_name="figures", verbose_name=_("treaty"))
    query = LineField(_("what it counts"), max_length=15, choices=Query.choices)
    on = models.DateField(_("on the day"))
    value = models.PositiveSmallIntegerField(_("number cited"))
    note = ProseField(
        _("note"),
        blank=True,
        help_text=_(
            "What is to be said where the ledger does not agree: the page shows it, and the notice above the text goes."
        ),
    )
    position = models.PositiveSmallIntegerField(_("place"), default=0)

    history = HistoricalRecords()
    objects = StandingManager()

    class Meta:
        ordering = ["statement", "position", "id"]
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "text"], condition=STANDS, name="figure_once_per_statement_and_text"
            )
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Refuse a day whose counts are known to be wrong."""
        super().clean()
        if self.treaty_id and self.on:
            try:
                check_counted_day(self.treaty, self.on)
            except ValidationError as error:
                raise ValidationError({"on": error.messages}) from error
