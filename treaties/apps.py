from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TreatiesConfig(AppConfig):
    name = "treaties"
    verbose_name = _("Treaties")

    def ready(self) -> None:
        from treaties.needs import officers_needs
        from treaties.neighbours import registry
        from treaties.roles import grant_roles
        from treaties.triggers import make_triggers

        registry.needs.append(officers_needs)
        post_migrate.connect(grant_roles, sender=self, dispatch_uid="treaties.roles")
        post_migrate.connect(make_triggers, sender=self, dispatch_uid="treaties.triggers")
