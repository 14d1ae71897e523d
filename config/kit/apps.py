from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class KitConfig(AppConfig):
    name = "config.kit"
    label = "kit"
    verbose_name = _("Shared machinery")

    def ready(self) -> None:
        from config.kit.models import telling
        from config.kit.models.translations import Translation
        from config.kit.pending_work import begun_work, overdue_tasks, pending_tasks, silent_webhooks
        from config.kit.proposals.guards import Guard, guard
        from config.kit.proposals.tasks import begun_proposals, proposal_tasks
        from config.kit.roles import grant_roles

        pending_tasks.register(proposal_tasks, overdue_tasks, silent_webhooks)
        begun_work.register(begun_proposals)
        guard(Guard(Translation, page=Translation.page, permission_of=Translation.permission_needed))
        telling.register_translations()
        post_migrate.connect(grant_roles, sender=self, dispatch_uid="kit.roles")
