"""Which rows of the data files have been loaded."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoadedRow(models.Model):
    """A row of the project's data files that has been loaded. It is loaded once; editors may change what came of it."""

    file = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the row as it was loaded."))
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "treaties_loadedrow"  # where the table was made first
        ordering = ["file", "key"]
        verbose_name = _("loaded row")
        verbose_name_plural = _("loaded rows")
        constraints = [models.UniqueConstraint(fields=["file", "key"], name="row_loaded_once")]

    def __str__(self) -> str:
        return f"{self.file}: {self.key}"
