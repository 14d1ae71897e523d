"""What the roles of editors may do with the record."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import AppConfig, apps

from config.kit.roles import AUDITOR, TRANSLATOR_MAY, every_model, grant

TREATY_OFFICER = "Treaty officer"
# No `delete` for what the record must keep.
TREATY_OFFICER_MAY: Mapping[str, Sequence[str]] = {
    "state": ("view", "change"),
    "statename": ("view", "add", "change"),
    "groupmembership": ("view", "add", "change"),
    "treaty": ("view", "add", "change"),
    "article": ("view", "add", "change"),
    "treatyaction": ("view", "add", "change", "confirm"),
    "armedconflicthold": ("view", "add", "change", "confirm"),
    "declaration": ("view", "add", "change"),
    "depositarynotification": ("view", "add", "change"),
    "withdrawalstep": ("view", "add", "change"),
    "obligation": ("view", "add", "change"),
    "extension": ("view", "add", "change"),
    "sentsource": ("view", "change"),
    "comparison": ("view", "add", "close"),
    "difference": ("view", "change"),
}


def grant_roles(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Grant the permissions after every migration."""
    grant(sender, using, TREATY_OFFICER, TREATY_OFFICER_MAY)
    grant(apps.get_app_config("kit"), using, TREATY_OFFICER, TRANSLATOR_MAY)
    grant(sender, using, AUDITOR, every_model(sender, ["view"]))
