"""Changes of what is public: proposed by one editor, accepted or refused by another, kept for ever."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import LineField, ProseField


class ProposalQuerySet(models.QuerySet):
    def urgent(self) -> Self:
        """Changes that were made at once, and that no second person has seen yet."""
        return self.filter(decision=Proposal.Decision.URGENT)

    def open(self) -> Self:
        """Those that wait for a second person."""
        return self.filter(decision=Proposal.Decision.OPEN)

    def for_editor(self, user: AbstractUser) -> Self:
        """Those that an editor's roles let them see: what they could have changed themselves, and what they proposed."""
        if user.has_perm("kit.view_proposal"):
            return self
        return self.filter(Q(permission__in=user.get_all_permissions()) | Q(made_by=user))

    def waiting_for(self, user: AbstractUser) -> Self:
        """Those that an editor can decide on, or has to see."""
        waiting = self.filter(decision__in=[Proposal.Decision.OPEN, Proposal.Decision.URGENT])
        return waiting.filter(permission__in=user.get_all_permissions()).exclude(made_by=user)


class Proposal(models.Model):
    """A change of something public, with what was before and what is to be. It counts once a second person accepts it."""

    class Decision(models.TextChoices):
        OPEN = "open", _("Waits for a second person")
        URGENT = "urgent", _("Made at once, and to be seen by a second person")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        TAKEN_BACK = "taken_back", _("Taken back by who proposed it")

    title = LineField(_("about"), max_length=250, editable=False)
    model = LineField(_("kind"), max_length=60, editable=False, help_text=_("The model, as app.model."))
    key = LineField(_("key"), max_length=40, blank=True, editable=False, help_text=_("Empty for something new."))
    permission = LineField(
        _("who decides"), max_length=80, editable=False, help_text=_("The permission that it takes.")
    )
    changes = models.JSONField(
        _("changes"),
        editable=False,
        help_text=_("For each row its model, key, and fields before and after; none before: new; none after: deleted."),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("proposed by"),
    )
    made_at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    decision = LineField(_("decision"), max_length=10, choices=Decision.choices, default=Decision.OPEN, editable=False)
    urgency = ProseField(_("why it could not wait"), blank=True, editable=False)
    reason = ProseField(_("reason"), blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)

    history = HistoricalRecords()
    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")
        indexes = [models.Index(fields=["decision", "permission"], name="proposal_waiting")]
        constraints = [
            models.CheckConstraint(
                name="proposal_decided_by_a_second_person",
                condition=Q(decision__in=["open", "urgent"], decided_by__isnull=True, decided_at__isnull=True)
                | Q(decision="taken_back", decided_by=F("made_by"), decided_at__isnull=False)
                | (Q(decision__in=["accepted", "refused"], decided_at__isnull=False) & ~Q(decided_by=F("made_by"))),
                violation_error_message=_("Who proposed it does not decide on it."),
            ),
            models.CheckConstraint(
                name="proposal_urgent_says_why",
                condition=~Q(decision="urgent") | ~Q(urgency=""),
                violation_error_message=_("Say why it cannot wait for a second person."),
            ),
            models.CheckConstraint(
                name="proposal_refused_with_a_reason",
                condition=~Q(decision="refused") | ~Q(reason=""),
                violation_error_message=_("Say why it is refused."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the admin on which it is decided."""
        return reverse("admin:kit_proposal_change", args=[self.pk])

    @property
    def is_urgent(self) -> bool:
        """It was made at once, and no second person has seen it yet."""
        return self.decision == self.Decision.URGENT

    @property
    def is_open(self) -> bool:
        return self.decision == self.Decision.OPEN
