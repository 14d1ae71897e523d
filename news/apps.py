from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = _("News")

    def ready(self) -> None:
        from django.db.models.signals import m2m_changed, post_save

        from campaign import outbox
        from news import alerts, search
        from news.models import Quotation, Statement
        from news.needs import bundles_needs, newsroom_needs
        from news.neighbours import reasons_for_leaving, state_section
        from news.roles import grant_roles
        from treaties.neighbours import registry

        post_migrate.connect(grant_roles, sender=self, dispatch_uid="news.roles")
        post_migrate.connect(search.make_index, sender=self, dispatch_uid="news.search")
        for model in search.SOURCES:
            post_save.connect(search.keep, sender=model, dispatch_uid=f"news.search.{model.__name__}")
        post_save.connect(search.keep_statement_of, sender=Quotation, dispatch_uid="news.search.Quotation")
        m2m_changed.connect(search.keep, sender=Statement.states.through, dispatch_uid="news.search.states")
        outbox.topics.update(alerts.TOPICS)
        registry.needs += [newsroom_needs, bundles_needs]
        registry.reasons.append(reasons_for_leaving)
        registry.sections.append(state_section)
