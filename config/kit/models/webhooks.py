"""Webhooks: addresses of programs to which the site sends each public change, in order."""

import base64
import secrets
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.kit.models.fields import LineField, SourceField
from config.kit.models.telling import kinds

SECRET_BYTES = 32
LEASE = timedelta(minutes=2)
"""For how long one process sends to a webhook alone; after it another may, since that one was killed."""
MOST_OF_ONE = 20
"""Webhooks of one editor."""


def new_signing_secret() -> str:
    """A key of Standard Webhooks: `whsec_` and 32 random bytes in base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def due(self, now: datetime) -> Self:
        """Those to which something may be sent now, those that waited longest first."""
        return self.filter(is_active=True, next_at__lte=now).order_by("next_at", "pk")

    def claim(self, webhook: "Webhook", now: datetime) -> bool:
        """Whether this process may send to a webhook now: compare and set, one caller wins."""
        return self.filter(pk=webhook.pk, next_at=webhook.next_at, is_active=True).update(next_at=now + LEASE) == 1


class Webhook(models.Model):
    """An address that is told what changes. `last_sequence` is the last change that its receiver took."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhooks", verbose_name=_("editor")
    )
    url = SourceField(_("address"), help_text=_("Where changes are sent: https, a name that everybody can reach."))
    kinds = models.JSONField(
        _("kinds"),
        default=list,
        blank=True,
        help_text=_("Which kinds of things are told, as statement or treaty_action; empty: all."),
    )
    secret = LineField(max_length=80, editable=False)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    is_active = models.BooleanField(_("is sent to"), default=True)
    last_sequence = models.PositiveBigIntegerField(_("last change that was taken"), default=0, editable=False)
    next_at = models.DateTimeField(_("next attempt at"), editable=False)
    failures_in_a_row = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    last_error = LineField(_("last failure"), max_length=200, blank=True, editable=False)
    taken_at = models.DateTimeField(_("last taken at"), null=True, editable=False)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        indexes = [models.Index(fields=["next_at"], condition=models.Q(is_active=True), name="webhook_due")]

    def __str__(self) -> str:
        return self.url

    def clean(self) -> None:
        """Raises ValidationError for what is no list of kinds of things."""
        known = kinds()
        if not isinstance(self.kinds, list) or any(kind not in known for kind in self.kinds):
            words = _("Give a list of kinds, each one of: %(known)s.") % {"known": ", ".join(sorted(known))}
            raise ValidationError({"kinds": ValidationError(words, "unknown_kind")})

    @property
    def told_kinds(self) -> list[str]:
        """The kinds of things that it is told of."""
        return self.kinds or list(kinds())

    def switch(self, *, on: bool) -> None:
        """Send to it again, beginning with what has waited; or send it nothing."""
        self.is_active, self.failures_in_a_row, self.next_at = on, 0, timezone.now()
        self.save(update_fields=["is_active", "failures_in_a_row", "next_at"])

    def note_taken(self, sequence: int, now: datetime) -> None:
        """Its receiver has taken a change, or is not told of it."""
        self.last_sequence, self.failures_in_a_row, self.last_error, self.taken_at = sequence, 0, "", now
        self.save(update_fields=["last_sequence", "failures_in_a_row", "last_error", "taken_at"])

    def note_failure(self, error: str, next_at: datetime | None) -> None:
        """Its receiver has not taken a change. Without a next attempt it is switched off."""
        self.last_error = error[:200]
        fields = {"failures_in_a_row": F("failures_in_a_row") + 1, "last_error": self.last_error}
        if next_at is None:
            self.is_active = False
            fields["is_active"] = False
        else:
            fields["next_at"] = next_at
        Webhook.objects.filter(pk=self.pk).update(**fields)
        self.refresh_from_db()
