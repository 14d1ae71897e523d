from typing import Any

from django.contrib.sitemaps import Sitemap


class InEachLanguage(Sitemap[Any]):
    """Pages that stand in each of the six languages: each address with those of the same page in the others."""

    i18n = True
    alternates = True
    x_default = True
