"""Sources that readers send for what the record does not know."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import LineField, ProseField, SourceField
from treaties.models.treaties import Treaty


class SentSource(models.Model):
    """A source that a reader sent for an open doubt. Nothing is kept of the reader. An officer decides what comes of it."""

    class Decision(models.TextChoices):
        OPEN = "open", _("Not looked at")
        USED = "used", _("Used")
        DISMISSED = "dismissed", _("Of no use")

    treaty = models.ForeignKey(Treaty, on_delete=models.PROTECT, related_name="sent_sources", verbose_name=_("treaty"))
    doubt = LineField(_("doubt"), max_length=60, help_text=_("The key of the doubt."))
    sentence = ProseField(
        _("what was not known"), help_text=_("The doubt in words, as it stood when the source was sent.")
    )
    source_url = SourceField(_("source"))
    words = ProseField(_("what the reader wrote"), blank=True)
    sent_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    decision = LineField(_("decision"), max_length=10, choices=Decision.choices, default=Decision.OPEN)
    reason = ProseField(_("reason"), blank=True, help_text=_("What came of it, or why nothing did."))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["-sent_at", "-id"]
        verbose_name = _("source sent by a reader")
        verbose_name_plural = _("sources sent by readers")
        constraints = [
            models.CheckConstraint(
                name="sentsource_decided_with_a_reason",
                condition=Q(decision="open") | (~Q(reason="") & Q(decided_by__isnull=False)),
                violation_error_message=_("Say what came of it, or why nothing did."),
            ),
            models.UniqueConstraint(fields=["treaty", "doubt", "source_url"], name="sentsource_once_for_a_doubt"),
        ]

    def __str__(self) -> str:
        return f"{self.treaty}: {self.doubt}"
