"""Closes an account in one press, and tells what of its work waits for whom."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from config.accounts.role_keeping import others_with_the_roles_of
from config.accounts.sessions import end_sessions
from config.kit.models import AccessToken
from config.kit.pending_work import PendingTask, begun_work_of, pending_tasks_of


@dataclass(frozen=True)
class LeftWork:
    """What an account leaves behind, and who can go on with it."""

    begun: list[PendingTask]
    """What it has begun: others decide on it, or take it over."""
    waiting: list[PendingTask]
    """What waits for it, among others."""
    others: list[User]
    """The open accounts that share a role with it, or may do everything."""


def left_work_of(user: User) -> LeftWork:
    """What an account would leave behind, or has left."""
    # A closed account has no permissions, and so no tasks: ask as if it were open.
    asked = User.objects.get(pk=user.pk)
    asked.is_active = True
    return LeftWork(begun_work_of(asked), pending_tasks_of(asked), others_with_the_roles_of(user))


def close(user: User) -> int:
    """Close an account: nobody signs in with it, its sessions end, its access tokens open nothing. Returns the ended sessions.

    What was done in its name stays.
    """
    with transaction.atomic():
        user.is_active = False
        user.save(update_fields=["is_active"])
        AccessToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=timezone.now())
        return end_sessions(user)
