from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "config"
    verbose_name = _("Site")

    def ready(self) -> None:
        admin.site.site_header = admin.site.site_title = _("Minefree editors")
        admin.site.index_title = _("What you may edit")
        from config.accounts import admin as accounts
        from config.accounts import role_keeping, second_factor  # noqa: F401 - they register themselves
        from config.pages.searchable import documents_of_pages
        from config.running import checks, signing_in, staff_log  # noqa: F401 - they register themselves
        from news.finding import search

        accounts.register()
        search.more_documents.register(documents_of_pages)

        database = settings.DATABASES["default"]
        if database["ENGINE"] == "django.db.backends.sqlite3":
            # SQLite makes its file, not the folder. Elsewhere nothing is written, so that a read-only container can start.
            Path(database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
