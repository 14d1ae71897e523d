"""The vocabulary of the news. Pages, feeds, API and admin ask in these words."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from news.models import Statement
    from treaties.models import State

PUBLIC_STATES = ("published", "corrected", "withdrawn")


def is_public(at: datetime | None = None, prefix: str = "") -> Q:
    """Released, and its minute has come. Args: prefix: the way to the statement from another model, as `statement__`."""
    return Q(**{f"{prefix}workflow__in": PUBLIC_STATES, f"{prefix}publish_at__lte": at or timezone.now()})


class StatementQuerySet(models.QuerySet):
    def public(self, at: datetime | None = None) -> Self:
        """What a visitor may see at a moment. Drafts and embargoed texts are never in it."""
        return self.filter(is_public(at))

    def scheduled(self) -> Self:
        """Released, and their minute is still to come."""
        return self.filter(workflow__in=PUBLIC_STATES, publish_at__gt=timezone.now())

    def unreviewed(self) -> Self:
        """Published in an emergency, and nobody else has approved it yet."""
        return self.exclude(emergency_reason="").filter(approved_by=None)

    def translations_of(self, statement: "Statement") -> Self:
        """The text and all others that belong to it: the original and its translations."""
        original = statement.translation_of_id or statement.pk
        return self.filter(Q(pk=original) | Q(translation_of=original))

    def for_reader_of(self, language: str) -> Self:
        """Each statement once: in the reader's language where there is one, else as it was written."""
        own = self.filter(language=language)
        originals = self.filter(translation_of=None).exclude(language=language)
        translated = own.filter(translation_of__isnull=False).values("translation_of")
        return self.filter(Q(pk__in=own.values("pk")) | Q(pk__in=originals.exclude(pk__in=translated).values("pk")))

    def about(self, state: "State") -> Self:
        return self.filter(states=state)

    def saying(self, words: str) -> Self:
        """Statements with the words in title, text, symbol, quotation or speaker."""
        return self.filter(
            Q(title__icontains=words)
            | Q(body__icontains=words)
            | Q(symbol__icontains=words)
            | Q(speaker__name__icontains=words)
            | Q(pk__in=self.model._default_manager.filter(quotations__text__icontains=words).values("pk"))
        )

    def newest_first(self) -> Self:
        return self.order_by("-dated_on", "-id")

    def for_list(self) -> Self:
        """With what a card shows."""
        return self.select_related("speaker", "campaign").prefetch_related("speaker__roles")

    def for_page(self) -> Self:
        """With all that the page of a statement shows."""
        return self.select_related("speaker", "campaign", "photo", "translation_of").prefetch_related(
            "speaker__roles",
            "states",
            "articles__treaty",
            "quotations",
            "figures__treaty",
            "corrections",
            "editions__correction",
        )
