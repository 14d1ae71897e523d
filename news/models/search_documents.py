"""Search documents."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kit.models.fields import LineField, ProseField
from news.models.statements import Statement


class SearchDocument(models.Model):
    """What the search shows of one thing. Its words are in an index of the database: see `news.finding.search`."""

    class Kind(models.TextChoices):
        STATEMENT = "statement", _("Statement")
        STATE = "state", _("State")
        CAMPAIGN_ACTION = "campaign_action", _("Campaign action")
        COMMITMENT = "commitment", _("Commitment")
        DECLARATION = "declaration", _("Declaration")

    kind = LineField(max_length=15, choices=Kind.choices)
    key = LineField(max_length=100)
    statement = models.OneToOneField(Statement, on_delete=models.CASCADE, null=True, related_name="search_document")
    language = LineField(max_length=10, default="en")
    title = LineField(max_length=300)
    body = ProseField()
    url = LineField(max_length=300)
    dated_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="searchdocument_once_per_thing")]

    def __str__(self) -> str:
        return self.title
