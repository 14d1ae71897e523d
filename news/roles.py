"""What the roles of editors may do with the news. An editor writes; a publisher also decides."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import AppConfig, apps

from config.kit.roles import AUDITOR, TRANSLATOR_MAY, every_model, grant
from treaties.roles import TREATY_OFFICER

NEWSROOM_EDITOR = "Newsroom editor"
PUBLISHER = "Publisher"

NEWSROOM_EDITOR_MAY: Mapping[str, Sequence[str]] = {
    "speaker": ("view", "add", "change"),
    "speakerrole": ("view", "add", "change"),
    "statement": ("view", "add", "change"),
    "photo": ("view", "add", "change"),
    "figure": ("view", "add", "change", "delete"),
    "quotation": ("view", "add", "change", "delete"),
    "video": ("view", "add", "change", "delete"),
    "correction": ("view",),
    "previewlink": ("view",),
    "previewopening": ("view",),
}
PUBLISHER_MAY: Mapping[str, Sequence[str]] = {
    **NEWSROOM_EDITOR_MAY,
    "bundle": ("view", "add", "change"),
    "statement": ("view", "add", "change", "publish"),
}


def grant_roles(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Grant the permissions after every migration."""
    grant(sender, using, NEWSROOM_EDITOR, NEWSROOM_EDITOR_MAY)
    grant(sender, using, PUBLISHER, PUBLISHER_MAY)
    for role in (NEWSROOM_EDITOR, PUBLISHER):
        grant(apps.get_app_config("kit"), using, role, TRANSLATOR_MAY)
    grant(sender, using, TREATY_OFFICER, {"bundle": ("view",)})
    grant(sender, using, AUDITOR, every_model(sender, ["view"]))
