from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = _("News")

    def ready(self) -> None:
        from news.needs import newsroom_needs
        from news.neighbours import reasons_for_leaving, state_section
        from news.roles import grant_roles
        from treaties.neighbours import registry

        post_migrate.connect(grant_roles, sender=self, dispatch_uid="news.roles")
        registry.needs.append(newsroom_needs)
        registry.reasons.append(reasons_for_leaving)
        registry.sections.append(state_section)
