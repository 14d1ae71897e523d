"""Mailboxes that are never written to again."""

from django.db import models

from config.kit.models.fields import LineField
from config.kit.models.generations import PRIVATE


class Suppression(models.Model):
    """A mailbox whose owner asked never to be written to again. Nothing of the address is kept but a keyed hash."""

    generation = PRIVATE

    address_hash = LineField(max_length=64, unique=True, db_column="person")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "campaign_nevermail"  # the name that the table was made with

    def __str__(self) -> str:
        return f"#{self.pk}"
