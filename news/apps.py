from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_migrate, post_save
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = _("News")
    generation = "news"

    def ready(self) -> None:
        from campaign.mailing import outbox
        from campaign.models import CampaignAction
        from config.kit.models import Translation
        from config.kit.models.generations import due_moments
        from config.kit.models.parity import more_kinds
        from config.kit.pending_work import begun_work, pending_tasks
        from news import alerts
        from news.api import told
        from news.extensions import figures_resting_on, reasons_for_leaving, state_section, text_of_source
        from news.finding import documents, search
        from news.models import Quotation, Statement, translated_texts
        from news.newsroom import bundles, guards, moments, parity, published_versions
        from news.pending_work import begun_statements, bundle_tasks, newsroom_tasks
        from news.roles import grant_roles
        from treaties import ledger
        from treaties.extension_points import dependents, given_reasons, source_texts, state_sections

        post_migrate.connect(grant_roles, sender=self, dispatch_uid="news.roles")
        post_migrate.connect(search.make_index, sender=self, dispatch_uid="news.search")
        for model in documents.DEPENDED_ON:
            post_save.connect(search.on_saved, sender=model, dispatch_uid=f"news.search.{model.__name__}")
        for model in (Quotation, Translation):
            post_delete.connect(search.on_saved, sender=model, dispatch_uid=f"news.search.{model.__name__}.deleted")
        for links in (Statement.states.through, CampaignAction.states.through):
            m2m_changed.connect(search.on_saved, sender=links, dispatch_uid=f"news.search.{links.__name__}")
        guards.register()
        told.register_kinds()
        translated_texts.register_kinds()
        more_kinds.register(parity.board_of_statements)
        published_versions.register()
        outbox.mail_kinds.update(alerts.MAIL_KINDS)
        pending_tasks.register(newsroom_tasks, bundle_tasks)
        begun_work.register(begun_statements)
        dependents.register(figures_resting_on)
        due_moments.register(moments.moments_around)
        given_reasons.register(reasons_for_leaving)
        source_texts.register(text_of_source)
        ledger.when_changed.register(bundles.drop_for)
        state_sections.register(state_section)
