from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import Max

from news.models import Statement
from news.models.statements import StatementQuerySet
from news.pages.addresses import own_address


class NewsSitemap(Sitemap):
    """The public statements, so many a page that a page is small."""

    limit = 2000

    def items(self) -> StatementQuerySet:
        return Statement.objects.public().newest_first().only("slug", "language", "updated_at")

    def location(self, item: Statement) -> str:
        """A statement is one text, whatever language stands around it: its address is that in its own language."""
        return own_address(item)

    def lastmod(self, item: Statement) -> datetime:
        return item.updated_at

    def get_latest_lastmod(self) -> datetime | None:
        return self.items().order_by().aggregate(last=Max("updated_at"))["last"]
