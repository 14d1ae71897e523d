"""The end of each treaty's chain and of the site's, and the counter that numbers all rows."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kit.models.fields import LineField
from treaties.models.treaties import Treaty


class LedgerHead(models.Model):
    """The end of a treaty's chain: how many rows it has, and the last one's hash. Written when a row is appended."""

    treaty = models.OneToOneField(
        Treaty, on_delete=models.PROTECT, related_name="ledger_head", verbose_name=_("treaty")
    )
    length = models.PositiveBigIntegerField(_("rows"), default=0)
    hash = LineField(_("hash"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"))

    record_changed_at: datetime | None = None
    """When anything of the record changed last; set by `heads_of`."""
    site_hash = ""
    """The end of the site's own chain; set by `heads_of`."""

    class Meta:
        verbose_name = _("head of a ledger")
        verbose_name_plural = _("heads of ledgers")

    def __str__(self) -> str:
        return f"{self.treaty}: {self.length}, {self.hash[:12]}"


class LedgerSequence(models.Model):
    """The last sequence number given in the ledger, and the end of the site's own chain: one row.

    Whoever appends to a chain holds its lock to the end of the transaction, so that sequence order is commit order.
    """

    last_sequence = models.PositiveBigIntegerField(default=0)
    site_length = models.PositiveBigIntegerField(default=0, help_text=_("How many versions the site's chain has."))
    site_hash = LineField(max_length=64, blank=True, default="", help_text=_("The hash of its last one."))
    site_sealed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "treaties_ledgerclock"  # the name that the table was made with
        verbose_name = _("clock of the ledger")
        verbose_name_plural = _("clock of the ledger")

    def __str__(self) -> str:
        return str(self.last_sequence)
