from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from campaign.models import Campaign


class CampaignSitemap(Sitemap):
    """The pages of every campaign."""

    def items(self) -> list[tuple[str, str]]:
        slugs: QuerySet = Campaign.objects.values_list("slug", flat=True)
        return [(page, slug) for slug in slugs for page in ("campaign", "commitments", "pledge", "account")]

    def location(self, item: tuple[str, str]) -> str:
        page, slug = item
        return reverse(f"campaign:{page}", args=[slug])
