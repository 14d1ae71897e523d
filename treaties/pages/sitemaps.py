from django.db.models import QuerySet
from django.urls import reverse

from config.kit.pages.sitemaps import InEachLanguage
from treaties.models import State, Treaty

PAGES_OF_A_TREATY = [
    "treaty",
    "ledger",
    "counts",
    "changes",
    "withdrawals",
    "deadlines",
    "declarations",
    "doubts",
    "what-if",
]


class TreatySitemap(InEachLanguage):
    """The pages of every treaty."""

    def items(self) -> list[tuple[str, str]]:
        slugs = Treaty.objects.values_list("slug", flat=True)
        return [(page, slug) for slug in slugs for page in PAGES_OF_A_TREATY]

    def location(self, item: tuple[str, str]) -> str:
        page, slug = item
        return reverse(f"treaties:{page}", args=[slug])


class StateSitemap(InEachLanguage):
    """The pages of the States."""

    def items(self) -> QuerySet[State]:
        return State.objects.all()
