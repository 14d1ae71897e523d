"""The outbox: what became public, was corrected or was taken back, numbered in the order in which it was committed.

Triggers of the database leave a `ChangeMark` for each public row that is written, whoever writes it, in that same transaction:
see `config.kit.migrations._marks`. `config.kit.models.telling` makes a `PublicChange` of what the marks show to be different.
"""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Max, Min, Q
from django.utils.translation import gettext_lazy as _

from config.kit.models.fields import LineField

ROWS_AT_ONCE = 400
"""Keys in one question: older SQLite takes at most 999 values."""


class ChangeMarkQuerySet(models.QuerySet["ChangeMark"]):
    def due(self, now: datetime) -> Self:
        """Marks to look at now: all but those of a moment to come."""
        return self.filter(Q(due_at__isnull=True) | Q(due_at__lte=now))

    def next_due(self, now: datetime) -> datetime | None:
        """The next moment at which one is due, after now."""
        moment: datetime | None = self.filter(due_at__gt=now).aggregate(next=Min("due_at"))["next"]
        return moment


class ChangeMark(models.Model):
    """A row of a public table was written, or becomes public at a moment. It is gone once it has been looked at."""

    kind = LineField(_("kind"), max_length=30)
    row = LineField(_("key of the row"), max_length=80)
    due_at = models.DateTimeField(_("due at"), null=True, db_index=True, help_text=_("Empty: at once."))

    generation = "changes"
    objects = ChangeMarkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("mark of a change")
        verbose_name_plural = _("marks of changes")

    def __str__(self) -> str:
        return f"{self.kind} {self.row}"


class PublicChangeQuerySet(models.QuerySet["PublicChange"]):
    def last_of(self, kind: str, rows: list[str]) -> dict[str, "PublicChange"]:
        """What was told last of each row of a kind. Two queries for each 400 rows."""
        found: dict[str, PublicChange] = {}
        for begin in range(0, len(rows), ROWS_AT_ONCE):
            among = self.filter(kind=kind, row__in=rows[begin : begin + ROWS_AT_ONCE])
            numbers = among.order_by().values("row").annotate(last=Max("pk")).values_list("last", flat=True)
            found |= {change.row: change for change in self.filter(pk__in=list(numbers))}
        return found

    def after(self, sequence: int) -> Self:
        """The changes after one, in their order."""
        return self.filter(pk__gt=sequence).order_by("pk")

    def newest(self) -> int:
        """The sequence of the last change; 0 where nothing was told yet."""
        return self.aggregate(last=Max("pk"))["last"] or 0


class PublicChange(models.Model):
    """One change of one public thing. Its number grows in the order of commits: one teller at a time gives numbers."""

    class Change(models.TextChoices):
        PUBLISHED = "published", _("Published")
        CORRECTED = "corrected", _("Corrected")
        RENAMED = "renamed", _("Renamed")
        TRANSLATED = "translated", _("Translated")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        DELETED = "deleted", _("Deleted")

    ENDS = (Change.WITHDRAWN, Change.DELETED)
    """After these nothing of the thing is public any more."""

    at = models.DateTimeField(_("told at"))
    change = LineField(_("change"), max_length=12, choices=Change.choices)
    kind = LineField(_("kind"), max_length=30)
    row = LineField(_("key of the row"), max_length=80)
    key = LineField(_("key"), max_length=120)
    path = LineField(_("address"), max_length=300)
    name = LineField(_("name"), max_length=300)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)

    generation = "changes"
    objects = PublicChangeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("public change")
        verbose_name_plural = _("public changes")
        indexes = [models.Index(fields=["kind", "row", "-id"], name="change_of_row")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.change} {self.kind} {self.key}"
