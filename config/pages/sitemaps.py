from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemaps
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from campaign.pages.sitemaps import CampaignSitemap
from config.kit.pages.sitemaps import InEachLanguage
from news.pages.sitemaps import NewsSitemap
from treaties.pages.sitemaps import StateSitemap, TreatySitemap


class DevelopersSitemap(Sitemap):
    """The pages for developers, which are in English alone."""

    def items(self) -> list[str]:
        return ["api-guide", "api:docs", "changelog"]

    def location(self, item: str) -> str:
        return reverse(item)


class SiteSitemap(InEachLanguage):
    """The pages that belong to no app alone."""

    def items(self) -> list[str]:
        names = ["home", "data", "about", "explainer", "lesson", "questions", "glossary", "press"]
        return [
            *names,
            "accessibility",
            "privacy",
            "treaties:treaties",
            "treaties:matrix",
            "treaties:states",
            "campaign:campaigns",
            "news:statements",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


SECTIONS: dict[str, type[Sitemap[Any]] | Sitemap[Any]] = {
    "site": SiteSitemap,
    "developers": DevelopersSitemap,
    "treaties": TreatySitemap,
    "states": StateSitemap,
    "campaigns": CampaignSitemap,
    "news": NewsSitemap,
}


def sitemap(request: HttpRequest) -> HttpResponse:
    """All pages in one file; where there are more statements than belong in one, an index of the sections' files."""
    if NewsSitemap().paginator.num_pages > 1:
        return sitemaps.index(request, SECTIONS, sitemap_url_name="sitemap-section")
    return sitemaps.sitemap(request, SECTIONS)


def section(request: HttpRequest, section: str) -> HttpResponse:
    """One page of one section (`?p=`)."""
    return sitemaps.sitemap(request, SECTIONS, section)
