from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CampaignConfig(AppConfig):
    name = "campaign"
    verbose_name = _("Campaign")
    generation = "campaign"

    def ready(self) -> None:
        from campaign.api import told
        from campaign.extensions import (
            announcements,
            asked_and_promised,
            people_and_land,
            positions_of,
            reactions,
            reasons_given,
            state_section,
        )
        from campaign.mailing import outbox
        from campaign.models import guards, translated_texts
        from campaign.pending_work import manager_tasks, moderator_tasks
        from campaign.pledging import sealed_days
        from campaign.pledging.letters import MAIL_KINDS
        from campaign.roles import grant_roles
        from config.kit.pending_work import pending_tasks
        from treaties.extension_points import day_presets, given_reasons, state_sections, withdrawal_sections

        post_migrate.connect(grant_roles, sender=self, dispatch_uid="campaign.roles")
        guards.register()
        told.register_kinds()
        translated_texts.register_kinds()
        sealed_days.register()
        outbox.mail_kinds.update(MAIL_KINDS)
        pending_tasks.register(manager_tasks, moderator_tasks)
        state_sections.register(asked_and_promised, people_and_land, positions_of, state_section)
        withdrawal_sections.register(reactions)
        given_reasons.register(reasons_given)
        day_presets.register(announcements)
