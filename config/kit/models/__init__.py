"""Tables that no app owns: access tokens, requests that are repeated, rows that were loaded, changes that
are proposed, roles of accounts, what editors did, tasks that run again and again, how often public tables changed, what is told of
it and to whom, what editors translated."""

from config.kit.models.access_tokens import AccessToken
from config.kit.models.generations import Generation
from config.kit.models.idempotent_requests import IdempotentRequest
from config.kit.models.loaded_rows import LoadedRow
from config.kit.models.periodic_tasks import PeriodicTask
from config.kit.models.proposals import Proposal
from config.kit.models.public_changes import ChangeMark, PublicChange
from config.kit.models.role_grants import RoleGrant
from config.kit.models.snapshots import Snapshot
from config.kit.models.staff_events import StaffEvent
from config.kit.models.translations import Translation
from config.kit.models.webhooks import Webhook

__all__ = [
    "AccessToken",
    "ChangeMark",
    "Generation",
    "IdempotentRequest",
    "LoadedRow",
    "PeriodicTask",
    "Proposal",
    "PublicChange",
    "RoleGrant",
    "Snapshot",
    "StaffEvent",
    "Translation",
    "Webhook",
]
