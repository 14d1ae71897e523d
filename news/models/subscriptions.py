"""Readers who want to hear by mail."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.kit.models.fields import LineField
from config.kit.models.generations import PRIVATE
from treaties.models import State


class Subscription(models.Model):
    """A reader who wants to hear by mail. It holds an address, and is deleted when the reader ends it."""

    generation = PRIVATE

    class Topic(models.TextChoices):
        STATEMENTS = "statements", _("Every new statement")
        STATE = "state", _("What is said of a State, and what it does")
        STATUS = "status", _("Every act that changes a status under a treaty")

    class Pace(models.TextChoices):
        AT_ONCE = "at_once", _("As it happens")
        WEEKLY = "weekly", _("Once a week")

    email = models.EmailField(_("e-mail"))
    address_hash = LineField(max_length=64, editable=False, db_column="address_key")
    topic = LineField(_("what"), max_length=12, choices=Topic.choices)
    state = models.ForeignKey(
        State, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("State")
    )
    pace = LineField(_("how often"), max_length=8, choices=Pace.choices, default=Pace.AT_ONCE)
    language = LineField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en", db_default="en")
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)
    notified_until = models.DateTimeField(
        null=True, db_column="told_until", help_text=_("What happened up to then has been told.")
    )
    notifying_until = models.DateTimeField(
        null=True, db_column="telling_until", help_text=_("What the mail under way tells up to.")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address_hash", "topic", "state"],
                condition=Q(state__isnull=False),
                name="subscription_once_per_address_and_state",
            ),
            models.UniqueConstraint(
                fields=["address_hash", "topic"],
                condition=Q(state__isnull=True),
                name="subscription_once_per_address_and_topic",
            ),
            models.CheckConstraint(
                name="subscription_to_a_state_names_it",
                condition=Q(topic="state", state__isnull=False) | (~Q(topic="state") & Q(state__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def subject(self) -> str:
        """What the reader wants to hear of, in words: the topic, with the State if it is about one."""
        topic = self.get_topic_display()
        if self.state is None:
            return topic
        return _("%(topic)s: %(state)s") % {"topic": topic, "state": self.state.name}
