"""The words of mails that several tables share, as editors see them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailLanguage(models.TextChoices):
    """The languages in which a person can be written to: the six of the United Nations (BCP 47, in lower case)."""

    ENGLISH = "en", "English"
    ARABIC = "ar", "العربية"
    CHINESE = "zh-hans", "中文"
    FRENCH = "fr", "Français"
    RUSSIAN = "ru", "Русский"
    SPANISH = "es", "Español"


class MailStatus(models.TextChoices):
    """How far a mail has come: see `campaign.mailing.outbox`."""

    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    CANCELLED = "cancelled", _("Not needed any more")
    REFUSED = "refused", _("Refused by the server")
    UNCERTAIN = "uncertain", _("Handed over, outcome unknown")


UNFINISHED = (MailStatus.QUEUED, MailStatus.SENDING)
"""A mail in one of these is still to be sent."""
