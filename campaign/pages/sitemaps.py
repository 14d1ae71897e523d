from django.db.models import QuerySet
from django.urls import reverse

from campaign.models import Campaign
from config.kit.pages.sitemaps import InEachLanguage


class CampaignSitemap(InEachLanguage):
    """The pages of every campaign."""

    def items(self) -> list[tuple[str, str]]:
        slugs: QuerySet = Campaign.objects.values_list("slug", flat=True)
        return [(page, slug) for slug in slugs for page in ("campaign", "commitments", "pledge", "account")]

    def location(self, item: tuple[str, str]) -> str:
        page, slug = item
        return reverse(f"campaign:{page}", args=[slug])
