from django.apps import AppConfig
from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "config"
    verbose_name = _("Site")

    def ready(self) -> None:
        admin.site.site_header = admin.site.site_title = _("Minefree editors")
        admin.site.index_title = _("What you may edit")
        from config import checks  # noqa: F401 - registers the checks
