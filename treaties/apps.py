from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TreatiesConfig(AppConfig):
    name = "treaties"
    verbose_name = _("Treaties")

    def ready(self) -> None:
        from treaties.roles import grant_roles

        post_migrate.connect(grant_roles, sender=self, dispatch_uid="treaties.roles")
