from django.contrib.sitemaps import Sitemap
from django.urls import reverse


class SiteSitemap(Sitemap):
    """The pages that belong to no app alone."""

    def items(self) -> list[str]:
        names = ["home", "data", "about", "accessibility", "privacy", "api:docs"]
        return [
            *names,
            "treaties:treaties",
            "treaties:matrix",
            "treaties:states",
            "campaign:campaigns",
            "news:statements",
        ]

    def location(self, item: str) -> str:
        return reverse(item)
