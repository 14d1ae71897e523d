"""What the roles of editors may do with the campaign. Personal data of pledges is one role's alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import AppConfig, apps

from config.kit.roles import AUDITOR, TRANSLATOR_MAY, every_model, grant

CAMPAIGN_MANAGER = "Campaign manager"
PLEDGE_MODERATOR = "Pledge moderator"

CAMPAIGN_MANAGER_MAY: Mapping[str, Sequence[str]] = {
    "campaign": ("view", "add", "change"),
    "pillar": ("view", "add", "change"),
    "campaignaction": ("view", "add", "change"),
    "commitment": ("view", "add", "change"),
    "followup": ("view", "add"),
    "endorsement": ("view", "add", "change"),
    "humanitarianfigure": ("view", "add", "change"),
    "position": ("view", "add", "change"),
}


PLEDGE_MODERATOR_MAY: Mapping[str, Sequence[str]] = {
    "pledge": ("view", "change", "delete"),
    "invalidation": ("view",),
    "accesslogentry": ("view",),
    "mail": ("view",),
}
PERSONAL = frozenset({"pledge", "pledgetoken", "suppression"})
"""Models that not even the auditor sees; the log of who looked at them is enough to audit."""


def grant_roles(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Grant the permissions after every migration."""
    grant(sender, using, CAMPAIGN_MANAGER, CAMPAIGN_MANAGER_MAY)
    grant(apps.get_app_config("kit"), using, CAMPAIGN_MANAGER, TRANSLATOR_MAY)
    grant(sender, using, PLEDGE_MODERATOR, PLEDGE_MODERATOR_MAY)
    all_models = every_model(sender, ["view"])
    grant(sender, using, AUDITOR, {model: verbs for model, verbs in all_models.items() if model not in PERSONAL})
