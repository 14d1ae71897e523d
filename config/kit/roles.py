"""Roles of editors: groups whose permissions each app grants after every migration for its own models."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

AUDITOR = "Auditor"
"""Reads everything but personal data, and writes nothing."""
TRANSLATOR = "Translator"
TRANSLATOR_MAY: Mapping[str, Sequence[str]] = {"translation": ("view", "add", "change")}
"""Translates what editors of every app write. Those editors may, too: they accept what a translator proposes."""


def grant(app: AppConfig, using: str, role: str, may: Mapping[str, Sequence[str]]) -> None:
    """Give a role exactly these permissions on the models of one app; others that it had there are taken back.

    Raises LookupError for a permission that does not exist.
    """
    # post_migrate handlers run in the order of the apps, so auth may make its permissions later than we need them.
    create_permissions(app, verbosity=0, using=using)
    group, _created = Group.objects.using(using).get_or_create(name=role)
    of_the_app = Permission.objects.using(using).filter(content_type__app_label=app.label)
    wanted = {f"{verb}_{model}" for model, verbs in may.items() for verb in verbs}
    found = {p.codename: p for p in of_the_app if p.codename in wanted}
    missing = wanted - found.keys()
    if missing:
        raise LookupError(f"{role}: no such permission in {app.label}: {', '.join(sorted(missing))}")
    # Only what differs is changed: a role that may do something may do it while the site is migrated, too.
    group.permissions.remove(*of_the_app.exclude(codename__in=wanted))
    group.permissions.add(*found.values())


def every_model(app: AppConfig, verbs: Sequence[str]) -> dict[str, Sequence[str]]:
    """The same verbs on every model of an app that an editor can see."""
    return {m._meta.model_name or "": verbs for m in app.get_models() if not hasattr(m, "history_object")}


def grant_roles(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Grant what roles may do with the tables that no app owns."""
    grant(sender, using, TRANSLATOR, TRANSLATOR_MAY)
    grant(sender, using, AUDITOR, every_model(sender, ["view"]))
