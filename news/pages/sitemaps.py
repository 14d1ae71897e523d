from datetime import datetime

from django.contrib.sitemaps import Sitemap

from news.models import Statement
from news.models.statements import StatementQuerySet


class NewsSitemap(Sitemap):
    """The public statements."""

    def items(self) -> StatementQuerySet:
        return Statement.objects.public().newest_first()

    def lastmod(self, item: Statement) -> datetime:
        return item.updated_at
