"""Access tokens: keys by which programs write for an editor."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kit.models.fields import LineField


class AccessToken(models.Model):
    """A key by which a program acts for an editor: it may what the editor's roles may, no more. Only its hash is kept."""

    class Scope(models.TextChoices):
        READ = "read", _("Reads drafts, writes nothing")
        WEBHOOKS = "webhooks", _("Makes webhooks, writes nothing else")
        WRITE = "write", _("Writes what the editor's roles may, and makes webhooks")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_tokens", verbose_name=_("editor")
    )
    name = LineField(_("name"), max_length=80, help_text=_("What it is for, for example 'Import from our sheet'."))
    prefix = LineField(_("begins with"), max_length=8, editable=False)
    token_hash = LineField(max_length=64, unique=True, editable=False)
    scope = LineField(
        _("scope"),
        max_length=10,
        choices=Scope.choices,
        default=Scope.WRITE,
        db_default=Scope.WRITE,
        help_text=_("Choose the least that the program needs."),
    )
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)
    last_used_at = models.DateTimeField(_("last used at"), null=True, editable=False)
    last_used_from = LineField(
        _("last used from"),
        max_length=50,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text=_("The network: /24 (IPv4), /48 (IPv6)."),
    )

    class Meta:
        db_table = "treaties_accesstoken"  # where the table was made first
        ordering = ["-created_at", "-id"]
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def may_write(self) -> bool:
        return self.scope == self.Scope.WRITE

    @property
    def may_make_webhooks(self) -> bool:
        return self.scope in (self.Scope.WRITE, self.Scope.WEBHOOKS)
