"""The workflow states of a statement."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Workflow(models.TextChoices):
    """The workflow state of a statement, from draft to published."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    CORRECTED = "corrected", _("Corrected")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a text", "Withdrawn")


PUBLIC_STATES = (Workflow.SCHEDULED, Workflow.PUBLISHED, Workflow.CORRECTED, Workflow.WITHDRAWN)
"""A statement in one of these is public from its moment of publication on; a withdrawn one shows the notice.

No process runs at that moment: a scheduled text whose moment has come counts as published (`Statement.stage`).
"""
