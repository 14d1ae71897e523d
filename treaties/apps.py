from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TreatiesConfig(AppConfig):
    name = "treaties"
    verbose_name = _("Treaties")
    generation = "treaties"

    def ready(self) -> None:
        from config.kit.pending_work import begun_work, pending_tasks
        from treaties.api import told
        from treaties.ledger import guards
        from treaties.ledger.sealing import seal_what_is_found
        from treaties.models import translated_texts
        from treaties.pending_work import begun_records, officer_tasks
        from treaties.roles import grant_roles

        guards.register()
        told.register_kinds()
        translated_texts.register_kinds()
        pending_tasks.register(officer_tasks)
        begun_work.register(begun_records)
        post_migrate.connect(grant_roles, sender=self, dispatch_uid="treaties.roles")
        post_migrate.connect(seal_what_is_found, sender=self, dispatch_uid="treaties.sealing")
