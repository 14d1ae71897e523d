"""Requests that must not act twice."""

from django.db import models


class IdempotentRequest(models.Model):
    """A request that carried an `Idempotency-Key`, and what was answered, to answer the same again."""

    key_hash = models.CharField(max_length=64, unique=True)
    body_hash = models.CharField(max_length=64)
    begun_at = models.DateTimeField(auto_now_add=True)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    location = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "treaties_idempotentrequest"  # where the table was made first
        indexes = [models.Index(fields=["begun_at"], name="idempotentrequest_begun")]

    def __str__(self) -> str:
        return f"#{self.pk}"
