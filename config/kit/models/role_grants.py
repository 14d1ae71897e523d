"""Who holds which role since when, and who gave it."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RoleGrantQuerySet(models.QuerySet):
    def held(self) -> Self:
        """Those that nobody has taken back."""
        return self.filter(taken_at__isnull=True)


class RoleGrant(models.Model):
    """A role that an account holds, or held. Without a group it is that of an administrator, who may do everything."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="role_grants", verbose_name=_("account")
    )
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("role"))
    given_at = models.DateTimeField(
        _("since"), null=True, help_text=_("Empty for a role that was given before this was kept.")
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("given by"),
        help_text=_("Empty for a role that was given by a command."),
    )
    taken_at = models.DateTimeField(_("until"), null=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("taken by")
    )

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        ordering = ["user", "group", "id"]
        verbose_name = _("role of an account")
        verbose_name_plural = _("roles of accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "group"],
                condition=Q(taken_at__isnull=True, group__isnull=False),
                name="role_held_once",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(taken_at__isnull=True, group__isnull=True),
                name="administrator_held_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"

    @property
    def role(self) -> str:
        """The name of the role."""
        return self.group.name if self.group is not None else str(_("Administrator"))
