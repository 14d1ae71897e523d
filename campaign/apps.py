from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CampaignConfig(AppConfig):
    name = "campaign"
    verbose_name = _("Campaign")

    def ready(self) -> None:
        from campaign.needs import managers_needs, moderators_needs
        from campaign.neighbours import announcements, state_section
        from campaign.roles import grant_roles
        from treaties.neighbours import registry

        post_migrate.connect(grant_roles, sender=self, dispatch_uid="campaign.roles")
        registry.needs += [managers_needs, moderators_needs]
        registry.sections.append(state_section)
        registry.presets.append(announcements)
