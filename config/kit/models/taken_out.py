"""Public rows that are taken out with a reason instead of being deleted."""

from typing import TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kit.models.fields import ProseField

Row = TypeVar("Row", bound=models.Model, covariant=True)


class CanBeTakenOut(models.Model):
    """A row that, once a reason is given, is on no public page any more; it stays on record for editors.

    Its `objects` are the rows that stand; `everything` has those that are taken out, too.
    """

    taken_out_because = ProseField(
        _("taken out, because"),
        blank=True,
        default="",
        help_text=_("Say why, and it is on no public page any more. It stays on record here."),
    )

    everything = models.Manager()

    class Meta:
        abstract = True


class StandingManager(models.Manager[Row]):
    """The rows that are not taken out. `StandingManager.from_queryset(...)` has the methods of a query set besides."""

    def get_queryset(self) -> models.QuerySet[Row]:
        return super().get_queryset().filter(taken_out_because="")


STANDS = models.Q(taken_out_because="")
"""The condition of constraints that hold among the rows that stand."""
