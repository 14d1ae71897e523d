"""The site's own chain: versions of all that decides an answer beside the acts, and of what the site has published."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kit.models.fields import LineField

SITE = "site"
"""The name of the site's chain, where a treaty's chain has the treaty's slug. No treaty can have it."""


class SealedVersion(models.Model):
    """A version of a row, a published edition or a day of the account, sealed when it was made. Never changed, never deleted."""

    append_only = True

    kind = LineField(_("kind"), max_length=60, help_text=_("What it is a version of, as app.model."))
    key = LineField(_("key"), max_length=120, help_text=_("The row of which it is a version."))
    number = models.PositiveBigIntegerField(_("number of the version"), help_text=_("Within its kind."))
    content = models.JSONField(_("content"))
    made_at = models.DateTimeField(_("made at"))
    recorded_by = models.PositiveBigIntegerField(_("recorded by"), null=True, help_text=_("The number of an account."))
    confirmed_by = models.PositiveBigIntegerField(
        _("confirmed by"), null=True, help_text=_("The number of an account; empty for what came from a file.")
    )
    as_found = models.BooleanField(
        _("as found"), default=False, help_text=_("It was made before the site sealed versions of its kind.")
    )
    sequence = models.PositiveBigIntegerField(_("number in the ledger"), unique=True)
    previous_hash = LineField(_("hash before"), max_length=64)
    hash = LineField(_("hash"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"))

    class Meta:
        ordering = ["sequence"]
        verbose_name = _("sealed version")
        verbose_name_plural = _("sealed versions")
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="version_sealed_once"),
        ]
        indexes = [models.Index(fields=["kind", "key"], name="version_of_a_row")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} ({self.number})"

    @property
    def name_in_ledger(self) -> str:
        """How faults name the version."""
        return f"{self.kind} {self.key}, version {self.number} (number {self.sequence})"

    def facts(self) -> dict[str, Any]:
        """What is sealed, under the names that its hash in the chain is computed with."""
        return {
            "chain": SITE,
            "kind": self.kind,
            "key": self.key,
            "version": self.number,
            "content": self.content,
            "made_at": self.made_at,
            "recorded_by": self.recorded_by,
            "confirmed_by": self.confirmed_by,
            "as_found": self.as_found,
            "sequence": self.sequence,
            "sealed_at": self.sealed_at,
        }
