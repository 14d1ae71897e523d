"""Keeps who holds which role since when, and who gave it, whichever way a role is given."""

from typing import Any

from django.contrib.auth.models import AnonymousUser, Group, User
from django.db.models.signals import m2m_changed, post_save
from django.dispatch import receiver
from django.utils import timezone
from simple_history.models import HistoricalRecords

from config.kit.models import RoleGrant


@receiver(m2m_changed, sender=User.groups.through, dispatch_uid="config.accounts.roles")
def _groups_changed(
    sender: object, instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any
) -> None:
    if action not in ("post_add", "post_remove", "pre_clear"):
        return
    if action == "pre_clear":
        others = instance.user_set if reverse else instance.groups
        pk_set = set(others.values_list("pk", flat=True))
    pairs = [(pk, instance.pk) if reverse else (instance.pk, pk) for pk in pk_set or ()]
    for user, group in pairs:
        (_give if action == "post_add" else _take)(user, group)


@receiver(post_save, sender=User, dispatch_uid="config.accounts.administrators")
def _saved(sender: object, instance: User, raw: bool = False, **kwargs: Any) -> None:
    """An administrator's role is a mark of the account, not a group."""
    if raw:
        return
    held = RoleGrant.objects.held().filter(user=instance.pk, group=None).exists()
    if instance.is_superuser and not held:
        _give(instance.pk, None)
    elif held and not instance.is_superuser:
        _take(instance.pk, None)


def _give(user: int, group: int | None) -> None:
    held = RoleGrant.objects.held().filter(user=user, group=group)
    if not held.exists():
        RoleGrant.objects.create(user_id=user, group_id=group, given_at=timezone.now(), given_by=_who())


def _take(user: int, group: int | None) -> None:
    RoleGrant.objects.held().filter(user=user, group=group).update(taken_at=timezone.now(), taken_by=_who())


def _who() -> User | None:
    """Whose request it is; None in a command."""
    request = getattr(HistoricalRecords.context, "request", None)
    user: User | AnonymousUser | None = getattr(request, "user", None)
    return user if isinstance(user, User) else None


def others_with_the_roles_of(user: User) -> list[User]:
    """The other open accounts that share a role with an account, or may do everything. One query."""
    groups = Group.objects.filter(user=user)
    found = User.objects.filter(is_active=True, is_staff=True).exclude(pk=user.pk)
    return list((found.filter(groups__in=groups) | found.filter(is_superuser=True)).distinct().order_by("username"))
