"""Who looked at personal data."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kit.models.fields import LineField
from config.kit.models.generations import PRIVATE


class AccessLogEntry(models.Model):
    """One look at personal data: who, when, which pledges. The database refuses to change or delete a row."""

    generation = PRIVATE

    append_only = True

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)
    what = LineField(
        _("what"), max_length=20, choices=[("list", _("List")), ("one", _("One")), ("export", _("Export"))]
    )
    pledges = models.JSONField(_("numbers of the pledges seen"), default=list)
    asked = LineField(_("asked for"), max_length=500, blank=True)

    class Meta:
        db_table = "campaign_look"  # the name that the table was made with
        ordering = ["-at", "-id"]
        verbose_name = _("look at personal data")
        verbose_name_plural = _("looks at personal data")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.what}"
