"""One log of what editors did, for the auditor and the administrators."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kit.models.fields import LineField, ProseField


class StaffEvent(models.Model):
    """What an editor did, or was refused: who, when, from where, by which door, to what, before and after.

    The database refuses to change or delete a row.
    """

    append_only = True

    class Door(models.TextChoices):
        SIGN_IN = "sign_in", _("Sign-in")
        FORM = "form", _("Form of the admin")
        LIST = "list", _("Action of a list")
        PAGE = "page", _("Page of the admin")
        API = "api", _("API")

    class What(models.TextChoices):
        WROTE = "wrote", _("Wrote")
        REFUSED = "refused", _("Was refused")
        SIGNED_IN = "signed_in", _("Signed in")
        SIGNED_OUT = "signed_out", _("Signed out")
        SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
        LOOKED = "looked", _("Looked at personal data")

    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("who"),
        help_text=_("Empty for a sign-in under a name that is no account's: the name may be a password."),
    )
    network = LineField(_("from"), max_length=50, blank=True, help_text=_("The network: /24 (IPv4), /48 (IPv6)."))
    door = LineField(_("door"), max_length=10, choices=Door.choices)
    what = LineField(_("what"), max_length=20, choices=What.choices)
    address = LineField(_("address"), max_length=300, blank=True)
    model = LineField(_("kind"), max_length=60, blank=True)
    key = LineField(_("key"), max_length=40, blank=True)
    told = ProseField(_("what the editor was told"), blank=True)
    changes = models.JSONField(
        _("changes"), default=list, help_text=_("For each row its kind, key, name, and the fields before and after.")
    )

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("event of the staff log")
        verbose_name_plural = _("events of the staff log")
        indexes = [models.Index(fields=["user", "-at"], name="staffevent_user_moment")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.user or '–'}: {self.what}"
