"""The roles of editors are groups. Each app grants, after every migration, what its own models need."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import AppConfig

TREATY_OFFICER = "Treaty officer"
AUDITOR = "Auditor"

# No `delete` for what the record must keep.
TREATY_OFFICER_MAY: Mapping[str, Sequence[str]] = {
    "state": ("view", "change"),
    "treaty": ("view", "add", "change"),
    "article": ("view", "add", "change"),
    "treatyaction": ("view", "add", "change", "confirm"),
    "armedconflicthold": ("view", "add", "change", "confirm"),
    "declaration": ("view", "add", "change"),
    "withdrawalstep": ("view", "add", "change", "delete"),
    "obligation": ("view", "add", "change"),
    "extension": ("view", "add", "change", "delete"),
    "comparison": ("view", "add", "close"),
    "difference": ("view", "change"),
}


def grant(app: AppConfig, using: str, role: str, may: Mapping[str, Sequence[str]]) -> None:
    """Give a role exactly these permissions on the models of one app, taking back what it had there before."""
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    # post_migrate handlers run in the order of the apps, and auth's own may come later than ours.
    create_permissions(app, verbosity=0, using=using)
    group, _created = Group.objects.using(using).get_or_create(name=role)
    own = Permission.objects.using(using).filter(content_type__app_label=app.label)
    wanted = {f"{verb}_{model}" for model, verbs in may.items() for verb in verbs}
    found = {p.codename: p for p in own if p.codename in wanted}
    missing = wanted - found.keys()
    if missing:
        raise LookupError(f"{role}: no such permission in {app.label}: {', '.join(sorted(missing))}")
    group.permissions.remove(*own)
    group.permissions.add(*found.values())


def every_model(app: AppConfig, verbs: Sequence[str]) -> dict[str, Sequence[str]]:
    """The same verbs on every model of the app that an editor can see."""
    return {m._meta.model_name or "": verbs for m in app.get_models() if not hasattr(m, "history_object")}


def grant_roles(sender: AppConfig, using: str, **kwargs: Any) -> None:
    grant(sender, using, TREATY_OFFICER, TREATY_OFFICER_MAY)
    grant(sender, using, AUDITOR, every_model(sender, ["view"]))
