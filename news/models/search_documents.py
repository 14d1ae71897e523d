"""Search documents."""

from collections.abc import Mapping

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
        DECLARATION = "declaration", _("Declaration or reservation")
        PAGE = "page", _("Page of this site")

    kind = LineField(max_length=15, choices=Kind.choices)
    key = LineField(max_length=100)
    statement = models.OneToOneField(Statement, on_delete=models.CASCADE, null=True, related_name="search_document")
    language = LineField(max_length=10, default="en")
    title = LineField(max_length=300)
    body = ProseField()
    titles = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    """In other languages, by language; what is missing is not translated."""
    bodies = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    url = LineField(max_length=300)
    dated_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="searchdocument_once_per_thing")]

    def __str__(self) -> str:
        return self.title

    def title_in(self, language: str) -> tuple[str, str]:
        """Its title in a language, or its own where there is none, with the language that it is in."""
        return (self.titles[language], language) if language in self.titles else (self.title, self.language)

    def bodies_for(self, language: str) -> Mapping[str, str]:
        """What is said of it by language: for a reader of a language, then in its own, then in the others."""
        bodies = {self.language: self.body} | self.bodies
        return {language: bodies[language]} | bodies if language in bodies else bodies
