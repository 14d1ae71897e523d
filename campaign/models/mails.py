"""Mails that wait, are sent or were sent, and mailboxes that are never written to again."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.models.campaigns import Campaign
from campaign.models.choices import UNFINISHED, MailStatus
from campaign.models.pledges import Pledge
from config.kit.models.fields import LineField
from config.kit.models.generations import PRIVATE


class MailQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Queued: no worker has claimed them yet."""
        return self.filter(status=MailStatus.QUEUED)

    def unfinished(self) -> Self:
        """Queued or being sent."""
        return self.filter(status__in=UNFINISHED)

    def stuck(self, before: datetime) -> Self:
        """Claimed before a moment and not finished: their worker is gone."""
        return self.filter(status=MailStatus.SENDING, claimed_at__lt=before)


class Mail(models.Model):
    """A mail to one person, written in the transaction of what caused it and sent by the worker.

    It holds no address and no text: both are made when it is sent, so that the database holds no working link. The row
    stays when the person's data is deleted, since the limits count it.
    """

    generation = PRIVATE

    Status = MailStatus

    # Some columns keep the names that they were made with.
    kind = LineField(
        _("topic"),
        max_length=20,
        default="pledge",
        db_column="topic",
        help_text=_("Whose letter it is: see `campaign.mailing.outbox`."),
    )
    object_id = models.PositiveBigIntegerField(
        _("number"),
        null=True,
        db_column="about",
        help_text=_("The row that another app's letter is about; pledges have their own field."),
    )
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, related_name="mails", verbose_name=_("campaign")
    )
    address_hash = LineField(max_length=64, db_column="person", help_text=_("The keyed hash of the address."))
    pledge = models.ForeignKey(Pledge, on_delete=models.SET_NULL, null=True, related_name="mails")
    status = LineField(
        _("standing"), max_length=10, choices=Status.choices, default=Status.QUEUED, db_column="standing"
    )
    created_at = models.DateTimeField(_("written at"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("to be sent from"))
    claimed_at = models.DateTimeField(_("claimed at"), null=True)
    handed_over_at = models.DateTimeField(_("handed over at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    last_error = LineField(
        _("last trouble"),
        max_length=80,
        blank=True,
        db_column="trouble",
        help_text=_("The kind of error, without the person."),
    )

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            models.Index(fields=["address_hash"], name="mail_of_a_person"),
            models.Index(fields=["due_at"], condition=Q(status__in=UNFINISHED), name="mail_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "address_hash"],
                condition=Q(status__in=UNFINISHED),
                name="mail_once_waiting_per_campaign_and_person",
            ),
            models.UniqueConstraint(
                fields=["kind", "object_id"],
                condition=Q(status__in=UNFINISHED, object_id__isnull=False),
                name="mail_once_waiting_per_topic_and_number",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.status in UNFINISHED

    @property
    def uses_the_limits(self) -> bool:
        """Whether the limits count it: all but cancelled ones, since a refused mail has bothered the mailbox too."""
        return self.status != self.Status.CANCELLED


class Suppression(models.Model):
    """A mailbox whose owner asked never to be written to again. Nothing of the address is kept but a keyed hash."""

    generation = PRIVATE

    address_hash = LineField(max_length=64, unique=True, db_column="person")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "campaign_nevermail"  # the name that the table was made with

    def __str__(self) -> str:
        return f"#{self.pk}"
