"""Mails that wait, are sent or were sent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.models.asked import Campaign
from campaign.models.backing import Pledge
from campaign.querysets import MailQuerySet


class Mail(models.Model):
    """A mail to one person, written in the transaction of what caused it and sent by the worker.

    It holds no address and no text: both are made when it is sent, so that no link lies about in the database.
    It stays when the person's data is removed, to hold the limits of how often somebody is written to.
    """

    class Standing(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        CANCELLED = "cancelled", _("Not needed any more")
        REFUSED = "refused", _("Refused by the server")
        UNCERTAIN = "uncertain", _("Handed over, outcome unknown")

    topic = models.CharField(
        _("topic"), max_length=20, default="pledge", help_text=_("Whose letter it is: see `campaign.outbox`.")
    )
    about = models.PositiveBigIntegerField(
        _("number"), null=True, help_text=_("The row that another app's letter is about; pledges have their own field.")
    )
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, related_name="mails", verbose_name=_("campaign")
    )
    person = models.CharField(max_length=64, help_text=_("The keyed hash of the address."))
    pledge = models.ForeignKey(Pledge, on_delete=models.SET_NULL, null=True, related_name="mails")
    standing = models.CharField(_("standing"), max_length=10, choices=Standing.choices, default=Standing.QUEUED)
    created_at = models.DateTimeField(_("written at"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("to be sent from"))
    claimed_at = models.DateTimeField(_("claimed at"), null=True)
    handed_over_at = models.DateTimeField(_("handed over at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    trouble = models.CharField(
        _("last trouble"), max_length=80, blank=True, help_text=_("The kind of error, without the person.")
    )

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            models.Index(fields=["person"], name="mail_of_a_person"),
            models.Index(fields=["due_at"], condition=Q(standing__in=("queued", "sending")), name="mail_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "person"],
                condition=Q(standing__in=("queued", "sending")),
                name="mail_once_waiting_per_campaign_and_person",
            ),
            models.UniqueConstraint(
                fields=["topic", "about"],
                condition=Q(standing__in=("queued", "sending"), about__isnull=False),
                name="mail_once_waiting_per_topic_and_number",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.standing in (self.Standing.QUEUED, self.Standing.SENDING)

    @property
    def uses_the_limits(self) -> bool:
        """It was handed to a server, or will be: a mailbox that refuses is bothered too."""
        return self.standing != self.Standing.CANCELLED
